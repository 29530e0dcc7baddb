"""Shots that the gun cannot do: each refusal names place, limiting part and the nearest possible.

Taking what is said to be possible is then accepted.
"""

import datetime
import re

import pytest

from mesohost.program import FileFault, check_program

TODAY = datetime.date(2026, 3, 1)
HEAD = {
    "title": '"Bench"',
    "patient": '"P-1"',
    "syringe": '"1 mL"',
    "needle": '{ gauge = "30G", length = "4 mm", pins = 1 }',
    "viscosity": '"1 mPa·s"',
}
ZONE = {
    "name": '"Thigh"',
    "mode": '"burst"',
    "layer": '"deep"',
    "depth": '"1.5 mm"',
    "angle": '"90 °"',
    "volume": '"10 µL"',
    "shots": "20",
    "rate": '"60 /min"',
    "flow": '"500 µL/s"',
    "dwell": '"0 s"',
}


def text(changes: dict[str, str], zones: int = 1) -> str:
    head = "".join(f"{key} = {changes.get(key, value)}\n" for key, value in HEAD.items())
    zone = "".join(f"{key} = {changes.get(key, value)}\n" for key, value in ZONE.items())
    return head + ("[[zones]]\n" + zone) * zones


def check(changes: dict[str, str], zones: int = 1) -> tuple[FileFault, ...]:
    return check_program(text(changes, zones).encode(), "bench.toml", TODAY).faults


def needle(gauge: str = "30G", length: str = "4 mm", pins: int = 1) -> str:
    return f'{{ gauge = "{gauge}", length = "{length}", pins = {pins} }}'


# name: (what is asked, code, path, what was found, what is allowed, what is then accepted). # is
# for a figure that follows from the parts; what is accepted takes that of what is allowed.
STAMP = {"depth": '"0.6 mm"'}
THICK = {"syringe": '"10 mL"', "viscosity": '"20 mPa·s"', "rate": '"1 /min"'}
SLANT = {"needle": needle("27G", "13 mm"), "depth": '"4 mm"'}
CASES: dict[str, tuple[dict[str, str], str, str, str, str, list[dict[str, str]]]] = {
    "too many pins": (
        STAMP | {"needle": needle("33G", pins=9)}, "puncture_too_hard", "needle.pins",
        "9", "up to # at 0.6 mm (limit: carriage motor)",
        [{"needle": '{ gauge = "33G", length = "4 mm", pins = # }'}],
    ),
    "dose too small": (
        {"syringe": '"10 mL"', "volume": '"5 µL"', "rate": '"10 /min"'}, "dose_too_small",
        "zones[1].volume", "5 µL", "# µL or more from the 10 mL syringe",
        [{"volume": '"# µL"'}, {"syringe": '"3 mL"'}],
    ),
    "viscosity too high": (
        {"needle": needle("34G"), "viscosity": '"40 cP"', "rate": '"1 /min"'}, "not_sized",
        "viscosity", "40 mPa·s", "up to # mPa·s (limit: 34G needle and syringe seal)",
        [{"viscosity": '"# mPa·s"'}],
    ),
    "viscosity too high for the motor": (
        {"needle": needle("34G"), "viscosity": '"10 cP"', "syringe": '"10 mL"'}, "not_sized",
        "viscosity", "10 mPa·s", "up to # mPa·s (limit: 34G needle and plunger motor)", [],
    ),
    "pressure stays": (
        THICK, "pressure_stays", "zones[1].volume", "a wait of # s",
        "up to 10 s, at up to # mPa·s (limit: 30G needle on 10 mL syringe)",
        [{"viscosity": '"8 mPa·s"'}, {"syringe": '"3 mL"'}],
    ),
    "dwell too long": (
        {"dwell": '"2 s"'}, "rate_unreachable", "zones[1].rate",
        "60 /min", "up to # /min (limit: the dwell that is set)", [{"rate": '"# /min"'}],
    ),
    "flow too low": (
        {"flow": '"5 µL/s"'}, "rate_unreachable", "zones[1].rate",
        "60 /min", "up to # /min (limit: the flow that is set)", [{"rate": '"# /min"'}],
    ),
    "rate beyond the needle": (
        {"syringe": '"10 mL"', "volume": '"20 µL"', "rate": '"90 /min"'}, "rate_unreachable",
        "zones[1].rate", "90 /min", "up to # /min (limit: 30G needle on 10 mL syringe)",
        [{"rate": '"# /min"'}],
    ),
    "rate beyond the carriage": (
        SLANT | {"mode": '"dry"', "volume": '"0 µL"', "depth": '"13 mm"', "rate": '"600 /min"'},
        "rate_unreachable", "zones[1].rate", "600 /min", "up to # /min (limit: carriage motor)",
        [{"rate": '"# /min"'}],
    ),
    "a rate of less than one": (
        {"flow": '"1 µL/s"', "volume": '"100 µL"', "rate": '"1 /min"'}, "rate_unreachable",
        "zones[1].rate", "1 /min", "none: one shot takes # s (limit: the flow that is set)", [],
    ),
    "depth beyond": (
        {"depth": '"4.5 mm"'}, "beyond_needle", "zones[1].depth",
        "4.5 mm", "up to 4 mm", [{"depth": '"4 mm"'}],
    ),
    "angle too flat": (
        SLANT | {"angle": '"15 °"'}, "beyond_needle", "zones[1].depth",
        "4 mm at 15 °, that is 15.454 mm of needle", "up to 3.36 mm at 15 °, or an angle of 18 °",
        [{"depth": '"3.36 mm"'}, {"angle": '"18 °"'}],
    ),
    "deeper than the mode": (
        {"mode": '"nappage"', "needle": needle(length="6 mm"), "depth": '"5 mm"'},
        "beyond_mode", "zones[1].depth", "5 mm", "up to 4 mm in this mode", [{"depth": '"4 mm"'}],
    ),
    "more than the mode": (
        {"mode": '"microdrop"', "depth": '"0.5 mm"', "volume": '"12 µL"'},
        "beyond_mode", "zones[1].volume", "12 µL", "up to 10 µL in this mode",
        [{"volume": '"10 µL"'}],
    ),
    "more than a filling": (
        {"volume": '"990 µL"', "mode": '"single"'}, "beyond_syringe", "zones[1].volume",
        "990 µL", "up to # µL after priming", [{"volume": '"# µL"'}],
    ),
    "shot too long by its flow": (
        {"mode": '"perfusion"', "volume": '"0.9 mL"', "flow": '"2 µL/s"', "shots": "1"},
        "shot_too_long", "zones[1].flow",
        "# s", "up to 300 s, that is # µL (limit: the flow that is set)",
        [{"volume": '"590 µL"'}, {"flow": '"4 µL/s"'}],
    ),
    "shot too long by its needle": (
        {"mode": '"single"', "volume": '"0.9 mL"', "needle": needle("34G"), "shots": "1",
         "viscosity": '"25 mPa·s"'}, "shot_too_long", "zones[1].volume",
        "# s", "up to 300 s, that is # µL (limit: 34G needle on 1 mL syringe)",
        [{"volume": '"300 µL"'}],
    ),
}  # fmt: skip


def figure(told: str, pattern: str) -> str:
    """The figure at the first # of a pattern that must match."""
    found = re.fullmatch(re.escape(pattern).replace(r"\#", r"([\d.]+)"), told)
    assert found, f"{told!r} is not {pattern!r}"
    return found[1] if found.groups() else ""


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_done_is_told_with_the_nearest_that_can(name):
    changes, code, at, found, allowed, possible = CASES[name]
    (fault,) = check(changes)
    assert (fault.name, fault.at) == (code, at)
    figure(fault.found, found)
    nearest = figure(fault.allowed, allowed)
    key = at.rpartition(".")[2]
    line = text(changes).splitlines()[(fault.line or 0) - 1]
    assert line.startswith("needle" if at == "needle.pins" else key)
    for accepted in possible:
        edits = {key: value.replace("#", nearest) for key, value in accepted.items()}
        assert check(changes | edits) == ()


def test_the_same_fault_of_the_needle_is_told_once():
    (fault,) = check(STAMP | {"needle": needle("33G", pins=9)}, zones=5)
    assert fault.at == "needle.pins"


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("too many pins", "needle"),
        ("dose too small", "syringe"),
        ("viscosity too high", "needle"),
        ("pressure stays", "viscosity"),
        ("dwell too long", "dwell"),
        ("flow too low", "volume"),
        ("angle too flat", "angle"),
        ("more than a filling", "syringe"),
    ],
)
def test_what_follows_from_a_wrong_field_is_not_told(name, unknown):
    (fault,) = check(CASES[name][0] | {unknown: "false"})
    assert (fault.name, fault.at) == (
        "wrong_type",
        unknown if unknown in HEAD else f"zones[1].{unknown}",
    )
