"""The two axes."""

from mesofw.core import door, machine, parts
from mesofw.core.machine import AXES, CARRIAGE, PLUNGER

VERIFIES = {
    "test_lost_is_the_distance_of_steps_and_encoder": ("SR-038",),
    "test_rounding_of_the_encoder_never_counts_as_lost": ("SR-038",),
}


def test_axes_stand_where_the_door_counts_them():
    assert AXES[door.CARRIAGE] is CARRIAGE
    assert AXES[door.PLUNGER] is PLUNGER


def test_the_carriage_reaches_the_deepest_layer_behind_the_foot():
    assert CARRIAGE.travel_steps * CARRIAGE.step_nm >= (parts.DEPTH_MAX_UM + 1000) * 1000


def test_the_plunger_reaches_the_end_of_every_syringe():
    assert PLUNGER.travel_steps * PLUNGER.step_nm >= 63_000_000


def test_speeds_in_mm():
    assert CARRIAGE.speed_hz * CARRIAGE.step_nm == 250_000_000  # 250 mm/s
    assert PLUNGER.speed_hz * PLUNGER.step_nm == 24_000_000  # 24 mm/s


def test_accelerations_in_mm():
    for axis, forward, up_mm_s2, down_mm_s2 in (
        (door.CARRIAGE, True, 5_500, 45_000),
        (door.CARRIAGE, False, 40_000, 20_000),
        (door.PLUNGER, True, 3_000, 3_000),
        (door.PLUNGER, False, 3_000, 3_000),
    ):
        up_hz_s, down_hz_s = machine.ramps(axis, forward)
        step_nm = AXES[axis].step_nm
        assert (up_hz_s * step_nm, down_hz_s * step_nm) == (
            up_mm_s2 * 1_000_000,
            down_mm_s2 * 1_000_000,
        )
        assert AXES[axis].hz_s(up_mm_s2) == up_hz_s


def test_whatever_is_fitted_an_axis_can_do_its_own_ramps():
    for name in parts.SYRINGE_NAMES:
        assert machine.PRESS[0] <= parts.SYRINGES[name].press_mm_s2


def test_a_step_of_the_finest_syringe_is_below_the_smallest_increment():
    for name in parts.SYRINGE_NAMES:
        step_nl = parts.bore_um2(name) * PLUNGER.step_nm // 1_000_000_000
        assert step_nl < 100, name


def test_lost_is_the_distance_of_steps_and_encoder():
    for axis, steps, counts in (
        (CARRIAGE, 800, 1000),
        (CARRIAGE, -800, -1000),
        (PLUNGER, 1600, 1000),
    ):
        half = axis.count_nm // 2
        assert axis.lost_nm(steps, counts) <= half
        assert abs(axis.lost_nm(steps, counts - 10) - 10 * axis.count_nm) <= half
        assert abs(axis.lost_nm(steps, counts + 10) - 10 * axis.count_nm) <= half


def test_rounding_of_the_encoder_never_counts_as_lost():
    for axis in AXES:
        assert axis.tolerance_nm > 2 * max(axis.step_nm, axis.count_nm)


def test_ticks_are_5_ns():
    assert machine.TICK_HZ == 200_000_000
    assert machine.TICKS_PER_US == 200
