"""`mesogun report` as it is called: what it prints and writes, and its exit codes."""

import json
from pathlib import Path

import msgspec
import pytest
from shotlogs import HEADER, PROGRAM_TOML, log_file, program_of, story

from mesohost.archive import Archive
from mesohost.archive.importing import import_log
from mesohost.cli import run
from mesohost.cli.exits import Exit

PROGRAM = program_of()
STORY = story(PROGRAM)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive with a gun's log, that log's file, and the program's; the current folder."""
    (tmp_path / "sim-7.jsonl").write_bytes(log_file(STORY.raws))
    import_log(Archive(tmp_path / "archive"), tmp_path / "sim-7.jsonl")
    (tmp_path / "face.toml").write_text(PROGRAM_TOML, encoding="utf-8")
    (tmp_path / "face.txt").write_bytes(PROGRAM.text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(tmp_path / "archive"))
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("log", [["sim-7.jsonl"], ["sim-7"], []])
@pytest.mark.parametrize("program", ["face.toml", "face.txt"])
def test_a_summary_as_plain_lines(log, program, capsys):
    assert run(["report", *log, "--program", program]) == Exit.FINE
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("session 1 on sim-7: Nappage of the face, P-0042; 2026-03-01 08:30:10")
    assert out[2].split("  ")[0] == "1 Forehead"
    assert any(line.startswith("session") and "11 of 14" in line for line in out)
    assert any(line.startswith("HARDWARE NOT VERIFIED") for line in out)
    assert any("at most 5 µL" in line for line in out)
    assert "\x1b" not in "".join(out)


def test_files_are_written(folder: Path, capsys):
    arguments = ["report", "sim-7.jsonl", "--out", "r.html", "--csv", "r.csv", "--session", "1"]
    assert run(arguments) == Exit.FINE
    assert (folder / "r.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (folder / "r.csv").read_bytes().count(b"\r\n") == 12
    assert capsys.readouterr().out.splitlines()[-2:] == ["written: r.html", "written: r.csv"]


@pytest.mark.usefixtures("folder")
def test_json_alone_on_stdout(capsys):
    assert run(["report", "sim-7.jsonl", "--json"]) == Exit.FINE
    assert json.loads(capsys.readouterr().out)["session"] == 1


def test_a_broken_chain_is_reported_and_the_exit_code_says_so(folder: Path, capsys):
    raws = STORY.raws
    (folder / "sim-7.jsonl").write_bytes(log_file(raws[:9] + raws[10:]))
    assert run(["report", "sim-7.jsonl", "--out", "r.html"]) == Exit.DAMAGED
    assert "LOG NOT WHOLE: record 10 is missing" in capsys.readouterr().out
    assert "record 10 is missing" in (folder / "r.html").read_text(encoding="utf-8")


# arguments, exit code, parts of what stderr says
REFUSED = [
    (["none.jsonl"], Exit.UNUSABLE, ["none.jsonl: cannot be read"]),
    (["face.toml"], Exit.UNUSABLE, ["face.toml: this is no gun's log", "mesogun pull"]),
    (
        ["other-gun"],
        Exit.UNUSABLE,
        ["other-gun: neither a file nor a gun in", "mesogun report sim-7"],
    ),
    (["sim-7", "--session", "4"], Exit.FAULTS, ["holds no session 4", "that it holds: 1"]),
    (["sim-7", "--session", "0"], Exit.USAGE, ["--session"]),
    (["sim-7", "--program", "none.toml"], Exit.FAULTS, ["none.toml"]),
    (["sim-7", "--program", "bad.toml"], Exit.FAULTS, ["bad.toml:1"]),
    (["sim-7", "--program", "bad.txt"], Exit.FAULTS, ["bad.txt: line 1: the program's text is"]),
    (
        ["sim-7", "--program", "other.toml"],
        Exit.FAULTS,
        ["leave --program out"],
    ),
    (["sim-7", "--out", "none/r.html"], Exit.UNUSABLE, ["none/r.html"]),
    (["empty.jsonl"], Exit.FAULTS, ["the log holds no records"]),
]


@pytest.mark.parametrize(("arguments", "code", "parts"), REFUSED)
def test_refusals(folder: Path, arguments, code, parts, capsys):
    (folder / "bad.toml").write_text("title = 3\n", encoding="utf-8")
    (folder / "bad.txt").write_text('{"kind": "zone"', encoding="utf-8")
    (folder / "other.toml").write_text(PROGRAM_TOML.replace("P-0042", "P-0043"), encoding="utf-8")
    (folder / "empty.jsonl").write_bytes(log_file([]))
    assert run(["report", *arguments]) == code
    told = capsys.readouterr()
    assert told.out == ""
    for part in parts:
        assert part in told.err


@pytest.mark.parametrize("count", [0, 2])
def test_the_archives_only_gun(folder: Path, count, capsys, monkeypatch):
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(folder / "other"))
    for number in range(count):
        board = f"gun-{number}"
        path = folder / f"{board}.jsonl"
        path.write_bytes(log_file(STORY.raws, msgspec.structs.replace(HEADER, board=board)))
        import_log(Archive(folder / "other"), path)
    assert run(["report"]) == Exit.UNUSABLE
    hint = "mesogun pull" if not count else "name one: mesogun report gun-0 or gun-1"
    assert hint in capsys.readouterr().err
