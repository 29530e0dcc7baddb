"""Copies of the archive: made while it is in use, checked, restored; nothing is overwritten."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from filled import BOARD, archive_of, dump, exported, held, numbers

from mesohost.archive import Archive
from mesohost.archive.backup import back_up, examine, restore
from mesohost.archive.importing import import_log
from mesohost.cli import run
from mesohost.troubles import ArchiveTrouble


def test_a_copy_is_the_archive(tmp_path: Path):
    archive = archive_of(tmp_path)
    copy = tmp_path / "copy.sqlite"
    done = back_up(archive, copy)
    assert done.rows["records"] == 300
    assert done.archive == archive.id
    assert dump(copy) == dump(archive.path)
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.sqlite"]


def test_a_copy_is_made_while_somebody_writes(tmp_path: Path):
    archive = archive_of(tmp_path)
    with archive.database.writing():
        back_up(archive, tmp_path / "copy.sqlite")
    with closing(sqlite3.connect(archive.path)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM records").fetchone()
        archive.log(BOARD).append(held(301, 310))
        assert back_up(archive, tmp_path / "copy-2.sqlite").rows["records"] == 310


def test_a_copy_overwrites_nothing(tmp_path: Path):
    archive = archive_of(tmp_path)
    copy = tmp_path / "copy.sqlite"
    copy.write_text("mine")
    with pytest.raises(ArchiveTrouble, match="is there already"):
        back_up(archive, copy)
    assert copy.read_text() == "mine"


def test_without_an_archive_there_is_no_copy(tmp_path: Path):
    with pytest.raises(ArchiveTrouble, match="there is no archive"):
        back_up(Archive(tmp_path / "none"), tmp_path / "copy.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_is_restored_where_there_is_no_archive(tmp_path: Path):
    archive = archive_of(tmp_path)
    copy = tmp_path / "copy.sqlite"
    back_up(archive, copy)
    other = Archive(tmp_path / "other")
    done, kept = restore(other, copy)
    assert kept is None
    assert done.rows["records"] == 300
    assert dump(other.path) == dump(archive.path)
    assert other.id == archive.id


def test_an_archive_is_replaced_only_where_that_is_asked_for_and_is_kept(tmp_path: Path):
    archive = archive_of(tmp_path)
    copy = tmp_path / "copy.sqlite"
    back_up(archive, copy)
    import_log(archive, exported(tmp_path, 1, 400))
    before = dump(archive.path)
    with pytest.raises(ArchiveTrouble, match="there is an archive already") as told:
        restore(archive, copy)
    assert "--replace" in told.value.remedies[0]
    assert dump(archive.path) == before
    _, kept = restore(archive, copy, replace=True)
    assert kept
    assert dump(kept) == before
    assert len(numbers(archive)) == 300
    _, second = restore(archive, copy, replace=True)
    assert second not in (None, kept)


def test_what_a_removed_archive_left_is_not_taken_for_the_new_ones(tmp_path: Path):
    archive = archive_of(tmp_path)
    copy = tmp_path / "copy.sqlite"
    back_up(archive, copy)
    with closing(sqlite3.connect(archive.path)) as other:
        other.execute("SELECT count(*) FROM records").fetchone()
        archive.log(BOARD).append(held(301, 310))
        wal = archive.path.with_name("archive.sqlite-wal").read_bytes()
    assert wal
    archive.path.unlink()
    archive.path.with_name("archive.sqlite-wal").write_bytes(wal)
    restore(archive, copy)
    assert len(numbers(archive)) == 300
    assert dump(archive.path) == dump(copy)


def damaged(copy: Path) -> None:
    data = bytearray(copy.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    copy.write_bytes(data)


def halved(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])


def another(copy: Path) -> None:
    copy.unlink()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TABLE songs (name)")


def newer(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def no_database(copy: Path) -> None:
    copy.write_text("a letter of some length, which is no database at all" * 99)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (damaged, "damaged"),
        (halved, "damaged"),
        (another, "no archive of mesogun"),
        (newer, "newer mesogun"),
        (no_database, "is no archive"),
        (Path.unlink, "there is no such file"),
    ],
)
def test_a_copy_that_is_none_is_refused_and_the_archive_stays(tmp_path: Path, spoil, told: str):
    archive = archive_of(tmp_path)
    copy = tmp_path / "copy.sqlite"
    back_up(archive, copy)
    spoil(copy)
    before = dump(archive.path)
    with pytest.raises(ArchiveTrouble, match=told) as trouble:
        restore(archive, copy, replace=True)
    assert trouble.value.remedies
    assert dump(archive.path) == before
    assert [path.name for path in archive.folder.iterdir()] == ["archive.sqlite"]


@pytest.mark.parametrize("spoil", [damaged, halved, no_database])
def test_a_damaged_archive_is_told_and_a_copy_takes_its_place(tmp_path: Path, spoil):
    archive = archive_of(tmp_path, 3_000)
    copy = tmp_path / "copy.sqlite"
    back_up(archive, copy)
    spoil(archive.path)
    with pytest.raises(ArchiveTrouble, match=r"damaged|no archive") as told:
        list(Archive(archive.folder).log(BOARD).records())
    assert any("mesogun archive restore" in remedy for remedy in told.value.remedies)
    with pytest.raises(ArchiveTrouble):
        examine(archive.path)
    _, kept = restore(Archive(archive.folder), copy, replace=True)
    assert kept
    assert len(numbers(archive)) == 3_000


def test_the_commands_say_what_they_did(tmp_path: Path, capsys, monkeypatch):
    archive = archive_of(tmp_path)
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(archive.folder))
    copy = str(tmp_path / "copy.sqlite")
    assert run(["archive", "backup", copy]) == 0
    assert "written and checked: 1 logs, 300 records" in capsys.readouterr().out
    assert run(["archive", "restore", copy]) == 7
    assert run(["archive", "restore", copy, "--replace"]) == 0
    assert "archive.old-1.sqlite" in capsys.readouterr().out
    assert run(["archive", "verify"]) == 0
    assert "gun b0a: whole: 300 records" in capsys.readouterr().out
