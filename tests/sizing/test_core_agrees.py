"""What core states of the machine and of its parts is what `hardware/gun.toml` states, and what it
works out from them stays inside what the physics allow."""

import itertools

import pytest

from mesofw.core import aim, fit, machine, parts, shot
from mesofw.core.door import CARRIAGE, PLUNGER
from mesosim.physics import cycle, needle, skin, syringe
from mesosim.physics import gun as gun_file
from mesosim.physics.cycle import Fit
from mesosim.physics.moves import Limits
from mesosim.physics.stepper import STEPS_PER_TURN
from mesosim.sizing import HARDWARE

GUN = gun_file.load(HARDWARE / "gun.toml")
PAIRS = list(itertools.product(parts.SYRINGE_NAMES, parts.NEEDLE_NAMES))


def head(syringe_name="1 mL", needle_name="30G", **changes):
    told = {
        "syringe": syringe_name,
        "needle": needle_name,
        "length_um": 4_000,
        "pins": 1,
        "viscosity_upa_s": 1_000,
    }
    return {**told, **changes}


def of_gun(told: dict) -> Fit:
    """The same combination for the physics."""
    return Fit(
        GUN.syringe(told["syringe"]),
        GUN.needle(told["needle"]),
        told["viscosity_upa_s"] / 1000,
        told["length_um"] / 1000,
        pins=told["pins"],
    )


@pytest.mark.parametrize("axis", machine.AXES, ids=lambda axis: axis.name)
def test_an_axis(axis):
    row = GUN.part(axis.name)
    lead_nm = row["lead_mm"] * 1e6
    assert axis.step_nm == lead_nm / (STEPS_PER_TURN * row["microsteps"])
    assert axis.count_nm == lead_nm / row["encoder_counts_turn"]
    assert axis.speed_hz * axis.step_nm == row["speed_mm_s"] * 1e6
    assert axis.travel_steps == row["travel_mm"] * 1e6 / axis.step_nm
    assert axis.home_hz == row["home_mm_s"] * 1e6 / axis.step_nm
    assert axis.tolerance_nm == row["tolerance_um"] * 1000


def test_the_moves():
    home = GUN.withdraw()
    assert (home.up_m_s2 * 1000, home.down_m_s2 * 1000) == machine.WITHDRAW
    assert machine.OUT[1] == GUN.number("carriage", "advance_m_s2", "down") * 1000
    assert machine.PRESS[0] == min(item.plunger_m_s2 for item in GUN.syringes) * 1000


@pytest.mark.parametrize("name", parts.SYRINGE_NAMES)
def test_a_syringe(name):
    told = parts.SYRINGES[name]
    (row,) = [row for row in GUN.raw["syringes"] if row["name"] == name]
    fitted = GUN.syringe(name)
    assert (told.bore_um, told.volume_nl) == (fitted.barrel.bore_um, row["volume_nl"])
    assert told.glide_mn == fitted.glide_n * 1000
    assert told.stiffness_mn_um == fitted.drive_n_mm
    assert told.press_mm_s2 == fitted.plunger_m_s2 * 1000
    assert told.least_nl == cycle.smallest_dose_nl(GUN, fitted)
    assert told.empty_nl_bar == pytest.approx(cycle.compliance_nl_bar(fitted, 0), abs=0.6)
    assert told.full_nl_bar == pytest.approx(cycle.compliance_nl_bar(fitted, 1), abs=0.6)


@pytest.mark.parametrize("name", parts.SYRINGE_NAMES)
def test_what_a_syringe_may_be_pressed_with(name):
    told = parts.SYRINGES[name]
    fitted = GUN.syringe(name)
    bore_um = fitted.barrel.bore_um
    top_mm_s = GUN.number("plunger", "speed_mm_s")
    by_seal_n = syringe.force_n(fitted.pressure_bar, bore_um, fitted.break_n)
    most_n = min(cycle.plunger_push_n(GUN, top_mm_s), by_seal_n)
    assert most_n * 0.999 <= told.force_mn / 1000 <= most_n
    bar = syringe.pressure_at_force_bar(most_n, bore_um, fitted.break_n)
    assert bar * 0.999 <= told.pressure_mbar / 1000 <= bar


@pytest.mark.parametrize("name", parts.NEEDLE_NAMES)
def test_a_needle(name):
    told = parts.NEEDLES[name]
    item = GUN.needle(name)
    assert told.bore_um == item.inner_um
    assert item.tolerance_um == fit.BORE_TOLERANCE_UM
    assert told.puncture_mn == pytest.approx(skin.puncture_n(item.outer_um) * 1000, abs=1)


def test_lengths_and_pins_are_within_what_core_takes():
    row = GUN.part("needle")
    assert min(row["lengths_mm"]) * 1000 >= parts.NEEDLE_MIN_UM
    assert max(row["lengths_mm"]) * 1000 <= parts.NEEDLE_MAX_UM
    assert max(row["pins"]) <= parts.PINS_MAX
    assert row["hub_tube_mm"] * 1000 == parts.HUB_UM


def test_figures_that_both_use():
    assert GUN.number("carriage", "foot_mm") * 1000 == shot.NOMINAL_FOOT_UM
    assert GUN.number("carriage", "advance_least_m_s2") * 1000 == fit.OUT_LEAST_MM_S2
    assert 1 / GUN.spring.rate_n_mm == fit.SPRING_UM_MN
    assert GUN.number("process", "residual_share") == 1 / fit.LEFT_PART
    assert GUN.number("process", "turnaround_ms") * 1000 == aim.RATE_MARGIN_US
    assert GUN.number("process", "flow_least_nl_s") == aim.FLOW_LEAST_NL_S
    assert GUN.number("process", "dwell_most_s") * 1_000_000 == aim.DWELL_MAX_US
    assert GUN.number("plunger", "screw", "backlash_um") * 1000 == fit.NOMINAL_BACKLASH_NM


def test_the_carriage_reaches_the_deepest_shot():
    reach_mm = GUN.number("carriage", "travel_mm") - GUN.number("carriage", "foot_mm")
    assert reach_mm * 1000 >= parts.DEPTH_MAX_UM


@pytest.mark.parametrize("pins", [1, 3, 5, 9])
@pytest.mark.parametrize(("syringe_name", "needle_name"), PAIRS)
def test_the_way_out_keeps_its_margin(syringe_name, needle_name, pins):
    """What core lets the carriage do: 30 % of the torque is left all the way, and hardly more is
    held back."""
    told = head(syringe_name, needle_name, pins=pins)
    fitted = fit.Fit(told)
    puncture_n = skin.puncture_n(GUN.needle(needle_name).outer_um, pins)
    for travel_mm in (1.6, 3.0, 5.0, 8.0, 11.0, 14.0):
        up_mm_s2 = fitted.out_mm_s2(round(travel_mm * 1000))
        best = cycle.advance(GUN, GUN.syringe(syringe_name), puncture_n, travel_mm)
        if up_mm_s2 < fit.OUT_LEAST_MM_S2:
            # Near the end of its strength the motor may still hold, but not with its margin.
            ends_n = cycle.advance_load(GUN, GUN.syringe(syringe_name), puncture_n, True)(travel_mm)
            pushes_n = cycle.carriage_push_n(GUN)
            assert best.up_m_s2 < 1.3 or ends_n > pushes_n * 0.999
            continue
        limits = Limits(best.speed_mm_s, up_mm_s2 / 1000, best.down_m_s2)
        found = cycle.carriage_margin(GUN, GUN.syringe(syringe_name), puncture_n, travel_mm, limits)
        assert found >= GUN.number("process", "torque_margin")
        assert up_mm_s2 / 1000 >= best.up_m_s2 - 0.25


@pytest.mark.parametrize(("syringe_name", "needle_name"), PAIRS)
@pytest.mark.parametrize("viscosity_upa_s", [1_000, 5_000, 20_000])
def test_flow_and_pressure(syringe_name, needle_name, viscosity_upa_s):
    told = head(syringe_name, needle_name, viscosity_upa_s=viscosity_upa_s)
    fitted = shot.nominal(told)
    physics = of_gun(told)
    way = cycle.tube(GUN, physics)
    for flow_nl_s in (1_000, 20_000, 300_000):
        bar = needle.pressure_bar(way, viscosity_upa_s / 1000, flow_nl_s)
        assert fitted.pressure_nbar(flow_nl_s) == pytest.approx(bar * 1e9, rel=0.002)
    highest = cycle.highest_flow(GUN, physics)
    assert fitted.most_flow_nl_s() == pytest.approx(highest.flow_nl_s, rel=0.005)
    assert (aim.unsized(fitted) is not None) == (highest.flow_nl_s < aim.FLOW_LEAST_NL_S)


@pytest.mark.parametrize(("syringe_name", "needle_name"), PAIRS)
def test_rates(syringe_name, needle_name):
    """What core says the gun can repeat is what the sizing page says, within 3 %."""
    told = head(syringe_name, needle_name)
    fitted = shot.nominal(told)
    asked = aim.Aim()
    zone = {
        "mode": "burst", "depth_um": 2_000, "angle_deg": 90, "volume_nl": 10_000,
        "rate_per_min": 1, "flow_nl_s": 500_000, "dwell_ms": 0,
    }  # fmt: skip
    steps = 10_000 * 1_000_000 // fitted.step_fl
    fault = asked.take(zone, fitted, shot.NOMINAL_FOOT_UM, shot.NOMINAL_STEP_PM, steps)
    best = cycle.shortest(GUN, of_gun(told), 2.0, 10_000)
    if best.dwell_s > GUN.number("process", "dwell_most_s"):
        assert fault is not None
        return
    assert fault is None
    assert aim.most_per_min(asked.lasts_us) == pytest.approx(best.per_min, rel=0.03, abs=1)


def test_axes_are_in_the_doors_order():
    assert machine.AXES[CARRIAGE].name == "carriage"
    assert machine.AXES[PLUNGER].name == "plunger"
