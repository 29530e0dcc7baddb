"""The JSON Schema: valid itself, accepts what is sound, refuses what is of the wrong form."""

import copy
import datetime
import tomllib
from pathlib import Path

import jsonschema
import pytest

from mesofw.core import program as core
from mesohost.program.schema import schema

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
FACE = next(path for path in EXAMPLES if path.stem == "face-nappage")
SCHEMA = schema()
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def read(path: Path) -> dict:
    return plain(tomllib.loads(path.read_text(encoding="utf-8")))


def plain(value):
    """TOML as JSON has it: dates as text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_valid(path):
    VALIDATOR.validate(read(path))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("title",), ""),
        (("title",), "x" * 41),
        (("title",), "a\nb"),
        (("syringe",), "4 mL"),
        (("needle", "gauge"), "40G"),
        (("needle", "length"), 4),
        (("needle", "pins"), 0),
        (("needle", "pins"), True),
        (("products", 0, "expiry"), "soon"),
        (("products", 0, "share"), "80"),
        (("products", 0, "ingredients", 0, "strength"), "10 mg"),
        (("limits", "hard", "shot"), "20 mg"),
        (("limits", "hard", "needle_shots"), "900"),
        (("limits", "firm"), {}),
        (("zones",), []),
        (("zones",), {}),
        (("zones", 0, "depth"), 1.5),
        (("zones", 0, "depth"), "1,5 mm"),
        (("zones", 0, "depth"), "-1 mm"),
        (("zones", 0, "mode"), "napage"),
        (("zones", 0, "angle"), "30"),
        (("zones", 0, "per_pull"), -1),
        (("viscosity",), "5 mPa"),
        (("purpose",), "practice"),
        (("zones", 0, "shots"), 60.5),
        (("zones", 0, "shots"), 2001),
        (("zones", 0, "color"), "red"),
        (("format",), 1),
        (("zones", 0), {}),
    ],
)
def test_what_is_of_the_wrong_form_is_invalid(path, value):
    document = copy.deepcopy(read(FACE))
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize("key", ["title", "patient", "syringe", "needle", "zones"])
def test_what_has_to_be_there(key):
    document = read(FACE)
    del document[key]
    assert not VALIDATOR.is_valid(document)


def test_what_is_optional():
    document = read(FACE)
    del document["limits"], document["products"]
    VALIDATOR.validate(document)


@pytest.mark.parametrize(
    ("key", "value"),
    [("viscosity", "5 mPa·s"), ("viscosity", "5cP"), ("purpose", "training")],
)
def test_what_may_be_added_at_the_top(key, value):
    VALIDATOR.validate(read(FACE) | {key: value})


def test_every_field_says_what_it_is():
    zone = SCHEMA["$defs"]["Zone"]["properties"]
    assert len(zone) == len(core.ZONE)
    assert zone["volume"]["description"] == "volume of one shot; 0 in a dry zone: 0 µL to 2000 µL"
    assert zone["dwell"]["default"] == "0 s"
    assert zone["angle"]["default"] == "90 °"
    assert SCHEMA["$defs"]["Program"]["properties"]["purpose"]["default"] == "treatment"
    assert SCHEMA["$defs"]["Limits"]["properties"]["needle_shots"]["maximum"] == 16_000
