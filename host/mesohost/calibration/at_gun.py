"""The benches of the guided sessions, served by a gun: each in the gun's own motions."""

from collections.abc import Callable

from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.dose import FL_PER_NL
from mesofw.core.machine import AXES
from mesohost.answers import Seen
from mesohost.calibration import design
from mesohost.calibration.stand import Stand
from mesohost.calibration.strokes import StrokeFailed
from mesohost.troubles import Trouble

# Slow enough that no stopper's clip lets go while water is drawn in through 40 mm of needle.
_FLOW_NL_S = 15_000
# From the last pulse until the pressure has gone.
_REST_S = 1.0
# There and back so often at each speed: the carriage is faster there than StallGuard is read.
_RUNS = {CARRIAGE: 20, PLUNGER: 4}
# Of an axis's whole way: clear of both ends.
_RUN_SHARE = {CARRIAGE: 0.9, PLUNGER: 0.75}


class PlungerAtGun:
    """A `strokes.Bench`. `syringe` tells which one is seated; it is known once the session has
    asked for it."""

    def __init__(self, stand: Stand, syringe: Callable[[], str]):
        self._stand = stand
        self._syringe = syringe

    def home(self) -> None:
        """See `strokes.Bench`."""
        self._stand.home()

    def prepare(self, steps: int) -> None:
        """See `strokes.Bench`."""
        stand = self._stand
        stand.home()
        stand.seek()
        self.stroke(steps)

    def stroke(self, steps: int) -> int:
        """See `strokes.Bench`."""
        before = self._stand.look()
        seen = self._stand.move(PLUNGER, steps, self._hz())
        self._stand.wait(_REST_S)
        if not self._stand.look().closed("seated"):
            raise StrokeFailed("no syringe is seated", ["home the gun, seat the syringe and go on"])
        moved = seen.counts[PLUNGER] - before.counts[PLUNGER]
        return round(moved * AXES[PLUNGER].count_nm / AXES[PLUNGER].step_nm)

    def wait(self, seconds: float) -> None:
        """See `strokes.Bench`."""
        self._stand.wait(seconds)

    def force_mn(self) -> int:
        """See `strokes.Bench`."""
        return max(0, self._stand.look().force_mn)

    def left_um(self) -> int:
        """See `strokes.Bench`."""
        gone_um = self._stand.look().steps[PLUNGER] * AXES[PLUNGER].step_nm // 1000
        return self._stand.empty_um() - gone_um

    def _hz(self) -> int:
        return _FLOW_NL_S * FL_PER_NL // design.nominal_step_fl(self._syringe())


class CarriageAtGun:
    """A `depth_session.CarriageBench`."""

    def __init__(self, stand: Stand):
        self._stand = stand

    def home(self) -> None:
        """See `CarriageBench`."""
        self._stand.home()

    def go(self, steps: int) -> None:
        """See `CarriageBench`."""
        stand = self._stand
        way = steps - stand.at(CARRIAGE)
        if not way:
            return
        lost_nm = _lost_nm(stand.move(CARRIAGE, way), CARRIAGE)
        if lost_nm > AXES[CARRIAGE].tolerance_nm:
            raise Trouble(
                f"the carriage's encoder is {lost_nm / 1000:.0f} µm off its steps",
                ["see that nothing stands in the needle's way, and go on"],
            )

    def let_go(self) -> float:
        """See `CarriageBench`."""
        return float(self._stand.release())


class CradleAtGun:
    """An `empty_session.CradleBench`."""

    def __init__(self, stand: Stand):
        self._stand = stand

    def home(self) -> None:
        """See `CradleBench`."""
        self._stand.home()

    def seek(self) -> float:
        """See `CradleBench`."""
        return self._stand.seek().steps[PLUNGER] * AXES[PLUNGER].step_nm / 1000


class MotorAtGun:
    """A `motor_session.MotorBench`."""

    def __init__(self, stand: Stand):
        self._stand = stand

    def home(self) -> None:
        """See `MotorBench`."""
        self._stand.home()

    def run(self, axis: int, share: float) -> tuple[int, list[int]]:
        """See `MotorBench`. Of StallGuard the lowest reading of each way forward: against the
        spring, on the carriage."""
        line = AXES[axis]
        steps = round(line.travel_steps * _RUN_SHARE[axis])
        lost_nm = 0
        stall: list[int] = []
        for way in (steps, -steps) * _RUNS[axis]:
            seen = self._stand.move(axis, way, round(line.speed_hz * share))
            if way > 0 and seen.stall[axis] >= 0:
                stall.append(seen.stall[axis])
            lost_nm = max(lost_nm, _lost_nm(seen, axis))
            if lost_nm > line.tolerance_nm:
                # It has to home before it moves again.
                break
        return lost_nm, stall

    def hold(self, axis: int) -> None:
        """See `MotorBench`."""
        self._stand.hold(axis)

    def force_mn(self) -> int:
        """See `MotorBench`."""
        return self._stand.look().force_mn


def _lost_nm(seen: Seen, axis: int) -> int:
    return AXES[axis].lost_nm(seen.steps[axis], seen.counts[axis])
