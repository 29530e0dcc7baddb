"""Traces of a gun on the chip: how fast they are, and what they cost a burst of shots."""

from collections.abc import Sequence
from dataclasses import dataclass

from mesofw.core import states
from mesohost.gun import Gun
from mesohost.tracing import Traced
from mesosim.hands import Hands
from mesosim.port import WorldPort
from tests.whole_chip.figures import Burst, _note, _shots, ready
from tests.whole_chip.worlds import on_chip

_SETTLE_US = 2_000_000


@dataclass(frozen=True)
class Rate:
    """Samples a second that arrived, by the chip's clock, of all that were due; the usual and the
    widest gap between two in µs; and the chip's time from the request to the first."""

    rate: float
    share: float
    usual_us: int
    widest_us: int
    begins_us: int


def rate(names: Sequence[str], period_us: int, count: int) -> Rate:
    """A trace of a gun at rest."""
    with on_chip() as made:
        Hands(made.world).until("idle")
        made.world.run_for(_SETTLE_US)
        gun = Gun(WorldPort(made.world))
        before_ms = gun.hello().at_ms
        traced = gun.trace(names, period_us, count)
        gaps = sorted(traced.gaps_us())
        return Rate(
            len(gaps) * 1e6 / traced.lasted_us,
            len(traced.rows) / count,
            gaps[len(gaps) // 2],
            gaps[-1],
            traced.at_us[0] - before_ms * 1_000,
        )


def burst(names: Sequence[str], period_us: int, shots: int = 20) -> tuple[Burst, Traced]:
    """Shots as fast as the zone has them while a trace runs, which begins as the gun is armed and
    ends with what it tells of `shots`."""
    with on_chip() as made:
        # More than are looked at: a line comes some shots late.
        hands = ready(made, _shots(shots + 20, rate_per_min=300)).hands
        hands.place()
        hands.wait(500_000)
        gun = Gun(WorldPort(made.world))
        gun.hello()
        before = 0

        def take(traced: Traced) -> bool:
            nonlocal before
            if not before:
                before = made.gun.watched.steps
                _note(made, "step_max_us", 0)
                hands.set("trigger", 1)
            elif made.world.state not in (states.READY, states.SHOOTING):
                raise RuntimeError("the burst ended early; " + hands.what_it_shows())
            return max(traced.column("shots")) >= shots

        traced = gun.trace(names, period_us, take=take)
        notes = made.gun.watched
    took = Burst(notes.step_max_us, states.STATES[notes.step_max_state], notes.steps - before, 0)
    return took, traced
