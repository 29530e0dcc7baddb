"""The guided session of a motor calibration: currents by a clamp meter, runs without a load."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from mesofw.core.machine import AXES
from mesohost.calibration import motors
from mesohost.calibration.motors import AxisPoints, MotorResult, Run
from mesohost.calibration.session import (
    NUMBER,
    Action,
    Answers,
    Confirm,
    Definition,
    Entry,
    Form,
    Info,
    Step,
    concluded,
)
from mesohost.calibration.telling import refused
from mesosim import hardware

NAME = "motor"
VERSION = 1
SHARES = (0.5, 0.75, 1.0, 1.1, 1.2, 1.3)
_FORCES = 20


class MotorBench(Protocol):
    """The gun in calibrating mode without syringe and needle, as a motor calibration needs it."""

    def home(self) -> None:
        """Find home anew on both axes. Raises Trouble."""
        ...

    def run(self, axis: int, share: float) -> tuple[int, Sequence[int]]:
        """There and back at a share of the axis's top speed; how far steps and encoder are apart
        then, in nm, and StallGuard on the way. Raises Trouble."""
        ...

    def hold(self, axis: int) -> None:
        """Hold still with the rated current. Raises Trouble."""
        ...

    def force_mn(self) -> int:
        """What the force cell reads."""
        ...


_WHO = Form(
    "who",
    "Whose calibration it is.",
    (
        Entry(name="board", label="the gun's board id"),
        Entry(name="instrument", label="the clamp meter, by its number"),
        Entry(name="operator", label="operator"),
    ),
)
_INTRO = Info(
    "intro",
    "Both axes run without a load, faster each time, until the encoder sees lost steps; the "
    "current is measured while they hold, and the force cell with nothing on it.",
)
_FREE = Confirm("free", "No syringe is seated, no needle fitted; nothing is near the foot.")


def steps(answers: Answers) -> Sequence[Step]:
    """The session's steps; none of them depends on the answers but the last."""
    known: list[Step] = [_INTRO, _WHO, _FREE, Action("home", "Homing.", "home")]
    for number, axis in enumerate(AXES):
        known.append(Action(f"hold-{axis.name}", "Holding.", "hold", {"axis": number}))
        known.append(_clamp(str(axis.name)))
        for share in SHARES:
            known.append(
                Action(_run_id(str(axis.name), share), f"{axis.name} at {share:g} of top speed.",
                       "run", {"axis": number, "share": share})
            )  # fmt: skip
    known.append(Action("force", "Reading the force cell.", "force"))
    if all(step.id in answers for step in known):
        known.append(concluded(lambda: _told(result(answers))))
    return known


def _told(found: MotorResult) -> tuple[Sequence[str], bool]:
    return (*motors.told(found), *refused(found.verdicts)), found.accepted


def again(answers: Answers) -> Sequence[Step]:  # noqa: ARG001
    """After a mishap: home is unknown."""
    return (_FREE, Action("home", "Homing.", "home"))


DEFINITION = Definition(name=NAME, version=VERSION, title="Motors", steps=steps, again=again)


def actions(bench: MotorBench) -> dict[str, Callable[[Mapping[str, Any]], object]]:
    """What the bench does, by the actions' names."""

    def home(arguments: Mapping[str, Any]) -> object:  # noqa: ARG001
        bench.home()
        return True

    def run(arguments: Mapping[str, Any]) -> object:
        share = float(arguments["share"])
        lost_nm, stall = bench.run(int(arguments["axis"]), share)
        if lost_nm > AXES[int(arguments["axis"])].tolerance_nm:
            # What was lost is not carried into the next run.
            bench.home()
        return Run(share, lost_nm, tuple(stall))

    def hold(arguments: Mapping[str, Any]) -> object:
        bench.hold(int(arguments["axis"]))
        return True

    def force(arguments: Mapping[str, Any]) -> object:  # noqa: ARG001
        return [bench.force_mn() for _ in range(_FORCES)]

    return {"home": home, "run": run, "hold": hold, "force": force}


def result(answers: Answers) -> MotorResult:
    """What the answers give. Raises ValueError where they do not suffice."""
    points: list[AxisPoints] = []
    for number, axis in enumerate(AXES):
        name = str(axis.name)
        runs = tuple(msgspec.convert(answers[_run_id(name, share)], Run) for share in SHARES)
        rated_ma = hardware.gun().number(name, "motor", "current_a") * 1000
        measured_ma = float(answers[f"clamp-{name}"]["ma"])
        points.append(AxisPoints(number, rated_ma, measured_ma, runs))
    return motors.analyse(points, [float(one) for one in answers["force"]])


def _run_id(axis: str, share: float) -> str:
    return f"run-{axis}-{round(share * 100)}"


def _clamp(axis: str) -> Form:
    entry = Entry(name="ma", label="rms current of a phase", kind=NUMBER, unit="mA", high=3_000.0)
    return Form(f"clamp-{axis}", f"What does the clamp meter show on the {axis}'s motor?", (entry,))
