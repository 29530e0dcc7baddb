"""Quantities: exact, in every unit of their kind, and printed values read back the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesofw.core import fields
from mesohost.program import quantity
from mesohost.program.faults import Flaw
from mesohost.program.tables import HEAD, INGREDIENT, LIMITS, NEEDLE, PRODUCT, ZONE

COLUMNS = {
    column.name: column
    for table in (HEAD, NEEDLE, PRODUCT, INGREDIENT, LIMITS, ZONE)
    for column in table
    if column.suffix
}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("depth_um", "1.5 mm", 1500),
        ("depth_um", "1500 µm", 1500),
        ("depth_um", "1500 μm", 1500),  # Greek mu
        ("depth_um", "1500um", 1500),
        ("depth_um", "  1.500\u00a0mm ", 1500),
        ("depth_um", "0 mm", 0),
        ("depth_um", "13.000 mm", 13000),
        ("volume_nl", "20 µL", 20_000),
        ("volume_nl", "20 ul", 20_000),
        ("volume_nl", "0.02 mL", 20_000),
        ("volume_nl", "20000 nL", 20_000),
        ("volume_nl", "5.001 µL", 5_001),
        ("session_nl", "4 ml", 4_000_000),
        ("rate_per_min", "300 /min", 300),
        ("rate_per_min", "300/min", 300),
        ("rate_per_min", "5 /s", 300),
        ("rate_per_min", "0.05 /s", 3),
        ("flow_nl_s", "100 µL/s", 100_000),
        ("flow_nl_s", "6 mL/min", 100_000),
        ("flow_nl_s", "90 µL/min", 1_500),
        ("flow_nl_s", "0.1 mL/s", 100_000),
        ("dwell_ms", "20 ms", 20),
        ("dwell_ms", "0.02 s", 20),
        ("limit_ug", "40 mg", 40_000),
        ("limit_ug", "500 µg", 500),
        ("limit_ug", "500 mcg", 500),
        ("limit_ug", "0.5 g", 500_000),
        ("strength_ug_ml", "10 mg/mL", 10_000),
        ("strength_ug_ml", "500 µg/mL", 500),
        ("share_ppm", "33.3333 %", 333_333),
        ("share_ppm", "100%", 1_000_000),
        ("viscosity_upa_s", "5 mPa·s", 5_000),
        ("viscosity_upa_s", "1.25 mPas", 1_250),
        ("viscosity_upa_s", "5 mPa.s", 5_000),
        ("viscosity_upa_s", "5 mPa*s", 5_000),
        ("viscosity_upa_s", "5 mPa⋅s", 5_000),  # the dot operator
        ("viscosity_upa_s", "5cP", 5_000),
        ("viscosity_upa_s", "0.05 Pa·s", 50_000),
        ("angle_deg", "30 °", 30),
        ("angle_deg", "30º", 30),  # the ordinal sign
        ("angle_deg", "30deg", 30),
    ],
)
def test_units(name, text, value):
    assert quantity.read(COLUMNS[name], text) == value
    assert re.fullmatch(quantity.pattern(COLUMNS[name]), text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("depth_um", ""),
        ("depth_um", "mm"),
        ("depth_um", "1.5 m"),
        ("depth_um", "1.5 MM"),
        ("depth_um", "+1.5 mm"),
        ("depth_um", "1. mm"),
        ("depth_um", "1.5 mm 2"),
        ("depth_um", "１.5 mm"),
        ("depth_um", "0." + "0" * 15 + "1 mm"),
        ("depth_um", "9" * 16 + " mm"),
        ("depth_um", "13.0001 mm"),
        ("depth_um", "0.0001 mm"),
        ("volume_nl", "20 ML"),
        ("volume_nl", "0.0005 µL"),
        ("flow_nl_s", "0.1 mL/min"),
        ("rate_per_min", "0.01 /s"),
        ("share_ppm", "33.33333 %"),
    ],
)
def test_never_rounded_never_guessed(name, text):
    assert isinstance(quantity.read(COLUMNS[name], text), Flaw)


@given(st.data(), st.sampled_from(sorted(COLUMNS)))
def test_a_printed_value_reads_back(data, name):
    column = COLUMNS[name]
    low = quantity.PLAUSIBLE_LOW.get(name, column.low) if column.low == 0 else column.low
    value = data.draw(st.integers(low, column.high))
    text = fields.show(name, value)
    assert quantity.read(column, text) == value
    assert re.fullmatch(quantity.pattern(column), text)


@given(st.data(), st.sampled_from(sorted(COLUMNS)))
def test_a_value_is_the_same_in_every_unit(data, name):
    column = COLUMNS[name]
    unit, (numerator, denominator) = data.draw(
        st.sampled_from(list(quantity.UNITS[column.suffix].items()))
    )
    thousandths = data.draw(st.integers(0, 10**9))
    number = f"{thousandths // 1000}.{thousandths % 1000:03}"
    read = quantity.read(column, f"{number} {unit}")
    exact, rest = divmod(thousandths * numerator, 1000 * denominator)
    if isinstance(read, Flaw):
        suspect = column.low == 0 and exact < quantity.PLAUSIBLE_LOW.get(name, 0)
        assert rest or not column.low <= exact <= column.high or suspect
    else:
        assert (read, 0) == (exact, rest)


@given(st.sampled_from(sorted(COLUMNS)), st.text(max_size=12))
def test_any_text_is_a_number_in_bounds_or_a_flaw(name, text):
    column = COLUMNS[name]
    read = quantity.read(column, text)
    if not isinstance(read, Flaw):
        assert column.low <= read <= column.high
        assert re.fullmatch(quantity.pattern(column), text)


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_the_unit_that_core_shows_is_the_first(name):
    suffix = COLUMNS[name].suffix
    unit, factor, _ = fields.UNITS[suffix]
    assert next(iter(quantity.UNITS[suffix].items())) == (unit, (factor, 1))
