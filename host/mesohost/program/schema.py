"""JSON Schema of program files for editors, derived from core's field tables.

A TOML date counts as text of the format `date`. Bounds of quantities stand in their descriptions,
since a schema cannot compare text with a unit; `load_program` is the full check.
"""

from typing import Annotated, Any, Literal

import msgspec

from mesofw.core import fields
from mesohost.program import quantity
from mesohost.program.tables import (
    HEAD,
    INGREDIENT,
    LIMITS,
    NEEDLE,
    PRODUCT,
    ZONE,
    Column,
    most,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
_Members = list[Any]


def schema() -> dict[str, Any]:
    """The schema of a program file, with `$schema` and a title."""
    described = msgspec.json.schema(_document())
    return {"$schema": DIALECT, "title": "mesogun session program", **described}


def _document() -> Any:
    ingredient = _table("Ingredient", INGREDIENT)
    product = _table("Product", PRODUCT, [_array("ingredients", ingredient, "ingredient")])
    limits = _table("Limits", LIMITS)
    both: Any = _struct("HardAndSoft", [_optional("hard", limits), _optional("soft", limits)])
    tables = [
        ("needle", _table("Needle", NEEDLE)),
        _optional("limits", both),
        _array("products", product, "product"),
        ("zones", _bounded(_table("Zone", ZONE), "zone", 1)),
    ]
    return _table("Program", HEAD, tables)


def _struct(name: str, members: _Members) -> Any:
    # Members without a default have to come first.
    ordered = sorted(members, key=len)
    return msgspec.defstruct(name, ordered, forbid_unknown_fields=True)


def _table(name: str, columns: tuple[Column, ...], more: _Members | None = None) -> Any:
    return _struct(name, [*map(_member, columns), *(more or [])])


def _optional(key: str, kind: Any) -> Any:
    return key, kind | msgspec.UnsetType, msgspec.UNSET


def _array(key: str, kind: Any, section: str) -> Any:
    return key, _bounded(kind, section, 0), msgspec.field(default_factory=list)


def _bounded(kind: Any, section: str, least: int) -> Any:
    return Annotated[list[kind], msgspec.Meta(min_length=least, max_length=most(section))]


def _member(column: Column) -> Any:
    kind = _KINDS[column.kind](column)
    return (column.key, kind) if column.left_out is None else (column.key, kind, column.left_out)


def _text(column: Column) -> Any:
    meta = msgspec.Meta(
        min_length=column.low,
        max_length=column.high,
        pattern=_NO_CONTROLS,
        description=column.doc,
    )
    return Annotated[str, meta]


def _choice(column: Column) -> Any:
    literal: Any = Literal
    return Annotated[literal[column.choices], msgspec.Meta(description=column.doc)]


def _date(column: Column) -> Any:
    meta = msgspec.Meta(description=column.doc, extra_json_schema={"format": "date"})
    return Annotated[str, meta]


def _integer(column: Column) -> Any:
    description = f"{column.doc}: {column.allowed}"
    if column.suffix:
        meta = msgspec.Meta(pattern=quantity.pattern(column), description=description)
        return Annotated[str, meta]
    return Annotated[int, msgspec.Meta(ge=column.low, le=column.high, description=description)]


_KINDS = {
    fields.TEXT: _text,
    fields.CHOICE: _choice,
    fields.DATE: _date,
    fields.INT: _integer,
}
