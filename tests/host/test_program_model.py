"""The typed program: its fields are core's, its text is canonical and reads back."""

import datetime
import hashlib
import json
from pathlib import Path

import msgspec
import pytest

from mesofw.core import errors
from mesofw.core import program as core
from mesofw.core.judge import Judge
from mesohost.program import (
    Ingredient,
    Limits,
    Product,
    Program,
    Zone,
    check_program,
    from_text,
    load_program,
)
from mesohost.program import tables as program_tables

TODAY = datetime.date(2026, 3, 1)
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
FACE = next(path for path in EXAMPLES if path.stem == "face-nappage")


def loaded(path: Path) -> Program:
    result = load_program(path, TODAY)
    assert result.faults == (), "\n".join(map(str, result.faults))
    assert result.warnings == ()
    assert result.program is not None
    return result.program


@pytest.mark.parametrize(
    ("struct", "table", "inner"),
    [
        (Program, core.PROGRAM, ("hard", "soft", "products", "zones")),
        (Limits, core.LIMITS, ()),
        (Product, core.PRODUCT, ("ingredients",)),
        (Ingredient, core.INGREDIENT, ()),
        (Zone, core.ZONE, ()),
    ],
)
def test_the_typed_fields_are_those_of_core(struct, table, inner):
    kinds = {"integer": int, "date": int, "text": str, "choice": str}
    own = [field for field in msgspec.structs.fields(struct) if field.name not in inner]
    assert [(field.name, field.type) for field in own] == [
        (field.name, kinds[field.kind]) for field in table
    ]


def test_every_field_of_core_has_one_key_in_the_file():
    head = program_tables.HEAD + program_tables.NEEDLE
    written = [column.name for column in head]
    assert sorted([*written, "format"]) == sorted(field.name for field in core.PROGRAM)
    for columns in (head, program_tables.ZONE, program_tables.LIMITS, program_tables.PRODUCT):
        keys = [column.key for column in columns]
        assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_text_reads_back(path):
    program = loaded(path)
    assert from_text(program.text) == program
    assert program.sha256 == hashlib.sha256(program.text).hexdigest()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_text_is_what_core_takes_with_the_same_totals(path):
    program = loaded(path)
    checker = Judge(2026_03_01)
    lines = program.text.splitlines(keepends=True)
    for line in lines:
        assert len(line) <= core.SECTION_MAX_BYTES
        kind, record = core.parse_line(line)
        assert list(record) == [field.name for field in core.SECTIONS[kind][0]]
        assert checker.add(kind, record)
        assert core.section_line(kind, record) == line
    checker.finish()
    assert checker.faults == []
    assert (checker.shots, checker.total_nl) == (program.shots, program.total_nl)
    kinds = [json.loads(line)["kind"] for line in lines]
    order = ["program", "hard", "soft", *(["product"] if program.products else []), "zone"]
    assert list(dict.fromkeys(kind for kind in kinds if kind != "ingredient")) == order


def test_the_same_program_written_otherwise_has_the_same_text():
    plain = FACE.read_text("utf-8")
    other = (
        plain.replace('"1.5 mm"', '"1500 um"')
        .replace('"180 /min"', '"3 /s"')
        .replace('"60 µL/s"', '"3.6 mL/min"')
        .replace("pins = 1 }", 'pins = 1 }\nviscosity = "1 cP"\npurpose = "treatment"')
    )
    assert other != plain
    programs = [check_program(text.encode(), "x", TODAY).program for text in (plain, other)]
    assert programs[0] is not None
    assert programs[1] is not None
    assert programs[0].text == programs[1].text


def broken(text: bytes) -> list[bytes]:
    lines = text.splitlines(keepends=True)
    return [
        b"",
        text[:-1],
        text[:-20],
        b"\n" + text,
        text.replace(b":", b": ", 1),
        b"".join(lines[1:]),
        b"".join([lines[0], *lines[2:]]),
        b"".join([lines[-1], *lines[:-1]]),
        text + lines[0],
        b"".join([*lines[:3], *lines[4:]]),
        text.replace(b'"kind":"zone"', b'"kind":"zones"', 1),
        text.replace(b'"shots":60', b'"shots":true', 1),
        text.replace(b'"depth_um":1500', b'"depth_um":2500', 1),
        text.replace(b'"depth_um":1500', b'"depth_um":1500,"more":1', 1),
        b"[" * 100_000,
        b"\xff\n",
    ]


@pytest.mark.parametrize("number", range(16))
def test_a_damaged_text_is_refused(number):
    with pytest.raises(errors.Refused):
        from_text(broken(loaded(FACE).text)[number])


def test_a_refused_text_names_its_place_as_the_file_does():
    text = loaded(FACE).text.replace(b'"depth_um":1000', b'"depth_um":2500', 1)
    with pytest.raises(errors.Refused) as refused:
        from_text(text)
    fault = refused.value.fault
    assert (fault.code, fault.at) == (errors.BEYOND_LAYER, "zones[4].depth")
