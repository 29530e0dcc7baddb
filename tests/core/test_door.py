"""The board interface, and one activity for each state behind it."""

from mesofw.core import activities, door, states
from mesofw.core.activity import Activity
from mesofw.core.door import Inputs, Phase
from mesofw.core.duties import Board
from tests.core.support.bench import Bench
from tests.core.support.board import INPUT_NAMES, MemoryBoard
from tests.core.support.check import raises
from tests.core.support.program import program_text, provision

METHODS = {
    "sample": 1,
    "motion_load": 3,
    "motion_patch": 3,
    "motion_start": 0,
    "motion_arm": 0,
    "motion_disarm": 0,
    "motion_stop": 0,
    "motors": 2,
    "zero": 1,
    "force_watch": 1,
    "fram_read": 2,
    "fram_write": 2,
    "open": 2,
    "remove": 1,
    "files": 0,
    "free_bytes": 0,
    "free_heap": 0,
    "link_read": 1,
    "link_write": 1,
    "show": 1,
    "signal": 2,
    "report": 1,
    "service": 0,
    "restart": 0,
    "stall": 1,
    "rest": 0,
    "feed": 0,
}


def public(thing):
    return sorted(name for name in dir(thing) if not name.startswith("_"))


def test_the_door_has_these_methods_and_no_others():
    methods = [name for name in public(Board) if callable(getattr(Board, name))]
    assert methods == sorted(METHODS)


def test_the_door_itself_does_nothing():
    for name in METHODS:
        raises(NotImplementedError, getattr(Board(), name), *[None] * METHODS[name])


def test_the_boards_of_these_tests_do_everything():
    for board in (MemoryBoard(), Bench()):
        for name in METHODS:
            assert callable(getattr(board, name)), name
        for name in ("board_id", "build", "hardware_verified", "link_bytes", "fram_bytes"):
            assert getattr(board, name) is not None
        assert not board.fired_before


def test_inputs_are_nothing_pressed_and_nothing_moved_at_first():
    inputs = Inputs()
    assert public(inputs) == sorted(INPUT_NAMES)
    for name in INPUT_NAMES:
        assert getattr(inputs, name) == 0


def test_a_phase_is_a_pause_at_first():
    phase = Phase()
    assert (phase.axis, phase.count, phase.pulses) == (door.NEITHER, 0, 0)


def test_lights_and_sounds_are_numbered_from_off():
    assert door.LIGHT_OFF == door.SOUND_OFF == 0
    assert door.LIGHT_ALARM == 6
    assert door.SOUND_HIGH == 5


def test_there_is_one_activity_for_each_state():
    bench = Bench()
    provision(bench, program_text())
    every = activities.Activities(bench.on())
    table = [every[state] for state in range(len(states.STATES))]
    assert len(set(type(activity) for activity in table)) == len(table)
    for activity in table:
        assert isinstance(activity, Activity)


def test_an_activity_does_nothing_of_its_own():
    bench = Bench()
    provision(bench, program_text())
    activity = Activity(bench.on())
    before = list(bench.did)
    activity.enter(0)
    activity.step(0)
    activity.pause()
    activity.abandon(401, 0)
    assert activity.lines() == []
    assert bench.did == before
