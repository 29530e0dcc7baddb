"""A program file's tables to core's sections, with every flaw on the way and none that follows.

A field that is missing or flawed is `unsure` in its section, so that what is judged later can
leave it out.
"""

from typing import Any, cast

import msgspec

from mesofw.core import errors
from mesohost.program.faults import Flaw, describe, nearest, printable
from mesohost.program.lines import key_text
from mesohost.program.tables import (
    HEAD,
    INGREDIENT,
    LIMITS,
    NEEDLE,
    PRODUCT,
    ZONE,
    Column,
    Record,
    core,
    most,
    numbered,
)
from mesohost.program.values import missing, read_value

Table = dict[str, Any]
_UNKNOWN_MAX = 5
_HEAD_TABLES = ("needle", "limits", "products", "zones")


class Section(msgspec.Struct):
    """One section: its kind, the path before its fields' names, its fields as core names them."""

    kind: str
    at: str
    record: Record
    unsure: set[str]


class Draft(msgspec.Struct):
    """What a file holds: sections in core's order, flaws by path.

    `incomplete` are the keys of tables of which the file seems to mean more than could be read.
    """

    sections: list[Section]
    flaws: list[tuple[str, Flaw]]
    incomplete: set[str]


def read_sections(document: Table) -> Draft:
    """The sections of a parsed program file."""
    draft = Draft([], [], set())
    head = _section(draft, "program", "", document, HEAD, _HEAD_TABLES)
    head.record["format"] = core.FORMAT
    _read_needle(draft, head, document)
    _read_limits(draft, document)
    for at, product in _arrays(draft, document, "", "products", "product"):
        _section(draft, "product", at, product, PRODUCT, ("ingredients",))
        for inner, ingredient in _arrays(draft, product, at, "ingredients", "ingredient"):
            _section(draft, "ingredient", inner, ingredient, INGREDIENT)
    for at, zone in _arrays(draft, document, "", "zones", "zone"):
        _section(draft, "zone", at, zone, ZONE)
    return draft


def _read_needle(draft: Draft, head: Section, document: Table) -> None:
    example = '{ gauge = "30G", length = "4 mm", pins = 1 }'
    needle = _table(draft, document, "needle", "needle", example)
    if needle is None:
        if "needle" not in document and "needle" not in draft.incomplete:
            draft.flaws.append(("needle", Flaw(errors.MISSING, "nothing", example)))
        head.unsure.update(column.name for column in NEEDLE)
    else:
        _fill(draft, head, "needle.", needle, NEEDLE)


def _read_limits(draft: Draft, document: Table) -> None:
    kinds = ("hard", "soft")
    limits = _table(draft, document, "limits", "limits", "[limits.hard] and [limits.soft]") or {}
    _unknown(draft, "limits.", limits, kinds)
    for kind in kinds:
        at = f"limits.{kind}"
        table = _table(draft, limits, kind, at, f"a table: [{at}]")
        _section(draft, kind, at + ".", table or {}, LIMITS)


def _section(
    draft: Draft,
    kind: str,
    at: str,
    table: Table,
    columns: tuple[Column, ...],
    inner: tuple[str, ...] = (),
) -> Section:
    section = Section(kind, at, {}, set())
    draft.sections.append(section)
    _fill(draft, section, at, table, columns, inner)
    return section


def _fill(
    draft: Draft,
    section: Section,
    at: str,
    table: Table,
    columns: tuple[Column, ...],
    inner: tuple[str, ...] = (),
) -> None:
    """Read the columns of `table` into the section; `inner` are keys that are read elsewhere."""
    misspelt = _unknown(draft, at, table, (*(column.key for column in columns), *inner))
    for column in columns:
        if column.key in table:
            value = read_value(column, table[column.key])
            if isinstance(value, Flaw):
                draft.flaws.append((at + column.key, value))
                section.unsure.add(column.name)
            else:
                section.record[column.name] = value
        elif column.key in misspelt:
            section.unsure.add(column.name)
        elif column.default is not None:
            section.record[column.name] = column.default
        else:
            draft.flaws.append((at + column.key, missing(column)))
            section.unsure.add(column.name)


def _unknown(draft: Draft, at: str, table: Table, known: tuple[str, ...]) -> set[str]:
    """Note the unknown keys of a table; gives the known ones that they seem to stand for."""
    unknown = [key for key in table if key not in known]
    meant: set[str] = set()
    for key in unknown[:_UNKNOWN_MAX]:
        near = nearest(key, known)
        hint = f"did you mean {near}?" if near else ""
        flaw = Flaw(errors.UNKNOWN_KEY, printable(key), ", ".join(known), hint)
        draft.flaws.append((at + key_text(key), flaw))
        meant.add(near)
    if not at:
        draft.incomplete.update(meant)
    more = len(unknown) - _UNKNOWN_MAX
    if more > 0:
        path = at + key_text(unknown[_UNKNOWN_MAX])
        flaw = Flaw(errors.UNKNOWN_KEY, f"{more} more unknown keys", ", ".join(known))
        draft.flaws.append((path, flaw))
    return meant


def _table(draft: Draft, parent: Table, key: str, at: str, allowed: str) -> Table | None:
    """The table under `key`; None where there is none or, with a flaw, where it is no table."""
    if key not in parent:
        return None
    value = parent[key]
    if isinstance(value, dict):
        return cast(Table, value)
    draft.flaws.append((at, _wrong_kind(value, allowed)))
    return None


def _arrays(draft: Draft, parent: Table, at: str, key: str, kind: str) -> list[tuple[str, Table]]:
    """The tables of the array under `key`, each with its path; elements that are none are flaws.

    Ends with the first element beyond core's bound, for core to refuse it.
    """
    value = parent.get(key, [])
    if not isinstance(value, list):
        draft.flaws.append((at + key, _wrong_kind(value, f"an array of tables: [[{key}]]")))
        draft.incomplete.add(key)
        return []
    tables: list[tuple[str, Table]] = []
    for index, element in enumerate(cast(list[object], value)[: most(kind) + 1]):
        place = at + numbered(key, index)
        if isinstance(element, dict):
            tables.append((place, cast(Table, element)))
        else:
            draft.flaws.append((place[:-1], _wrong_kind(element, "a table")))
            draft.incomplete.add(key)
    return tables


def _wrong_kind(value: object, allowed: str) -> Flaw:
    return Flaw(errors.WRONG_TYPE, describe(value), allowed)
