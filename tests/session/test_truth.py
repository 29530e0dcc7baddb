"""The virtual gun's true values are its own: never the nominal ones that core works with."""

from dataclasses import asdict

from mesofw.core.machine import CARRIAGE, PLUNGER
from mesosim import hardware
from mesosim.truth import POINTINGS, Truth


def test_no_true_value_equals_its_nominal():
    gun = hardware.gun()
    for seed in range(50):
        truth = Truth.draw(seed)
        assert truth.carriage_step_um * 1000 != CARRIAGE.step_nm
        assert truth.plunger_step_um * 1000 != PLUNGER.step_nm
        assert truth.foot_um != gun.number("carriage", "foot_mm") * 1000
        assert truth.plunger_backlash_um != gun.number("plunger", "screw", "backlash_um")
        assert truth.skin_n_mm != gun.number("skin", "stiffness_n_mm")
        assert truth.modulus_kpa != gun.number("skin", "modulus_kpa")
        assert truth.supply_mv != gun.number("supply", "volts") * 1000
        assert all(scale != 1.0 for scale in scales(truth))


def scales(truth):
    """Every true value over its nominal one."""
    for name, value in asdict(truth).items():
        if name.endswith("_scale") and isinstance(value, dict):
            yield from value.values()
        elif name.endswith("_scale"):
            yield from value if isinstance(value, tuple) else [value]


def test_each_syringe_of_the_gun_has_its_own_scales():
    truth = Truth.draw(5)
    names = {fitted.name for fitted in hardware.gun().syringes}
    assert set(truth.bore_scale) == set(truth.compliance_scale) == names
    assert len(set(truth.bore_scale.values())) == len(names)


def test_true_values_are_within_their_tolerances():
    for seed in range(50):
        truth = Truth.draw(seed)
        assert all(0.985 <= scale <= 1.015 for scale in truth.bore_scale.values())
        assert all(0.85 <= scale <= 1.15 for scale in truth.compliance_scale.values())
        assert all(0.9 <= scale <= 1.1 for scale in truth.torque_scale)
        assert 1.0 <= truth.push_n <= 4.0
        assert truth.pointing in POINTINGS


def test_a_seed_is_one_gun_and_seeds_differ():
    assert Truth.draw(3) == Truth.draw(3)
    assert len({Truth.draw(seed).foot_um for seed in range(50)}) == 50
