"""Core's phases and segments as the words that the stepper program is fed.

Each axis has a stream of tokens. A token of pulses, or a pause, is two words: the jump to `segment`
with a delay, the pulses (16 bits), the wait (32 bits). Any other is one word of two instructions.
From one token's end, 32 cycles after its last edge, to the wait of the next there are 16 cycles:
the delay of the jump makes up what words between them did not take, so these move no edge, and
there is no remainder but in pauses too short for a token, which is carried to the next.

While one axis has the phase the other waits for its flag: a flag that is set in one cycle lets the
waiting one go on in the next but one.
"""

from mesofw.board import pio_programs, resources
from mesofw.core.door import CARRIAGE, NEITHER

# Cycles of a period that are not the wait: 16 to the wait, 3 around it, 32 of STEP high.
PERIOD_OVER = 51
PAUSE_OVER = 19
PERIOD_LEAST = PERIOD_OVER
# From _PART_MOST on pulses are split into parts of PART and a last one, which a patch changes.
PART = 0x8000
_PART_MOST = 0xC000
PULSES_MOST = 0xFF * PART

# The jump's delay after another token of pulses, after a word of two instructions, and after
# the flag.
_AFTER_PULSES = 11
_AFTER_WORD = 7
_AFTER_FLAG = 6
# What the jump's delay may make up of a pause; a word of two idle instructions takes 4 to 34.
_CARRY_MOST = 3

_IDLE = 0xA042  # mov y, y
_FORWARD = 0xE002  # set pins, 2
_BACKWARD = 0xE000  # set pins, 0
_SET_FLAG = 0xC000  # irq
_WAIT_FLAG = 0x20C0  # wait 1 irq
_DELAY = 8


class Stream:
    """Writes words as half-words into a buffer made once, `at` the next place."""

    def __init__(self, halves):
        self.halves = halves
        self.at = 0
        self._room = len(halves)
        self._lead = _AFTER_WORD
        self._carry = 0

    def begin(self, turn: int) -> None:
        """Begin a stream that first turns its axis."""
        self._carry = 0
        self.word(_IDLE, turn)

    def word(self, low: int, high: int) -> None:
        """Append a word of two instructions."""
        self._two(low, high)
        self._lead = _AFTER_WORD

    def wait(self, turn: int, flag: int) -> None:
        """Append: turn the axis, wait for the other one's flag."""
        self._two(turn, _WAIT_FLAG | flag)
        self._lead = _AFTER_FLAG

    def end_phase(self, mark: int, then: int) -> None:
        """Append: set the phase's end mark, then one more instruction. Takes up the carry."""
        if self._carry > _CARRY_MOST:
            self._idle()
        self.word(_SET_FLAG | mark | self._carry << _DELAY, then)
        self._carry = 0

    def pause(self, ticks: int) -> None:
        """Append a pause; what is too short for a token is carried."""
        ticks += self._carry
        self._carry = 0
        if ticks < PAUSE_OVER:
            self._carry = ticks
        else:
            self._token(0, ticks - PAUSE_OVER)

    def pulses(self, count: int, period: int) -> int:
        """Append `count` pulses, each at the end of a period in ticks; gives how many parts come
        before the last. Raises ValueError for a period too short and for too many pulses."""
        if period < PERIOD_LEAST:
            raise ValueError("a period of pulses is at least %d ticks" % PERIOD_LEAST)
        if count > PULSES_MOST:
            raise ValueError("a segment has at most %d pulses" % PULSES_MOST)
        if self._carry > _CARRY_MOST:
            self._idle()
        self._lead += self._carry
        self._carry = 0
        parts = 0
        while count >= _PART_MOST:
            self._token(PART, period - PERIOD_OVER)
            count -= PART
            parts += 1
        self._token(count, period - PERIOD_OVER)
        return parts

    def _token(self, count: int, wait: int) -> None:
        self._two(self._lead << _DELAY | pio_programs.STEPPER_SEGMENT, count)
        self._lead = _AFTER_PULSES
        self._two(wait & 0xFFFF, wait >> 16)

    def _idle(self) -> None:
        """Append a word that takes as long as what is carried, at least 4 cycles and at most 18."""
        delay = self._carry - 4
        half = delay >> 1
        self._two(_IDLE | half << _DELAY, _IDLE | delay - half << _DELAY)
        self._carry = 0

    def _two(self, low: int, high: int) -> None:
        at = self.at
        if at + 2 > self._room:
            raise ValueError("a timetable has more segments than the pulses have room for")
        self.halves[at] = low
        self.halves[at + 1] = high
        self.at = at + 2


def turn_of(phase) -> int:
    """The instruction that sets a phase's direction; a pause sets none."""
    if phase.axis == NEITHER:
        return _IDLE
    return _FORWARD if phase.direction > 0 else _BACKWARD


def write(stream: Stream, axis: int, segments, phases, count: int, places, parts) -> None:
    """Append one axis's stream for the first `count` phases, if it has any of them.

    A pause belongs to the axis that moved before it. `places` and `parts` get for each segment
    where its pulses stand, and how many parts come before. Raises ValueError as `Stream` does, and
    for a phase too short for a token.
    """
    owner = CARRIAGE
    begun = False
    for index in range(count):
        phase = phases[index]
        before = owner
        if phase.axis != NEITHER:
            owner = phase.axis
        if owner != axis:
            continue
        if not begun:
            stream.begin(turn_of(phase))
            begun = True
            if index:
                stream.wait(_IDLE, resources.GO[axis])
        elif before != axis:
            stream.wait(turn_of(phase), resources.GO[axis])
        first = stream.at
        _write_segments(stream, segments, phase, places, parts)
        if stream.at == first:
            raise ValueError("a phase lasts at least %d ticks" % PAUSE_OVER)
        then = _IDLE
        if index + 1 < count:
            following = phases[index + 1]
            if following.axis in (axis, NEITHER):
                then = turn_of(following)
            else:
                then = _SET_FLAG | resources.GO[following.axis]
        stream.end_phase(index, then)


def _write_segments(stream: Stream, segments, phase, places, parts) -> None:
    data = segments.data
    for segment in range(phase.first, phase.first + phase.count):
        count = data[2 * segment]
        ticks = data[2 * segment + 1]
        if count:
            parts[segment] = stream.pulses(count, ticks)
            # The last part's pulses.
            places[segment] = stream.at - 3
        else:
            stream.pause(ticks)
            places[segment] = 0
