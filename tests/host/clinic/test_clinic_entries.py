"""The clinic's journal: appended, chained, corrected by new entries, and never edited."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from clinics import NOON, Clinic, clinic, noon

from mesohost.archive import Archive
from mesohost.cli import run
from mesohost.clinic import bodies, entries
from mesohost.clinic.refusing import ClinicTrouble


@pytest.fixture
def here(tmp_path: Path) -> Clinic:
    return clinic(tmp_path)


def note(here: Clinic, text: str, **more: int) -> entries.Entry[bodies.Note]:
    more = {"patient": here.patient.id, **more}
    return entries.write(here.archive, here.operator.id, bodies.Note(text=text), **more)


def tampered(archive: Archive, change: str) -> None:
    """Change the journal as somebody would who holds the file and takes the triggers away."""
    with closing(sqlite3.connect(archive.path)) as connection:
        for verb in ("UPDATE", "DELETE"):
            connection.execute(f"DROP TRIGGER entries_no_{verb}")
        connection.execute(change)
        connection.commit()


def test_an_entry_says_who_and_when_and_what(here: Clinic):
    body = bodies.AdverseEffect("bruise", "mild", NOON.date(), "left cheek")
    made = entries.write(here.archive, here.operator.id, body, patient=here.patient.id, at=noon(1))
    (read,) = entries.read(here.archive, bodies.AdverseEffect, patient=here.patient.id)
    assert read == made
    assert (read.by, read.at, read.patient, read.body) == (
        here.operator.id, noon(1), here.patient.id, body,
    )  # fmt: skip
    assert entries.read(here.archive, bodies.AdverseEffect, patient=99) == []


def test_a_correction_names_the_old_entry_and_both_stay(here: Clinic):
    old = note(here, "left")
    new = entries.write(here.archive, here.chief.id, bodies.Note(text="right"), corrects=old.number)
    newest = entries.write(
        here.archive, here.chief.id, bodies.Note(text="right cheek"), corrects=new.number
    )
    assert newest.corrects == new.corrects == old.number
    assert [each.body.text for each in entries.read(here.archive, bodies.Note)] == ["right cheek"]
    assert entries.one(here.archive, old.number, bodies.Note).body.text == "right cheek"
    told = [each.body for each in entries.history(here.archive, patient=here.patient.id)]
    assert [body.text for body in told if isinstance(body, bodies.Note)] == [
        "left", "right", "right cheek",
    ]  # fmt: skip


def test_what_is_retracted_no_longer_counts_and_stays_readable(here: Clinic):
    old = note(here, "another patient's")
    body = bodies.Retraction(reason="wrong patient")
    entries.write(here.archive, here.chief.id, body, corrects=old.number)
    assert entries.read(here.archive, bodies.Note) == []
    with pytest.raises(ClinicTrouble, match="no note"):
        entries.one(here.archive, old.number, bodies.Note)
    assert old in entries.history(here.archive, patient=here.patient.id)


def test_what_an_entry_names_must_be_there_and_fit(here: Clinic):
    old = note(here, "x")
    with pytest.raises(ClinicTrouble, match="there is no entry 99"):
        note(here, "y", about=99)
    with pytest.raises(ClinicTrouble, match="is of another patient"):
        note(here, "y", about=old.number, patient=2)
    care = bodies.AfterCare(text="z")
    with pytest.raises(ClinicTrouble, match="cannot be corrected by a aftercare"):
        entries.write(here.archive, here.chief.id, care, corrects=old.number)
    assert entries.head(here.archive)[0] == old.number


@pytest.mark.parametrize("change", ["UPDATE entries SET body = body", "DELETE FROM entries"])
def test_the_database_itself_refuses_changes(here: Clinic, change: str):
    with (
        closing(sqlite3.connect(here.archive.path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(change)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE entries SET body = replace(body, 'one', 'two') WHERE number = 5", "entry 5"),
        ("UPDATE entries SET by = 1 WHERE number = 5", "entry 5"),
        ("UPDATE entries SET at = '2026-01-01T00:00:00.000+00:00' WHERE number = 5", "entry 5"),
        ("UPDATE entries SET hash = 'x' WHERE number = 6", "entry 6"),
        ("DELETE FROM entries WHERE number = 5", "entries 5 to 5"),
    ],
)
def test_a_change_behind_its_back_shows(here: Clinic, change: str, told: str, capsys):
    for text in ("one", "two", "three"):
        note(here, text)
    assert entries.verify(here.archive) == []
    assert run(["archive", "verify", "--archive", str(here.archive.folder)]) == 0
    assert "7 entries, head" in capsys.readouterr().out
    tampered(here.archive, change)
    problems = entries.verify(here.archive)
    assert problems
    assert problems[0].startswith(told)
    assert run(["archive", "verify", "--archive", str(here.archive.folder)]) == 6


def test_a_journal_that_was_cut_is_shown_by_its_head_alone(here: Clinic):
    before = entries.head(here.archive)
    note(here, "the last")
    tampered(here.archive, "DELETE FROM entries WHERE number = 5")
    assert entries.verify(here.archive) == []
    assert entries.head(here.archive) == before


def test_every_kind_of_entry_comes_back_as_it_was(here: Clinic):
    kinds = {entries.kind_of(kind) for kind in bodies.AnyBody.__args__}
    assert len(kinds) == len(bodies.AnyBody.__args__)
    limits = bodies.ClinicLimits(hard_session_nl=4_000_000)
    assert entries.write(here.archive, 1, limits).body == limits
