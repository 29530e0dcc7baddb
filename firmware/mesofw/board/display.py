"""The display: 8 lines of 16 characters on an SSD1306 by I2C.

A line of text is a page of the controller, a character eight of its columns. A step looks at one
line at most and sends one character that changed (0.4 ms at 400 kHz), drawn as it is sent. A
display that does not answer is asked again each second; nothing waits for it. (SSD1306 data sheet:
commands, I2C, page addressing.)
"""

import struct

import framebuf
import uctypes

from mesofw.core import clock
from mesofw.core.door import SCREEN_COLUMNS, SCREEN_LINES

ADDRESS = 0x3C
WIDTH = 8
RETRY_US = 1_000_000

# Each command byte, or argument, after the control byte 0x00.
_INIT = (
    b"\x00"
    b"\xae"  # display off
    b"\xd5\x80"  # clock
    b"\xa8\x3f"  # 64 rows
    b"\xd3\x00\x40"  # no offset, first row
    b"\x8d\x14"  # charge pump
    b"\x20\x02"  # page addressing
    b"\xa1\xc8"  # the flat cable is above
    b"\xda\x12"  # alternating rows
    b"\x81\xcf"  # contrast
    b"\xd9\xf1\xdb\x40"  # precharge, level of VCOMH
    b"\xa4\xa6"  # what memory holds, not inverted
    b"\xaf"  # display on
)
# A piece: page and column, each command after its own control byte, then eight columns of data.
_PIECE = b"\x80\xb0\x80\x00\x80\x10\x40" + bytes(WIDTH)
_PAGE, _LOW, _HIGH, _DATA = 1, 3, 5, 7
_ALL_COLUMNS = (1 << SCREEN_COLUMNS) - 1

# What the built-in font lacks, or has so that units could be mistaken (its m is a small M), as
# columns, lowest bit on top; and Latin letters without their marks.
_GLYPHS = {
    0xB5: b"\x00\xfe\x7e\x20\x20\x3e\x3e\x20",
    0x6D: b"\x7c\x7c\x04\x78\x04\x7c\x78\x00",
}
_LATIN_FROM = 0xC0
_LATIN = b"AAAAAAACEEEEIIIIDNOOOOOxOUUUUYPsaaaaaaaceeeeiiiidnooooo/ouuuuypy"
_BLANK = 0x20
_UNKNOWN = 0x3F
_ZERO = 0x30
# A line's texts as bytes: four a character are the most.
_LINE_BYTES = 4 * SCREEN_COLUMNS
_LINE = "%ds" % _LINE_BYTES


class Display:
    """`show` takes texts, `step` draws and sends. `present` tells whether the display has
    answered."""

    def __init__(self, i2c, now_us: int):
        self._i2c = i2c
        self._texts: list = [""] * SCREEN_LINES
        self._cells = bytearray(b" " * (SCREEN_COLUMNS * SCREEN_LINES))
        # A bit for each line that is to be looked at, and in each for what is to be sent.
        self._asked = 0
        self._changed = [_ALL_COLUMNS] * SCREEN_LINES
        # MicroPython keeps each character that it takes out of a text for ever, as a name; so texts
        # are read by their bytes, and what is drawn is a text of one byte that is written anew.
        self._line = bytearray(_LINE_BYTES)
        self._letter = bytes(1)
        self._code = uctypes.bytearray_at(uctypes.addressof(self._letter), 1)
        self._piece = bytearray(_PIECE)
        self._columns = memoryview(self._piece)[_DATA:]
        self._canvas = framebuf.FrameBuffer(self._columns, WIDTH, 8, framebuf.MONO_VLSB)
        self._tried_us = now_us
        self.present = False
        self._begin()

    def show(self, lines: list) -> None:
        """Take up to SCREEN_LINES texts of up to SCREEN_COLUMNS characters."""
        for row in range(SCREEN_LINES):
            text = lines[row] if row < len(lines) else ""
            if text != self._texts[row]:
                self._texts[row] = text
                self._asked |= 1 << row

    def put(self, row: int, column: int, width: int, number: int) -> None:
        """Put a number (>= 0) in the place of one that is shown, to the right in `width` columns
        from `column` on."""
        if self._asked >> row & 1:
            self._asked &= ~(1 << row)
            self._look(row, self._texts[row])
        self._texts[row] = None  # no text any more: the next one that is shown is looked at
        for place in range(column + width - 1, column - 1, -1):
            at = SCREEN_COLUMNS * row + place
            # The last digit of all is there even where it is 0.
            code = _ZERO + number % 10 if number or place == column + width - 1 else _BLANK
            if self._cells[at] != code:
                self._cells[at] = code
                self._changed[row] |= 1 << place
            number //= 10

    def step(self, now_us: int) -> None:
        """Look at one line, send one character that changed."""
        if not self.present:
            if clock.since_us(now_us, self._tried_us) >= RETRY_US:
                self._tried_us = now_us
                self._begin()
            return
        if self._asked:
            row = _lowest(self._asked)
            self._asked &= ~(1 << row)
            self._look(row, self._texts[row])
        for row in range(SCREEN_LINES):
            changed = self._changed[row]
            if changed:
                column = _lowest(changed)
                self._changed[row] = changed & ~(1 << column)
                self._send(row, column, now_us)
                return

    @property
    def settled(self) -> bool:
        """Whether all that was shown has been sent."""
        return not self._asked and not any(self._changed)

    def _begin(self) -> None:
        """Set the controller up; it may hold anything, so all is sent."""
        try:
            self._i2c.writeto(ADDRESS, _INIT)
        except OSError:
            return
        self.present = True
        for row in range(SCREEN_LINES):
            self._changed[row] = _ALL_COLUMNS

    def _look(self, row: int, text: str) -> None:
        """Note what of a line differs from what was sent."""
        cells = self._cells
        at = SCREEN_COLUMNS * row
        changed = self._changed[row]
        column = code = more = 0
        struct.pack_into(_LINE, self._line, 0, text)
        for byte in self._line:
            if not byte:
                break
            if byte & 0xC0 == 0x80:
                more -= 1
                code = code << 6 | byte & 0x3F
            else:
                more = 0 if byte < 0x80 else 1 if byte < 0xE0 else 2 if byte < 0xF0 else 3
                code = byte & (0xFF >> more + 1)
            if more or column == SCREEN_COLUMNS:
                continue
            code = plain(code)
            if cells[at + column] != code:
                cells[at + column] = code
                changed |= 1 << column
            column += 1
        while column < SCREEN_COLUMNS:
            if cells[at + column] != _BLANK:
                cells[at + column] = _BLANK
                changed |= 1 << column
            column += 1
        self._changed[row] = changed

    def _send(self, row: int, column: int, now_us: int) -> None:
        piece = self._piece
        x = WIDTH * column
        piece[_PAGE] = 0xB0 | row
        piece[_LOW] = x & 15
        piece[_HIGH] = 0x10 | x >> 4
        code = self._cells[SCREEN_COLUMNS * row + column]
        if code in _GLYPHS:
            self._columns[:] = _GLYPHS[code]
        else:
            self._canvas.fill(0)
            self._code[0] = code
            self._canvas.text(self._letter, 0, 0)  # pyright: ignore[reportArgumentType]
        try:
            self._i2c.writeto(ADDRESS, piece)
        except OSError:
            self.present = False
            self._tried_us = now_us


def _lowest(bits: int) -> int:
    """The place of the lowest bit that is set."""
    place = 0
    while not bits & 1:
        bits >>= 1
        place += 1
    return place


def plain(code: int) -> int:
    """The nearest character that can be drawn; a question mark where there is none."""
    if _BLANK <= code < 0x7F or code == 0xB5:
        return code
    place = code - _LATIN_FROM
    return _LATIN[place] if 0 <= place < len(_LATIN) else _UNKNOWN
