"""Jog: axes moved as it is typed, within their ways, and the gun restarted at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from patients import after, case_of, keyed_world
from test_keys import file as file  # an engineer's key
from test_keys import refuse

from mesofw.core import errors
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.machine import AXES
from mesohost import cli
from mesohost.cli import jog
from mesohost.cli.exits import Exit
from mesohost.doctor.case import Case
from mesohost.jogging import STRIDE, STRIDES_UM, Jog
from mesohost.troubles import GunRefused, Trouble
from mesosim.hands import Hands
from mesosim.world import World

EMPTY_UM = 60_000


@pytest.fixture
def world(file: Path) -> World:
    return keyed_world(file)


@pytest.fixture
def jogging(world: World, file: Path) -> Iterator[Jog]:
    case = case_of(world, key=file)
    assert case.enter()
    yield Jog(case.bench, EMPTY_UM)
    case.leave()


@pytest.mark.parametrize(
    ("lines", "carriage", "plunger"),
    [
        (["carriage 1.5 mm"], 300, 0),
        (["c 1.5 mm", "c -500 µm"], 200, 0),
        (["p 200um", "p +0.3 mm"], 0, 2_000),
        (["plunger to 10 mm", "plu to 9.9 mm"], 0, 39_600),
        (["c to 16 mm", "p to 60 mm"], 3_200, 240_000),
        (["c 1 mm", "home"], 0, 0),
        (["c to 0 mm"], 0, 0),
    ],
)
def test_an_axis_goes_where_it_is_told(jogging: Jog, lines: list[str], carriage: int, plunger: int):
    for line in lines:
        seen = jogging.line(line)
    assert seen.steps == (carriage, plunger)
    assert AXES[CARRIAGE].lost_nm(carriage, seen.counts[CARRIAGE]) <= AXES[CARRIAGE].tolerance_nm


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("c 17 mm", "0 mm to 16 mm"),
        ("c -1 mm", "0 mm to 16 mm"),
        ("p 61 mm", "0 mm to 60 mm"),
        ("c 5", "with its unit"),
        ("c", "with its unit"),
        ("c 1 inch", "with its unit"),
        ("fly", "help"),
    ],
)
def test_what_cannot_be_is_told_and_moves_nothing(world: World, jogging: Jog, line: str, said: str):
    with pytest.raises(Trouble) as told:
        jogging.line(line)
    assert said in str(told.value)
    assert world.plant.axes[CARRIAGE].seen()[1] == 0


def test_less_than_half_a_step_moves_nothing(jogging: Jog):
    assert jogging.line("c -1 um").steps == (0, 0)


def test_keys_move_both_axes_by_strides_that_grow_and_shrink(jogging: Jog):
    step = STRIDES_UM[STRIDE] * 1000
    assert jogging.key("\x1b[A").steps[CARRIAGE] == step // AXES[CARRIAGE].step_nm
    assert jogging.key("\x1b[C").steps[PLUNGER] == step // AXES[PLUNGER].step_nm
    assert jogging.key("\xe0P").steps[CARRIAGE] == 0
    jogging.key("+")
    assert jogging.stride_um == STRIDES_UM[STRIDE + 1]
    for _ in STRIDES_UM:
        jogging.key("-")
    assert jogging.stride_um == STRIDES_UM[0]
    before = jogging.seen.steps
    assert jogging.key("x").steps == before
    assert jogging.key("h").steps == (0, 0)


def test_where_everything_is_is_told(jogging: Jog):
    jogging.line("c 1.5 mm")
    carriage, plunger, force = jogging.told()
    assert carriage.split() == ["carriage", "1.5", "mm", "encoder", "1.5", "mm", "300", "steps"]
    assert plunger.split()[:3] == ["plunger", "0", "mm"]
    assert force.startswith("force ")


def test_an_axis_that_lost_steps_is_told_and_has_to_home(world: World, jogging: Jog):
    after(world, "slip plunger")
    jogging.line("p 1 mm")
    assert jogging.told()[-1] == "the plunger lost steps: home it before it moves again"
    with pytest.raises(GunRefused) as told:
        jogging.line("p 1 mm")
    assert told.value.code == errors.NOT_NOW


def served(case: Case, *lines: str) -> Exit:
    return jog.serve(case, iter(lines), None)


def test_lines_are_carried_out_and_the_gun_is_left_idle(
    world: World, file: Path, capsys: pytest.CaptureFixture[str]
):
    case = case_of(world, key=file)
    boot = case.known.boot
    assert served(case, "# out and back", "c 2 mm", "read", "help", "c to 0 mm") == Exit.FINE
    told = capsys.readouterr().out
    assert "carriage         2 mm" in told
    assert "plunger to 10 mm    move to that" in told
    assert case.known.boot == boot + 1
    assert case.at_rest().state == "idle"
    assert world.plant.carriage_um() < world.plant.truth.switch_um


def test_a_line_that_cannot_be_carried_out_is_told_and_the_others_go_on(
    world: World, file: Path, capsys: pytest.CaptureFixture[str]
):
    assert served(case_of(world, key=file), "c 99 mm", "keys", "c 1 mm", "quit") == Exit.REFUSED
    captured = capsys.readouterr()
    assert "beyond its way" in captured.err
    assert "this is no terminal" in captured.err
    assert "carriage         1 mm" in captured.out


def test_keys_are_taken_until_q(world: World, file: Path, capsys: pytest.CaptureFixture[str]):
    keys = iter(["\x1b[A", "\x1b[A", "\x1b[B", "\x1b[B", "\x1b[B", "q"])
    case = case_of(world, key=file)
    assert jog.serve(case, iter(["keys", "quit"]), lambda: next(keys)) == Exit.FINE
    captured = capsys.readouterr()
    assert "carriage 0.2 mm encoder 0.2 mm 40 steps" in captured.out
    assert "beyond its way" in captured.err  # the third one back


def test_however_it_ends_the_gun_is_left(world: World, file: Path):
    def broken() -> Iterator[str]:
        yield "c 1 mm"
        raise KeyboardInterrupt

    case = case_of(world, key=file)
    with pytest.raises(KeyboardInterrupt):
        jog.serve(case, broken(), None)
    assert case.at_rest().state == "idle"


def test_nothing_moves_where_it_is_not_allowed_at_the_gun(world: World, file: Path):
    before = world.plant.step_counts()
    with pytest.raises(GunRefused) as told:
        served(case_of(world, key=file, answer=refuse), "c 1 mm")
    assert told.value.code == errors.NOT_ALLOWED
    assert world.plant.step_counts() == before


def test_a_press_at_the_gun_ends_it(world: World, file: Path, capsys: pytest.CaptureFixture[str]):
    def lines() -> Iterator[str]:
        yield "c 1 mm"
        Hands(world).click()
        yield "c 1 mm"

    case = case_of(world, key=file)
    assert jog.serve(case, lines(), None) == Exit.REFUSED
    assert "the gun refuses bench" in capsys.readouterr().err
    assert case.at_rest().state == "idle"


def test_it_takes_a_key(capsys: pytest.CaptureFixture[str]):
    assert cli.run(["jog", "--port", "none"]) == Exit.USAGE
    assert "--key" in capsys.readouterr().err
