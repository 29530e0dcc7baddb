"""The virtual gun's true values are its own: never the nominal ones that core works with."""

from mesofw.core import parts
from mesofw.core.machine import CARRIAGE, PLUNGER
from mesosim.truth import Truth


def test_no_true_value_equals_its_nominal():
    for seed in range(50):
        truth = Truth.draw(seed)
        assert truth.carriage_step_um * 1000 != CARRIAGE.step_nm
        assert truth.plunger_step_um * 1000 != PLUNGER.step_nm
        assert all(truth.bore_scale[name] != 1.0 for name in parts.SYRINGE_NAMES)
        assert truth.needle_scale != 1.0
        assert truth.foot_um != 1_000.0


def test_a_seed_is_one_gun_and_seeds_differ():
    assert Truth.draw(3) == Truth.draw(3)
    assert len({Truth.draw(seed).foot_um for seed in range(50)}) == 50
