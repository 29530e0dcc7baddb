"""The operator's eyes on the pins: text on the display, the light's colour and pulse, the sound."""

from mesofw.core import door

COLUMNS, LINES, CELL = 16, 8, 8
UNREADABLE = "\ufffd"
_RED, _GREEN, _BLUE, _SOUNDER = 1, 2, 4, 8
_STEADY = {
    _GREEN: door.LIGHT_READY,
    _RED | _GREEN | _BLUE: door.LIGHT_SHOT,
    _RED | _GREEN: door.LIGHT_LOW,
    _RED: door.LIGHT_ALARM,
}
# A light that has been dark within this time is a flashing one.
_FLASH_US = 1_100_000
# Pulses further apart are of another burst.
_BURST_US = 600_000
# The last pulse in ms (at most) says what it is; longer ones do so by their number.
_SHOT_MS, _REFUSED_MS, _HIGH_MS = 50, 80, 125
# So long after its last pulse nothing more is to come of any sound.
_OVER_US = 21_000_000


def read(picture: bytes, font: dict[bytes, str]) -> list[str]:
    """The lines of a picture of 8 pages; what is no character of the font is UNREADABLE."""
    lines: list[str] = []
    for row in range(LINES):
        page = picture[row * COLUMNS * CELL : (row + 1) * COLUMNS * CELL]
        cells = (page[at : at + CELL] for at in range(0, len(page), CELL))
        lines.append("".join(font.get(cell, UNREADABLE) for cell in cells).rstrip())
    while lines and not lines[-1]:
        lines.pop()
    return lines


class Lamp:
    """The light by what its three lines do."""

    def __init__(self) -> None:
        self._colour = 0
        self._before = 0
        self._since_us = 0
        self._dark_us = -_FLASH_US

    def take(self, lines: int, now_us: int) -> None:
        """The lines from now on."""
        colour = lines & (_RED | _GREEN | _BLUE)
        if colour == self._colour:
            return
        if not self._colour:
            self._dark_us = now_us
        self._before, self._colour, self._since_us = self._colour, colour, now_us

    def shows(self, now_us: int) -> int:
        """The light as the door names it."""
        colour = self._colour
        if not colour:
            if now_us - self._since_us > _FLASH_US:
                return door.LIGHT_OFF
            colour = self._before
        if colour == _BLUE:
            flashes = not self._colour or now_us - self._dark_us < _FLASH_US
            return door.LIGHT_WAIT if flashes else door.LIGHT_IDLE
        if colour == _RED | _BLUE:
            return door.LIGHT_BENCH
        return _STEADY.get(colour, door.LIGHT_OFF)


class Sounder:
    """The sound by the length and number of its pulses."""

    def __init__(self) -> None:
        self._on = False
        self._since_us = -_OVER_US
        self._pulses: list[int] = []

    def take(self, lines: int, now_us: int) -> None:
        """The line from now on."""
        on = bool(lines & _SOUNDER)
        if on == self._on:
            return
        if on and now_us - self._since_us > _BURST_US:
            self._pulses = []
        elif not on:
            self._pulses.append((now_us - self._since_us) // 1000)
        self._on, self._since_us = on, now_us

    def sounds(self, now_us: int) -> int:
        """The sound as the door names it."""
        if not self._pulses or now_us - self._since_us > _OVER_US:
            return door.SOUND_OFF
        last = self._pulses[-1]
        if last <= _SHOT_MS:
            return door.SOUND_SHOT
        if last <= _REFUSED_MS:
            return door.SOUND_REFUSED
        if last <= _HIGH_MS:
            return door.SOUND_HIGH
        long = sum(1 for pulse in self._pulses if pulse > _HIGH_MS)
        return door.SOUND_LOW if long < 3 else door.SOUND_MEDIUM
