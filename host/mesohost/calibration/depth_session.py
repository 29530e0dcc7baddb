"""The guided session of a depth calibration: a dial indicator under the foot, read by a person."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from mesofw.core.machine import CARRIAGE
from mesohost.calibration import depth
from mesohost.calibration.depth import DepthPoints, DepthResult, Touch
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

NAME = "depth"
VERSION = 1
# Where the depth is read, in µm of nominal travel from home; the foot is 1 mm from it.
_PLACES_UM = (2_000, 4_000, 6_000, 8_000, 10_000, 12_000, 14_000, 11_000, 7_000, 3_000)
_HOMINGS = 6
_HOMED_UM = 5_000
_RETURNS = 5
_DEEP_UM = 14_000


class CarriageBench(Protocol):
    """The gun in calibrating mode, as a depth calibration needs it."""

    def home(self) -> None:
        """Find home anew. Raises Trouble."""
        ...

    def go(self, steps: int) -> None:
        """Go to so many steps from home. Raises Trouble."""
        ...

    def let_go(self) -> float:
        """Power off; how long until the home switch closed, in ms. Raises Trouble."""
        ...


_WHO = Form(
    "who",
    "Whose calibration it is.",
    (
        Entry(name="board", label="the gun's board id"),
        Entry(name="instrument", label="the dial indicator or gauge blocks, by their number"),
        Entry(name="operator", label="operator"),
    ),
)
_INTRO = Info(
    "intro",
    "A dial indicator under the foot reads how far the needle's tip stands out of it. That gives "
    "the needle's zero and its scale, how well it finds home again, and how fast the spring takes "
    "it back.",
)
_ZERO = Confirm(
    "zero",
    "Put a flat plate against the foot, bring the indicator's tip to it and set it to zero; then "
    "take the plate away. Nothing else touches the needle or the indicator.",
)
_AGAIN = Confirm("clear", "See that nothing stands in the needle's way.")


def steps(answers: Answers) -> Sequence[Step]:
    """The session's steps as far as the answers decide them."""
    known: list[Step] = [_INTRO, _WHO, _ZERO, Action("home", "Homing.", "home")]
    for number, place_um in enumerate(_PLACES_UM, 1):
        known += _read(f"touch-{number:02d}", place_um)
    for number in range(1, _HOMINGS + 1):
        known.append(Action(f"home-{number}", "Homing anew.", "home"))
        known += _read(f"homed-{number}", _HOMED_UM)
    for number in range(1, _RETURNS + 1):
        known.append(Action(f"deep-{number}", "Going out.", "go", {"steps": _steps(_DEEP_UM)}))
        known.append(Action(f"return-{number}", "Power off: the spring returns.", "let_go"))
        known.append(Action(f"rehome-{number}", "Homing.", "home"))
    if all(step.id in answers for step in known):
        known.append(concluded(lambda: _told(result(answers))))
    return known


def _told(found: DepthResult) -> tuple[Sequence[str], bool]:
    return (*depth.told(found), *refused(found.verdicts)), found.accepted


def again(answers: Answers) -> Sequence[Step]:  # noqa: ARG001
    """After a mishap: home is unknown."""
    return (_AGAIN, Action("home", "Homing.", "home"))


DEFINITION = Definition(
    name=NAME, version=VERSION, title="Depth by a dial indicator", steps=steps, again=again
)


def actions(bench: CarriageBench) -> dict[str, Callable[[Mapping[str, Any]], object]]:
    """What the bench does, by the actions' names."""

    def home(arguments: Mapping[str, Any]) -> object:  # noqa: ARG001
        bench.home()
        return True

    def go(arguments: Mapping[str, Any]) -> object:
        bench.go(int(arguments["steps"]))
        return True

    def let_go(arguments: Mapping[str, Any]) -> object:  # noqa: ARG001
        return bench.let_go()

    return {"home": home, "go": go, "let_go": let_go}


def result(answers: Answers) -> DepthResult:
    """What the answers give. Raises ValueError where they do not suffice."""
    touches = tuple(
        Touch(_steps(place_um), float(answers[f"touch-{number:02d}-read"]["um"]))
        for number, place_um in enumerate(_PLACES_UM, 1)
    )
    homed = tuple(float(answers[f"homed-{number}-read"]["um"]) for number in range(1, _HOMINGS + 1))
    returned = tuple(float(answers[f"return-{number}"]) for number in range(1, _RETURNS + 1))
    return depth.analyse(DepthPoints(touches, homed, returned))


def _steps(place_um: int) -> int:
    return place_um * 1000 // CARRIAGE.step_nm


def _read(name: str, place_um: int) -> tuple[Step, ...]:
    """Go somewhere, and read the indicator there."""
    read = Entry(
        name="um", label="the indicator", kind=NUMBER, unit="µm", low=-1_000.0, high=20_000.0
    )
    go = Action(f"{name}-go", "Going to a place.", "go", {"steps": _steps(place_um)})
    return go, Form(f"{name}-read", "What does the indicator show?", (read,))
