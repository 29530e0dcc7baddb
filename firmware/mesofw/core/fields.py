"""Tables of fields and the check of a record against one: all faults at once.

A field's name carries its unit, so the unit is stated once: `depth_um`, `volume_nl`. `show` turns
such a number into the text that people read, always with its unit.
"""

from collections import namedtuple

from mesofw.core import errors
from mesofw.core.errors import Fault

INT = "integer"
TEXT = "text"
CHOICE = "choice"
DATE = "date"

# suffix: (unit that people read, how many of ours make one of it, decimals)
UNITS = {
    "_um": ("mm", 1000, 3),
    "_nl": ("µL", 1000, 3),
    "_nl_s": ("µL/s", 1000, 3),
    "_per_min": ("/min", 1, 0),
    "_ms": ("s", 1000, 3),
    "_s": ("s", 1, 0),
    "_ug": ("mg", 1000, 3),
    "_ug_ml": ("mg/mL", 1000, 3),
    "_ppm": ("%", 10000, 4),
    "_mn": ("N", 1000, 3),
    "_mv": ("V", 1000, 3),
    "_dc": ("°C", 10, 1),
    "_upa_s": ("mPa·s", 1000, 3),
    "_deg": ("°", 1, 0),
}
_LONGEST_SUFFIX_FIRST = ("_per_min", "_ug_ml", "_upa_s", "_nl_s")


# One field of a table; made by `field`, which says what each part is.
Field = namedtuple("Field", ("name", "kind", "low", "high", "choices", "default"))


def field(name: str, kind: str, low=0, high=0, choices: tuple = (), default=None) -> Field:
    """One field: its name (with unit), kind, bounds, and whether it must be there. What it is
    stands in `meanings`.

    `low` and `high` bound an integer, `high` the length of a text in characters; `choices` lists
    what a choice may be; `default` is used where the field is left out (None: it must be there).
    """
    return Field(name, kind, low, high, choices, default)


def unit_suffix(name: str) -> str:
    """The suffix of `UNITS` that `name` ends in, or the empty text."""
    for suffix in _LONGEST_SUFFIX_FIRST:
        if name.endswith(suffix):
            return suffix
    cut = name.rfind("_")
    suffix = name[cut:] if cut > 0 else ""
    return suffix if suffix in UNITS else ""


def show(name: str, value: int) -> str:
    """`value` of the field `name` as people read it: `show("volume_nl", 1500)` is "1.5 µL"."""
    suffix = unit_suffix(name)
    if not suffix:
        return str(value)
    unit, factor, decimals = UNITS[suffix]
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), factor)
    text = str(whole)
    if rest:
        digits = str(rest)
        text += "." + ("0" * (decimals - len(digits)) + digits).rstrip("0")
    return sign + text + " " + unit


def allowed(field: Field) -> str:
    """What a field may be, in words."""
    if field.kind == INT:
        return show(field.name, field.low) + " to " + show(field.name, field.high)
    if field.kind == CHOICE:
        return ", ".join(field.choices)
    if field.kind == DATE:
        return "a date, YYYY-MM-DD"
    return "text of 1 to %d characters" % field.high


def check(table, record, at: str, faults: list) -> None:
    """Check `record` (a dict) against `table` (Fields); append a Fault for each thing wrong.

    Fields left out that have a default are filled in. `at` is the path that is put before the
    field's name.
    """
    known = 0
    for field in table:
        if field.name in record:
            known += 1
    if known < len(record):
        _unknown(table, record, at, faults)
    for field in table:
        if field.name in record:
            code = _wrong(field, record[field.name])
            if code:
                found = _found(field, record[field.name])
                faults.append(Fault(at + field.name, code, found, allowed(field)))
        elif field.default is None:
            faults.append(Fault(at + field.name, errors.MISSING, "nothing", allowed(field)))
        else:
            record[field.name] = field.default


def _unknown(table, record, at: str, faults: list) -> None:
    names = [field.name for field in table]
    for key in record:
        if key not in names:
            fault = Fault(at + str(key), errors.UNKNOWN_KEY, str(key), ", ".join(names))
            faults.append(fault)


def _wrong(field: Field, value) -> int:
    if field.kind == INT:
        if type(value) is not int:
            return errors.WRONG_TYPE
        return 0 if field.low <= value <= field.high else errors.OUT_OF_RANGE
    if field.kind == DATE:
        return 0 if type(value) is int and _is_date(value) else errors.NOT_A_DATE
    if not isinstance(value, str):
        return errors.WRONG_TYPE
    if field.kind == CHOICE:
        return 0 if value in field.choices else errors.NOT_A_CHOICE
    if not field.low <= len(value) <= field.high or _has_control(value):
        return errors.NOT_TEXT
    return 0


def _found(field: Field, value) -> str:
    if field.kind == INT and type(value) is int:
        return show(field.name, value)
    return repr(value)[:60]


def _has_control(text: str) -> bool:
    # Over bytes: MicroPython keeps each character that is cut out of a text for ever.
    try:
        data = text.encode()
    except ValueError:
        return True  # half a surrogate pair, which JSON's escapes can write
    return bool(data) and (min(data) < 0x20 or 0x7F in data)


_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_date(ymd: int) -> bool:
    year, month, day = ymd // 10000, ymd // 100 % 100, ymd % 100
    if not (1970 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return leap or month != 2 or day < 29
