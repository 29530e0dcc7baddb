"""Motions are run through the board and watched: planned, stepped and measured must agree."""

from mesofw.core import errors
from mesofw.core.clock import WRAP_US, add_us
from mesofw.core.door import CARRIAGE, PLUNGER, Inputs
from mesofw.core.drive import DONE, LATE_US, MOVING, STILL, TROUBLE, Drive
from mesofw.core.machine import AXES, ramps
from mesofw.core.shot import (
    ADVANCE,
    BACKOFF,
    DISPENSE,
    DWELL,
    WITHDRAW,
    Timetable,
    plan,
    plan_recover,
)
from tests.core.support.board import MemoryBoard
from tests.core.support.check import raises
from tests.core.support.program import aimed, fit_of

VERIFIES = {
    "test_steps_that_are_missing_are_trouble": ("SR-037",),
    "test_a_motion_that_does_not_end_in_time_is_trouble": ("SR-039",),
    "test_the_plunger_is_not_driven_forward_where_the_state_forbids_it": ("SR-023",),
}


class Rig:
    """A drive on a board; the test says where the axes are."""

    def __init__(self, forward=True):
        self.board = MemoryBoard()
        self.inputs = Inputs()
        self.drive = Drive(self.board, self.inputs)
        self.drive.forward_allowed = forward
        self.table = Timetable()

    def at(self, carriage, plunger, phases_done):
        """Both axes stand here, in steps, and the encoders agree."""
        for inputs in (self.inputs, self.board.now):
            inputs.carriage_steps = carriage
            inputs.plunger_steps = plunger
            inputs.carriage_counts = carriage * AXES[CARRIAGE].step_nm // AXES[CARRIAGE].count_nm
            inputs.plunger_counts = plunger * AXES[PLUNGER].step_nm // AXES[PLUNGER].count_nm
            inputs.phases_done = phases_done

    def shoot(self, now_us=0, extra=0):
        plan(self.table, aimed(fit_of(syringe="10 mL"), 49, mode="single"))
        self.drive.load(self.table)
        self.drive.start(self.table, now_us, extra)


def test_a_drive_that_was_not_started_is_still():
    rig = Rig()
    assert rig.drive.step(0) == STILL
    assert not rig.drive.moving


def test_a_move_runs_and_is_done():
    rig = Rig()
    rig.drive.move(CARRIAGE, 100, 1000, 0)
    assert rig.board.did == [("load", 1), ("motors", True, True), ("start",)]
    assert rig.drive.moving
    rig.at(40, 0, 0)
    assert rig.drive.step(40_000) == MOVING
    rig.at(100, 0, 1)
    assert rig.drive.step(110_000) == DONE
    assert not rig.drive.moving
    assert rig.drive.step(120_000) == STILL


def test_the_phases_of_a_shot_are_followed():
    rig = Rig()
    rig.shoot()
    assert rig.drive.phase == ADVANCE
    for carriage, plunger, done, phase in (
        (500, 0, 0, ADVANCE),
        (1000, 100, 1, DISPENSE),
        (1000, 538, 2, DWELL),
        (900, 538, 3, WITHDRAW),
        (0, 520, 4, BACKOFF),
    ):
        rig.at(carriage, plunger, done)
        assert rig.drive.step(1000) == MOVING
        assert rig.drive.phase == phase
    rig.at(0, 489, 5)
    assert rig.drive.step(2000) == DONE


def test_what_was_reached_is_where_the_forward_phases_ended():
    rig = Rig()
    rig.at(0, 7_000, 0)
    rig.shoot()
    for carriage, plunger, done in ((1000, 7_000, 1), (1000, 7_538, 2), (1000, 7_538, 3)):
        rig.at(carriage, plunger, done)
        rig.drive.step(1000)
    rig.at(0, 7_489, 5)
    assert rig.drive.step(2000) == DONE
    assert rig.drive.start_steps == [0, 7_000]
    assert rig.drive.reached_steps == [1000, 7_538]
    assert rig.drive.reached_counts == [1250, 7_538 * 250 // 400]


def test_several_phases_may_end_between_two_looks():
    rig = Rig()
    rig.shoot()
    rig.at(0, 489, 5)
    assert rig.drive.step(400_000) == DONE


def test_what_was_reached_is_known_though_the_axis_has_gone_back_since():
    for lost in (0, 30):
        rig = Rig()
        rig.shoot()
        rig.at(0, 489, 5)
        # The encoder says by how much the dose fell short.
        rig.inputs.plunger_counts -= lost
        assert rig.drive.step(400_000) == DONE
        assert rig.drive.reached_steps == [1000, 538]
        assert rig.drive.reached_counts[CARRIAGE] == 1250
        assert abs(rig.drive.reached_counts[PLUNGER] + lost - 538 * 250 // 400) <= 1


def test_steps_that_are_missing_are_trouble():
    for short, code in ((1, errors.CARRIAGE_LOST), (-1, errors.CARRIAGE_LOST)):
        rig = Rig()
        rig.shoot()
        rig.at(1000 - short, 0, 1)
        assert rig.drive.step(1000) == TROUBLE
        assert rig.drive.code == code
    rig = Rig()
    rig.shoot()
    rig.at(1000, 0, 1)
    rig.drive.step(1000)
    rig.at(1000, 537, 2)
    assert rig.drive.step(1000) == TROUBLE
    assert rig.drive.code == errors.PLUNGER_LOST


def test_an_encoder_that_falls_behind_is_trouble():
    for axis, name, code in (
        (CARRIAGE, "carriage_counts", errors.CARRIAGE_LOST),
        (PLUNGER, "plunger_counts", errors.PLUNGER_LOST),
    ):
        counts = AXES[axis].tolerance_nm // AXES[axis].count_nm
        for sign in (1, -1):
            rig = Rig()
            rig.shoot()
            rig.at(500, 0, 0)
            setattr(rig.inputs, name, getattr(rig.inputs, name) + sign * (counts - 1))
            assert rig.drive.step(1000) == MOVING
            setattr(rig.inputs, name, getattr(rig.inputs, name) + sign * 2)
            assert rig.drive.step(1000) == TROUBLE
            assert rig.drive.code == code


def test_a_motion_that_does_not_end_in_time_is_trouble():
    for start_us in (0, WRAP_US - 100_000):
        rig = Rig()
        rig.shoot(start_us)
        rig.at(500, 0, 0)
        assert rig.drive.step(start_us) == MOVING
        end_us = rig.table.duration_us + LATE_US
        assert rig.drive.step(add_us(start_us, end_us)) == MOVING
        assert rig.drive.step(add_us(start_us, end_us + 1)) == TROUBLE
        assert rig.drive.code == errors.MOTION_LATE


def test_a_motion_that_began_at_the_end_of_a_long_step_is_not_late():
    for start_us, late_us in ((0, 100_000), (WRAP_US - 50_000, 100_000)):
        rig = Rig()
        # The step was called at `start_us`; the pulses began when it was nearly over.
        rig.shoot(start_us)
        rig.at(0, 0, 0)
        assert rig.drive.step(add_us(start_us, late_us)) == MOVING
        rig.at(0, 538, 4)
        end_us = late_us + rig.table.duration_us
        assert rig.drive.step(add_us(start_us, end_us - 1)) == MOVING
        rig.at(0, 489, 5)
        assert rig.drive.step(add_us(start_us, end_us + LATE_US)) == DONE


def test_a_slow_shot_of_minutes_is_not_late():
    rig = Rig()
    slow = {"mode": "single", "volume_nl": 245_000, "flow_nl_s": 1_000}
    plan(rig.table, aimed(fit_of(syringe="10 mL"), 49, **slow))
    assert rig.table.duration_us > 200_000_000
    rig.drive.load(rig.table)
    rig.drive.start(rig.table, WRAP_US - 5)
    rig.at(1000, 0, 1)
    for at_us in range(0, rig.table.duration_us, 10_000_000):
        assert rig.drive.step(add_us(WRAP_US - 5, at_us)) == MOVING


def test_the_plunger_is_not_driven_forward_where_the_state_forbids_it():
    rig = Rig(forward=False)
    raises(ValueError, rig.shoot)
    raises(ValueError, rig.drive.move, PLUNGER, 10, 1000, 0)
    assert ("start",) not in rig.board.did
    assert not rig.drive.moving
    rig.drive.move(PLUNGER, -10, 1000, 0)
    assert rig.drive.moving
    rig = Rig(forward=False)
    rig.drive.move(CARRIAGE, 10, 1000, 0)
    assert rig.drive.moving


def test_one_pulse_more_is_patched_in_and_taken_out_again():
    rig = Rig()
    rig.shoot()
    cruise, dispense = rig.table.cruise, rig.table.dispense
    pulses = rig.table.segments.data[2 * cruise]
    rig.at(0, 489, 5)
    assert rig.drive.step(1) == DONE
    rig.board.did.clear()
    rig.drive.start(rig.table, 0, 1)
    assert rig.board.did[0] == ("patch", dispense, cruise, pulses + 1)
    rig.at(0, 489 + 490, 5)
    assert rig.drive.step(1) == DONE
    rig.drive.start(rig.table, 0, 0)
    rig.at(0, 489 + 490 + 490, 5)
    assert rig.drive.step(1) == DONE
    rig.board.did.clear()
    rig.drive.start(rig.table, 0, -1)
    assert rig.board.did[0] == ("patch", dispense, cruise, pulses)
    rig.at(0, 489 + 490 + 490 + 489, 5)
    assert rig.drive.step(1) == DONE


def test_stop_freezes_and_reads_where_the_axes_are():
    rig = Rig()
    rig.shoot()
    rig.board.now.carriage_steps = 612
    rig.drive.stop()
    assert rig.board.did[-1] == ("stop",)
    assert rig.inputs.carriage_steps == 612
    assert rig.drive.step(10) == STILL
    assert rig.drive.carriage_on


def test_release_stops_and_cuts_both_drivers():
    rig = Rig()
    rig.shoot()
    rig.drive.release()
    assert rig.board.did[-2:] == [("stop",), ("motors", False, False)]
    assert not rig.drive.carriage_on
    assert rig.drive.step(10) == STILL


def test_drivers_are_on_before_a_motion_starts():
    rig = Rig()
    rig.shoot()
    assert rig.board.did.index(("motors", True, True)) < rig.board.did.index(("start",))


def test_the_peak_force_of_the_shot_before_does_not_count():
    rig = Rig()
    rig.inputs.force_peak_mn = 50_000
    rig.shoot()
    assert rig.inputs.force_peak_mn == 0


def test_every_move_and_way_back_has_room_in_its_table():
    rig = Rig()
    table = rig.drive.table
    for axis in (CARRIAGE, PLUNGER):
        for steps in list(range(1, 40)) + list(range(40, AXES[axis].travel_steps + 200, 1_511)):
            for speed_hz in (AXES[axis].home_hz, 32_000, AXES[axis].speed_hz):
                for way in (steps, -steps):
                    table.clear()
                    table.move(0, axis, way, speed_hz, ramps(axis, way > 0))
    for carriage_steps in range(1, AXES[CARRIAGE].travel_steps, 97):
        plan_recover(table, carriage_steps, 5_000)
        assert table.count == 2
