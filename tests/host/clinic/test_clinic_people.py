"""Users and patients: who may log in and approve; references that can be erased for good."""

import shutil
from pathlib import Path

import pytest
from clinics import NOON, PASSWORD, Clinic, clinic

from mesohost.archive import Archive
from mesohost.archive.backup import examine
from mesohost.cli import run
from mesohost.clinic import bodies, entries, patients, protocols, users
from mesohost.clinic.refusing import ClinicTrouble, NotAllowed
from tests.host.archive_db import deaths


@pytest.fixture
def here(tmp_path: Path) -> Clinic:
    return clinic(tmp_path)


def test_only_the_right_password_lets_in(here: Clinic):
    assert users.log_in(here.archive, "Chief", PASSWORD) == here.chief
    assert users.log_in(here.archive, " chief ", PASSWORD) == here.chief
    for name, password in (("Chief", PASSWORD + " "), ("Chief", ""), ("Nobody", PASSWORD)):
        assert users.log_in(here.archive, name, password) is None
    assert users.log_in(Archive(here.archive.folder / "none"), "Chief", PASSWORD) is None
    assert PASSWORD.encode() not in here.archive.path.read_bytes()


def test_who_left_or_changed_the_password_is_let_in_no_longer(here: Clinic):
    users.set_password(here.archive, "Operator", "another password", by=here.operator.id)
    assert users.log_in(here.archive, "Operator", PASSWORD) is None
    assert users.log_in(here.archive, "Operator", "another password")
    users.set_active(here.archive, "Operator", False, by=here.chief.id)
    assert users.log_in(here.archive, "Operator", "another password") is None
    told = [entry.body.what for entry in entries.read(here.archive, bodies.User)]
    assert told == ["added", "added", "password", "inactive"]


@pytest.mark.parametrize(
    ("name", "role", "password", "told"),
    [
        ("chief", "operator", PASSWORD, "already"),
        ("", "operator", PASSWORD, "1 to 64"),
        ("x" * 65, "operator", PASSWORD, "1 to 64"),
        ("a\x00b", "operator", PASSWORD, "1 to 64"),
        ("New", "king", PASSWORD, "no role 'king'"),
        ("New", "engineer", "short", "at least 10"),
    ],
)
def test_a_user_who_cannot_be_is_refused(here: Clinic, name, role, password, told: str):
    with pytest.raises(ClinicTrouble, match=told):
        users.add(here.archive, name, role, password, by=here.chief.id)
    assert len(users.everyone(here.archive)) == 2


def test_only_an_active_approver_approves(here: Clinic):
    with pytest.raises(NotAllowed, match="Operator may not approve"):
        protocols.approve(here.archive, here.draft, by=here.operator.id)
    users.set_active(here.archive, "Chief", False, by=here.chief.id)
    with pytest.raises(NotAllowed):
        protocols.approve(here.archive, here.draft, by=here.chief.id)


def test_a_reference_names_one_patient(here: Clinic):
    assert patients.find(here.archive, " P-0042 ") == here.patient
    assert patients.find(here.archive, "P-0043") is None
    for reference in ("P-0042", "", "x" * 25, "a\nb\x00"):
        with pytest.raises(ClinicTrouble):
            patients.register(here.archive, reference, by=here.operator.id)


def test_an_erased_reference_is_nowhere_in_the_file_and_the_journal_is_whole(here: Clinic):
    program = protocols.program_for(here.approved(), "P-0042")
    patients.keep_program(here.archive, program, here.patient.id)
    entries.write(here.archive, 1, bodies.Note(text="kept"), patient=here.patient.id)
    assert b"P-0042" in here.archive.path.read_bytes()
    head = entries.head(here.archive)
    patients.erase(here.archive, here.patient.id, "asked for", by=here.chief.id, at=NOON)
    files = [path.read_bytes() for path in here.archive.folder.iterdir()]
    assert not any(b"P-0042" in data for data in files)
    assert entries.verify(here.archive) == []
    assert entries.head(here.archive)[0] == head[0] + 1
    assert patients.of_id(here.archive, here.patient.id).reference == ""
    assert [each.body.text for each in entries.read(here.archive, bodies.Note)] == ["kept"]
    kept = patients.kept_program(here.archive, program.sha256[:8])
    assert kept
    assert (kept.erased, kept.sha256, kept.program.patient) == (True, program.sha256, "erased")
    assert kept.program.zones == program.zones
    examine(here.archive.path)
    with pytest.raises(ClinicTrouble, match="erased before"):
        patients.erase(here.archive, here.patient.id, "again", by=here.chief.id)
    # The reference is free again, for somebody else.
    assert patients.register(here.archive, "P-0042", by=1).id != here.patient.id


def test_a_reference_is_erased_by_the_command(here: Clinic, monkeypatch, capsys):
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(here.archive.folder))
    monkeypatch.setenv("MESOGUN_PASSWORD", PASSWORD)
    line = ["archive", "erase", "P-0042", "--reason", "asked for", "--by", "Operator"]
    assert run(line) == 0
    assert f"the patient's number is {here.patient.id}" in capsys.readouterr().out
    assert b"P-0042" not in here.archive.path.read_bytes()
    assert run(line) == 4
    assert "there is no patient" in capsys.readouterr().err


def test_erasing_that_is_killed_has_erased_everywhere_or_nowhere(here: Clinic, tmp_path: Path):
    program = protocols.program_for(here.approved(), "P-0042")
    patients.keep_program(here.archive, program, here.patient.id)

    def work(name: object) -> Path:
        folder = tmp_path / "copies" / str(name)
        folder.mkdir(parents=True)
        shutil.copy(here.archive.path, folder)
        return folder

    def erase(folder: Path) -> None:
        patients.erase(Archive(folder), here.patient.id, "asked for", by=here.chief.id)

    count = deaths.calls(lambda: erase(work("counted")))
    seen = set()
    for call in deaths.steps(count, 16):
        folder = work(call)
        deaths.killed_at(call, lambda: erase(folder))  # noqa: B023
        archive = Archive(folder)
        reference = patients.of_id(archive, here.patient.id).reference
        kept = patients.kept_program(archive, program.sha256)
        assert kept
        assert kept.erased == (not reference)
        assert len(entries.read(archive, bodies.Erased)) == kept.erased
        assert entries.verify(archive) == []
        seen.add(reference)
    assert seen == {"P-0042", ""}


def test_users_by_the_command(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(tmp_path))
    monkeypatch.setenv("MESOGUN_NEW_PASSWORD", PASSWORD)
    monkeypatch.setenv("MESOGUN_PASSWORD", PASSWORD)
    assert run(["user", "add", "A. Name"]) == 0
    assert capsys.readouterr().out == "A. Name: operator, approver\n"
    assert run(["user", "add", "B. Name", "--role", "engineer"]) == 4
    assert "--by NAME" in capsys.readouterr().err
    assert run(["user", "add", "B. Name", "--role", "engineer", "--by", "a. name"]) == 0
    assert run(["user", "add", "C. Name", "--by", "B. Name"]) == 4
    assert "may not approve" in capsys.readouterr().err
    assert run(["user", "stop", "B. Name", "--by", "A. Name"]) == 0
    assert "may not log in" in capsys.readouterr().out
    monkeypatch.setenv("MESOGUN_PASSWORD", "something else")
    assert run(["user", "password", "A. Name", "--by", "A. Name"]) == 4
    assert "not the password" in capsys.readouterr().err
    assert run(["user", "list", "--json"]) == 0
