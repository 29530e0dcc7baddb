"""What core states of the machine and of its parts is what `hardware/gun.toml` states."""

import pytest

from mesofw.core import machine, parts
from mesosim.physics import gun as gun_file
from mesosim.physics.stepper import STEPS_PER_TURN
from mesosim.sizing import HARDWARE

GUN = gun_file.load(HARDWARE / "gun.toml")


@pytest.mark.parametrize("axis", machine.AXES, ids=lambda axis: axis.name)
def test_an_axis(axis):
    row = GUN.part(axis.name)
    lead_nm = row["lead_mm"] * 1e6
    assert axis.step_nm == lead_nm / (STEPS_PER_TURN * row["microsteps"])
    assert axis.count_nm == lead_nm / row["encoder_counts_turn"]
    assert axis.travel_steps == row["travel_mm"] * 1e6 / axis.step_nm
    assert axis.home_hz == row["home_mm_s"] * 1e6 / axis.step_nm
    assert axis.tolerance_nm == row["tolerance_um"] * 1000


@pytest.mark.parametrize("axis", machine.AXES, ids=lambda axis: axis.name)
def test_no_axis_is_driven_faster_than_it_is_sized_for(axis):
    assert axis.speed_hz * axis.step_nm <= GUN.number(axis.name, "speed_mm_s") * 1e6


def test_the_syringes():
    stated = {
        fitted.name: (fitted.barrel.bore_um, row["volume_nl"])
        for fitted, row in zip(GUN.syringes, GUN.raw["syringes"], strict=True)
    }
    assert stated == parts.SYRINGES


@pytest.mark.parametrize("gauge", parts.NEEDLE_NAMES)
def test_a_needle(gauge):
    assert GUN.needle(gauge).inner_um == parts.NEEDLES[gauge]


def test_lengths_and_pins_are_within_what_core_takes():
    row = GUN.part("needle")
    assert min(row["lengths_mm"]) * 1000 >= parts.NEEDLE_MIN_UM
    assert max(row["lengths_mm"]) * 1000 <= parts.NEEDLE_MAX_UM
    assert max(row["pins"]) <= parts.PINS_MAX


def test_the_carriage_reaches_the_deepest_shot():
    reach_mm = GUN.number("carriage", "travel_mm") - GUN.number("carriage", "foot_mm")
    assert reach_mm * 1000 >= parts.DEPTH_MAX_UM
