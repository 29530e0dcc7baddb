"""Dose arithmetic: integers, the remainder carried, a million shots drift by nothing."""

from mesofw.core import dose, parts
from mesofw.core.door import PLUNGER
from mesofw.core.dose import FL_PER_NL, Doser, step_volume_fl, steps_for, volume_nl
from mesofw.core.machine import AXES
from tests.core.support.check import raises

VERIFIES = {
    "test_a_million_shots_drift_by_nothing": ("SR-045",),
    "test_every_shot_on_the_way_is_within_one_step_of_what_was_commanded": ("SR-045",),
    "test_volume_and_steps_are_each_others_inverse_to_half_a_step": ("SR-064",),
    "test_volumes_are_rounded_to_the_nearest_nanolitre": ("SR-064",),
}

STEP_FL = step_volume_fl(parts.bore_um2("10 mL"), AXES[PLUNGER].step_nm)


def test_a_step_of_10_ml_is_40_9_nl():
    assert 40_860_000 < STEP_FL < 40_880_000
    for name in parts.SYRINGE_NAMES:
        assert 0 < step_volume_fl(parts.bore_um2(name), AXES[PLUNGER].step_nm) < 1 << 30


def test_each_shot_is_the_whole_steps_or_one_more():
    doser = Doser(STEP_FL)
    doser.set_dose(20_000)
    for _ in range(1000):
        assert doser.next_steps() - doser.whole_steps in (0, 1)
        assert 0 <= doser.carry_fl < doser.step_fl


def test_the_most_steps_are_the_fewest_that_hold_the_dose():
    for step_fl in (STEP_FL, 10_000_000):
        doser = Doser(step_fl)
        for dose_nl in (0, 1_000, 10_000, 20_001):
            doser.set_dose(dose_nl)
            assert doser.most_steps * step_fl >= dose_nl * FL_PER_NL
            assert (doser.most_steps - 1) * step_fl < dose_nl * FL_PER_NL


def test_a_million_shots_drift_by_nothing():
    # Shots repeat with a period that divides step_fl; a slice of it is as good as the whole.
    for step_fl, volume, shots in ((STEP_FL, 20_000, 20_000), (4_335_000, 1_000, 20_000)):
        doser = Doser(step_fl)
        doser.set_dose(volume)
        steps = 0
        for _ in range(shots):
            steps += doser.next_steps()
        assert steps * step_fl + doser.carry_fl == shots * volume * FL_PER_NL


def test_a_million_shots_in_closed_form():
    doser = Doser(STEP_FL)
    doser.set_dose(20_000)
    shots = 1_000_000
    commanded_fl = shots * 20_000 * FL_PER_NL
    steps = shots * doser.whole_steps + shots * (20_000 * FL_PER_NL % STEP_FL) // STEP_FL
    assert commanded_fl - steps * STEP_FL < STEP_FL


def test_every_shot_on_the_way_is_within_one_step_of_what_was_commanded():
    doser = Doser(STEP_FL)
    doser.set_dose(5_000)
    given_fl = commanded_fl = 0
    for _ in range(5000):
        given_fl += doser.next_steps() * STEP_FL
        commanded_fl += 5_000 * FL_PER_NL
        assert 0 <= commanded_fl - given_fl < STEP_FL


def test_what_is_owed_survives_a_change_of_dose():
    doser = Doser(STEP_FL)
    commanded_fl = steps = 0
    for volume in (20_000, 5_000, 100_000, 1_000, 33_333):
        doser.set_dose(volume)
        for _ in range(97):
            steps += doser.next_steps()
            commanded_fl += volume * FL_PER_NL
    assert steps * STEP_FL + doser.carry_fl == commanded_fl


def test_a_dose_below_a_step_is_saved_up():
    doser = Doser(40_000_000)
    doser.set_dose(10)
    assert [doser.next_steps() for _ in range(8)] == [0, 0, 0, 1, 0, 0, 0, 1]


def test_a_dose_of_nothing_stays_nothing():
    doser = Doser(STEP_FL)
    doser.set_dose(0)
    assert [doser.next_steps() for _ in range(5)] == [0] * 5


def test_a_doser_needs_a_step_that_fits():
    raises(ValueError, Doser, 0)
    raises(ValueError, Doser, -1)
    raises(ValueError, Doser, 1 << 30)
    assert Doser((1 << 30) - 1).step_fl == (1 << 30) - 1


def test_after_setting_up_only_small_integers_are_added():
    for name in parts.SYRINGE_NAMES:
        doser = Doser(step_volume_fl(parts.bore_um2(name), AXES[PLUNGER].step_nm))
        doser.set_dose(2_000_000)
        assert 2 * doser.step_fl < 1 << 30
        assert doser.whole_steps < 1 << 30


def test_volume_and_steps_are_each_others_inverse_to_half_a_step():
    for volume in (0, 1_000, 2_000, 20_000, 123_456, 10_000_000):
        steps = steps_for(volume, STEP_FL)
        assert abs(volume_nl(steps, STEP_FL) - volume) <= STEP_FL // 2 // FL_PER_NL + 1
        assert steps_for(volume_nl(steps, STEP_FL), STEP_FL) == steps


def test_volumes_are_rounded_to_the_nearest_nanolitre():
    assert volume_nl(1, 1_499_999) == 1
    assert volume_nl(1, 1_500_000) == 2
    assert volume_nl(0, STEP_FL) == 0
    assert dose.volume_nl(1_000_000, 40_867_000) == 40_867_000
