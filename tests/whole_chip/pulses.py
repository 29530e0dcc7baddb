"""Every pulse on the pins against what the words say that the pulses began with."""

from collections.abc import Iterator, Sequence

from mesofw.core.motion import TICK_HZ
from mesosim.motor import Leg
from tests.whole_chip.stream_words import edges

NS_PER_CYCLE = 1_000_000_000 // TICK_HZ
TOLERANCE_NS = 1_000
_AXES = ("carriage", "plunger")


class WrongPulse(AssertionError):
    """The pins did not do what the words say."""


class Pulses:
    """The pulses that are due, and those that came. `worst_ns` is the largest distance so far,
    `seen` how many pulses were compared."""

    def __init__(self) -> None:
        self.worst_ns = 0
        self.seen = 0
        self._due: Iterator[tuple[int, int, int]] = iter(())
        self._next: tuple[int, int, int] | None = None

    def begin(self, began_ns: float, begin: int, legs: Sequence[Leg]) -> None:
        """These legs began: the words' first cycle was at `began_ns`. Raises WrongPulse where the
        run before is not over."""
        if self._next:
            raise WrongPulse("pulses began while others were under way")
        self._due = (
            (round(began_ns) + NS_PER_CYCLE * cycle, axis, level)
            for cycle, axis, level in edges(begin, legs)
        )
        self._next = next(self._due, None)

    def take(self, came: Sequence[Sequence[float]], until_ns: float) -> None:
        """The pulses that came, (ns, axis, level of DIR), until a time. Raises WrongPulse."""
        for at_ns, axis, level in came:
            if self._next is None:
                raise WrongPulse(f"a pulse of the {_AXES[int(axis)]} that nobody asked for")
            due_ns, wanted, direction = self._next
            off_ns = round(abs(at_ns - due_ns))
            if (axis, level) != (wanted, direction) or off_ns > TOLERANCE_NS:
                raise WrongPulse(
                    f"{_AXES[int(axis)]}, DIR {level}, at {at_ns} ns; due was "
                    f"{_AXES[wanted]}, DIR {direction}, at {due_ns} ns"
                )
            self.worst_ns = max(self.worst_ns, off_ns)
            self.seen += 1
            self._next = next(self._due, None)
        if self._next and self._next[0] < until_ns - TOLERANCE_NS:
            raise WrongPulse(
                f"no pulse of the {_AXES[self._next[1]]} at {self._next[0]} ns, until {until_ns}"
            )

    def stop(self) -> None:
        """The pulses were stopped: nothing more is due."""
        self._next = None
        self._due = iter(())
