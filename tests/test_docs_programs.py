"""docs/programs.md against the checker: its example is fine, its fault reads as it says."""

import datetime
import re

import jsonschema
import pytest

from mesofw.core import aim, errors, modes, parts
from mesohost import cli
from mesohost.cli.exits import Exit
from mesohost.program import Loaded, check_program, tables
from mesohost.program.reading import MAX_BYTES
from mesohost.program.schema import schema
from tests.docpages import docs, plain

PAGE = docs("programs")
TODAY = datetime.date(2026, 1, 15)
EXAMPLE = PAGE.under("An example")[0].text
FAULTY, SAID = PAGE.under("How a fault reads")[:2]


def check(text: str) -> Loaded:
    return check_program(text.encode(), "example.toml", TODAY)


def test_the_example_has_neither_faults_nor_warnings():
    loaded = check(EXAMPLE)
    assert loaded.faults == ()
    assert loaded.warnings == ()


def test_the_example_uses_nearly_every_key():
    shown = set(re.findall(r"^(\w+) =|[{,] *(\w+) =", EXAMPLE, re.MULTILINE))
    keys = {key for pair in shown for key in pair if key}
    every = (*tables.HEAD, *tables.NEEDLE, *tables.PRODUCT, *tables.INGREDIENT, *tables.ZONE)
    assert {column.key for column in every} - keys == {"pins", "purpose", "angle"}


def test_what_the_example_says_of_a_layer_is_so():
    assert parts.LAYERS["superficial"] == 2_000
    assert "hard bound: 2 mm" in EXAMPLE


def test_the_fault_reads_as_the_page_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "face.toml").write_text(FAULTY.text, encoding="utf-8")
    span = next(span for span in PAGE.spans if span.startswith("mesogun check face.toml"))
    assert cli.run(span.split()[1:]) == Exit.FAULTS
    assert capsys.readouterr().err == SAID.text
    assert f"exit code {Exit.FAULTS:d}" in PAGE.prose


def test_the_modes_are_cores():
    assert [plain(row[0]) for row in PAGE.table("Modes").rows] == list(modes.MODES)


def test_the_limits_are_cores():
    named = [plain(row[0]) for row in PAGE.table("Limits").rows]
    assert named == [column.key for column in tables.LIMITS]


def test_the_page_has_the_bounds_of_a_file():
    assert f"{MAX_BYTES // 1024} kB" in PAGE.prose
    assert f"more than {aim.LONGEST_S} s" in PAGE.prose
    assert f"more than {aim.DWELL_MAX_US // 1_000_000} s" in PAGE.prose
    assert f"up to {tables.most('product')} `[[products]]`" in PAGE.prose
    assert f"up to {tables.most('ingredient')} in the whole program" in PAGE.prose
    assert f"1 to {tables.most('zone')} `[[zones]]`" in PAGE.prose


def test_the_faults_of_impossible_shots_are_cores():
    _, faults = (table for table in PAGE.tables if table.heading == "Limits")
    assert {plain(row[0]) for row in faults.rows} <= set(errors.names().values())


ZONE = 'mode = "burst"'


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (("shots = 20\nrate", "shots = 20\nrait"), "unknown_key"),
        (('depth = "1.5 mm"\nvolume = "20 µL"\nshots = 20\nrate', "depth = 1.5\nrate"), "no_unit"),
        (('"80 µL/s"', '"80.0001 µL/s"'), "too_fine"),
        (('"80 µL/s"', '"0,8 mL/s"'), "wrong_type"),
        (('"2 mL"', '"2000 mL"'), "unit_mistaken"),
        ((ZONE, 'mode = "dry"'), "dry_with_volume"),
        (('session = "2 mL"', 'session = "0.7 mL"'), "beyond_session_limit"),
        (("needle_shots = 100", "needle_shots = 39"), "beyond_needle_life"),
        (("2031-08-31", "2026-01-14"), "expired"),
        (('"60 %"', '"50 %"'), "shares"),
        (('limit = "20 mg"', 'limit = "4 mg"'), "beyond_ingredient_limit"),
        (('"90 /min"', '"600 /min"'), "rate_unreachable"),
        (('syringe = "3 mL"', 'syringe = "1 mL"'), ""),
        (('"80 µL/s"', '"400 µL/s"'), ""),
    ],
)
def test_what_the_page_calls_a_fault_is_one(change, name):
    assert EXAMPLE.count(change[0]) == 1
    faults = check(EXAMPLE.replace(*change)).faults
    assert (name in [fault.name for fault in faults]) if name else not faults


def test_a_soft_limit_is_a_warning():
    loaded = check(EXAMPLE.replace('"1.5 mL"', '"0.5 mL"'))
    assert loaded.program
    assert [warning.name for warning in loaded.warnings] == ["beyond_session_limit"]


def test_a_file_may_name_its_schema_in_its_first_line():
    line = PAGE.under("Help from an editor")[1].text
    assert line.startswith("#")
    assert check(line + EXAMPLE).program


def test_the_schema_accepts_the_example_and_refuses_the_faulty_file():
    import tomllib

    validator = jsonschema.Draft202012Validator(schema())
    assert validator.is_valid(_without_dates(tomllib.loads(EXAMPLE)))
    assert not validator.is_valid(_without_dates(tomllib.loads(FAULTY.text)))


def _without_dates(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_dates(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_dates(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime.date) else value
