"""Exported logs read into the archive: whole or not at all, once, never against what is held."""

from pathlib import Path

import msgspec
import pytest
from filled import BOARD, HEADER, RAWS, archive_of, dump, exported, head, held, numbers, one

from mesofw.core import records as core
from mesohost import records
from mesohost.archive import Archive, jsonl
from mesohost.archive.importing import import_log
from mesohost.archive.verifying import verify_log
from mesohost.cli import run
from mesohost.heads import Head
from mesohost.records import Break
from mesohost.troubles import ArchiveTrouble, RecordsBroken

OTHER = msgspec.structs.replace(HEADER, board="b0c")


def rewritten(number: int, chain_from: bytes | None = None) -> bytes:
    """A record with another number in it, its checksums right."""
    record = core.Record()
    raw = bytearray(RAWS[number - 1])
    core.unpack(raw, record)
    record.a ^= 1
    core.pack_intent(raw, record, chain_from or core.prev(raw))
    core.pack_result(raw, record)
    return bytes(raw)


def written(folder: Path, raws: list[bytes], heads: list[Head] | None = None) -> Path:
    return jsonl.write(folder, HEADER, [one(raw) for raw in raws], heads or [])


def test_what_is_exported_and_imported_is_the_same(tmp_path: Path):
    archive = archive_of(tmp_path, 300)
    log = archive.log(BOARD)
    assert log.header
    path = jsonl.write(tmp_path / "out", log.header, log.records(), log.heads())
    other = Archive(tmp_path / "other")
    done = import_log(other, path)
    assert (done.found, done.new, done.gaps, done.marked, done.torn_bytes) == (300, 300, (), (), 0)
    again = other.log(BOARD)
    assert list(again.records()) == list(log.records())
    assert again.heads() == log.heads()
    assert again.header == msgspec.structs.replace(log.header, archive=other.id)
    assert verify_log(again).whole


def test_importing_twice_changes_nothing(tmp_path: Path):
    archive = archive_of(tmp_path)
    before = dump(archive.path)
    assert import_log(archive, exported(tmp_path)).new == 0
    assert dump(archive.path) == before


@pytest.mark.parametrize(
    "spans", [[(1, 200), (101, 300)], [(201, 300), (1, 200)], [(1, 100), (201, 300), (50, 250)]]
)
def test_files_that_overlap_make_one_log(tmp_path: Path, spans: list[tuple[int, int]]):
    archive = Archive(tmp_path / "archive")
    for first, last in spans:
        import_log(archive, exported(tmp_path, first, last))
    assert numbers(archive) == list(range(1, 301))
    assert verify_log(archive.log(BOARD)).problems == ()


def test_a_gap_is_told(tmp_path: Path):
    archive = Archive(tmp_path / "archive")
    path = jsonl.write(tmp_path, HEADER, [*held(5, 9), *held(20, 30)], [])
    assert import_log(archive, path).gaps == ((1, 4), (10, 19))


def test_an_older_file_does_not_take_the_head_back(tmp_path: Path):
    archive = archive_of(tmp_path)
    older = msgspec.structs.replace(HEADER, firmware="0.0.9")
    import_log(archive, exported(tmp_path, 1, 100, older))
    header = archive.log(BOARD).header
    assert header
    assert header.firmware == "0.1.0"


def test_a_half_written_last_line_is_left_out_and_told(tmp_path: Path):
    path = exported(tmp_path, 1, 30)
    jsonl.beside(path).unlink()
    path.write_bytes(path.read_bytes()[:-40])
    archive = Archive(tmp_path / "archive")
    done = import_log(archive, path)
    assert (done.new, done.torn_bytes) == (29, path.stat().st_size - _whole(path))
    assert numbers(archive) == list(range(1, 30))


def _whole(path: Path) -> int:
    return path.read_bytes().rindex(b"\n") + 1


@pytest.mark.parametrize(
    ("raws", "told"),
    [
        ([*RAWS[:9], bytes(96), *RAWS[10:30]], "line 11"),
        ([*RAWS[:9], RAWS[9][:95] + b"x", *RAWS[10:30]], "record 10: it is damaged"),
        ([*RAWS[:9], rewritten(10), *RAWS[10:30]], "record 11: it does not follow on"),
        ([*RAWS[:9], RAWS[10], RAWS[9]], "record 10: it stands behind a later one"),
        ([*RAWS[:9], RAWS[8]], "record 9: it stands behind a later one"),
    ],
)
def test_of_a_broken_file_nothing_is_imported(tmp_path: Path, raws: list[bytes], told: str):
    archive = archive_of(tmp_path, 5)
    before = dump(archive.path)
    lines = [
        msgspec.json.encode({"number": number, "raw": raw.hex()})
        if raw == bytes(96)
        else msgspec.json.encode({"number": records.decode(raw).number, "raw": raw.hex()})
        for number, raw in enumerate(raws, 1)
    ]
    path = tmp_path / f"{BOARD}.jsonl"
    path.write_bytes(b"\n".join([msgspec.json.encode(HEADER), *lines, b""]))
    with pytest.raises((RecordsBroken, ArchiveTrouble), match=told) as broken:
        import_log(archive, path)
    assert broken.value.remedies
    assert dump(archive.path) == before


def test_broken_records_are_kept_marked_where_that_is_asked_for(tmp_path: Path):
    archive = Archive(tmp_path / "archive")
    path = written(tmp_path, [*RAWS[:9], rewritten(10), *RAWS[10:30]])
    done = import_log(archive, path, keep_broken=True)
    assert done.marked == (Break(11, records.UNCHAINED),)
    assert numbers(archive) == list(range(1, 31))
    assert not verify_log(archive.log(BOARD)).whole
    log = archive.log(BOARD)
    assert log.header
    # Marks travel with the log.
    other = Archive(tmp_path / "other")
    out = jsonl.write(tmp_path / "out", log.header, log.records(), log.heads())
    assert import_log(other, out).marked == done.marked


def test_the_log_of_another_gun_is_refused(tmp_path: Path):
    archive = archive_of(tmp_path)
    path = exported(tmp_path, 1, 30, OTHER)
    wrong = path.with_name(f"{BOARD}.jsonl")
    path.replace(wrong)
    with pytest.raises(ArchiveTrouble, match="another gun, b0c") as told:
        import_log(archive, wrong)
    assert "b0c.jsonl" in told.value.remedies[0]


def test_a_gun_that_only_says_that_it_is_this_one_is_refused(tmp_path: Path):
    archive = archive_of(tmp_path)
    before = dump(archive.path)
    raws = [rewritten(1)]
    for number in range(2, 31):
        raws.append(rewritten(number, core.digest(raws[-1])))
    with pytest.raises(RecordsBroken, match="another record of this number"):
        import_log(archive, written(tmp_path, raws))
    assert dump(archive.path) == before


@pytest.mark.parametrize("held_part", [(1, 9), (31, 60)])
def test_a_file_that_does_not_join_what_is_held_is_refused(tmp_path: Path, held_part):
    archive = Archive(tmp_path / "archive")
    import_log(archive, exported(tmp_path / "from", *held_part))
    raws = [rewritten(10)]
    for number in range(11, 31):
        raws.append(rewritten(number, core.digest(raws[-1])))
    if held_part == (1, 9):
        raws[0] = rewritten(10, bytes(range(16)))
    with pytest.raises(RecordsBroken, match="follow on"):
        import_log(archive, written(tmp_path, raws))


def test_a_log_that_its_heads_speak_against_is_refused(tmp_path: Path):
    archive = Archive(tmp_path / "archive")
    path = written(tmp_path, RAWS[:30], [head(10), Head(20, "00" * 16)])
    with pytest.raises(RecordsBroken, match="record 20 is not the one that the gun told of"):
        import_log(archive, path)
    assert archive.logs() == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "its first line"),
        (b"{}\n", "its first line"),
        (b"\x89PNG\r\n", "its first line"),
        (msgspec.json.encode(msgspec.structs.replace(HEADER, format=9)) + b"\n", "newer mesogun"),
    ],
)
def test_what_is_no_log_is_refused(tmp_path: Path, data: bytes, told: str):
    path = tmp_path / f"{BOARD}.jsonl"
    path.write_bytes(data)
    with pytest.raises(ArchiveTrouble, match=told):
        import_log(Archive(tmp_path / "archive"), path)


def test_the_command_says_what_it_did(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(tmp_path / "archive"))
    path = str(exported(tmp_path, 11, 30))
    assert run(["archive", "import", path]) == 6
    captured = capsys.readouterr()
    assert "gun b0a: 20 new of 20 records" in captured.out
    assert "missing: records 1 to 10" in captured.err
    assert run(["archive", "import", str(exported(tmp_path, 1, 30))]) == 0
    assert "10 new of 30" in capsys.readouterr().out
    assert run(["archive", "export", "--to", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "b0a.jsonl").read_bytes().count(b"\n") == 31
    assert run(["archive", "export", "none"]) == 7
    assert "name one that it holds: b0a" in capsys.readouterr().err
