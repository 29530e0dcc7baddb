"""Light and sounder: patterns in time.

Alarm sounds have the pulses of IEC 60601-1-8: ten for high priority, in groups of three, two, three
and two, three for medium, two for low. The standard's tables 3 and 4 were not at hand; the times
are like those that makers who follow them publish: docs/board.md names them. The sounder has one
tone, so the harmonics that the standard asks for are not there.
"""

from mesofw.board.register_lines import BLUE, GREEN, RED, SOUNDER
from mesofw.core import clock, door

_MS = 1_000
_BOTH = RED | GREEN
_ALL = RED | GREEN | BLUE

# By LIGHT_…: colours, and half a flash in ms (0: steady).
_LIGHTS = (
    (0, 0),
    (BLUE, 0),
    (BLUE, 500),
    (GREEN, 0),
    (_ALL, 0),
    (_BOTH, 0),
    (RED, 250),
    (RED | BLUE, 500),
)
_FIVE_PULSES = (100, 100, 100, 100, 100, 300, 100, 100, 100)
# By SOUND_…: ms on and off by turns; an even number of them is repeated.
_SOUNDS = (
    (),
    (40,),
    (60, 60, 60),
    (150, 200, 150, 20_000),
    (150, 200, 150, 200, 150, 5_000),
    _FIVE_PULSES + (500,) + _FIVE_PULSES + (3_000,),
)


class Signals:
    """Sets the lines of light and sounder as time goes on."""

    def __init__(self, lines, now_us: int):
        self._lines = lines
        self._now_us = now_us
        self._light = door.LIGHT_OFF
        self._sound = door.SOUND_OFF
        self._lit = False
        self._light_us = now_us
        self._place = 0
        self._sound_us = now_us

    def set(self, light: int, sound: int) -> None:
        """Begin these patterns, unless they are under way."""
        if light != self._light:
            self._light = light
            self._lit = True
            self._light_us = self._now_us
            self._show()
        if sound != self._sound:
            self._sound = sound
            self.again()

    def again(self) -> None:
        """Begin the present sound anew: one more shot."""
        self._place = 0
        self._sound_us = self._now_us
        self._lines.set(SOUNDER, len(_SOUNDS[self._sound]) > 0)

    def step(self, now_us: int) -> None:
        """Go on to `now_us`."""
        self._now_us = now_us
        half_us = _LIGHTS[self._light][1] * _MS
        if half_us and clock.since_us(now_us, self._light_us) >= half_us:
            self._light_us = now_us
            self._lit = not self._lit
            self._show()
        times = _SOUNDS[self._sound]
        if self._place >= len(times):
            return
        if clock.since_us(now_us, self._sound_us) < times[self._place] * _MS:
            return
        self._sound_us = now_us
        self._place += 1
        if self._place == len(times) and not len(times) & 1:
            self._place = 0
        self._lines.set(SOUNDER, self._place < len(times) and not self._place & 1)

    def _show(self) -> None:
        self._lines.set(_ALL, False)
        if self._lit:
            self._lines.set(_LIGHTS[self._light][0], True)
