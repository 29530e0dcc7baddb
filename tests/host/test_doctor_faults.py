"""The doctor at virtual guns that something is wrong with: it names the right cause first, and ends
at what makes the rest meaningless."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from benches import IDLE_US, idle_world
from patients import after, case_of, examined, first_failed, keyed_world, restarted
from test_keys import Answered, allow
from test_keys import file as file  # an engineer's key

from mesofw.core.slots import FileSlots
from mesofw.core.states import STATES
from mesohost.doctor import faults, table
from mesohost.doctor.model import FAILED, MOVES, NOT_DONE, OK
from mesosim.hands import Hands
from mesosim.link import Faulty
from mesosim.plant import Plant
from mesosim.port import WorldPort
from mesosim.world import World

Made = Callable[[Path], World]


def idle(*steps: str) -> Made:
    """A gun to which this happens while it is idle."""
    return lambda file: after(keyed_world(file), *steps)


def started(*steps: str) -> Made:
    """A gun that starts with this."""
    return lambda file: restarted(keyed_world(file), *steps)


def weak_spring(file: Path) -> World:
    """A gun whose spring has 80 % of its strength."""
    world = World(1)
    world.plant = world.board.plant = Plant(replace(world.truth, spring_scale=0.8))
    world.run_for(IDLE_US)
    FileSlots(world.board, "key").store(file.read_bytes().strip())
    return world


DEAD = "{}'s encoder counts nothing"
REVERSED = "{}'s encoder counts backwards"
SLIPS = "the {} loses steps"
# What is wrong, the check that finds it first, how its likeliest cause begins or what it holds.
FOUND: dict[str, tuple[Made, str, str]] = {
    **{
        f"{axis}, {name}": (idle(step.format(axis)), "encoders", cause.format(axis))
        for axis in ("carriage", "plunger")
        for name, step, cause in (
            ("encoder dead", "encoder {} dead", DEAD),
            ("encoder reversed", "encoder {} reversed", REVERSED),
            ("motor without torque", "slip {}", SLIPS),
        )
    },
    "carriage's encoder dead from the start": (
        started("encoder carriage dead"), "self_test", DEAD.format("carriage"),
    ),
    "plunger jammed": (idle("jam plunger by 40 N"), "encoders", SLIPS.format("plunger")),
    "plunger too stiff to home": (
        idle("jam plunger by 20 N"), "home", SLIPS.format("plunger"),
    ),
    "carriage's home switch open": (
        started("stick carriage home at 0"), "self_test", "carriage's home switch never closes",
    ),
    "plunger's home switch open": (
        started("stick plunger home at 0"), "self_test", "plunger's home switch never closes",
    ),
    "carriage's home switch closed": (
        started("stick carriage home at 1"), "self_test", "home switch does not open",
    ),
    "plunger's home switch closed": (
        started("stick plunger home at 1"), "repeat", "home switch sticks closed",
    ),
    "carriage's home switch breaks": (
        idle("stick carriage home at 0"), "switches", "carriage's home switch never closes",
    ),
    "plunger's home switch breaks": (
        idle("stick plunger home at 0"), "home", "plunger's home switch never closes",
    ),
    "trigger sticks at the start": (
        started("stick trigger at 1"), "self_test", "the trigger reads pressed",
    ),
    "knob sticks at the start": (
        started("stick knob at 1"), "self_test", "the knob reads pressed",
    ),
    "trigger sticks": (idle("stick trigger at 1"), "switches", "it sticks"),
    "emergency stop pressed": (
        idle("press stop", "wait 1 s"), "self_test", "the emergency stop is pressed",
    ),
    "journal memory missing": (
        started("journal fails"), "self_test", "the journal memory (FRAM) is not there",
    ),
    "journal memory silent": (
        idle("fail journal", "wait 3 s"), "self_test", "the journal memory (FRAM) is not there",
    ),
    "no motor supply": (
        idle("supply 2 V", "wait 3 s"), "self_test", "the motors have no supply",
    ),
    "no motor supply, and so silent drivers": (
        idle("supply 2 V", "fail driver", "wait 3 s"), "self_test", "the motors have no supply",
    ),
    "driver unplugged": (idle("fail driver", "wait 3 s"), "self_test", "a driver's plug"),
    "display unplugged": (idle("fail display", "wait 1 s"), "parts", "the display does not"),
    "spring weak": (weak_spring, "spring", "something drags on the carriage"),
    "carriage drags": (idle("jam carriage by 1 N"), "spring", "something drags on the carriage"),
    "too hot": (idle("temperature 65 °C", "wait 1 s"), "temperature", "the gun has just worked"),
    "flash full": (started("fill flash"), "storage", "the log was not pulled"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_the_likeliest_cause_is_the_right_one(name: str, file: Path):
    made, found_by, cause = FOUND[name]
    course = examined(case_of(made(file), key=file, moves=True))
    failed = first_failed(course)
    assert failed.id == found_by
    assert cause in failed.causes[0].what
    assert failed.causes[0].do


@pytest.mark.parametrize("name", FOUND)
def test_no_cause_speaks_of_an_axis_or_a_switch_that_it_does_not_name(name: str, file: Path):
    made, _, _ = FOUND[name]
    for line in examined(case_of(made(file), key=file, moves=True)).failed:
        for cause in line.causes:
            assert "{" not in cause.what + cause.do, line.id


def test_a_fault_ends_what_moves_and_says_why(file: Path):
    world = restarted(keyed_world(file), "stick carriage home at 1")
    course = examined(case_of(world, key=file, moves=True))
    left = [line for line in course.lines if line.stage == MOVES]
    assert {line.verdict for line in left} == {NOT_DONE}
    assert {line.seen for line in left} == {f"self-test failed: {_why('self_test')}"}
    # What can be looked at without moving is.
    assert next(line for line in course.lines if line.id == "supply").verdict == OK


def test_an_encoder_that_does_not_follow_ends_what_moves_further(file: Path):
    world = after(keyed_world(file), "encoder carriage dead")
    course = examined(case_of(world, key=file, moves=True))
    verdicts = {line.id: line.verdict for line in course.lines}
    assert verdicts["encoders"] == FAILED
    assert {verdicts[one] for one in ("home", "spring", "travel", "speed")} == {NOT_DONE}
    world.run_for(IDLE_US)
    assert case_of(world).gun.status().trouble  # a dead encoder: the restarted gun stops on it


class Touched(Answered):
    """A port with somebody at the gun who allows what is asked for, and then holds the foot."""

    def __init__(self, world: World):
        super().__init__(world, allow)

    def read(self, timeout_s: float) -> bytes:
        if self.world.plant.moving and STATES[self.world.state] == "calibrating":
            Hands(self.world).set("contact", 1)
        return super().read(timeout_s)


def test_a_foot_that_is_touched_in_mid_move_is_told_as_that(file: Path):
    world = keyed_world(file)
    failed = first_failed(examined(case_of(world, key=file, moves=True, port=Touched(world))))
    assert not world.plant.moving
    assert "bench_touched" in failed.seen
    assert failed.causes[0].what.startswith("something touched the foot")


class LateSwitch(Answered):
    """A gun whose home switch closes late once the spring is let go: so a slow spring looks."""

    LATE_US = 300_000

    def __init__(self, world: World):
        super().__init__(world, allow)
        self._until_us = 0

    def write(self, data: bytes) -> None:
        if b'"release"' in data and not self._until_us:
            after(self.world, "stick carriage home at 0")
            self._until_us = self.world.now_us + self.LATE_US
        super().write(data)

    def read(self, timeout_s: float) -> bytes:
        if self._until_us and self.world.now_us >= self._until_us:
            after(self.world, "unstick carriage home")
        return super().read(timeout_s)


def test_a_needle_that_comes_back_slowly_is_told_with_its_time(file: Path):
    world = keyed_world(file)
    course = examined(case_of(world, key=file, moves=True, port=LateSwitch(world)))
    failed = first_failed(course)
    assert failed.id == "spring"
    assert 200 < int(failed.figures["ms"]) < 500
    assert failed.allowed == "within 200 ms"
    assert failed.causes[0].what.startswith("something drags on the carriage")
    # What comes after it would move a needle that does not come back in time.
    assert {line.verdict for line in course.lines if line.id in ("travel", "speed")} == {NOT_DONE}


class WeakAtTopSpeed(Answered):
    """A gun whose carriage loses its steps at top speed, and at no other."""

    def __init__(self, world: World):
        super().__init__(world, allow)

    def write(self, data: bytes) -> None:
        if b'"do":"move"' in data:
            self.world.plant.slipping[0] = b'"hz":0' in data
        super().write(data)


def test_steps_lost_at_top_speed_alone_are_the_motors(file: Path):
    world = keyed_world(file)
    failed = first_failed(
        examined(case_of(world, key=file, moves=True, port=WeakAtTopSpeed(world)))
    )
    assert failed.id == "speed"
    assert failed.causes[0].what.startswith("the motor has too little torque at top speed")


def test_a_link_that_drops_lines_is_told_with_its_figures(file: Path):
    world = keyed_world(file)
    port = WorldPort(world, Faulty(1, drop=0.1), Faulty(2, drop=0.1))
    course = examined(case_of(world, port=port))
    failed = first_failed(course)
    assert failed.id == "link"
    assert float(failed.figures["retries_pct"]) > 5
    assert failed.causes[0].what.startswith("lines get lost")


def test_a_link_that_is_slow_is_told_as_slow(file: Path):
    world = keyed_world(file)

    class Slow(WorldPort):
        def write(self, data: bytes) -> None:
            self.world.run_for(150_000)
            super().write(data)

    failed = first_failed(examined(case_of(world, port=Slow(world))))
    assert (failed.id, failed.figures["retries_pct"]) == ("link", 0)
    assert failed.causes[0].what.startswith("the computer is busy")


def test_another_build_is_named_with_the_command_that_mends_it():
    world = idle_world()
    world.board.build = "0123456789abcdef"
    line = next(line for line in examined(case_of(world)).lines if line.id == "firmware")
    assert line.verdict == FAILED
    assert line.causes[0].do == "bring it to this release: mesogun flash"


def test_every_fault_of_the_table_has_a_cause_and_a_remedy():
    for code in faults.FAULTS:
        causes = faults.causes(code, None)
        assert causes
        assert all(cause.what and cause.do for cause in causes)
        assert not any("{" in cause.what + cause.do for cause in causes)


def _why(id_: str) -> str:
    return next(check.why for check in table.CHECKS if check.id == id_)
