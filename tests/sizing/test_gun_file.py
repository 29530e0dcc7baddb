"""`hardware/gun.toml` is complete and agrees with itself."""

import pytest

from mesosim.physics import gun as gun_file
from mesosim.physics import screw
from mesosim.physics.stepper import STEPS_PER_TURN
from mesosim.physics.syringe import area_mm2
from mesosim.sizing import HARDWARE

GUN = gun_file.load(HARDWARE / "gun.toml")
FUNCTIONS = (
    "carriage STEP",
    "carriage DIR",
    "carriage EN",
    "plunger STEP",
    "plunger DIR",
    "plunger EN",
    "driver UART",
    "carriage encoder A",
    "carriage encoder B",
    "plunger encoder A",
    "plunger encoder B",
    "carriage home",
    "plunger home",
    "trigger",
    "pedal",
    "skin contact",
    "syringe seated",
    "e-stop sense",
    "knob A",
    "knob B",
    "knob press",
    "display SDA",
    "display SCL",
    "FRAM MISO",
    "FRAM MOSI",
    "FRAM SCK",
    "FRAM CS",
    "force (ADC",
    "supply (ADC",
    "temperature (ADC",
    "light red",
    "light green",
    "light blue",
    "sounder",
    "isolated UART TX",
    "isolated UART RX",
)


def lines():
    return [*GUN.raw["pins"], *GUN.raw["register_lines"]]


def tables(found, path=()):
    if isinstance(found, dict):
        yield path, found
        for name, value in found.items():
            yield from tables(value, (*path, name))
    elif isinstance(found, list):
        for place, value in enumerate(found):
            yield from tables(value, (*path, place))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_one_line(function):
    assert sum(line["function"].startswith(function) for line in lines()) == 1


def test_a_pin_is_used_once_and_none_is_the_picos_own():
    pins = [line["gpio"] for line in GUN.raw["pins"]]
    assert len(set(pins)) == len(pins)
    assert set(pins) <= set(range(29)) - set(GUN.raw["pico"]["reserved"])
    assert set(GUN.raw["pico"]["reserved"]) == {23, 24, 25, 29}


def test_a_register_bit_is_used_once():
    bits = [(line["side"], line["bit"]) for line in GUN.raw["register_lines"]]
    assert sorted(bits) == [(side, bit) for side in ("in", "out") for bit in range(8)]


@pytest.mark.parametrize(
    ("function", "pins"),
    [
        ("isolated UART TX", {0, 12, 16, 28}),
        ("isolated UART RX", {1, 13, 17, 29}),
        ("display SDA", {0, 4, 8, 12, 16, 20}),
        ("display SCL", {1, 5, 9, 13, 17, 21}),
        ("FRAM MISO", {0, 4, 16, 20}),
        ("FRAM SCK", {2, 6, 18, 22}),
        ("FRAM MOSI", {3, 7, 19, 23}),
        ("force (ADC0", {26}),
        ("supply (ADC1", {27}),
        ("temperature (ADC2", {28}),
    ],
)
def test_a_pin_can_do_what_it_is_for(function, pins):
    """After table 2, GPIO functions, of the RP2040 data sheet."""
    (line,) = [line for line in GUN.raw["pins"] if line["function"].startswith(function)]
    assert line["gpio"] in pins


def test_an_encoder_has_neighbouring_pins():
    at = {line["function"]: line["gpio"] for line in GUN.raw["pins"]}
    for axis in ("carriage", "plunger"):
        assert at[f"{axis} encoder B"] == at[f"{axis} encoder A"] + 1


def test_every_line_leads_to_a_part_that_is_named():
    for line in lines():
        assert "part" in GUN.raw[line["with"]] or line["with"] == "home"


def test_every_table_with_figures_has_a_source():
    inner = {"riding_g", "fixed_g", "advance_m_s2", "withdraw_m_s2", "pins", "register_lines"}
    for path, found in tables(GUN.raw):
        if not path or inner & set(path):
            continue
        assert found.get("source"), path
    for path, found in tables(GUN.raw):
        if "part" in found:
            assert found["part"], path
        assert found.get("estimate", "estimate:").startswith("estimate:"), path


@pytest.mark.parametrize("axis", ["carriage", "plunger"])
def test_the_curve_is_what_its_source_says(axis):
    row = GUN.part(axis, "motor")
    assert row["curve_source"].startswith("estimate: computed from the winding")
    for (at, listed), (_, computed) in zip(row["curve"], GUN.curve_of_winding(axis), strict=True):
        assert listed == pytest.approx(computed, abs=0.051), at


@pytest.mark.parametrize("axis", ["carriage", "plunger"])
def test_a_screw_is_said_once(axis):
    assert GUN.number(axis, "lead_mm") == GUN.number(axis, "screw", "lead_mm")
    told = GUN.number(axis, "screw", "efficiency")
    assert screw.efficiency(GUN.screw(axis)) == pytest.approx(told, abs=0.03)
    # Steps and counts are whole nanometres, for core counts in them.
    lead_nm = GUN.number(axis, "lead_mm") * 1e6
    assert lead_nm % (STEPS_PER_TURN * GUN.number(axis, "microsteps")) == 0
    assert lead_nm % GUN.number(axis, "encoder_counts_turn") == 0


def test_the_supply_is_within_the_driver():
    assert GUN.number("supply", "volts") < GUN.number("driver", "most_volts")


def test_a_syringe_holds_its_volume_and_the_plunger_reaches_its_end():
    for row, fitted in zip(GUN.raw["syringes"], GUN.syringes, strict=True):
        holds_nl = area_mm2(fitted.barrel.bore_um) * fitted.barrel.stroke_um
        assert holds_nl == pytest.approx(row["volume_nl"], rel=0.002)
        assert fitted.barrel.stroke_um / 1000 < GUN.number("plunger", "travel_mm")
        assert 0 < fitted.glide_n < fitted.break_n


def test_a_needle_is_a_tube():
    for item in GUN.needles:
        assert 0 < item.tolerance_um < item.inner_um < item.outer_um
    assert len({item.name for item in GUN.needles}) == len(GUN.needles)
