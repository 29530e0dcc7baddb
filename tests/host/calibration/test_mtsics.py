"""Every answer of MT-SICS levels 0 and 1 that a balance gives is understood as published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesohost.calibration.mtsics import Answer, NotAnAnswer, parse


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("S S     100.0000 g", Answer("S", "S", 100_000.0)),
        ("S D      -0.0003 g", Answer("S", "D", -0.3)),
        ("S S      +1.2345 mg", Answer("S", "S", 1.2345)),
        ("S S        0.5 kg", Answer("S", "S", 500_000.0)),
        ("S S         10 ct", Answer("S", "S", 2_000.0)),
        ("S I", Answer("S", "I")),
        ("S +", Answer("S", "+")),
        ("S -", Answer("S", "-")),
        ("S L", Answer("S", "L")),
        ("Z A", Answer("Z", "A")),
        ("Z I", Answer("Z", "I")),
        ("Z +", Answer("Z", "+")),
        ("Z -", Answer("Z", "-")),
        ("ZI D", Answer("ZI", "D")),
        ("ZI S", Answer("ZI", "S")),
        ("T S      30.0000 g", Answer("T", "S", 30_000.0)),
        ("T I", Answer("T", "I")),
        ("T +", Answer("T", "+")),
        ("T -", Answer("T", "-")),
        ("TI D     30.0000 g", Answer("TI", "D", 30_000.0)),
        ("TA A     30.0000 g", Answer("TA", "A", 30_000.0)),
        ("TAC A", Answer("TAC", "A")),
        ('I4 A "B021002593"', Answer("I4", "A", None, ("B021002593",))),
        ('I0 B 0 "SIR"', Answer("I0", "B", None, ("SIR",))),
        ('I1 A "01" "2.30" "" "" ""', Answer("I1", "A", None, ("01", "2.30", "", "", ""))),
        ("ES", Answer("", "ES")),
        ("ET", Answer("", "ET")),
        ("EL", Answer("", "EL")),
        ("  S S   1.0 g  ", Answer("S", "S", 1_000.0)),
    ],
)
def test_an_answer_is_understood(line, answer):
    assert parse(line) == answer


@pytest.mark.parametrize(
    "line",
    ["", "S", "hello there", "S S", "S S 1.0", "S S 1.0 N", "S S Error 10b", "S S 1,0 g",
     "S S nan g", "ES ES", "S X 1.0 g"],
)  # fmt: skip
def test_anything_else_is_no_answer(line):
    with pytest.raises(NotAnAnswer):
        parse(line)


@given(st.text(max_size=40))
def test_no_line_is_more_than_no_answer(line):
    try:
        answer = parse(line)
    except NotAnAnswer:
        return
    assert answer.status


@given(st.floats(-200, 200), st.sampled_from(["S S", "S D", "T S", "TI D", "TA A"]))
def test_every_weight_is_read_back(grams, begins):
    assert parse(f"{begins} {grams:10.4f} g").mass_mg == pytest.approx(round(grams, 4) * 1000)
