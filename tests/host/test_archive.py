"""The archive on disk: what is stored, found again, refused, and never lost."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from benches import chained, gun_of, idle_world

from mesohost import records
from mesohost.answers import Hello
from mesohost.archive import Archive, GunLog, Held
from mesohost.heads import Head
from mesohost.troubles import ArchiveTrouble

RAWS = chained(30)
HELLO = Hello(
    protocol=1, firmware="0.1.0", build="0a", board="b0a", boot=1, calibration=2,
    commissioned=True, hardware_verified=False, at_ms=5, first=1, last=30,
)  # fmt: skip


def held(first: int, last: int) -> list[Held]:
    return [
        Held(number, records.decode(RAWS[number - 1]), RAWS[number - 1])
        for number in range(first, last + 1)
    ]


@pytest.fixture
def log(tmp_path: Path) -> GunLog:
    log = Archive(tmp_path / "archive").log("b0a")
    log.introduce(HELLO)
    log.append(held(1, 10))
    return log


def reopened(log: GunLog) -> GunLog:
    return Archive(log.path.parent).log("b0a")


def test_the_id_is_made_once(tmp_path: Path):
    archive = Archive(tmp_path / "new")
    assert archive.boards() == []
    assert archive.log("b0a").last is None
    assert not archive.folder.exists()
    made = archive.id
    assert len(made) == 32
    assert made == archive.id == Archive(archive.folder).id


def test_records_come_back_as_they_were(log: GunLog):
    log.append(held(11, 30))
    again = reopened(log)
    assert [one.raw for one in again.records()] == RAWS
    assert [one.number for one in again.records(5, 7)] == [5, 6, 7]
    assert again.last_number == 30
    assert again.last == log.last == list(again.records())[-1]
    assert Archive(log.path.parent).boards() == ["b0a"]


def test_what_is_marked_stays_marked(log: GunLog):
    torn = RAWS[10][:50] + bytes(46)
    log.append([Held(11, records.decode(torn), torn, 123, records.DAMAGED)])
    again = reopened(log)
    assert again.last == Held(11, records.decode(torn), torn, 123, records.DAMAGED)


def test_an_append_is_stored_whole_or_not_at_all(log: GunLog):
    torn = msgspec.structs.replace(held(12, 12)[0], raw=None)
    with pytest.raises(ArchiveTrouble):
        log.append([*held(11, 11), torn])
    assert reopened(log).last_number == log.last_number == 10
    log.append(held(11, 12))
    assert reopened(log).last_number == 12


def test_nothing_is_stored_twice(log: GunLog):
    other = reopened(log)
    log.append(held(11, 12))
    with pytest.raises(ArchiveTrouble, match="there already"):
        log.append(held(12, 13))
    with pytest.raises(ArchiveTrouble, match="by another program at the same time"):
        other.append(held(11, 11))
    assert [one.number for one in reopened(log).records()] == list(range(1, 13))


@pytest.mark.parametrize("table", ["identity", "logs", "introductions", "records", "heads"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_the_database_itself_refuses_changes(log: GunLog, table: str, change: str):
    log.note(Head(10, "00" * 16))
    with closing(sqlite3.connect(log.path)) as connection:
        column = connection.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchone()[0]
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(change.format(table, column))


def test_the_header_follows_the_gun(log: GunLog):
    first = log.header
    log.introduce(HELLO)
    log.introduce(msgspec.structs.replace(HELLO, firmware="0.2.0"))
    again = reopened(log)
    assert first
    assert again.header == msgspec.structs.replace(first, firmware="0.2.0")
    with closing(sqlite3.connect(log.path)) as connection:
        told = connection.execute("SELECT firmware FROM introductions ORDER BY id").fetchall()
    assert told == [("0.1.0",), ("0.2.0",)]


def test_heads_are_noted_once(log: GunLog):
    for _ in range(2):
        log.note(Head(10, "00" * 16))
    log.note(Head(10, "11" * 16))
    assert reopened(log).heads() == [Head(10, "00" * 16), Head(10, "11" * 16)]


def test_records_of_a_gun_that_was_not_introduced_are_refused(tmp_path: Path):
    with pytest.raises(ArchiveTrouble, match="has not been introduced"):
        Archive(tmp_path).log("b0a").append(held(1, 1))


def test_a_board_is_a_name(tmp_path: Path):
    with pytest.raises(ArchiveTrouble, match="no gun's board id"):
        Archive(tmp_path).log("../b0a")


def test_a_folder_that_cannot_be_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveTrouble, match="cannot be written"):
        _ = Archive(tmp_path / "file" / "archive").id


def test_an_archive_is_of_one_file_between_two_commands(log: GunLog):
    assert os.listdir(log.path.parent) == ["archive.sqlite"]


def test_a_real_gun_fits(tmp_path: Path):
    hello = gun_of(idle_world()).hello()
    log = Archive(tmp_path).log(hello.board)
    log.introduce(hello)
    assert Archive(tmp_path).boards() == [hello.board]
