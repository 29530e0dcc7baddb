"""The scenario files, with the same runner, on the emulated chip: the gun's loop reads its pins,
its pulses move the plant, and the host talks to it over its USB serial port."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pytest

from mesofw.core import states
from mesohost.cli.scenario import Host, play
from mesohost.cli.virtual import program_text
from mesosim import acts
from mesosim.hands import HandsFailed
from mesosim.scenario import Scenario, read_scenario
from mesosim.stage import Stage, StepFailed
from mesosim.verbs import do, read_step
from mesosim.world import World
from tests.whole_chip.worlds import begin_all, on_chip

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
FILES = sorted(SCENARIOS.glob("*.toml"))
# Beyond this much time of the gun's a scenario is left out, unless all are asked for.
LONGEST_S = 120
ALL = "MESOGUN_CHIP_ALL"
# Within this time a person has seen or heard what has changed.
SEEN_US = 1_000_000
SENSES = ("expect screen ", "expect light ", "expect sound ")

# Where the board takes longer than the file's `within`: by how much, and why.
# Where a hand acts in the very millisecond in which the gun does: another moment for it.
OTHERWISE = {"pause": {"wait 1 s": "wait 1.1 s"}}
SLOWER = {
    "emergency-stop": (
        20_000,
        "the pulses end at once; the state follows when the step that runs is over",
    ),
    "supply-lost": (220_000, "the supply is looked at in each step, at rest every 200 ms"),
}

pytestmark = pytest.mark.timeout(3_000)


@dataclass(frozen=True)
class Ran:
    """How a scenario went: `failure` is empty where it went as it says."""

    failure: str
    pulses: int
    figures: str


def _play(one: Scenario, world: World) -> str:
    """Where and why a scenario's steps failed; empty where they did not."""
    text = program_text(one)
    host = Host(world, text)
    stage = Stage(world, text, host.load, host)
    otherwise = OTHERWISE.get(one.path.stem, {})
    for number, told in enumerate(one.steps, 1):
        step = otherwise.get(told, told)
        at = f"steps[{number}] {step!r}: "
        try:
            if step.startswith(SENSES):
                look(stage, step)
            else:
                _act(stage, step, SLOWER.get(one.path.stem, (0, ""))[0])
        except StepFailed as failed:
            return at + str(failed)
        if world.board.errors and not stage.reports_meant:
            return f"{at}the firmware met an error:\n{world.board.errors[0]}"
    return ""


def _act(stage: Stage, step: str, slower_us: int) -> None:
    act, values = read_step(step)
    if slower_us and act is acts.until and len(values) > 1:
        values = (values[0], int(values[1]) + slower_us)
    try:
        act(stage, *values)
    except HandsFailed as error:
        raise StepFailed(str(error)) from None


def look(stage: Stage, step: str) -> None:
    """Carry out a step of the eyes: display, light and sound take their time to change. Raises
    StepFailed."""
    until_us = stage.world.now_us + SEEN_US
    while True:
        try:
            do(stage, step)
            return
        except StepFailed:
            if stage.world.now_us >= until_us:
                raise
            stage.world.run_for(SEEN_US // 10)


def run(path: Path) -> Ran:
    """Run a scenario on the chip. Raises WrongPulse, NotBooted."""
    one = read_scenario(path)
    began_s = time.monotonic()
    with on_chip(one.seed) as made:
        failure = _play(one, made.world)
    pulses = sum(life.pulses.seen for life in made.lives)
    worst_ns = max(life.pulses.worst_ns for life in made.lives)
    notes = max((life.watched for life in made.lives), key=lambda notes: notes.step_max_us)
    figures = (
        f"{pulses} pulses, at most {worst_ns} ns off; longest step {notes.step_max_us} µs in "
        f"{states.STATES[notes.step_max_state]}; {made.world.now_us / 1e6:.1f} s of the gun's in "
        f"{time.monotonic() - began_s:.0f} s"
    )
    return Ran(failure, pulses, figures)


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest,
    possible: None,  # noqa: ARG001
) -> Iterator[dict[Path, "Future[Ran | None]"]]:
    """All that were chosen, as they come."""

    def begin(path: Path) -> Ran | None:
        return None if why_not(path) else run(path)

    yield from begin_all(request, "path", begin)


def why_not(path: Path) -> str:
    """Why a scenario is left out here; empty where it is not."""
    scenario = read_scenario(path)
    lasts_s = play(scenario, program_text(scenario)).virtual_s
    if lasts_s > LONGEST_S and not os.environ.get(ALL):
        return f"it lasts {lasts_s:.0f} s, several times that on an emulated chip; {ALL}=1 runs it"
    return ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario(path: Path, outcomes: dict[Path, "Future[Ran | None]"]) -> None:
    why = why_not(path)
    if why:
        pytest.skip(why)
    ran = outcomes[path].result()
    assert ran
    print(ran.figures)
    if path.stem in SLOWER:
        print(f"given {SLOWER[path.stem][0] // 1000} ms more: {SLOWER[path.stem][1]}")
    assert ran.failure == ""
    assert ran.pulses
