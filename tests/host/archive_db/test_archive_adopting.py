"""Archives of the older form, a folder of files a gun: imported once, said, and never lost."""

import json
from pathlib import Path

import pytest
from filled import BOARD, exported, numbers

from mesohost.archive import Archive, jsonl
from mesohost.cli import run
from mesohost.troubles import ArchiveTrouble

ID = "ab" * 16


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder of the older form, with one gun's log."""
    exported(tmp_path, 1, 30)
    told = {"format": 1, "archive": "12" * 16, "created": "2026-03-01T08:00:00+00:00"}
    (tmp_path / "archive.json").write_text(json.dumps(told))
    return tmp_path


def test_the_older_form_is_imported_once_and_said(folder: Path):
    archive = Archive(folder)
    assert archive.boards() == [BOARD]
    (said,) = archive.said
    assert "b0a.jsonl, 30 records" in said
    assert archive.id == "12" * 16
    assert len(archive.log(BOARD).heads()) == 1
    again = Archive(folder)
    assert again.boards() == [BOARD]
    assert again.said == []
    names = {path.name for path in (folder / "imported").iterdir()}
    assert names == {"b0a.jsonl", "b0a.heads"}


def test_the_command_line_says_it(folder: Path, capsys):
    assert run(["verify", "--archive", str(folder)]) == 0
    captured = capsys.readouterr()
    assert "a log of the older form was imported" in captured.err
    assert "whole: 30 records" in captured.out


def test_a_lost_id_is_found_in_the_logs(folder: Path):
    (folder / "archive.json").unlink()
    assert Archive(folder).id == ID


def test_a_damaged_id_is_no_new_one(folder: Path):
    (folder / "archive.json").write_text('{"format": 1, "arch')
    with pytest.raises(ArchiveTrouble, match="id is damaged") as trouble:
        _ = Archive(folder).id
    assert "backup" in trouble.value.remedies[0]
    assert (folder / f"{BOARD}.jsonl").exists()


def test_a_broken_log_stays_where_it_is_and_the_others_come_in(folder: Path):
    path = folder / "b0b.jsonl"
    path.write_bytes(b"garbage\n")
    archive = Archive(folder)
    assert archive.boards() == [BOARD]
    assert any("could not be imported and stays" in line for line in archive.said)
    assert path.read_bytes() == b"garbage\n"
    assert numbers(archive) == list(range(1, 31))


def test_broken_off_between_two_files_it_goes_on(folder: Path):
    archive = Archive(folder)
    assert archive.boards() == [BOARD]
    # As if the process had died before the files were moved aside.
    for path in (folder / "imported").iterdir():
        path.replace(folder / path.name)
    again = Archive(folder)
    assert again.boards() == [BOARD]
    assert "0 records" in again.said[0]
    assert numbers(again) == list(range(1, 31))
    assert jsonl.SUFFIX not in {path.suffix for path in folder.iterdir()}
