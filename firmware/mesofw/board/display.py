"""The display: 8 lines of 16 characters on an SSD1306 by I2C.

A line of text is a page of the controller, a character eight of its columns. Only characters that
changed are sent, one a step (0.4 ms at 400 kHz). A display that does not answer is asked again each
second; nothing waits for it. (SSD1306 data sheet: commands, I2C, page addressing.)
"""

import framebuf

from mesofw.core import clock
from mesofw.core.door import SCREEN_COLUMNS, SCREEN_LINES

ADDRESS = 0x3C
WIDTH = 8
RETRY_US = 1_000_000
_BLANK = " "

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
    "µ": b"\x00\xfe\x7e\x20\x20\x3e\x3e\x20",
    "m": b"\x7c\x7c\x04\x78\x04\x7c\x78\x00",
}
_LATIN_FROM = 0xC0
_LATIN = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYPsaaaaaaaceeeeiiiidnooooo/ouuuuypy"
_UNKNOWN = "?"


class Display:
    """`show` draws, `step` sends. `present` tells whether the display has answered."""

    def __init__(self, i2c, now_us: int):
        self._i2c = i2c
        self._frame = bytearray(WIDTH * SCREEN_COLUMNS * SCREEN_LINES)
        self._canvas = framebuf.FrameBuffer(
            self._frame, WIDTH * SCREEN_COLUMNS, 8 * SCREEN_LINES, framebuf.MONO_VLSB
        )
        self._lines = [""] * SCREEN_LINES
        # A bit for each character that is to be sent.
        self._changed = [_ALL_COLUMNS] * SCREEN_LINES
        self._piece = bytearray(_PIECE)
        self._tried_us = now_us
        self.present = False
        self._begin()

    def show(self, lines: list) -> None:
        """Draw up to SCREEN_LINES texts of up to SCREEN_COLUMNS characters."""
        for row in range(SCREEN_LINES):
            text = lines[row] if row < len(lines) else ""
            before = self._lines[row]
            if text != before:
                self._lines[row] = text
                self._draw(row, before, text)

    def step(self, now_us: int) -> None:
        """Send one character that changed, if there is one."""
        if not self.present:
            if clock.since_us(now_us, self._tried_us) >= RETRY_US:
                self._tried_us = now_us
                self._begin()
            return
        for row in range(SCREEN_LINES):
            changed = self._changed[row]
            if changed:
                column = 0
                while not changed & 1:
                    changed >>= 1
                    column += 1
                self._changed[row] &= ~(1 << column)
                self._send(row, column, now_us)
                return

    def _begin(self) -> None:
        """Set the controller up; it may hold anything, so all is sent."""
        try:
            self._i2c.writeto(ADDRESS, _INIT)
        except OSError:
            return
        self.present = True
        for row in range(SCREEN_LINES):
            self._changed[row] = _ALL_COLUMNS

    def _send(self, row: int, column: int, now_us: int) -> None:
        piece = self._piece
        x = WIDTH * column
        piece[_PAGE] = 0xB0 | row
        piece[_LOW] = x & 15
        piece[_HIGH] = 0x10 | x >> 4
        at = WIDTH * SCREEN_COLUMNS * row + x
        for place in range(WIDTH):
            piece[_DATA + place] = self._frame[at + place]
        try:
            self._i2c.writeto(ADDRESS, piece)
        except OSError:
            self.present = False
            self._tried_us = now_us

    def _draw(self, row: int, before: str, text: str) -> None:
        old = list(before)
        new = list(text)
        for column in range(SCREEN_COLUMNS):
            char = new[column] if column < len(new) else _BLANK
            if char != (old[column] if column < len(old) else _BLANK):
                self._put(row, column, char)
                self._changed[row] |= 1 << column

    def _put(self, row: int, column: int, char: str) -> None:
        x = WIDTH * column
        self._canvas.fill_rect(x, 8 * row, WIDTH, 8, 0)
        glyph = _GLYPHS.get(char)
        if glyph:
            at = WIDTH * SCREEN_COLUMNS * row + x
            self._frame[at : at + WIDTH] = glyph
        else:
            self._canvas.text(plain(char), x, 8 * row)


def plain(char: str) -> str:
    """The nearest character that the font has; a question mark where there is none."""
    code = ord(char)
    if 0x20 <= code < 0x7F:
        return char
    place = code - _LATIN_FROM
    return _LATIN[place] if 0 <= place < len(_LATIN) else _UNKNOWN
