"""The sizing page is fresh, and the gun it describes can do what is asked of it."""

import pytest

from mesosim import sizing
from mesosim.physics import cycle, skin
from mesosim.physics import gun as gun_file
from mesosim.physics.cycle import Fit

GUN = gun_file.load(sizing.HARDWARE / "gun.toml")
PAGE = (sizing.HARDWARE / "sizing.md").read_text(encoding="utf-8")
LONGEST_S = 300


def test_the_page_is_fresh():
    assert sizing.render(PAGE, GUN) == PAGE, "run python -m mesosim.sizing"


def test_the_page_has_every_block_once():
    for name in sizing.BLOCKS:
        assert PAGE.count(f"<!-- generated: {name} -->") == 1


@pytest.mark.parametrize("syringe", ["1 mL", "3 mL"])
@pytest.mark.parametrize("gauge", ["27G", "28G", "29G", "30G", "30G thin", "31G", "32G"])
@pytest.mark.parametrize("viscosity", [1.0, 5.0])
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_what_must_be_supported_is(syringe, gauge, viscosity, off):
    """10 to 200 µL, with the needle's bore anywhere in its tolerance."""
    fit = Fit(GUN.syringe(syringe), GUN.needle(gauge), viscosity, 4.0, off)
    assert cycle.refusal(GUN, fit) == ""
    for dose_nl in (10_000, 200_000):
        shot = cycle.shortest(GUN, fit, 4.0, dose_nl)
        assert shot.whole_s < LONGEST_S
        assert shot.dwell_s < GUN.number("process", "dwell_most_s")


@pytest.mark.parametrize(("syringe", "dose_nl"), [("1 mL", 1000), ("3 mL", 3000), ("5 mL", 10_000)])
def test_the_smallest_doses(syringe, dose_nl):
    assert cycle.smallest_dose_nl(GUN, GUN.syringe(syringe)) <= dose_nl


@pytest.mark.parametrize("syringe", [fitted.name for fitted in GUN.syringes])
def test_every_move_keeps_its_margin(syringe):
    fitted = GUN.syringe(syringe)
    least = GUN.number("process", "torque_margin")
    puncture_n = skin.puncture_n(max(item.outer_um for item in GUN.needles))
    for travel_mm in (1.5, 2.0, 3.0, 5.0, 8.0, 11.0, 14.0):
        out = cycle.advance(GUN, fitted, puncture_n, travel_mm)
        assert cycle.carriage_margin(GUN, fitted, puncture_n, travel_mm, out) >= least - 1e-6
    assert cycle.worst_plunger_margin(GUN, fitted, sizing.VISCOSITIES_MPA_S) >= least - 1e-6


@pytest.mark.parametrize("syringe", [fitted.name for fitted in GUN.syringes])
def test_the_spring_and_the_mass(syringe):
    fitted = GUN.syringe(syringe)
    assert cycle.return_s(GUN, fitted, sizing.DEEPEST_MM) <= GUN.number("process", "return_limit_s")
    assert GUN.mass_g(fitted) <= GUN.number("handpiece", "mass_limit_g")


def test_nappage_through_both_walls():
    """What the page says of 540 shots a minute."""

    def rate(name: str, off: int) -> float:
        fit = Fit(GUN.syringe("1 mL"), GUN.needle(name), 1.0, off=off)
        return cycle.shortest(GUN, fit, sizing.DEPTH_MM, sizing.DOSE_NL).per_min

    assert rate("30G thin", 0) >= 540
    assert rate("30G thin", -1) < 540
    assert rate("30G", 0) < 540


def test_a_narrower_bore_and_a_thicker_fluid_are_slower():
    fitted = GUN.syringe("1 mL")

    def rate(off: int, viscosity: float) -> float:
        fit = Fit(fitted, GUN.needle("30G"), viscosity, off=off)
        return cycle.shortest(GUN, fit, 2.0, 10_000).per_min

    assert rate(-1, 1.0) < rate(0, 1.0) < rate(1, 1.0)
    assert rate(0, 5.0) < rate(0, 2.0) < rate(0, 1.0)


def test_a_refusal_names_what_limits():
    fit = Fit(GUN.syringe("10 mL"), GUN.needle("34G"), 100.0)
    assert cycle.refusal(GUN, fit) == "34G and plunger motor"
