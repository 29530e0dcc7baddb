"""The guided session that finds where a syringe is empty: the plunger seeks an empty one's stopper,
as it does while a syringe is loaded."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from mesofw.core import parts
from mesohost.calibration import empty
from mesohost.calibration.empty import EmptyResult
from mesohost.calibration.session import (
    CHOICE,
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

NAME = "empty"
VERSION = 1
SEATINGS = 5


class CradleBench(Protocol):
    """The gun in calibrating mode, as this needs it."""

    def home(self) -> None:
        """Draw the plunger back. Raises Trouble."""
        ...

    def seek(self) -> float:
        """Forward until the plunger meets what is seated; its travel from home then, in µm by
        nominal steps. Raises Trouble."""
        ...


_WHO = Form(
    "who",
    "Whose calibration it is.",
    (
        Entry(name="board", label="the gun's board id"),
        Entry(name="syringe", label="syringe", kind=CHOICE, choices=parts.SYRINGE_NAMES,
              default="1 mL"),
        Entry(name="instrument", label="the gauge block on the stopper, by its number"),
        Entry(name="block_um", label="its length", kind=NUMBER, unit="µm", low=1_000.0,
              high=20_000.0, default=5_000.0),
        Entry(name="operator", label="operator"),
    ),
)  # fmt: skip
_INTRO = Info(
    "intro",
    "The plunger seeks the stopper of an empty syringe by force, as it does whenever a syringe is "
    "loaded. A gauge block on the stopper keeps it from being met beyond the plunger's way.",
)
_AGAIN = Confirm(
    "seated",
    "Where the stopper was being sought: take the syringe out, press its stopper to the barrel's "
    "end again, put the block on it and seat it.",
)


def steps(answers: Answers) -> Sequence[Step]:
    """The session's steps as far as the answers decide them."""
    known: list[Step] = [_INTRO, _WHO, _home("home")]
    for number in range(1, SEATINGS + 1):
        known += [
            Confirm(
                f"seat-{number}",
                "Take out what is seated. Press the stopper of a dry syringe to the barrel's end, "
                "put the gauge block on it and seat the syringe, without a needle.",
            ),
            Action(_seek_id(number), "Seeking the stopper.", "seek"),
            _home(f"home-{number}"),
        ]
    if all(step.id in answers for step in known):
        known.append(concluded(lambda: _told(result(answers))))
    return known


def _told(found: EmptyResult) -> tuple[Sequence[str], bool]:
    return (*empty.told(found), *refused(found.verdicts)), found.accepted


def again(answers: Answers) -> Sequence[Step]:  # noqa: ARG001
    """After a mishap: the plunger goes back, for it may have pushed the stopper."""
    return (_home("home"), _AGAIN)


DEFINITION = Definition(
    name=NAME, version=VERSION, title="Where a syringe is empty", steps=steps, again=again
)


def actions(bench: CradleBench) -> dict[str, Callable[[Mapping[str, Any]], object]]:
    """What the bench does, by the actions' names."""

    def home(arguments: Mapping[str, Any]) -> object:  # noqa: ARG001
        bench.home()
        return True

    def seek(arguments: Mapping[str, Any]) -> object:  # noqa: ARG001
        return bench.seek()

    return {"home": home, "seek": seek}


def result(answers: Answers) -> EmptyResult:
    """What the answers give. Raises ValueError where they do not suffice."""
    met_um = [float(answers[_seek_id(number)]) for number in range(1, SEATINGS + 1)]
    return empty.analyse(met_um, float(answers["who"]["block_um"]))


def _home(name: str) -> Action:
    return Action(name, "Homing: no syringe can be taken out or seated before.", "home")


def _seek_id(number: int) -> str:
    return f"seek-{number}"
