"""What the schematic's values give: how fast the stop cuts, how long the logic lives, what the
fuses carry; and the page says so."""

import math
import re
from pathlib import Path

from hardware import design, electrical
from hardware.electronics import figures

PLANS = design.load()
PAGE = (Path(design.__file__).parent / "electronics" / "README.md").read_text(encoding="utf-8")
# Where a TMC2209 switches off (estimate: as remembered of its data sheet).
DRIVER_OFF_V = 4.5
VOLTS = PLANS.gun["supply"]["volts"]


def farad(*nets: str) -> float:
    """The large capacitors on a net to ground."""
    parts = [part for part in PLANS.parts if part.shape == "polar" and part.nets == nets]
    return sum(float(re.match(r"\d+", part.value)[0]) for part in parts) * 1e-6


def test_the_stop_empties_the_motors_supply_at_once():
    dump = PLANS.part("R5")
    assert dump
    time_s = electrical.ohm(dump.value) * farad("VMOT", "GND") * math.log(VOLTS / DRIVER_OFF_V)
    assert f"within {time_s * 1000:.0f} ms" in PAGE
    # The needle has the rest of the time that gun.toml allows for its return.
    assert time_s < 0.1 * PLANS.gun["process"]["return_limit_s"]


def test_the_logic_outlives_the_supply():
    lowest_v, logic_w = 7.0, figures.logic_w()
    stored_j = farad("V24_L", "GND") / 2 * ((VOLTS - 1.0) ** 2 - lowest_v**2)
    assert stored_j / logic_w > 0.05
    assert f"some {stored_j / logic_w * 1000:.0f} ms" in PAGE


def test_the_page_tells_the_loads():
    loads = figures.loads_a(PLANS.gun)
    assert f"draw {loads['fuse_motor']:.2f} A; with the logic {loads['fuse_main']:.2f} A" in PAGE


def test_braking_lifts_the_supply_less_than_the_drivers_bear():
    gun = PLANS.gun
    turn_s = 2 * math.pi * gun["carriage"]["speed_mm_s"] / gun["carriage"]["lead_mm"]
    rotor_j = gun["carriage"]["motor"]["rotor_gcm2"] * 1e-7 / 2 * turn_s**2
    riding_kg = 0.15
    moving_j = riding_kg / 2 * (gun["carriage"]["speed_mm_s"] / 1000) ** 2
    lifted_v = math.sqrt(VOLTS**2 + 2 * (rotor_j + moving_j) / farad("VMOT", "GND"))
    assert lifted_v < gun["driver"]["most_volts"]
    assert f"from 24 to {lifted_v:.0f} V" in PAGE
