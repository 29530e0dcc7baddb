"""The archive on disk: what is written, found again, cut off, refused, and never lost."""

import json
from pathlib import Path

import msgspec
import pytest
from benches import chained, gun_of, idle_world

from mesohost import records
from mesohost.answers import Hello
from mesohost.archive import Archive, GunLog, Held
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
    assert not archive.folder.exists()
    made = archive.id
    assert len(made) == 32
    assert made == archive.id == Archive(archive.folder).id
    assert json.loads((archive.folder / "archive.json").read_text())["archive"] == made


def test_a_lost_id_is_found_in_the_logs(log: GunLog):
    path = log.path.parent / "archive.json"
    made = json.loads(path.read_text())["archive"]
    path.unlink()
    assert Archive(path.parent).id == made


def test_a_damaged_id_is_no_new_one(tmp_path: Path):
    (tmp_path / "archive.json").write_text('{"format": 1, "arch')
    with pytest.raises(ArchiveTrouble, match="id is damaged") as trouble:
        _ = Archive(tmp_path).id
    assert "backup" in trouble.value.remedies[0]
    (tmp_path / "archive.json").write_text('{"format":1,"archive":"x","created":""}')
    with pytest.raises(ArchiveTrouble, match="id is damaged"):
        _ = Archive(tmp_path).id


def test_a_line_says_all_that_a_record_holds(log: GunLog):
    head, first, *_ = log.path.read_text().splitlines()
    assert json.loads(head)["board"] == "b0a"
    assert json.loads(head)["format"] == 1
    line = json.loads(first)
    assert next(iter(line)) == "number"
    assert line.pop("raw") == RAWS[0].hex()
    assert line == msgspec.structs.asdict(records.decode(RAWS[0]))


def test_records_come_back_as_they_were(log: GunLog):
    log.append(held(11, 30))
    again = reopened(log)
    assert [one.raw for one in again.records()] == RAWS
    assert again.last_number == 30
    assert again.last == log.last == list(again.records())[-1]
    assert Archive(log.path.parent).boards() == ["b0a"]


def test_a_log_longer_than_its_tail_is_read_from_the_end(tmp_path: Path):
    raws = chained(400)
    log = Archive(tmp_path).log("b0a")
    log.introduce(HELLO)
    log.append([Held(n, records.decode(raw), raw) for n, raw in enumerate(raws, 1)])
    assert log.path.stat().st_size > 2 * 65_536
    assert reopened(log).last_number == 400


def test_what_is_marked_stays_marked(log: GunLog):
    torn = RAWS[10][:50] + bytes(46)
    log.append([Held(11, records.decode(torn), torn, 123, records.DAMAGED)])
    again = reopened(log)
    assert again.last == Held(11, records.decode(torn), torn, 123, records.DAMAGED)


@pytest.mark.parametrize("left", [1, 20, 300])
def test_a_torn_last_line_is_cut_off(log: GunLog, left: int):
    whole = log.path.read_bytes()
    log.append(held(11, 11))
    log.path.write_bytes(log.path.read_bytes()[: len(whole) + left])
    again = reopened(log)
    assert again.last_number == 10
    assert again.cut_bytes == left
    assert len(list(again.records())) == 10
    again.append(held(11, 12))
    assert [one.raw for one in reopened(log).records()] == RAWS[:12]
    assert again.cut_bytes == 0


def test_a_crash_at_any_byte_costs_at_most_what_was_being_written(log: GunLog):
    whole = log.path.read_bytes()
    log.append(held(11, 13))
    grown = log.path.read_bytes()
    for end in range(len(whole), len(grown)):
        log.path.write_bytes(grown[:end])
        again = reopened(log)
        assert again.last_number == 10 + grown[len(whole) : end].count(b"\n")
        assert again.cut_bytes == end - (grown.rindex(b"\n", 0, end) + 1)


def test_zeros_that_a_crash_left_are_cut_off(log: GunLog):
    log.path.write_bytes(log.path.read_bytes() + bytes(700))
    assert reopened(log).last_number == 10
    assert reopened(log).cut_bytes == 700


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda data: b"{}\n" + data, "its first line"),
        (lambda data: data[:-60] + b"x" * 59 + b"\n", "its last line"),
        (lambda data: data.replace(b'"format":1', b'"format":2', 1), "newer mesogun"),
        (lambda data: data.replace(b'"board":"b0a"', b'"board":"b0c"', 1), "another gun, b0c"),
        (lambda _data: b"", "its first line"),
    ],
)
def test_a_log_that_cannot_be_believed_is_left_alone(log: GunLog, damage, told: str):
    data = damage(log.path.read_bytes())
    log.path.write_bytes(data)
    with pytest.raises(ArchiveTrouble, match=told) as trouble:
        reopened(log)
    assert trouble.value.remedies
    assert log.path.read_bytes() == data


def test_a_damaged_line_in_the_middle_is_told(log: GunLog):
    lines = log.path.read_bytes().splitlines(keepends=True)
    lines[4] = b"{}\n"
    log.path.write_bytes(b"".join(lines))
    with pytest.raises(ArchiveTrouble, match="line 5"):
        list(reopened(log).records())


def test_the_header_follows_the_gun(log: GunLog):
    before = log.path.read_bytes()
    log.introduce(HELLO)
    assert log.path.read_bytes() == before
    log.introduce(msgspec.structs.replace(HELLO, firmware="0.2.0"))
    again = reopened(log)
    assert again.header is not None
    assert again.header.firmware == "0.2.0"
    assert again.header.created == json.loads(before.splitlines()[0])["created"]
    assert [one.raw for one in again.records()] == RAWS[:10]


def test_a_board_is_a_file_name(tmp_path: Path):
    with pytest.raises(ArchiveTrouble, match="no gun's board id"):
        Archive(tmp_path).log("../b0a")


def test_a_full_disk_leaves_what_was_there(log: GunLog, monkeypatch):
    before = log.path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ArchiveTrouble, match="No space left"):
        log.append(held(11, 20))
    assert log.path.read_bytes() == before
    with pytest.raises(ArchiveTrouble, match="No space left"):
        log.introduce(msgspec.structs.replace(HELLO, firmware="0.3.0"))
    assert log.path.read_bytes() == before
    monkeypatch.undo()
    log.append(held(11, 20))
    assert reopened(log).last_number == 20


def test_a_folder_that_cannot_be_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveTrouble, match="cannot be written"):
        _ = Archive(tmp_path / "file" / "archive").id


def test_a_real_gun_fits(tmp_path: Path):
    hello = gun_of(idle_world()).hello()
    log = Archive(tmp_path).log(hello.board)
    log.introduce(hello)
    assert Archive(tmp_path).boards() == [hello.board]
