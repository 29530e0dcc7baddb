"""`mesogun verify`: a pulled log is whole, or where it breaks; heads show what a chain cannot."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from benches import add_records, gun_of, idle_world

from mesofw.core import records as core
from mesohost.archive import Archive, jsonl
from mesohost.cli import run
from mesohost.heads import Head
from mesohost.keeping import keep
from mesohost.troubles import ArchiveTrouble

_core: Any = core


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The log of a virtual gun, pulled three times and exported."""
    world = idle_world()
    archive = Archive(tmp_path / "archive")
    for _ in range(3):
        add_records(world, 20)
        keep(gun_of(world), archive)
    held = archive.log(world.board.board_id)
    assert held.header
    return jsonl.write(tmp_path, held.header, held.records(), held.heads())


def note(log: Path, head: Head) -> None:
    """Add a head to those beside a log."""
    with jsonl.beside(log).open("ab") as file:
        file.write(msgspec.json.encode(head) + b"\n")


def rewritten(log: Path, number: int, *, chain: bool) -> None:
    """Change a number in a record, with good checksums; with `chain` all after it follow on."""
    head, *lines = log.read_text().splitlines()
    record = _core.Record()
    link = None
    for place, line in enumerate(lines):
        told = json.loads(line)
        raw = bytearray.fromhex(told["raw"])
        if told["number"] >= number and (told["number"] == number or chain):
            _core.unpack(raw, record)
            record.a ^= 1 if told["number"] == number else 0
            _core.pack_intent(raw, record, link or _core.prev(raw))
            _core.pack_result(raw, record)
            told["raw"] = raw.hex()
            lines[place] = json.dumps(told)
        link = _core.digest(raw)
    log.write_text("\n".join([head, *lines]) + "\n")


def test_a_whole_log_is_told_so(log: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["verify", str(log)]) == 0
    told = capsys.readouterr().out
    assert ": whole: " in told
    assert "3 heads fit" in told


def test_each_pull_notes_a_head(log: Path):
    noted = jsonl.read_heads(log)
    assert len(noted) == 3
    assert [head.number for head in noted] == sorted({head.number for head in noted})


@pytest.mark.parametrize("byte", [0, 40, 80])
def test_a_damaged_byte_is_found_in_its_record(
    log: Path, byte: int, capsys: pytest.CaptureFixture[str]
):
    lines = log.read_text().splitlines()
    told = json.loads(lines[10])
    raw = bytearray.fromhex(told["raw"])
    raw[byte] ^= 1
    lines[10] = json.dumps({**told, "raw": raw.hex(), "trouble": "damaged"})
    log.write_text("\n".join(lines) + "\n")
    assert run(["verify", str(log)]) == 6
    assert "record 10 " in capsys.readouterr().err


def test_a_changed_record_breaks_the_chain_behind_it(log: Path, capsys: pytest.CaptureFixture[str]):
    rewritten(log, 12, chain=False)
    assert run(["verify", str(log)]) == 6
    assert "record 13 does not follow on from record 12" in capsys.readouterr().err


def test_a_log_that_was_written_anew_is_shown_by_its_heads(
    log: Path, capsys: pytest.CaptureFixture[str]
):
    rewritten(log, 12, chain=True)
    assert run(["verify", str(log)]) == 6
    told = capsys.readouterr().err
    assert "does not follow on" not in told
    assert "not the one that the gun told of" in told


def test_records_that_are_left_out_are_missed(log: Path, capsys: pytest.CaptureFixture[str]):
    lines = log.read_text().splitlines()
    log.write_text("\n".join(lines[:8] + lines[9:]) + "\n")
    assert run(["verify", str(log)]) == 6
    assert "record 8 is missing" in capsys.readouterr().err


def test_a_log_that_was_cut_is_missed_by_its_heads(log: Path):
    head, *lines = log.read_text().splitlines()
    with_more = [Head(one.number + 200, one.head) for one in jsonl.read_heads(log)]
    log.write_text("\n".join([head, *lines[:1]]) + "\n")
    note(log, with_more[-1])
    assert run(["verify", str(log)]) == 6


def test_what_is_no_log_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["verify", str(tmp_path / "none.jsonl")]) == 7
    assert "there is no such file" in capsys.readouterr().err


def test_the_archives_own_logs_are_checked(
    log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(log.parent / "archive"))
    assert run(["verify"]) == 0
    assert "3 heads fit" in capsys.readouterr().out
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(log.parent / "none"))
    assert run(["verify"]) == 0
    assert "no logs yet" in capsys.readouterr().out


def test_a_torn_head_is_passed_over_and_a_damaged_one_told(log: Path):
    path = jsonl.beside(log)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"numb')
    assert len(jsonl.read_heads(log)) == 3
    path.write_bytes(b"garbage\n" + whole)
    with pytest.raises(ArchiveTrouble, match="line 1"):
        jsonl.read_heads(log)
