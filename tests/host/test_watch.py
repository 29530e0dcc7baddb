"""Following a session in virtual time: what is shown, and how it ends."""

import io
import sys

import pytest
from benches import gun_of, idle_world, program

from mesofw.core import errors
from mesohost.answers import Shown
from mesohost.cli.exits import Exit
from mesohost.cli.watch import ENDED, follow, live, told
from mesohost.program.model import records
from mesosim.hands import Hands
from mesosim.operator import Operator


def operator_of(world):
    sections = [dict(record, kind=kind) for kind, record in records(program())]
    head = next(section for section in sections if section["kind"] == "program")
    return Operator(world, head, [one for one in sections if one["kind"] == "zone"])


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def world():
    world = idle_world()
    gun_of(world).load(program().text)
    return world


def test_a_session_is_followed_to_its_end(world):
    gun, operator = gun_of(world), operator_of(world)
    seen: list[Shown] = []
    acts = {"idle": operator.hands.confirm, "loading": operator.carry_on}

    def show(status: Shown) -> None:
        seen.append(status)
        if not any(before.open for before in seen[:-1]):
            acts[status.state]()

    assert follow(gun, ENDED, 0.5, show) is Exit.FINE
    assert [status.state for status in seen] == ["idle", "loading", "idle"]
    assert seen[-1].session == 1


def test_a_short_session_between_two_looks_is_seen_too(world):
    gun, operator = gun_of(world), operator_of(world)
    seen: list[Shown] = []

    def show(status: Shown) -> None:
        seen.append(status)
        if len(seen) == 1:
            operator.session()

    assert follow(gun, ENDED, 0.5, show) is Exit.FINE
    assert len(seen) == 2


def test_a_state_can_be_waited_for(world):
    hands = Hands(world)

    def show(status: Shown) -> None:
        if status.state == "idle":
            hands.confirm()

    assert follow(gun_of(world), "loading", 0.5, show) is Exit.FINE


def test_a_fault_ends_it_with_cause_and_remedy(world, capsys):
    def press(_status: Shown) -> None:
        world.plant.stop = 1
        world.touch()

    assert follow(gun_of(world), ENDED, 0.5, press) is Exit.STOPPED
    told_there = capsys.readouterr().err
    assert errors.cause(errors.ESTOP) in told_there
    assert errors.remedy(errors.ESTOP) in told_there


def test_only_changes_are_shown(world):
    gun = gun_of(world)
    seen: list[Shown] = []
    waits: list[float] = []
    waiting = gun.wait

    def wait(wait_s: float) -> None:
        waits.append(wait_s)
        waiting(wait_s)
        if len(waits) == 20:
            world.plant.stop = 1
            world.touch()

    gun.wait = wait
    assert follow(gun, ENDED, 0.5, seen.append) is Exit.STOPPED
    assert [status.state for status in seen] == ["idle", "fault"]
    assert len(waits) == 20
    assert seen[1].at_ms - seen[0].at_ms >= 9_000


def test_on_a_terminal_the_line_lives(world, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    gun, operator = gun_of(world), operator_of(world)
    info = gun.program()
    with live(info) as show:
        show(gun.shown())
        operator.hands.confirm()
        show(gun.shown())
    assert "loading; zone 1 of 3" in sys.stdout.getvalue()


def test_a_line_tells_zone_session_syringe_and_screen(world):
    info = gun_of(world).program()
    status = Shown(
        state="ready", trouble=0, at_ms=61_250, last=9, session=1, open=True, zone=2, zone_shots=1,
        zone_left=1, shots=3, given_nl=30_000, left_nl=1_234_567, program="ab", screen="Ready||Go",
    )  # fmt: skip
    line = told(status, info)
    assert line.startswith("     61.2 s  ready; zone 2 of 3: 1 done, 1 left;")
    assert "session: 3 of 6 shots, 30 µL" in line
    assert "syringe: 1234 µL left" in line
    assert line.endswith("[Ready Go]")
    assert "zone 2:" in told(status, None)
