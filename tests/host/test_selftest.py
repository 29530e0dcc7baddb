"""What a gun found at its self-test, with causes; and a new one."""

import json
from pathlib import Path

import pytest
from benches import idle_world
from patients import Engineer, after, case_of, keyed_world, restarted
from test_cli_gun import Served
from test_keys import file as file  # an engineer's key
from test_keys import refuse

from mesofw.core import errors
from mesohost import cli
from mesohost.cli import selftest
from mesohost.cli.exits import Exit
from mesohost.troubles import GunRefused
from mesosim.world import World


def told(world: World, capsys: pytest.CaptureFixture[str], again: bool = False) -> tuple[Exit, str]:
    ended = selftest.look(case_of(world), again, as_json=False)
    return ended, capsys.readouterr().out


def test_a_gun_that_is_well(capsys: pytest.CaptureFixture[str]):
    world = idle_world()
    ended, out = told(world, capsys)
    assert ended == Exit.FINE
    assert out == f"gun {world.board.board_id}, start 1: idle\nnothing fails\n"


def test_a_fault_is_told_with_its_likeliest_cause_first(
    file: Path, capsys: pytest.CaptureFixture[str]
):
    ended, out = told(restarted(keyed_world(file), "stick plunger home at 0"), capsys)
    assert ended == Exit.STOPPED
    lines = out.splitlines()
    assert lines[0].endswith("start 2: fault")
    assert lines[1] == "it stopped: a home switch did not close (home_not_found)"
    assert lines[2].startswith("    likeliest: the plunger's home switch never closes")
    assert any("s  the gun stopped on a fault: a home switch did not close" in line
               for line in lines)  # fmt: skip


def test_a_part_that_fails_is_told_though_the_gun_works(
    file: Path, capsys: pytest.CaptureFixture[str]
):
    ended, out = told(after(keyed_world(file), "fail display", "wait 2 s"), capsys)
    assert ended == Exit.FAILED
    assert "idle" in out
    assert "fails: the display" in out


def test_what_was_cleared_since_the_start_is_still_told(
    file: Path, capsys: pytest.CaptureFixture[str]
):
    world = after(keyed_world(file), "press stop", "wait 1 s", "free stop", "wait 1 s", "click",
                  "until idle")  # fmt: skip
    ended, out = told(world, capsys)
    assert ended == Exit.FINE
    assert "the gun stopped on a fault: the emergency stop was pressed (estop)" in out
    assert "the operator cleared the fault" in out
    # Of the start before nothing is told.
    ended, out = told(restarted(world), capsys)
    assert "the gun stopped" not in out


def test_a_gun_that_starts_is_waited_for(capsys: pytest.CaptureFixture[str]):
    ended, out = told(World(1), capsys)
    assert ended == Exit.FINE
    assert "idle" in out


def test_again_restarts_an_idle_gun_under_the_key(file: Path, capsys: pytest.CaptureFixture[str]):
    world = keyed_world(file)
    case = case_of(world, key=file)
    boot = case.known.boot
    assert selftest.look(case, True, as_json=True) == Exit.FINE
    found = json.loads(capsys.readouterr().out)
    assert (found["boot"], found["state"], found["trouble"]) == (boot + 1, "idle", 0)


def test_again_finds_what_has_broken_meanwhile(file: Path, capsys: pytest.CaptureFixture[str]):
    world = after(keyed_world(file), "encoder carriage dead")
    assert selftest.look(case_of(world, key=file), True, as_json=False) == Exit.STOPPED
    assert "likeliest: the carriage's encoder counts nothing" in capsys.readouterr().out


def test_it_is_not_restarted_where_that_is_not_allowed_at_the_gun(file: Path):
    case = case_of(keyed_world(file), key=file, answer=refuse)
    boot = case.known.boot
    with pytest.raises(GunRefused) as refused:
        selftest.look(case, True, as_json=False)
    assert refused.value.code == errors.NOT_ALLOWED
    assert case.gun.hello().boot == boot


class Switching(Engineer):
    """Somebody who switches the gun off and on when that is asked for."""

    def __init__(self, world: World):
        super().__init__(world, hands=False)
        self._world = world

    def ask(self, text: str) -> None:
        self.asked.append(text)
        after(self._world, "power off", "wait 1 s", "power on")


@pytest.mark.parametrize("steps", [[], ["press stop", "wait 1 s", "free stop"]])
def test_without_a_key_or_in_a_fault_it_is_switched_off_and_on_by_hand(
    steps: list[str], file: Path, capsys: pytest.CaptureFixture[str]
):
    world = after(keyed_world(file), *steps)
    front = Switching(world)
    case = case_of(world, front, key=file if steps else None)
    assert selftest.look(case, True, as_json=False) == Exit.FINE
    assert front.asked == ["switch it off and on"]
    assert "start 2: idle" in capsys.readouterr().out


def test_the_command_line_says_how_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    world = idle_world()
    served = Served(world)
    monkeypatch.setenv("MESOGUN_PORT", served.port)
    try:
        assert cli.run(["selftest"]) == Exit.FINE
        assert "nothing fails" in capsys.readouterr().out
        world.plant.set_stop(1)
        world.touch()
        assert cli.run(["selftest"]) == Exit.STOPPED
        assert "turn it free" in capsys.readouterr().out
    finally:
        served.close()
