"""Limits that come near are told in the page's language."""

import datetime
from pathlib import Path

import msgspec
import pytest

from mesohost.console.catalogue import speak
from mesohost.console.prepare_rehearse import near_said
from mesohost.nearness import KINDS, Near, near_limits
from mesohost.program import load_program

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.toml"))
TODAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_what_comes_near_has_its_kind_and_its_numbers(file):
    program = load_program(file, TODAY).program
    assert program
    found = near_limits(program, 9, 10)
    assert any(one.kind == "force" and one.percent == 90 for one in found)
    for one in found:
        assert one.kind in KINDS
        assert one.percent == round(100 * one.used_value / one.limit_value)
        said = near_said(speak("fr"), one)
        assert one.what not in said
        assert one.of in said


def test_it_is_said_as_the_language_says_it():
    near = Near("zone 1 Temple: shot (soft limit)", "4.5 µL", "5 µL", 90, "shot", "shot_nl", 4_500,
                5_000, "Temple", "soft")  # fmt: skip
    assert near_said(speak("en"), near) == (
        "90 % of a limit: Temple: volume of a shot (soft limit), 4.5 µL of 5 µL"
    )
    assert near_said(speak("fr"), near) == (
        "90 % d'une limite : Temple : volume d'une injection (limite souple), 4,5 µL sur 5 µL"
    )


def test_one_that_was_kept_by_an_older_console_is_told_as_it_was():
    old = msgspec.convert({"what": "x", "used": "1", "limit": "2", "percent": 50}, Near)
    assert near_said(speak("fr"), old) == "50 % d'une limite : x, 1 sur 2"
