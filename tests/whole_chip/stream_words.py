"""What the words that DMA feeds to the pulses' state machines mean: legs, by what the PIO does.

Worked out from the stepper's program and the RP2040 data sheet (3.4: cycles of each instruction,
side-set, delays; 3.4.9: flags), not from how the firmware writes the words. Two streams run side by
side and wait for each other's flags. Times are in cycles from the first word on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mesosim.motor import NEITHER, Leg

# The program: a token is a jump to slot 0, then 16 bits of pulses, then 32 bits of wait.
# To the first wait: OUT EXEC, the jump, OUT X [1], OUT ISR, MOV Y.
_OUT_EXEC, _JUMP, _OUT_X, _OUT_ISR, _MOV_Y = 1, 1, 2, 1, 1
# The wait's own cycle, and the jump to the edge.
_WAIT_OVER = 2
# STEP is high for two instructions of 16 cycles; a third one leads to the next wait.
_HIGH, _LOW = 32, 16
PERIOD_OVER = _HIGH + _LOW + _MOV_Y + _WAIT_OVER
# An edge belongs to the place of its period's end; a phase's mark is set so much later.
_MARK_AFTER = _HIGH + _OUT_EXEC
# A flag that is set in one cycle lets the other go on in the next but one.
_FLAG_CYCLES = 2

_JMP, _WAIT, _MOV, _IRQ, _SET = 0, 1, 5, 6, 7


class NotPulses(ValueError):
    """Words that the stepper's program was never meant to be fed."""


@dataclass
class _Phase:
    """What came before one mark: (first edge, pulses, period) of each token, and its end."""

    direction: int
    tokens: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])
    end: int = 0


class _Stream:
    """One axis's stream as far as it has been run."""

    def __init__(self, axis: int, words: Sequence[int]):
        self.axis = axis
        self.halves = [half for word in words for half in (word & 0xFFFF, word >> 16)]
        self.place = 0
        self.cycle = 0
        self.direction = 0
        self.open: _Phase | None = None
        self.phases: dict[int, _Phase] = {}

    def run(self, flags: dict[int, int]) -> bool:
        """Run on until a flag is missing or the words end; True where anything was run."""
        begun = self.place
        while self.place < len(self.halves):
            if not self._one(self.halves[self.place], flags):
                break
        return self.place > begun

    def _one(self, told: int, flags: dict[int, int]) -> bool:
        kind, delay, low = told >> 13, told >> 8 & 0x0F, told & 0xFF
        if told & 0x1000:
            raise NotPulses(f"{told:#06x} drives STEP outside the program")
        self.place += 1
        if kind == _JMP and low == 0:
            self._token(delay)
            return True
        begins = self.cycle + _OUT_EXEC
        if kind == _WAIT and low & 0xF8 == 0xC0:
            flag = low & 7
            if flag not in flags:
                self.place -= 1
                return False
            begins = max(begins + 1, flags.pop(flag) + _FLAG_CYCLES) - 1
        elif kind == _IRQ and low & 0xF8 == 0:
            self._flag(low, begins, flags)
        elif kind == _SET and low in (0, 2):
            self.direction = 1 if low else -1
        elif not (kind == _MOV and low == 0x42):
            raise NotPulses(f"{told:#06x} is no instruction of a stream of pulses")
        self.cycle = begins + 1 + delay
        return True

    def _token(self, delay: int) -> None:
        if self.place + 3 > len(self.halves):
            raise NotPulses("the words end in the middle of a token")
        pulses, low, high = self.halves[self.place : self.place + 3]
        self.place += 3
        period = (high << 16 | low) + PERIOD_OVER
        if self.open is None:
            self.open = _Phase(self.direction)
        ready = self.cycle + _OUT_EXEC + _JUMP + delay + _OUT_X + _OUT_ISR
        # The edge, or in a pause what would be one.
        first = ready + period - _HIGH - _LOW
        if pulses:
            if not self.direction or self.open.direction != self.direction:
                raise NotPulses("pulses without a direction of their own")
            self.open.tokens.append((first, pulses, period))
            self.cycle = first + (pulses - 1) * period + _HIGH
        else:
            self.cycle = first

    def _flag(self, number: int, at: int, flags: dict[int, int]) -> None:
        flags[number] = at
        if self.open is None:
            return
        # The first flag after tokens is their mark.
        if number in self.phases:
            raise NotPulses(f"mark {number} is set twice")
        self.open.end = at - _MARK_AFTER
        self.phases[number] = self.open
        self.open = None


def legs(streams: Sequence[Sequence[int]]) -> tuple[int, list[Leg]]:
    """(cycle at which the first leg begins, the legs in the order of their marks), from the words
    of the carriage's and the plunger's stream. Raises NotPulses."""
    machines = [_Stream(axis, words) for axis, words in enumerate(streams)]
    flags: dict[int, int] = {}
    while machines[0].run(flags) | machines[1].run(flags):
        pass
    marked: dict[int, tuple[int, _Phase]] = {}
    for machine in machines:
        if machine.place < len(machine.halves):
            raise NotPulses(f"axis {machine.axis} waits for ever")
        if machine.open:
            raise NotPulses(f"axis {machine.axis} ends without a mark")
        for mark, phase in machine.phases.items():
            marked[mark] = (machine.axis, phase)
    if sorted(marked) != list(range(len(marked))):
        raise NotPulses(f"marks {sorted(marked)} are not one after the other")
    begin = at = -_HIGH
    found: list[Leg] = []
    for mark in range(len(marked)):
        axis, phase = marked[mark]
        found.append(_leg(axis, phase, at))
        at = phase.end
    return begin, found


def _leg(axis: int, phase: _Phase, begin: int) -> Leg:
    """The leg of a phase that begins at a cycle; what its tokens do not fill is pause."""
    segments: list[tuple[int, int]] = []
    at = begin
    for first, pulses, period in phase.tokens:
        gap = first - period - at
        if gap < 0:
            raise NotPulses("a pulse comes sooner than its period")
        if gap:
            segments.append((0, gap))
        segments.append((pulses, period))
        at = first + (pulses - 1) * period
    if phase.end < at:
        raise NotPulses("a mark comes before its last pulse")
    if phase.end > at:
        segments.append((0, phase.end - at))
    return Leg(axis if phase.tokens else NEITHER, phase.direction, segments)


def edges(begin: int, run: Sequence[Leg]) -> Iterator[tuple[int, int, int]]:
    """(cycle, axis, level of DIR) of each pulse of these legs, in order."""
    at = begin
    for leg in run:
        for pulses, period in leg.segments:
            if not pulses:
                at += period
            for _ in range(pulses):
                at += period
                yield at, leg.axis, 1 if leg.direction > 0 else 0
