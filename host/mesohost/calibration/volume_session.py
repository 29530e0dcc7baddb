"""The guided session of a volume calibration: its steps, and what the bench does in them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from mesofw.core import parts
from mesohost.calibration import design, strokes, telling, volume
from mesohost.calibration.design import Unit
from mesohost.calibration.model import Conditions, Points, Pressed, Setup, VolumeResult, Weighed
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
from mesohost.calibration.strokes import Bench, Scale

NAME = "volume"
VERSION = 2

_WHO = Form(
    "who",
    "Whose calibration it is.",
    (
        Entry(name="board", label="the gun's board id"),
        Entry(name="syringe", label="syringe", kind=CHOICE, choices=parts.SYRINGE_NAMES),
        Entry(name="syringe_lot", label="the syringe's lot"),
        Entry(name="needle", label="needle", kind=CHOICE, choices=parts.NEEDLE_NAMES,
              default="27G"),
        Entry(name="balance", label="the balance, by its serial number"),
        Entry(name="balance_u_ppm", label="standard uncertainty of its scale, by its certificate",
              kind=NUMBER, unit="ppm", high=1_000.0, default=50.0),
        Entry(name="vessel_mm", label="the vessel's bore, 0 where it is not known", kind=NUMBER,
              unit="mm", high=100.0, default=0.0),
        Entry(name="operator", label="operator"),
    ),
)  # fmt: skip
_ROOM = (
    Entry(name="water_c", label="water", kind=NUMBER, unit="°C", low=5.0, high=40.0),
    Entry(name="air_c", label="air", kind=NUMBER, unit="°C", low=5.0, high=40.0),
    Entry(name="hpa", label="air pressure here, not at sea level", kind=NUMBER, unit="hPa",
          low=600.0, high=1_100.0),
    Entry(name="percent", label="humidity", kind=NUMBER, unit="%", high=100.0),
)  # fmt: skip
_INTRO = Info(
    "intro",
    "Strokes of water onto a balance of 0.1 mg tell what a step of the plunger gives with this "
    "syringe; strokes back tell the play; pushes against a cap tell what gives way. It takes about "
    "a quarter of an hour, in which nobody touches the table.",
)
_WET = Confirm(
    "wet",
    "Fill the syringe with boiled, cooled water without bubbles and seat it with a needle of "
    "40 mm, which stands out of the foot while the carriage is home. Put a vessel with water on "
    "the balance and close what keeps the air out. The needle's tip is under the water and touches "
    "nothing. Water, syringe and air have stood together for an hour.",
)
_CAP = Confirm("cap", "Take the needle out of the water and cap it.")
_UNCAP = Confirm("uncap", "Take the cap off.")
_AGAIN = Confirm(
    "seated",
    "Take the syringe out, fill it up and seat it again with its needle open, so that the tip "
    "comes under the water.",
)


def steps(answers: Answers) -> Sequence[Step]:
    """The session's steps as far as the answers decide them."""
    known: list[Step] = [_INTRO, _WHO]
    who = answers.get("who")
    if who is None:
        return known
    syringe = str(who["syringe"])
    known += [
        _home("home"),
        Form("before", "The room before the strokes.", _ROOM),
        _WET,
        _prepare("prepare", syringe),
        *(_stroke(number, unit) for number, unit in enumerate(units(who), 1)),
        Form("after", "The room after the strokes.", _ROOM),
        _CAP,
        Action("press", "Pushing against the cap.", "press", {"syringe": syringe}),
        _UNCAP,
    ]
    if all(step.id in answers for step in known):
        known.append(concluded(lambda: _told(result(answers))))
    return known


def _told(found: VolumeResult) -> tuple[Sequence[str], bool]:
    return telling.volume(found), found.accepted


def again(answers: Answers) -> Sequence[Step]:
    """After a mishap: the gun has forgotten where it was. What was about to be pressed against a
    cap is capped again, once it moves in the open."""
    capped = "cap" in answers and "press" not in answers
    prepare = _prepare("prepare", str(answers["who"]["syringe"]))
    return (_home("home"), _AGAIN, prepare, *([_CAP] if capped else []))


DEFINITION = Definition(
    name=NAME, version=VERSION, title="Volume by weighing", steps=steps, again=again
)


def units(who: Mapping[str, Any]) -> list[Unit]:
    """The strokes of the session, whose order is drawn by what it is of."""
    return design.units(str(who["syringe"]), f"{who['board']} {who['syringe_lot']}")


def actions(bench: Bench, scale: Scale) -> dict[str, Callable[[Mapping[str, Any]], object]]:
    """What the bench does, by the actions' names."""

    def home(arguments: Mapping[str, Any]) -> object:  # noqa: ARG001
        bench.home()
        return True

    def prepare(arguments: Mapping[str, Any]) -> object:
        bench.prepare(int(arguments["steps"]))
        return True

    def stroke(arguments: Mapping[str, Any]) -> object:
        unit = Unit(str(arguments["kind"]), int(arguments["steps"]))
        weighed = strokes.weigh_unit(bench, scale, unit)
        return {"weighed": weighed, "friction_mn": strokes.feel_friction(bench)}

    def press(arguments: Mapping[str, Any]) -> object:
        left_um = bench.left_um()
        pushes = design.presses(str(arguments["syringe"]))
        return {"left_um": left_um, "pressed": strokes.press(bench, pushes)}

    return {"home": home, "prepare": prepare, "stroke": stroke, "press": press}


def setup(answers: Answers) -> Setup:
    """Whose calibration it is."""
    return msgspec.convert(answers["who"], Setup)


def room(answers: Answers) -> Conditions:
    """The room, half-way between before and after."""
    before, after = answers["before"], answers["after"]
    return msgspec.convert({name: (before[name] + after[name]) / 2 for name in before}, Conditions)


def points(answers: Answers) -> Points:
    """All that was measured."""
    weighed: list[Weighed] = []
    friction: list[float] = []
    for number in range(1, len(units(answers["who"])) + 1):
        stroke = answers[_stroke_id(number)]
        weighed += msgspec.convert(stroke["weighed"], list[Weighed])
        friction.append(float(stroke["friction_mn"]))
    pressed = answers["press"]
    pushes = msgspec.convert(pressed["pressed"], tuple[Pressed, ...])
    return Points(tuple(weighed), tuple(friction), pushes, float(pressed["left_um"]))


def result(answers: Answers) -> VolumeResult:
    """What the answers give. Raises ValueError where they do not suffice."""
    return volume.analyse(setup(answers), room(answers), points(answers))


def _home(name: str) -> Action:
    return Action(name, "Homing: no syringe can be taken out or seated before.", "home")


def _prepare(name: str, syringe: str) -> Action:
    arguments: dict[str, int | float | str] = {"steps": design.conditioning_steps(syringe)}
    return Action(name, "Homing, and a stroke that is not weighed.", "prepare", arguments)


def _stroke(number: int, unit: Unit) -> Action:
    return Action(
        _stroke_id(number), f"Weighing: {unit.kind}.", "stroke",
        {"kind": unit.kind, "steps": unit.steps},
    )  # fmt: skip


def _stroke_id(number: int) -> str:
    return f"stroke-{number:02d}"
