"""Calibration files: kept whole, valid for a year, compared over time, merged for the gun."""

import datetime
import io
import json

import msgspec
import pytest

from mesohost.calibration import drift, merging, record
from mesohost.calibration.record import Calibration, Figure
from mesohost.cli import run
from mesohost.drawing.drift import Drift, DriftPoint, draw_drift
from mesohost.troubles import ArchiveTrouble, FileTrouble

DAY = "2026-01-31"
LOW, HIGH = 4.30, 4.34


def calibration(**changed):
    """An accepted depth calibration, with something changed."""
    sound = Calibration(
        format=1, kind="depth", version=1, board="b00c1", of="carriage",
        begun=f"{DAY}T10:00:00+00:00", ended=f"{DAY}T10:15:00+00:00", valid_until="2027-01-31",
        accepted=True, operator="OP2", fields={"carriage_ppm": 1_000_500, "foot_um": 985},
        figures=(Figure("scale", 100.05, "%", 100.0, 100.1), Figure("return", 80.0, "ms")),
        verdicts=(), lines=("scale 100.05 %",), result={}, answers={},
    )  # fmt: skip
    return msgspec.structs.replace(sound, **changed)


def later(day, value, **changed):
    figures = (Figure("scale", value, "%", value - 0.05, value + 0.05),)
    return calibration(ended=f"{day}T10:15:00+00:00", figures=figures, **changed)


def test_a_file_holds_what_was_kept(tmp_path):
    path = record.keep(tmp_path, calibration())
    assert path == tmp_path / "b00c1" / "depth-carriage-20260131T101500.json"
    assert record.read(path) == calibration()
    assert list(record.held(tmp_path)) == [path]


def test_names_from_outside_stay_inside_the_folder(tmp_path):
    path = record.keep(tmp_path, calibration(board="../../up", of="3 mL/x"))
    assert path.parent.parent == tmp_path


@pytest.mark.parametrize("text", ["", "{}", "[1]", "\xff"])
def test_a_damaged_file_is_told(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ArchiveTrouble, match=r"x\.json"):
        record.read(path)


def test_a_file_of_a_later_release_is_told(tmp_path):
    path = record.keep(tmp_path, calibration(format=2))
    with pytest.raises(ArchiveTrouble, match="format 2"):
        record.read(path)


def test_a_full_disk_is_told(tmp_path):
    (tmp_path / "b00c1").write_text("no folder")
    with pytest.raises(FileTrouble, match="cannot be written"):
        record.keep(tmp_path, calibration())


@pytest.mark.parametrize(
    ("today", "standing"),
    [("2026-02-01", "valid"), ("2026-12-31", "valid"), ("2027-01-01", "due soon"),
     ("2027-01-31", "due soon"), ("2027-02-01", "overdue")],
)  # fmt: skip
def test_a_calibration_holds_for_a_year(today, standing):
    assert calibration().standing(datetime.date.fromisoformat(today)) == standing


def test_reminders_are_of_the_newest_accepted_only():
    old, new = calibration(), calibration(ended="2026-12-01T10:00:00+00:00",
                                          valid_until="2027-12-01")  # fmt: skip
    refused = calibration(ended="2026-12-02T10:00:00+00:00", accepted=False)
    today = datetime.date(2027, 2, 1)
    assert record.latest([new, refused, old]) == [new]
    assert record.reminders([old, new], today) == []
    (line,) = record.reminders([old], today)
    assert "overdue" in line


def test_drift_beyond_the_intervals_is_told_apart():
    (still,) = drift.courses([later("2026-01-31", 100.0), later("2026-06-30", 100.06)])
    (moved,) = drift.courses([later("2026-06-30", 100.2), later("2026-01-31", 100.0)])
    assert not still.told_apart
    assert moved.told_apart
    assert moved.days == ("2026-01-31", "2026-06-30")
    assert moved.changed_pct == pytest.approx(0.2)


def test_a_course_is_drawn_in_text():
    (course,) = drift.courses([later("2026-01-31", 100.0), later("2026-06-30", 100.9)])
    heading, first, last, changed = drift.told(course)
    assert heading == "b00c1 depth carriage: scale, %"
    assert first.index("*") < last.index("*")
    assert "-*-" in first
    assert "+0.90 %, more than" in changed


def test_figures_of_different_guns_are_never_mixed():
    found = drift.courses([calibration(), calibration(board="b00c2")])
    assert {(one.board, one.name) for one in found} == {
        (board, name) for board in ("b00c1", "b00c2") for name in ("scale", "return")
    }


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_a_course_is_drawn_as_a_picture(kind, begins):
    points = (DriftPoint("2026-01-31", 4.32, LOW, HIGH), DriftPoint("2026-06-30", 4.33, 4.33, 4.34))
    out = io.BytesIO()
    draw_drift([Drift("volume per step", "nL", points)] * 9, out, kind=kind)
    assert out.getvalue().startswith(begins)
    if kind == "svg":
        assert b"volume per step" in out.getvalue()
        assert b"2026-" in out.getvalue()


def test_nothing_is_no_picture():
    with pytest.raises(ValueError, match="no figure"):
        draw_drift([], io.BytesIO())


def test_the_newest_accepted_of_each_kind_go_to_the_gun():
    fields = merging.fields_of(
        [calibration(), calibration(ended="2026-05-01T10:00:00+00:00",
                                    fields={"carriage_ppm": 1_001_000, "foot_um": 990}),
         calibration(ended="2026-06-01T10:00:00+00:00", accepted=False,
                     fields={"carriage_ppm": 1, "foot_um": 1})]
    )  # fmt: skip
    assert fields == {"foot_um": 990, "carriage_ppm": 1_001_000}


@pytest.mark.parametrize(
    ("held", "why"),
    [([calibration(accepted=False)], "none of these"),
     ([calibration(), calibration(board="b00c2")], "several guns")],
)  # fmt: skip
def test_fields_are_of_one_gun_and_accepted(held, why):
    with pytest.raises(ArchiveTrouble, match=why):
        merging.fields_of(held)


@pytest.fixture
def folder(tmp_path):
    """Two calibrations of one gun."""
    for day, value in (("2026-01-31", 100.0), ("2026-06-30", 100.4)):
        record.keep(tmp_path, later(day, value))
    return tmp_path


def test_show_tells_the_newest_and_reminds(folder, capsys):
    shown = ["calibration", "show", "--folder", str(folder), "--today"]
    assert run([*shown, "2026-07-01"]) == 0
    said = capsys.readouterr()
    assert "2026-06-30, by OP2: accepted, valid" in said.out
    assert "2026-01-31," not in said.out
    assert run([*shown, "2028-01-01"]) == 1
    assert "reminder: b00c1: depth carriage: overdue" in capsys.readouterr().err


def test_show_tells_named_files_as_json(folder, capsys):
    path = next(record.held(folder))
    assert run(["calibration", "show", str(path), "--json", "--today", "2026-07-01"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["fields"]["foot_um"] == 985


def test_compare_tells_and_draws(folder, tmp_path, capsys):
    picture = tmp_path / "drift.svg"
    assert run(
        ["calibration", "compare", "--folder", str(folder), "--picture", str(picture)]
    ) == 0  # fmt: skip
    assert "changed by +0.40 %, more than" in capsys.readouterr().out
    assert picture.read_text().startswith("<?xml")
    assert run(["calibration", "compare", "--folder", str(folder), "--figure", "x"]) == 7
    assert "there are: scale" in capsys.readouterr().err


def test_a_picture_is_svg_or_png(folder, tmp_path, capsys):
    picture = str(tmp_path / "drift.gif")
    assert run(["calibration", "compare", "--folder", str(folder), "--picture", picture]) == 7
    assert ".svg or .png" in capsys.readouterr().err


def test_export_writes_a_table_and_the_fields(folder, tmp_path, capsys):
    table, fields = tmp_path / "x.csv", tmp_path / "x.json"
    called = ["calibration", "export", "--folder", str(folder)]
    assert run([*called, "--csv", str(table), "--fields", str(fields)]) == 0
    head, *rows = table.read_text().splitlines()
    assert head.startswith("board,kind,of,ended,accepted,operator,figure,value")
    assert [row.split(",")[7] for row in rows] == ["100.0", "100.4"]
    assert json.loads(fields.read_text()) == {"foot_um": 985, "carriage_ppm": 1_000_500}
    capsys.readouterr()
    assert run(called) == 2


def test_nothing_there_is_told(tmp_path, capsys):
    assert run(["calibration", "show", "--folder", str(tmp_path)]) == 7
    assert "no calibrations" in capsys.readouterr().err
