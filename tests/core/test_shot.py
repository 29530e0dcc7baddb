"""A zone's shot as a timetable."""

from mesofw.core import motion, shot
from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER
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
from tests.core.support.check import raises
from tests.core.support.program import aimed, fit_of, step_fl

VERIFIES = {
    "test_advance_dispense_dwell_withdraw_back_off": ("SR-048", "SR-050"),
    "test_a_shot_begins_and_ends_at_the_same_place_but_for_its_dose": ("SR-048",),
    "test_the_plunger_never_goes_back_before_the_needle_is_out": ("SR-050",),
    "test_the_way_back_withdraws_then_backs_off": ("SR-051",),
}

# 4 mm behind the foot at 1 mm, in steps of 5 µm; 20 µL of a 3 mL syringe.
DEPTH = 1000
DOSE = 20_000_000_000 // step_fl()
BACK = 49
TRAVEL_UM = AXES[CARRIAGE].travel_steps * AXES[CARRIAGE].step_nm // 1000


def planned(**changes):
    table = Timetable()
    plan(table, aimed(fit_of(), BACK, **changes))
    return table


def rows(table):
    """(kind, axis, direction, pulses) of each phase, with its pulses as the segments have them."""
    out = []
    for phase in table.phases[: table.count]:
        data = table.segments.data
        pulses = sum(data[2 * row] for row in range(phase.first, phase.first + phase.count))
        assert pulses == phase.pulses
        out.append((phase.kind, phase.axis, phase.direction, pulses))
    return out


def test_advance_dispense_dwell_withdraw_back_off():
    assert rows(planned()) == [
        (ADVANCE, CARRIAGE, 1, DEPTH),
        (DISPENSE, PLUNGER, 1, BACK + DOSE),
        (DWELL, NEITHER, 1, 0),
        (WITHDRAW, CARRIAGE, -1, DEPTH),
        (BACKOFF, PLUNGER, -1, BACK),
    ]


def test_a_shot_begins_and_ends_at_the_same_place_but_for_its_dose():
    moved = [0, 0]
    for _, axis, direction, pulses in rows(planned()):
        if axis != NEITHER:
            moved[axis] += direction * pulses
    assert moved == [0, DOSE]


def test_the_plunger_never_goes_back_before_the_needle_is_out():
    kinds = [row[0] for row in rows(planned())]
    assert kinds.index(WITHDRAW) < kinds.index(BACKOFF)
    for kind, axis, direction, _ in rows(planned()):
        if axis == PLUNGER and direction < 0:
            assert kind == BACKOFF


def test_two_phases_of_one_axis_never_follow_each_other():
    for changes in ({}, {"dwell_ms": 150}, {"mode": "single"}):
        axes = [row[1] for row in rows(planned(**changes))]
        for index in range(1, len(axes)):
            assert axes[index] != axes[index - 1]


def test_without_wait_or_back_off_there_is_no_such_phase():
    aim = aimed(fit_of(), 0)
    aim.dwell_us = 0
    table = Timetable()
    plan(table, aim)
    assert [row[0] for row in rows(table)] == [ADVANCE, DISPENSE, WITHDRAW]


def test_a_dry_shot_only_moves_the_needle():
    table = planned(mode="dry", volume_nl=0)
    assert [row[0] for row in rows(table)] == [ADVANCE, WITHDRAW]
    assert (table.dispense, table.cruise) == (-1, -1)


def test_the_cruise_segment_belongs_to_the_dispense():
    table = planned()
    phase = table.phases[table.dispense]
    assert phase.kind == DISPENSE
    assert phase.first <= table.cruise < phase.first + phase.count
    assert table.segments.data[2 * table.cruise] >= 2


def test_the_plunger_runs_at_the_flow_that_was_aimed_at():
    for flow in (1_000, 20_000, 100_000, 200_000):
        aim = aimed(fit_of(), BACK, mode="single", volume_nl=200_000, flow_nl_s=flow)
        table = Timetable()
        plan(table, aim)
        assert aim.flow_hz == flow * 1_000_000 // step_fl()
        period = table.segments.data[2 * table.cruise + 1]
        assert abs(motion.TICK_HZ // period - aim.flow_hz) <= 1 + aim.flow_hz // 1_000


def test_each_way_has_its_own_ramps():
    """The first and the last segment of a move tell how fast it speeds up and slows down: two
    pulses within √(4/a)."""
    fit = fit_of()
    aim = aimed(fit, BACK)
    table = Timetable()
    plan(table, aim)
    withdraw = ramps(CARRIAGE, False)
    expected = (aim.out, aim.press, None, withdraw, aim.press)
    assert aim.out == (AXES[CARRIAGE].hz_s(fit.out_mm_s2(5_000)), ramps(CARRIAGE, True)[1])
    assert aim.press == (fit.press_hz_s(), fit.press_hz_s())
    for phase, accels in zip(table.phases[: table.count], expected):
        if accels is None:
            continue
        for row, accel_hz_s in zip((phase.first, phase.first + phase.count - 1), accels):
            begun = phase.kind == ADVANCE and row == phase.first
            row += begun  # the first pulse of the way out came at once
            pulses = table.segments.data[2 * row] + begun
            lasts = pulses * table.segments.data[2 * row + 1] / motion.TICK_HZ
            assert abs(lasts * lasts * accel_hz_s / (2 * pulses) - 1.0) < 0.05, (phase.kind, row)


def test_the_duration_is_the_sum_of_the_phases():
    table = planned()
    ticks = motion.duration_ticks(table.segments, 0, table.segments.count)
    assert 0 <= table.duration_us - ticks // motion.TICKS_PER_US <= table.count


def test_a_timetable_is_made_once_and_reused():
    table = planned()
    data, phases = table.segments.data, table.phases
    for depth_um in (200, 10_000, 4_000):
        plan(table, aimed(fit_of(), depth_um=depth_um, mode="single"))
        assert table.segments.data is data
        assert table.phases is phases
        assert table.count == 5


def test_the_largest_shot_fits_the_timetable():
    most = {"mode": "single", "depth_um": TRAVEL_UM - 1_000}
    for syringe in ("1 mL", "3 mL", "5 mL", "10 mL"):
        for needle in ("27G", "34G"):
            for volume_nl in (1_000_000, 1_800_000) if syringe != "1 mL" else (1_000_000,):
                fit = fit_of(syringe=syringe, needle=needle)
                table = Timetable()
                plan(table, aimed(fit, volume_nl=volume_nl, **most))
                assert table.segments.count <= shot.SEGMENTS_MAX
                assert table.phases[0].pulses == AXES[CARRIAGE].travel_steps


def test_the_way_back_withdraws_then_backs_off():
    table = Timetable()
    plan_recover(table, 500, 49)
    assert rows(table) == [(WITHDRAW, CARRIAGE, -1, 500), (BACKOFF, PLUNGER, -1, 49)]
    plan_recover(table, 0, 49)
    assert rows(table) == [(BACKOFF, PLUNGER, -1, 49)]
    plan_recover(table, 500, 0)
    assert rows(table) == [(WITHDRAW, CARRIAGE, -1, 500)]
    plan_recover(table, 0, 0)
    assert table.count == 0


def test_the_way_back_is_quick_however_short():
    for steps in (1, 2, 3, 10, 800, 3200):
        table = Timetable()
        plan_recover(table, steps, 0)
        assert table.duration_us < 200_000, steps


def test_a_pause_of_the_longest_dwell_is_exact():
    table = Timetable()
    table.pause(DWELL, 10_000_000)
    assert table.duration_us in (10_000_000, 10_000_001)


def test_a_timetable_has_room_for_five_phases():
    table = Timetable()
    for _ in range(5):
        table.pause(DWELL, 10)
    raises(IndexError, table.pause, DWELL, 10)


def test_a_shot_lasts_as_long_as_was_said_without_planning_it():
    table = Timetable()
    for depth_um in (200, 4_000, 13_000):
        for flow in (1_000, 50_000, 500_000):
            for volume_nl in (2_100, 20_000, 200_000):
                figures = {"depth_um": depth_um, "flow_nl_s": flow, "volume_nl": volume_nl}
                aim = aimed(fit_of(), mode="single", **figures)
                plan(table, aim)
                # Each phase is rounded up to a microsecond, a speed to a pulse a second.
                off_us = abs(aim.lasts_us - table.duration_us)
                assert off_us <= 10 + table.duration_us // 10_000, (figures, off_us)


def test_what_is_planned_without_a_gun_is_what_a_gun_with_nominal_scales_plans():
    fit = fit_of()
    assert fit.step_fl == step_fl()
    assert fit.backoff_steps > 0
    assert (fit.syringe_name, fit.needle_name, fit.pins) == ("3 mL", "27G", 1)


def test_the_way_out_begins_with_its_first_pulse():
    aim = aimed(fit_of(), BACK)
    table = Timetable()
    plan(table, aim)
    data = table.segments.data
    assert (data[0], data[1]) == (1, motion.AT_ONCE_TICKS)
    # The second follows as long after it as in the ideal move: half of √(4/a).
    assert data[2] == 1
    assert abs(data[3] / motion.TICK_HZ * aim.out[0] ** 0.5 - 1.0) < 0.01
    pulses = sum(data[2 * row] for row in range(table.phases[0].count))
    assert pulses == table.phases[0].pulses
