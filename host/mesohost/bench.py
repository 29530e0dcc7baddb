"""The gun on the bench: its motions one by one, for whoever calibrates or commissions it.

A gun takes them in its state `calibrating` only, which `Keyed.calibrate` brings it to. Every motion
is bounded and watched by the gun itself; a press of its knob stops it and ends the bench.
"""

from typing import Any

from mesohost import answers
from mesohost.answers import Seen
from mesohost.exchange import WAITS_S, Exchange

# The gun allows no act to last longer than 300 s; the reply comes when it is done.
_DONE_S = (*WAITS_S, *(1.0,) * 310)


class Bench:
    """One gun's bench. Each method returns when it is done, with what the gun sees then. Axes are
    `door.CARRIAGE` and `door.PLUNGER`, forward positive.

    All methods raise GunRefused (not calibrating, out of bounds, the foot touches, not homed; the
    code of a fault that came meanwhile; not_allowed where it was stopped at the gun), NoAnswer,
    PortTrouble.
    """

    def __init__(self, exchange: Exchange):
        self._exchange = exchange

    def read(self) -> Seen:
        """What is seen just now."""
        return self._ask("read")

    def home(self) -> Seen:
        """Both axes find their home switches; steps and counts are 0 there."""
        return self._ask("home")

    def seek(self) -> Seen:
        """The plunger goes forward until it meets the stopper of the seated syringe."""
        return self._ask("seek")

    def move(self, axis: int, steps: int, hz: int = 0) -> Seen:
        """Move an axis by `steps` at `hz` steps/s (0: its top speed). Where steps and counts
        differ afterwards by more than the axis' tolerance, it lost steps: `home` it then."""
        return self._ask("move", axis=axis, steps=steps, hz=hz)

    def hold(self, axis: int = 0) -> Seen:
        """Motors on, standing still."""
        return self._ask("hold", axis=axis)

    def release(self) -> Seen:
        """Drivers off: the spring withdraws the carriage, in `ms`. `home` it then."""
        return self._ask("release")

    def leave(self) -> Seen:
        """The gun restarts, with its needle back."""
        return self._ask("leave")

    def _ask(self, do: str, **arguments: Any) -> Seen:
        reply = self._exchange.ask("bench", {"do": do, **arguments}, waits_s=_DONE_S)
        return answers.read(reply, Seen)
