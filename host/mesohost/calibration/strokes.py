"""What the bench does of a calibration: strokes between readings, pushes against a cap."""

from collections.abc import Sequence
from typing import Protocol

from mesohost.calibration.balance import Reading
from mesohost.calibration.design import TURN, Unit
from mesohost.calibration.model import BACK, BLANK, FORTH, Pressed, Weighed
from mesohost.troubles import Trouble

# A blank lasts longer than a stroke, so that what goes by time is told from what goes by steps.
BLANK_S = 20.0
_SEVERAL = 4
# The encoder's count against the steps asked for.
_OFF_STEPS = 80


class StrokeFailed(Trouble):
    """The plunger did not do what it was told."""


class Bench(Protocol):
    """The gun in calibrating mode, as a calibration needs it: the needle's tip under water."""

    def home(self) -> None:
        """Draw the plunger back, so that a syringe can be taken out and seated. Raises Trouble."""
        ...

    def prepare(self, steps: int) -> None:
        """Home, find the stopper, and press that many steps forward. Raises Trouble."""
        ...

    def stroke(self, steps: int) -> int:
        """Move the plunger by signed steps, then let the pressure fall; the steps that the encoder
        saw. Raises Trouble."""
        ...

    def wait(self, seconds: float) -> None:
        """Stand still."""
        ...

    def force_mn(self) -> int:
        """What the force cell reads; nothing below zero."""
        ...

    def left_um(self) -> int:
        """Travel left to the empty syringe."""
        ...


class Scale(Protocol):
    """A balance, or somebody who reads one."""

    def weigh(self) -> Reading:
        """The weight once it stands still. Raises Trouble."""
        ...


def weigh_unit(bench: Bench, scale: Scale, unit: Unit) -> tuple[Weighed, ...]:
    """Do one unit of the design; what was weighed. Raises Trouble: then it is done again whole,
    after `prepare`."""
    if unit.kind == BLANK:
        return (_between(bench, scale, BLANK, 0),)
    if unit.kind == TURN:
        return (
            _between(bench, scale, BACK, -unit.steps),
            _between(bench, scale, FORTH, unit.steps),
        )
    return (_between(bench, scale, unit.kind, unit.steps),)


def feel_friction(bench: Bench) -> float:
    """The stopper's friction in mN: the force that is left after a forward stroke."""
    return sum(bench.force_mn() for _ in range(_SEVERAL)) / _SEVERAL


def press(bench: Bench, pushes: Sequence[int]) -> tuple[Pressed, ...]:
    """Push against the capped needle and relieve it again; the force after each push but the first,
    counted from there. Raises Trouble."""
    points: list[Pressed] = []
    steps = 0
    for number, push in enumerate(pushes):
        _checked(bench, push)
        steps += push if number else 0
        points.append(Pressed(steps, feel_friction(bench)))
    _checked(bench, -sum(pushes))
    return tuple(points)


def _between(bench: Bench, scale: Scale, kind: str, steps: int) -> Weighed:
    before = scale.weigh()
    if steps:
        _checked(bench, steps)
    else:
        bench.wait(BLANK_S)
    after = scale.weigh()
    return Weighed(kind, steps, before.mass_mg, after.mass_mg, after.at_s - before.at_s)


def _checked(bench: Bench, steps: int) -> None:
    seen = bench.stroke(steps)
    if abs(seen - steps) > _OFF_STEPS:
        raise StrokeFailed(
            f"the plunger was to go {steps} steps, its encoder saw {seen}",
            ["home the gun, seat the syringe and go on"],
        )
