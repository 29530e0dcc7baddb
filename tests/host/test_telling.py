"""The words that `check`, `rehearse` and reports share: syringes, and doses of several pins."""

import datetime
from pathlib import Path

import pytest

from mesohost import telling
from mesohost.program import Program, check_program

TEXT = (Path(__file__).parents[2] / "examples" / "water-light.toml").read_text(encoding="utf-8")


def program(*edits: tuple[str, str]) -> Program:
    text = TEXT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    loaded = check_program(text.encode(), "x", datetime.date(2026, 3, 1))
    assert loaded.program, loaded.faults
    return loaded.program


@pytest.mark.parametrize(
    ("count", "changes", "told"),
    [
        (1, [], "syringes: 1 of 1 mL"),
        (2, [96], "syringes: 2 of 1 mL, changed after shot 96"),
        (3, [96, 192], "syringes: 3 of 1 mL, changed after shots 96 and 192"),
        (4, [9, 18, 27], "syringes: 4 of 1 mL, changed after shots 9, 18 and 27"),
    ],
)
def test_syringes_are_told_with_their_changes(count, changes, told):
    assert telling.syringes(count, "1 mL", changes) == told


def test_many_changes_are_counted():
    told = telling.syringes(21, "1 mL", list(range(2, 42, 2)))
    assert told.endswith("2, 4, 6, 8, 10, 12, 14, 16 and 12 times more")


def test_a_dose_is_split_over_the_pins():
    assert telling.per_pin(20_000, 5) == "20 µL over 5 pins, 4 µL each"
    assert telling.per_pin(10_000, 3) == "10 µL over 3 pins, 3.33 µL each"


def test_a_filling_is_the_nominal_volume_less_one_priming_and_no_shot_is_parted():
    plan = program().fillings
    assert (plan.syringes, plan.changes) == (3, (81, 162))  # 81 × 12 µL of 980 µL
    assert plan.needle_shots == 81


def test_zones_share_a_syringe_and_dry_shots_take_none():
    dry = 'mode = "dry"\nlayer = "superficial"\ndepth = "0.6 mm"\n#'
    wet = 'mode = "burst"\nlayer = "superficial"\ndepth = "0.6 mm"\nvolume'
    half = TEXT.count(wet)
    assert half == 3
    first = TEXT.replace(wet, dry, 1)
    loaded = check_program(first.encode(), "x", datetime.date(2026, 3, 1))
    assert loaded.faults[0].name == "beyond_needle_life"  # 70 dry ones and 81 with one needle
    loaded = check_program(
        first.replace("needle_shots = 100", "needle_shots = 151").encode(),
        "x",
        datetime.date(2026, 3, 1),
    )
    assert loaded.program
    assert loaded.program.fillings.changes == (151,)
    assert loaded.program.fillings.needle_shots == 151


def test_training_is_said_first():
    asked = program(("syringe =", 'purpose = "training"\nsyringe ='))
    assert telling.details(asked) == [
        "training: nothing moves and nothing is given",
        "syringes: 3 of 1 mL, changed after shots 81 and 162",
        "a shot: 12 µL over 5 pins, 2.4 µL each",
    ]
