"""A zone's shot as a timetable."""

from mesofw.core import errors, motion, shot
from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER
from mesofw.core.machine import AXES
from mesofw.core.shot import (
    ADVANCE,
    BACKOFF,
    DISPENSE,
    DWELL,
    LONGEST_S,
    WITHDRAW,
    Timetable,
    plan,
    plan_recover,
)
from tests.core.support.check import raises
from tests.core.support.program import step_fl, zone

STEP_FL = step_fl()
DEPTH = 1000
DOSE = 489
BACK = 49


def planned(**changes):
    table = Timetable()
    assert plan(table, zone(**changes), DEPTH, DOSE, BACK, STEP_FL) is None
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
    for changes in ({}, {"dwell_ms": 0}, {"mode": "single"}):
        axes = [row[1] for row in rows(planned(**changes))]
        for index in range(1, len(axes)):
            assert axes[index] != axes[index - 1]


def test_without_dwell_or_back_off_there_is_no_such_phase():
    table = Timetable()
    plan(table, zone(dwell_ms=0), DEPTH, DOSE, 0, STEP_FL)
    assert [row[0] for row in rows(table)] == [ADVANCE, DISPENSE, WITHDRAW]


def test_a_dry_shot_only_moves_the_needle():
    table = Timetable()
    assert plan(table, zone(mode="dry", volume_nl=0), DEPTH, 0, BACK, STEP_FL) is None
    assert [row[0] for row in rows(table)] == [ADVANCE, WITHDRAW]
    assert (table.dispense, table.cruise) == (-1, -1)


def test_the_cruise_segment_belongs_to_the_dispense():
    table = planned()
    phase = table.phases[table.dispense]
    assert phase.kind == DISPENSE
    assert phase.first <= table.cruise < phase.first + phase.count
    assert table.segments.data[2 * table.cruise] >= 2


def test_the_flow_is_the_zones():
    for flow in (1_000, 20_000, 100_000, 200_000):
        table = Timetable()
        volume = zone(mode="single", flow_nl_s=flow)
        assert plan(table, volume, DEPTH, 4_890, 0, STEP_FL) is None
        period = table.segments.data[2 * table.cruise + 1]
        flow_hz = flow * 1_000_000 // STEP_FL
        assert abs(motion.TICK_HZ // period - flow_hz) <= 1


def test_a_flow_beyond_the_plunger_is_refused_and_says_what_is_possible():
    fl = step_fl("1 mL")
    most = AXES[PLUNGER].speed_hz * fl // 1_000_000
    table = Timetable()
    assert plan(table, zone(mode="single", flow_nl_s=most), DEPTH, 100, 0, fl) is None
    fault = plan(table, zone(mode="single", flow_nl_s=most + 1_000), DEPTH, 100, 0, fl)
    assert (fault.at, fault.code) == ("flow", errors.FLOW_UNREACHABLE)
    assert fault.allowed.endswith("µL/s")


def test_a_rate_beyond_the_shots_time_is_refused():
    table = planned()
    most = 60_000_000 // (table.duration_us + shot.RATE_MARGIN_US)
    assert plan(table, zone(rate_per_min=most), DEPTH, DOSE, BACK, STEP_FL) is None
    fault = plan(table, zone(rate_per_min=most + 1), DEPTH, DOSE, BACK, STEP_FL)
    assert (fault.at, fault.code) == ("rate", errors.RATE_UNREACHABLE)
    assert fault.found == "%d /min" % (most + 1)
    # One by one, the operator's finger sets the pace.
    slow = zone(mode="single", rate_per_min=600)
    assert plan(table, slow, DEPTH, DOSE, BACK, STEP_FL) is None


def test_a_shot_longer_than_the_clock_can_watch_is_refused():
    table = Timetable()
    fault = plan(table, zone(mode="single", flow_nl_s=1_000), DEPTH, 48_900, BACK, STEP_FL)
    assert fault.code == errors.SHOT_TOO_LONG
    assert LONGEST_S * 1_000_000 + 100_000 < 1 << 29


def test_the_duration_is_the_sum_of_the_phases():
    table = planned()
    ticks = motion.duration_ticks(table.segments, 0, table.segments.count)
    assert 0 <= table.duration_us - ticks // 125 <= table.count


def test_a_timetable_is_made_once_and_reused():
    table = planned()
    data, phases = table.segments.data, table.phases
    for depth in (200, 3200, 1000):
        assert plan(table, zone(), depth, DOSE, BACK, STEP_FL) is None
        assert table.segments.data is data
        assert table.phases is phases
        assert table.count == 5


def test_the_largest_shot_fits_the_timetable():
    table = Timetable()
    travel = AXES[CARRIAGE].travel_steps
    for flow in (100_000, 300_000):
        fault = plan(table, zone(mode="single", flow_nl_s=flow), travel, 48_900, 489, STEP_FL)
        assert fault is None
        assert table.segments.count <= shot.SEGMENTS_MAX


def test_a_depth_beyond_the_carriages_travel_is_refused():
    table = Timetable()
    travel = AXES[CARRIAGE].travel_steps
    assert plan(table, zone(), travel, DOSE, BACK, STEP_FL) is None
    fault = plan(table, zone(), travel + 1, DOSE, BACK, STEP_FL)
    assert fault is not None
    assert fault.at == "depth"


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


def test_what_is_planned_without_a_gun_is_close_to_what_a_gun_plans():
    said_us = shot.shot_us(zone(), *shot.nominal({"syringe": "10 mL"}, zone()))
    assert abs(said_us - planned().duration_us) < 1_000


def test_what_a_plan_forbids_is_forbidden_without_planning_and_the_other_way_round():
    table = Timetable()
    for depth in (200, 1_000, 3_200, 3_201):
        for flow in (1_000, 100_000, 400_000, 500_000):
            for dose_steps in (24, 489, 9_000):
                for rate in (1, 60, 150, 400):
                    for mode in ("single", "burst"):
                        asked = zone(mode=mode, flow_nl_s=flow, rate_per_min=rate)
                        fault = shot.forbidden(asked, depth, dose_steps, BACK, STEP_FL)
                        again = plan(table, asked, depth, dose_steps, BACK, STEP_FL)
                        assert (fault is None) == (again is None)
                        if fault is not None:
                            assert (fault.at, fault.code) == (again.at, again.code)
                            continue
                        assert table.duration_us < LONGEST_S * 1_000_000 + 10_000
                        if mode == "burst":
                            assert table.duration_us * rate < 60_000_000


def test_the_estimate_of_a_shots_time_is_good():
    table = Timetable()
    for depth in (2, 200, 1_000, 3_200):
        for flow in (1_000, 50_000, 400_000):
            for dose_steps in (24, 489, 4_890):
                asked = zone(mode="single", flow_nl_s=flow, rate_per_min=1)
                assert plan(table, asked, depth, dose_steps, BACK, STEP_FL) is None
                lasts_us = shot.shot_us(asked, depth, dose_steps, BACK, STEP_FL)
                assert abs(lasts_us - table.duration_us) <= 100 + table.duration_us // 10_000
