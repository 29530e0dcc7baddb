"""Every way a field of a program file can be wrong: code, place, line and message."""

import datetime
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesofw.core import errors
from mesohost.program import FileFault, check_program

TODAY = datetime.date(2026, 3, 1)
BASE = """\
title = "Nappage of the face"
patient = "P-0042"
syringe = "3 mL"
needle = { gauge = "30G", length = "4 mm", pins = 1 }
[[products]]
name = "Hyaluronic acid"
lot = "HA-2291"
expiry = 2028-05-31
share = "100 %"
ingredients = [ { name = "hyaluronic acid", strength = "10 mg/mL", limit = "40 mg" } ]
[limits.hard]
shot = "20 µL"
zone = "2 mL"
session = "4 mL"
needle_shots = 900
[limits.soft]
session = "3 mL"
[[zones]]
name = "Forehead"
mode = "nappage"
layer = "superficial"
depth = "1.5 mm"
volume = "5 µL"
shots = 60
rate = "180 /min"
flow = "100 µL/s"
dwell = "20 ms"
[[zones]]
name = "Cheek"
mode = "single"
layer = "superficial"
depth = "1.8 mm"
volume = "10 µL"
shots = 20
"""


def check(text: str) -> tuple[FileFault, ...]:
    loaded = check_program(text.encode(), "face.toml", TODAY)
    assert (loaded.program is None) == bool(loaded.faults)
    return loaded.faults


def edited(old: str, new: str) -> str:
    assert BASE.count(old) == 1, old
    return BASE.replace(old, new)


def only(text: str) -> FileFault:
    """The one fault of a text: that there is one only shows that none follows from it."""
    faults = check(text)
    assert len(faults) == 1, "\n".join(map(str, faults))
    return faults[0]


# What is edited, its path and line: (what stands there instead, the code, then parts of what is
# found, what is allowed and what to do).
INGREDIENTS = '[ { name = "hyaluronic acid", strength = "10 mg/mL", limit = "40 mg" } ]'
EDITS = {
    ('title = "Nappage of the face"', "title", 1): [
        ("title = 3", "WRONG_TYPE", "3", "text of 1", ""),
    ],
    ('"P-0042"', "patient", 2): [
        ('""', "NOT_TEXT", '""', "1 to 24", ""),
        ('"a\\u0007b"', "NOT_TEXT", '"a\\u0007b"', "1 to 24", ""),
    ],
    ('"3 mL"\nneedle', "syringe", 3): [
        ('"3ml"\nneedle', "NOT_A_CHOICE", '"3ml"', "5 mL", '"3 mL"'),
        ("3\nneedle", "WRONG_TYPE", "3", "5 mL", "quotes"),
    ],
    ('"30G"', "needle.gauge", 4): [
        ('"40G"', "NOT_A_CHOICE", '"40G"', "27G, 28G", ""),
    ],
    ("pins = 1", "needle.pins", 4): [
        ("pins = true", "WRONG_TYPE", "true", "1 to 9", "whole"),
        ("pins = 0", "OUT_OF_RANGE", "0", "1 to 9", ""),
    ],
    ("shots = 60", "zones[1].shots", 24): [
        ("shots = 60.0", "WRONG_TYPE", "60.0", "1 to 2000", ""),
        ('shots = "60"', "WRONG_TYPE", '"60"', "", "without quotes"),
        ("shots = -6", "OUT_OF_RANGE", "-6", "1 to 2000", ""),
        (
            f"shots = 0x{'f' * 9000}",
            "OUT_OF_RANGE",
            "a number of more than 18 digits",
            "1 to 2000",
            "",
        ),
        ("shots = 401", "BEYOND_ZONE_LIMIT", "2005 µL", "2000", ""),
    ],
    ('"nappage"', "zones[1].mode", 20): [
        ('"napage"', "NOT_A_CHOICE", '"napage"', "dry", "nappage"),
        ("[1, 2]", "WRONG_TYPE", "an array", "dry", ""),
    ],
    ("2028-05-31", "products[1].expiry", 8): [
        ('"2028-05-31"', "NOT_A_DATE", '"2028', "YYYY", "quotes"),
        ("2028-05-31T10:00:00", "NOT_A_DATE", "2028", "", "time"),
        ("1200-05-31", "NOT_A_DATE", "1200-05-31", "YYYY", ""),
        ("2026-02-28", "EXPIRED", "2026-02-28", "2026-03-01", ""),
    ],
    ('"1.5 mm"', "zones[1].depth", 22): [
        ("1.5", "NO_UNIT", "1.5", "13 mm", 'write "1.5 mm"'),
        ("1500", "NO_UNIT", "1500", "13 mm", 'write "1500 µm"'),
        ("-1.5", "NO_UNIT", "-1.5", "13 mm", "mm or µm"),
        ('"1.5"', "NO_UNIT", '"1.5"', "13 mm", 'write "1.5 mm"'),
        ('"1.5 mL"', "NO_UNIT", '"1.5 mL"', "13 mm", "in mm or µm"),
        ("nan", "WRONG_TYPE", "nan", "13 mm", "in quotes"),
        ("-inf", "WRONG_TYPE", "-inf", "13 mm", "in quotes"),
        ('"nan mm"', "WRONG_TYPE", '"nan mm"', "13 mm", ""),
        ("true", "WRONG_TYPE", "true", "13 mm", "in quotes"),
        ('"-1.5 mm"', "OUT_OF_RANGE", '"-1.5 mm"', "0 mm to", ""),
        ('"15 mm"', "OUT_OF_RANGE", '"15 mm"', "13 mm", ""),
        ('"13.0001 mm"', "OUT_OF_RANGE", '"13.0001 mm"', "13 mm", ""),
        ('"1,5 mm"', "WRONG_TYPE", '"1,5 mm"', "13", "decimal comma"),
        ('".5 mm"', "WRONG_TYPE", '".5 mm"', "13 mm", "number"),
        ('"1e0 mm"', "NO_UNIT", '"1e0 mm"', "13 mm", ""),
        ('"1.50005 mm"', "TOO_FINE", "1.50005", "0.001 mm", "1.5 mm"),
        ('"1500 mm"', "UNIT_MISTAKEN", "1500", "", "mean 1.5 mm?"),
        ('"1.5 µm"', "UNIT_MISTAKEN", "1.5 µm", "", "mean 1.5 mm?"),
        ('"2.5 mm"', "BEYOND_LAYER", "2.5 mm", "2 mm", ""),
    ],
    ('"5 µL"', "zones[1].volume", 23): [
        ("5", "NO_UNIT", "5", "2000 µL", 'write "5 µL"'),
        ('"1,500 µL"', "WRONG_TYPE", '"1,', "", '"1500 µL"'),
        ('"5 mL"', "UNIT_MISTAKEN", '"5 mL"', "", "did you mean 5 µL?"),
        ('"0.005 µL"', "UNIT_MISTAKEN", "0.005", "1 µL", "mean 5 µL?"),
        ('"5 nL"', "UNIT_MISTAKEN", '"5 nL"', "1 µL", "mean 5 µL?"),
        ('"25 µL"', "BEYOND_SHOT_LIMIT", "25 µL", "up to 20 µL", ""),
    ],
    ('"180 /min"', "zones[1].rate", 25): [
        ('"180 /s"', "UNIT_MISTAKEN", "180 /s", "", "mean 180 /min?"),
    ],
    ('"20 ms"', "zones[1].dwell", 27): [
        ('"20 s"', "UNIT_MISTAKEN", '"20 s"', "10 s", "mean 0.02 s?"),
    ],
    ('"4 mL"', "limits.hard.session", 14): [
        ('"4 L"', "NO_UNIT", '"4 L"', "", "µL, mL or nL"),
        ('"25 mL"', "OUT_OF_RANGE", '"25 mL"', "20000 µL", ""),
    ],
    ('"10 mg/mL"', "products[1].ingredients[1].strength", 10): [
        ('"10 mg"', "NO_UNIT", "10", "", "or µg/mL"),
    ],
    ("\nshots = 60", "zones[1].shotz", 24): [
        ("\nshotz = 60", "UNKNOWN_KEY", "shotz", "flow", "shots?"),
    ],
    ('\ndepth = "1.5', "zones[1].depth_um", 22): [
        ('\ndepth_um = "1.5', "UNKNOWN_KEY", "", "", "depth?"),
    ],
    ("[limits.soft]", "limits.sofd", 16): [
        ("[limits.sofd]", "UNKNOWN_KEY", "sofd", "hard, soft", "soft?"),
    ],
    ("needle = {", "needel", 4): [
        ("needel = {", "UNKNOWN_KEY", "needel", "syringe", "needle?"),
    ],
    ("gauge", 'needle."ga uge"', 4): [
        ('"ga uge"', "UNKNOWN_KEY", "ga uge", "pins", "gauge?"),
    ],
    ('title = "Nappage of the face"\n', "title", 1): [
        ("\n", "MISSING", "nothing", "text of 1", ""),
    ],
    ('\ndepth = "1.5 mm"', "zones[1].depth", 18): [
        ("\n", "MISSING", "nothing", "0 mm to 13 mm", ""),
    ],
    ('needle = { gauge = "30G", length = "4 mm", pins = 1 }', "needle", 1): [
        ("", "MISSING", "", "ga", ""),
    ],
    ('{ gauge = "30G", length = "4 mm", pins = 1 }', "needle", 4): [
        ("30", "WRONG_TYPE", "30", "{ ga", ""),
    ],
    (INGREDIENTS, "products[1].ingredients[1]", 10): [
        ("[7]", "WRONG_TYPE", "7", "a table", ""),
    ],
    (INGREDIENTS, "products[1].ingredients", 10): [
        ("7", "WRONG_TYPE", "7", "[[ingredients]]", ""),
    ],
    ('zone = "2 mL"\nsession = "4 mL"', "zones", 18): [
        ('zone = "2 mL"\nsession = "0.4 mL"', "BEYOND_SESSION_LIMIT", "500 µL", "400 µL", ""),
    ],
    ("needle_shots = 900", "zones", 18): [
        ("needle_shots = 79", "BEYOND_NEEDLE_LIFE", "80", "79", ""),
    ],
    ('"40 mg"', "products[1].ingredients[1].limit", 10): [
        ('"4 mg"', "BEYOND_INGREDIENT_LIMIT", "5 mg", "up to 4 mg", ""),
    ],
    ('"100 %"', "products", 5): [
        ('"99.9999 %"', "SHARES", "99.9999 %", "100 %", ""),
    ],
    ('"nappage"', "zones[1].volume", 23): [
        ('"dry"', "DRY_WITH_VOLUME", "5 µL", "none", ""),
    ],
    ('volume = "5 µL"\n', "zones[1].volume", 18): [
        ("", "WET_WITHOUT_VOLUME", "0 µL", "1 µL or", ""),
    ],
}
FIELDS = [(*place, *case) for place, cases in EDITS.items() for case in cases]


@pytest.mark.parametrize(
    ("old", "at", "line", "new", "code", "found", "allowed", "to_do"),
    FIELDS,
    ids=[f"{case[4].lower()}-{case[1]}-{number}" for number, case in enumerate(FIELDS)],
)
def test_one_wrong_field_is_one_fault(old, at, line, new, code, found, allowed, to_do):
    fault = only(edited(old, new))
    assert (fault.code, fault.at, fault.line) == (getattr(errors, code), at, line)
    assert found in fault.found
    assert allowed in fault.allowed
    assert to_do in f"{fault.hint} {fault.remedy}"
    text = str(fault)
    assert text.startswith(f"face.toml:{line}: {at}: {errors.cause(fault.code)}\n")
    assert f"\n    found: {fault.found}, allowed: {fault.allowed}\n    to do: " in text
    assert text.endswith(fault.remedy)
    assert len(text) < 500


def test_a_sound_file_has_no_fault():
    loaded = check_program(BASE.encode(), "face.toml", TODAY)
    assert loaded.faults == ()
    assert loaded.program is not None
    assert (loaded.program.shots, loaded.program.total_nl) == (80, 500_000)


def test_a_message_in_full():
    assert str(only(edited('"5 µL"', '"5 mL"'))) == (
        "face.toml:23: zones[1].volume: the value is out of range by a unit's factor\n"
        '    found: "5 mL", allowed: 1 µL to 2000 µL\n'
        "    to do: did you mean 5 µL? check the unit"
    )


def test_last_day_of_a_product_still_serves():
    assert check(edited("2028-05-31", "2026-03-01")) == ()


def test_depth_beyond_layer_and_needle_are_both_said():
    faults = check(edited('"1.8 mm"', '"4.5 mm"'))
    assert [(fault.code, fault.at) for fault in faults] == [
        (errors.BEYOND_LAYER, "zones[2].depth"),
        (errors.BEYOND_NEEDLE, "zones[2].depth"),
    ]


def test_beyond_the_syringe():
    text = edited('shot = "20 µL"', 'shot = "2 mL"').replace('"3 mL"\nneedle', '"1 mL"\nneedle')
    fault = only(text.replace('"10 µL"\nshots = 20', '"1.5 mL"\nshots = 1'))
    assert (fault.code, fault.at, fault.line) == (errors.BEYOND_SYRINGE, "zones[2].volume", 33)
    assert (fault.found, fault.allowed) == ("1500 µL", "up to 980 µL after priming")


def test_a_volume_in_millilitres_beyond_the_limit_gets_a_hint():
    text = edited('"10 µL"\nshots = 20', '"1 mL"\nshots = 1').replace('"3 mL"\n[[z', '"4 mL"\n[[z')
    fault = only(text)
    assert (fault.code, fault.hint) == (errors.BEYOND_SHOT_LIMIT, "did you mean 1 µL?")


ZONES_AT = BASE.index("[[zones]]")


@pytest.mark.parametrize(
    ("zones", "code", "at", "line"),
    [
        ("", errors.NO_ZONES, "zones", 1),
        ("[zones]\nname = 'x'\n", errors.WRONG_TYPE, "zones", 18),
        ("[[zone]]\nname = 'x'\n", errors.UNKNOWN_KEY, "zone", 18),
    ],
)
def test_zones_that_are_none(zones, code, at, line):
    fault = only(BASE[:ZONES_AT] + zones)
    assert (fault.code, fault.at, fault.line) == (code, at, line)


@pytest.mark.parametrize(
    ("value", "code", "at"),
    [
        ("[]", errors.NO_ZONES, "zones"),
        ("3", errors.WRONG_TYPE, "zones"),
        ("[1]", errors.WRONG_TYPE, "zones[1]"),
    ],
)
def test_zones_of_another_kind(value, code, at):
    fault = only(f"zones = {value}\n" + BASE[:ZONES_AT])
    assert (fault.code, fault.at, fault.line) == (code, at, 1)


@pytest.mark.parametrize("at", ["limits", "limits.hard"])
def test_limits_of_another_kind(at):
    head, _, rest = BASE.partition("[limits.hard]")
    fault = only(head.replace("title", f"{at} = 3\ntitle") + rest[rest.index("[[zones]]") :])
    assert (fault.code, fault.at, fault.line) == (errors.WRONG_TYPE, at, 1)


def test_too_many_zones_are_one_fault():
    zone = '[[zones]]\nname="a"\nmode="dry"\nlayer="deep"\ndepth="1 mm"\nshots=1\n'
    fault = only(BASE[:ZONES_AT] + zone * 400)
    assert (fault.code, fault.at, fault.line) == (errors.TOO_MANY, "zones[201]", 17 + 200 * 6 + 1)


def test_too_many_unknown_keys_are_summed_up():
    faults = check("\n".join(f"qq{number} = 1" for number in range(500)) + "\n" + BASE)
    assert len(faults) == 6
    assert faults[-1].found == "495 more unknown keys"


def test_all_faults_of_a_file_come_at_once():
    text = BASE
    for old, new in [
        ('"P-0042"', "42"),
        ('length = "4 mm"', "length = 4"),
        ("2028-05-31", "2020-05-31"),
        ('"100 %"', '"100"'),
        ('"20 µL"', '"20"'),
        ('layer = "superficial"\ndepth = "1.5 mm"', 'layer = "skin"\ndepth = "3 mm"'),
        ("shots = 60", "shots = 60.5"),
        ('"1.8 mm"', '"2.8 mm"'),
        ('"10 µL"', '"10"'),
    ]:
        assert text.count(old) == 1
        text = text.replace(old, new)
    assert [(fault.line, fault.at, fault.name) for fault in check(text)] == [
        (2, "patient", "wrong_type"),
        (4, "needle.length", "no_unit"),
        (8, "products[1].expiry", "expired"),
        (9, "products[1].share", "no_unit"),
        (12, "limits.hard.shot", "no_unit"),
        (21, "zones[1].layer", "not_a_choice"),
        (24, "zones[1].shots", "wrong_type"),
        (32, "zones[2].depth", "beyond_layer"),
        (33, "zones[2].volume", "no_unit"),
    ]


def test_a_limit_below_a_single_shot_is_not_blamed_on_wrong_shots():
    text = edited('zone = "2 mL"', 'zone = "4 µL"').replace("shots = 60", "shots = 60.5")
    assert [(fault.line, fault.at) for fault in check(text)] == [
        (24, "zones[1].shots"),
        (34, "zones[2].shots"),
    ]


def test_a_soft_limit_is_a_warning():
    loaded = check_program(
        edited('[limits.soft]\nsession = "3 mL"', '[limits.soft]\nsession = "0.4 mL"').encode(),
        "face.toml",
        TODAY,
    )
    assert loaded.program is not None
    (warning,) = loaded.warnings
    assert (warning.code, warning.at, warning.line) == (errors.BEYOND_SESSION_LIMIT, "zones", 18)
    assert "asks the operator to confirm" in str(warning)
    assert [fault.code for fault in loaded.program.warnings] == [warning.code]


def test_texts_too_long_for_the_gun_once_escaped():
    fault = only(edited('"Nappage of the face"', f'"{"𝄞" * 40}"'))
    assert (fault.code, fault.at, fault.line) == (errors.NOT_TEXT, "title", 1)
    assert fault.allowed == "up to 512 bytes"


_FIELD = re.compile(r'^(\w+) = ("[^"]*"|\d+)$', re.MULTILINE)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_wrong_field_anywhere_is_found_on_its_line(data):
    places = list(_FIELD.finditer(BASE))
    chosen = data.draw(st.sets(st.sampled_from(range(len(places))), min_size=1, max_size=6))
    text = BASE
    for index in sorted(chosen, reverse=True):
        start, end = places[index].span(2)
        text = text[:start] + "false" + text[end:]
    lines = {BASE.count("\n", 0, places[index].start()) + 1 for index in chosen}
    faults = check(text)
    assert {fault.line for fault in faults} == lines
    assert {fault.code for fault in faults} == {errors.WRONG_TYPE}
    assert len(faults) == len(chosen)
