"""docs/scenarios.md and docs/operator-quickstart.md against the virtual gun."""

import re
from pathlib import Path

import pytest

from mesofw.core import door, settings
from mesofw.core.door import Inputs
from mesohost import cli
from mesohost.cli.exits import Exit
from mesohost.gun import Gun
from mesosim.holes import LIGHTS, SOUNDS, STICKING
from mesosim.port import WorldPort
from mesosim.stage import Stage, StepRefused
from mesosim.verbs import VERBS, do, read_step
from mesosim.world import World
from tests.docpages import ROOT, docs, plain
from tests.session.layers import example

SCENARIOS = docs("scenarios")
# 2026-01-15 12:00 UTC
NOON_S = 1_768_478_400
QUICKSTART = docs("operator-quickstart")
HOLES = {plain(row[0]).strip("{}"): plain(row[3]) for row in SCENARIOS.tables[2].rows}


def test_each_verb_is_told_in_the_order_of_the_table():
    rows = SCENARIOS.table("Steps").rows
    assert [plain(row[0]) for row in rows] == [pattern for pattern, _ in VERBS]
    assert all(row[1] for row in rows)


@pytest.mark.parametrize(("pattern", "act"), VERBS, ids=[pattern for pattern, _ in VERBS])
def test_what_is_filled_in_is_understood(pattern, act):
    found, _ = read_step(re.sub(r"\{(\w+)\}", lambda hole: HOLES[hole[1]], pattern))
    assert found is act


UNITS = {
    name: re.findall(r"`([^`]+)`", row[2])
    for name, row in zip(HOLES, SCENARIOS.tables[2].rows, strict=True)
    if name in ("time", "volume", "length", "voltage", "temperature")
}


@pytest.mark.parametrize(("name", "step"), [
    ("time", "wait 4 {}"), ("volume", "expect given 4 {}"), ("voltage", "supply 4 {}"),
    ("temperature", "temperature 4 {}"),
])  # fmt: skip
def test_every_unit_of_the_page_is_understood_and_no_other(name, step):
    every = {unit for units in UNITS.values() for unit in units}
    assert set(UNITS[name]) < every
    for unit in UNITS[name]:
        assert read_step(step.format(unit))
    for unit in (every - set(UNITS[name])) | {"h", "m", "L", "A", "kV", "K", "%", "nm", "ns"}:
        with pytest.raises(StepRefused):
            read_step(step.format(unit))


def test_the_names_are_those_of_the_code():
    assert names("LIGHT") == LIGHTS
    assert names("SOUND") == SOUNDS
    assert set(STICKING.values()) < set(vars(Inputs()))


def names(kind):
    """The names of core's lights or sounds, by their numbers."""
    told = {value: name for name, value in vars(door).items() if name.startswith(kind + "_")}
    return tuple(told[number].partition("_")[2].lower() for number in range(len(told)))


def test_the_scenario_of_the_page_goes_as_it_says(tmp_path, monkeypatch, capsys):
    for path in (ROOT / "examples").glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    Path("pause.toml").write_text(SCENARIOS.fences[0].text, encoding="utf-8")
    assert cli.run(["scenario", "run", "pause.toml", "--firmware", "cpython"]) == Exit.FINE
    assert "1 passed, 0 failed" in capsys.readouterr().out


class Eyes:
    """Looks at the screen at each event of a world: `seen` is all that it said, in order.

    As the quick start writes it: without empty lines, a middle dot between two.
    """

    def __init__(self, world: World):
        self.seen: list[str] = []
        self._world = world
        world.pacer = self

    def wait(self, due_us: int) -> int:
        screen = " · ".join(line.strip() for line in self._world.plant.screen if line.strip())
        if self.seen[-1:] != [screen]:
            self.seen.append(screen)
        return due_us


def seen(steps: list[str]) -> list[str]:
    """What the screen says during the steps, with the quick start's program."""
    world = World(1)
    text = example("face-nappage").text
    gun = Gun(WorldPort(world))

    def load() -> None:
        # As `mesogun load` does.
        gun.clock(lambda: NOON_S)
        gun.load(text)

    eyes = Eyes(world)
    stage = Stage(world, text, load)
    for step in steps:
        do(stage, step)
    assert not world.board.errors
    return eyes.seen


def matches(told: str, shown: str) -> bool:
    """Whether a screen is the one that is told, in which … stands for anything."""
    return re.fullmatch(".+".join(map(re.escape, told.split("…"))), shown) is not None


def test_the_screens_of_a_session_come_in_the_order_of_the_page():
    whole = [
        "until idle", "load", "confirm", "fit", "place", "hold trigger for 3 shots", "until ready",
        "click", "until paused", "click", "until ready", "carry on",
    ]  # fmt: skip
    left = iter(seen(whole))
    for row in QUICKSTART.table("At the gun").rows:
        assert any(matches(row[2], shown) for shown in left), row[2]


FITTED = ["until idle", "load", "confirm", "fit"]
SHOOTING = [*FITTED, "place", "press trigger"]
AT_THE_SYRINGE = ["until idle", "load", "confirm", "until loading", "wait 4 s", "unseat"]
SMALL = [*AT_THE_SYRINGE, "seat 3 mL filled 0.1 mL with 30G 4 mm"]
TROUBLES = {
    "no program": ["until idle", "click"],
    "no contact": [*FITTED, "press trigger"],
    "lift the gun": [*SMALL, "place", "click"],
    "an empty syringe": [*SMALL, "click", "until priming", "prime", "click", "until ready", "place",
                         "press trigger", "until loading"],
    "emergency stop": [*SHOOTING, "wait 10 ms", "press stop", "until fault"],
    "a blocked needle": [*FITTED, "block needle", "place", "press trigger", "until fault"],
    "syringe out": [*FITTED, "unseat"],
    "left idle": [*FITTED, "wait 11 min", "until paused"],
    "held at power-on": ["power off", "press trigger", "wait 1 s", "power on", "until fault"],
}  # fmt: skip


def test_each_refusal_and_stop_reads_as_the_page_says():
    shown = [screen for steps in TROUBLES.values() for screen in seen([*steps, "wait 100 ms"])]
    rows = [*QUICKSTART.table("When it refuses").rows, *QUICKSTART.table("When it stops").rows]
    assert len(rows) == len(TROUBLES)
    for row in rows:
        assert row[0] in shown, row[0]


def test_after_a_stop_the_session_goes_on_as_the_page_says():
    shown = seen([
        *TROUBLES["emergency stop"], "release trigger", "free stop", "lift", "wait 1 s", "click",
        "until idle", "confirm", "fit", "place", "hold trigger for 1 shots",
    ])  # fmt: skip
    again = shown.index(next(screen for screen in shown if screen.startswith("Resume?")))
    assert any("left 59 of 60" in screen for screen in shown[again:])
    assert not any("left 60 of 60" in screen for screen in shown[again:])


def test_the_times_of_the_page_are_the_guns():
    told = settings.defaults(settings.SETTINGS)
    assert f"for {told['alert_s'] // 60} min while armed" in QUICKSTART.prose
    assert f"after {told['disarm_s'] // 60} min it pauses" in QUICKSTART.prose


def test_the_quick_start_is_one_page():
    assert len(QUICKSTART.text.splitlines()) <= 90
