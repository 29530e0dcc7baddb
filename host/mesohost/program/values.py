"""One value of a TOML file to core's integer or text, by the kind of its field."""

import datetime
from collections.abc import Callable

from mesofw.core import errors, fields
from mesohost.program import quantity
from mesohost.program.faults import Flaw, describe, nearest
from mesohost.program.tables import Column, field_fault

_INTEGER_BITS = 63
_NO_CONTROLS = "remove the control characters"


def read_value(column: Column, raw: object) -> int | str | Flaw:
    """`raw`, as `tomllib` gives it, as core holds it: in the unit of `column.name`.

    A `Flaw` where it is of the wrong kind, out of bounds, no choice, or without a unit.
    """
    return _READERS[column.kind](column, raw)


def missing(column: Column) -> Flaw:
    """The flaw of a field that has to be there and is not."""
    return Flaw(errors.MISSING, "nothing", column.allowed)


def _checked(
    column: Column, raw: object, value: int | str, hint: str = "", remedy: str = ""
) -> int | str | Flaw:
    """`value` where core's own check accepts it."""
    fault = field_fault(column, value)
    return Flaw(fault.code, describe(raw), fault.allowed, hint, remedy) if fault else value


def _wrong(column: Column, raw: object, remedy: str) -> Flaw:
    return Flaw(errors.WRONG_TYPE, describe(raw), column.allowed, remedy=remedy)


def _text(column: Column, raw: object) -> int | str | Flaw:
    if not isinstance(raw, str):
        return _wrong(column, raw, "write it in quotes")
    remedy = "" if len(raw) > column.high else "write something" if not raw else _NO_CONTROLS
    return _checked(column, raw, raw, remedy=remedy)


def _choice(column: Column, raw: object) -> int | str | Flaw:
    if not isinstance(raw, str):
        return _wrong(column, raw, "write one of them, in quotes")
    if raw in column.choices:
        return raw
    near = nearest(raw, column.choices)
    return _checked(column, raw, raw, f'did you mean "{near}"?' if near else "")


def _date(column: Column, raw: object) -> int | str | Flaw:
    if isinstance(raw, datetime.date) and not isinstance(raw, datetime.datetime):
        return _checked(column, raw, raw.year * 10000 + raw.month * 100 + raw.day)
    remedy = "write it as YYYY-MM-DD without quotes and time, as in 2030-12-31"
    return Flaw(errors.NOT_A_DATE, describe(raw), column.allowed, remedy=remedy)


def _integer(column: Column, raw: object) -> int | str | Flaw:
    if column.suffix:
        return _quantity(column, raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        return _wrong(column, raw, "write a whole number without quotes")
    if raw.bit_length() > _INTEGER_BITS:
        return Flaw(errors.OUT_OF_RANGE, describe(raw), column.allowed)
    return _checked(column, raw, raw)


def _quantity(column: Column, raw: object) -> int | Flaw:
    if isinstance(raw, str):
        return quantity.read(column, raw)
    number = describe(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float) or number in _NO_NUMBERS:
        return _wrong(column, raw, quantity.form(column))
    return Flaw(errors.NO_UNIT, number, column.allowed, remedy=quantity.with_unit(column, number))


_NO_NUMBERS = ("nan", "inf", "-inf")
_READERS: dict[str, Callable[[Column, object], int | str | Flaw]] = {
    fields.TEXT: _text,
    fields.CHOICE: _choice,
    fields.DATE: _date,
    fields.INT: _integer,
}
