"""Core's field tables as a program file writes them: keys without the unit suffix.

Core runs on MicroPython too and carries few types; this is the door through which the program
files use it, with types. A `Column` is one field of core's tables in typed form. The file's layout
is core's, but for the needle, whose three fields are written together: `needle = { gauge, length,
pins }`.
"""

from typing import Any

import msgspec

from mesofw.core import errors, fields, judge, meanings, program, settings

core: Any = program
Judge: Any = judge.Judge
_fields: Any = fields
Record = dict[str, int | str]

# Core's name in the program's head: its key in the file's `needle`.
NEEDLE_KEYS = {"needle": "gauge", "length_um": "length", "pins": "pins"}
# Written by the tool, never by a person.
IMPLIED = ("format",)


class Column(msgspec.Struct, frozen=True):
    """One field: its `key` in the file, its `name` in core (with unit), kind, bounds and default.

    `low` and `high` are in the unit of `name`; `suffix` is that unit's, or the empty text.
    `field` is core's own entry, for core's own checks.
    """

    key: str
    name: str
    suffix: str
    kind: str
    doc: str
    low: int
    high: int
    choices: tuple[str, ...]
    default: int | str | None
    field: Any

    @property
    def left_out(self) -> int | str | None:
        """What a file means that leaves the field out, as it would be written; None where it must
        be there."""
        if self.suffix and isinstance(self.default, int):
            return fields.show(self.name, self.default)
        return self.default

    @property
    def allowed(self) -> str:
        """What the field may be, in core's words."""
        return fields.allowed(self.field)


def _column(section: str, field: Any, key: str = "") -> Column:
    suffix = fields.unit_suffix(field.name)
    return Column(
        key=key or field.name.removesuffix(suffix),
        name=field.name,
        suffix=suffix,
        kind=field.kind,
        doc=meanings.MEANINGS[section][field.name],
        low=field.low,
        high=field.high,
        choices=tuple(field.choices),
        default=field.default,
        field=field,
    )


def _columns(section: str, table: Any, leave_out: tuple[str, ...] = ()) -> tuple[Column, ...]:
    return tuple(_column(section, field) for field in table if field.name not in leave_out)


HEAD = _columns("program", core.PROGRAM, (*IMPLIED, *NEEDLE_KEYS))
NEEDLE = tuple(
    _column("program", field, NEEDLE_KEYS[field.name])
    for field in core.PROGRAM
    if field.name in NEEDLE_KEYS
)
PRODUCT = _columns("product", core.PRODUCT)
INGREDIENT = _columns("ingredient", core.INGREDIENT)
LIMITS = _columns("limits", core.LIMITS)
ZONE = _columns("zone", core.ZONE)
# The gun's own records.
_settings: Any = settings
RECORDS = {name: _columns(name, _settings.RECORDS[name]) for name in settings.NAMES}


def most(kind: str) -> int:
    """How many sections of a kind (`zone`, `product`, `ingredient`) a program may have."""
    return core.SECTIONS[kind][1]


def names(kind: str) -> tuple[str, ...]:
    """The fields of a kind of section, in core's order."""
    return tuple(field.name for field in core.SECTIONS[kind][0])


def section_line(kind: str, record: Record) -> bytes:
    """One section as its line of program text, newline included."""
    return core.section_line(kind, record)


def field_fault(column: Column, value: int | str) -> errors.Fault | None:
    """What core's own check says of a value, which is in the unit of `column.name`."""
    found: list[errors.Fault] = []
    _fields.check((column.field,), {column.name: value}, "", found)
    return found[0] if found else None


def numbered(key: str, index: int) -> str:
    """The place of the table at `index` (from 0) of an array: `zones[1].` is the first zone."""
    return f"{key}[{index + 1}]."
