"""Quantities: text with its unit to whole numbers of core's unit, exactly.

A number with more digits than core's unit resolves is refused, never rounded. A value that another
unit of its kind would put right is a mistaken unit: `20 mL` a shot where `20 µL` was meant.
"""

import re

from mesofw.core import errors, fields
from mesohost.program.faults import Flaw, describe
from mesohost.program.tables import Column, core

# suffix of core's name: {unit: (numerator, denominator) that turn it into core's unit}.
# The first is the unit that is shown.
UNITS: dict[str, dict[str, tuple[int, int]]] = {
    "_um": {"mm": (1000, 1), "µm": (1, 1), "um": (1, 1)},
    "_nl": {
        "µL": (1000, 1),
        "mL": (1_000_000, 1),
        "nL": (1, 1),
        "uL": (1000, 1),
        "µl": (1000, 1),
        "ml": (1_000_000, 1),
        "nl": (1, 1),
        "ul": (1000, 1),
    },
    "_nl_s": {
        "µL/s": (1000, 1),
        "mL/min": (1_000_000, 60),
        "mL/s": (1_000_000, 1),
        "nL/s": (1, 1),
        "µL/min": (1000, 60),
        "uL/s": (1000, 1),
        "uL/min": (1000, 60),
    },
    "_per_min": {"/min": (1, 1), "/s": (60, 1)},
    "_ms": {"s": (1000, 1), "ms": (1, 1)},
    "_ug": {"mg": (1000, 1), "µg": (1, 1), "g": (1_000_000, 1), "ug": (1, 1), "mcg": (1, 1)},
    "_ug_ml": {"mg/mL": (1000, 1), "µg/mL": (1, 1), "ug/mL": (1, 1), "mcg/mL": (1, 1)},
    "_ppm": {"%": (10_000, 1)},
    "_upa_s": {
        "mPa·s": (1000, 1),
        "cP": (1000, 1),
        "Pa·s": (1_000_000, 1),
        "mPas": (1000, 1),
        "mPa.s": (1000, 1),
        "mPa*s": (1000, 1),
    },
    "_deg": {"°": (1, 1), "deg": (1, 1)},
    # Of the gun's own settings only.
    "_s": {"s": (1, 1), "min": (60, 1)},
    "_mn": {"N": (1000, 1), "mN": (1, 1)},
    "_mv": {"V": (1000, 1), "mV": (1, 1)},
    "_dc": {"°C": (10, 1), "C": (10, 1)},
}
# Signs that keyboards give in place of those of `UNITS`: Greek mu, dot operator, bullet, ordinal.
_ALIKE = {"μ": "µ", "⋅": "·", "∙": "·", "•": "·", "º": "°", "˚": "°"}
_READ_AS = str.maketrans(_ALIKE)
# Below these a value is more likely a slip of unit than meant. In the unit of the name.
PLAUSIBLE_LOW = {
    "depth_um": 100,
    "volume_nl": core.SHOT_MIN_NL,
    "zone_nl": 50_000,
    "session_nl": 100_000,
    "dwell_ms": 1,
}
_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,15})?"
_QUANTITY = re.compile(rf"(-?)({_NUMBER})\s*(.*)", re.DOTALL)
_COMMA = re.compile(r"-?([0-9]{1,15}),([0-9]{1,15})\s*(.{0,20})")


def pattern(column: Column) -> str:
    """The regular expression (ECMA and Python) of what a quantity of the column looks like."""
    units = [re.escape(unit) for unit in UNITS[column.suffix]]
    for sign in dict.fromkeys(_ALIKE.values()):
        alike = "".join(other for other, read_as in _ALIKE.items() if read_as == sign)
        units = [unit.replace(sign, f"[{sign}{alike}]") for unit in units]
    return rf"^\s*{_NUMBER}\s*({'|'.join(units)})\s*$"


def read(column: Column, text: str) -> int | Flaw:
    """`text` as a whole number of the column's unit, within its bounds; else what is wrong."""
    text = text.strip()
    match = _QUANTITY.fullmatch(text)
    if not match or _COMMA.match(text):
        return Flaw(errors.WRONG_TYPE, describe(text), column.allowed, remedy=_form(column, text))
    sign, number, unit = match.groups()
    factor = UNITS[column.suffix].get(unit.translate(_READ_AS))
    if factor is None:
        remedy = form(column) if unit else with_unit(column, sign + number)
        return Flaw(errors.NO_UNIT, describe(text), column.allowed, remedy=remedy)
    value, rest = _scaled(number, factor)
    above = value > column.high or (value == column.high and rest > 0)
    out = bool(sign) or value < column.low or above
    suspect = column.low == 0 and value < _low(column) and (value > 0 or rest > 0)
    meant = _meant(column, number, factor) if (out or suspect) and not sign else None
    if meant is not None:
        hint = f"did you mean {fields.show(column.name, meant)}?"
        return Flaw(
            errors.UNIT_MISTAKEN, describe(text), _plausible(column), hint, "check the unit"
        )
    if out:
        return Flaw(errors.OUT_OF_RANGE, describe(text), column.allowed)
    if rest:
        near = " or ".join(f'"{fields.show(column.name, value + more)}"' for more in (0, 1))
        allowed = f"whole steps of {fields.show(column.name, 1)}"
        return Flaw(errors.TOO_FINE, describe(text), allowed, remedy=f"write {near}")
    return value


def with_unit(column: Column, number: str) -> str:
    """What to write for a number without unit: the first unit that puts it in range."""
    if re.fullmatch(_NUMBER, number):
        for unit, factor in UNITS[column.suffix].items():
            value, rest = _scaled(number, factor)
            if not rest and _low(column) <= value <= column.high:
                return f'write "{number} {unit}"'
    return form(column)


def form(column: Column) -> str:
    """How a quantity of the column is written."""
    *others, last = _main_units(column)
    units = f"{', '.join(others)} or {last}" if others else last
    return f"write a number and its unit in quotes, in {units}"


def slip(name: str, value: int, low: int, high: int) -> str:
    """A hint where a thousandth of `value` (of the field `name`) would be in `low` to `high`."""
    meant, rest = divmod(value, 1000)
    fits = not rest and low <= meant <= high
    return f"did you mean {fields.show(name, meant)}?" if fits else ""


def _scaled(number: str, factor: tuple[int, int]) -> tuple[int, int]:
    """`number` times `factor`, as the whole part and a remainder that is 0 where it is exact."""
    whole, _, decimals = number.partition(".")
    numerator, denominator = factor
    return divmod(int(whole + decimals) * numerator, 10 ** len(decimals) * denominator)


def _meant(column: Column, number: str, factor: tuple[int, int]) -> int | None:
    for other in UNITS[column.suffix].values():
        value, rest = _scaled(number, other)
        if other != factor and not rest and _low(column) <= value <= column.high:
            return value
    return None


def _low(column: Column) -> int:
    return PLAUSIBLE_LOW.get(column.name, column.low)


def _plausible(column: Column) -> str:
    low = _low(column) if column.low == 0 else column.low
    return f"{fields.show(column.name, low)} to {fields.show(column.name, column.high)}"


def _main_units(column: Column) -> list[str]:
    """The column's units, each in one spelling only."""
    units = UNITS[column.suffix]
    first = {factor: unit for unit, factor in reversed(units.items())}
    return [unit for unit, factor in units.items() if first[factor] == unit]


def _form(column: Column, text: str) -> str:
    comma = _COMMA.fullmatch(text)
    if not comma:
        return form(column)
    whole, decimals, unit = comma.groups()
    readings = [f'"{whole}.{decimals} {unit}"']
    if len(decimals) == 3:
        readings.append(f'"{whole}{decimals} {unit}"')
    return f"a decimal comma is not accepted: write {' or '.join(readings)}"
