"""The line of every field, in all the ways in which TOML lets one be written."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesohost.program.lines import NESTING_MAX, PARTS_MAX, find_lines

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))

TEXT = '''\
# a comment = with [brackets] and "quotes
title = "a # no comment" # but this is one
patient = 'single " quote'
needle = { gauge = "30G", length = "4 mm", pins = 1 } # x = 2
note = """
zones = 1
[limits] ""
\\""" still inside
"""
other = \'\'\'
[[zones]]
'\'\'\'

limits.hard.shot = "20 µL"
"limits".'hard'.zone = "2 mL"
list = [
    1,  # one
    [ 2, 3 ],
    { a = 1, b = { c = "]" } },
]
products = [ { name = "A", ingredients = [ { name = "x" }, { name = "y" } ] },
    { name = "B" } ]

[limits.soft]   # header
shot = "1 µL"
"odd key" = 1

[[ zones ]]
name = "1"
[zones.more]
deep = 1

[[zones]]
name = "2"
[[zones.parts]]
a = 1
[[zones.parts]]
a = 2
'''
PLACES = {
    "title": 2,
    "patient": 3,
    "needle": 4,
    "needle.length": 4,
    "needle.pins": 4,
    "note": 5,
    "other": 10,
    "limits": 14,
    "limits.hard": 14,
    "limits.hard.shot": 14,
    "limits.hard.zone": 15,
    "list": 16,
    "list[1]": 17,
    "list[2]": 18,
    "list[2][2]": 18,
    "list[3].b.c": 19,
    "products": 21,
    "products[1].ingredients[2].name": 21,
    "products[2]": 22,
    "products[2].name": 22,
    "limits.soft": 24,
    "limits.soft.shot": 25,
    'limits.soft."odd key"': 26,
    "zones": 28,
    "zones[1]": 28,
    "zones[1].name": 29,
    "zones[1].more": 30,
    "zones[1].more.deep": 31,
    "zones[2]": 33,
    "zones[2].name": 34,
    "zones[2].parts": 35,
    "zones[2].parts[1].a": 36,
    "zones[2].parts[2]": 37,
    "zones[2].parts[2].a": 38,
}
# Of a field that is not written, the line of the nearest table around it.
ABSENT = {
    "syringe": 1,
    "needle.gauge.x": 4,
    "limits.hard.session": 14,
    "limits.soft.zone": 24,
    "products[2].share": 22,
    "zones[1].depth": 28,
    "zones[2].parts[2].b": 37,
    "zones[9].depth": 28,
}


@pytest.mark.parametrize(("at", "line"), [*PLACES.items(), *ABSENT.items()])
def test_each_field_has_its_line(at, line):
    assert find_lines(TEXT).of(at) == line


@pytest.mark.parametrize("text", [TEXT, *(path.read_text("utf-8") for path in EXAMPLES)])
def test_the_scan_finds_the_very_fields_that_tomllib_does(text):
    scanned = find_lines(text).by_path
    parsed = set(_paths(tomllib.loads(text), ""))
    # A comma after an array's last element opens no further one.
    assert set(scanned) == parsed


def _paths(value, path):
    if isinstance(value, dict):
        inner = [(f"{path}.{_quoted(key)}".lstrip("."), item) for key, item in value.items()]
    elif isinstance(value, list):
        inner = [(f"{path}[{number}]", item) for number, item in enumerate(value, 1)]
    else:
        return
    for place, item in inner:
        yield place
        yield from _paths(item, place)


def _quoted(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}"'


def test_keys_may_be_eight_parts_long():
    assert not find_lines(".".join("a" * PARTS_MAX) + " = 1").too_deep
    assert find_lines("\n" + ".".join("a" * (PARTS_MAX + 1)) + " = 1").too_deep == 2


def test_values_may_be_sixteen_levels_deep():
    assert not find_lines("a = " + "[" * NESTING_MAX + "]" * NESTING_MAX).too_deep
    assert find_lines("a = " + "[\n" * (NESTING_MAX + 1)).too_deep == NESTING_MAX + 1


@given(st.text(alphabet="\"'[]{}=.,#\\\n ab1", max_size=200))
@settings(deadline=None)
def test_any_text_is_scanned_to_its_end(text):
    lines = find_lines(text)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.by_path.values())


@given(st.text(alphabet="\"'[]{}=.,#\n ab1", max_size=60))
@settings(deadline=None, max_examples=300)
def test_what_tomllib_accepts_is_scanned_alike(text):
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    known = find_lines(text).by_path
    assert set(_paths(parsed, "")) <= set(known)
