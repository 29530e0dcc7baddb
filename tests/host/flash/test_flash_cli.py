"""`mesogun flash` and `mesogun firmware` say what is there, what they do, and what to do."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import DeskBoard, small_release

from mesohost import cli
from mesohost.cli.exits import Exit
from mesohost.flashing import looks as known
from mesohost.flashing.board import Board
from mesohost.flashing.install import install, switch
from mesohost.flashing.looks import look
from mesohost.flashing.plan import plan
from mesohost.flashing.release import Release, release

Said = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return small_release(tmp_path_factory.mktemp("first"), "first", "0.0.9")


@pytest.fixture
def port(tmp_path: Path, first: Release) -> Iterator[str]:
    """A board with a firmware in one of its places, at its prompt."""
    with DeskBoard(tmp_path / "flash.img") as desk:
        with Board(desk.port) as board:
            install(board, first, plan(board, look(board), first))
        yield desk.port


def test_the_firmware_of_this_release_is_compiled_once() -> None:
    wanted = release()
    assert wanted.build == release().build
    assert set(wanted.beside) == {"main.py", "mesogun.mpy"}
    pieces = wanted.pieces()
    assert b"".join(piece.data for piece in pieces) == wanted.bundle
    assert len(pieces) > 50


def test_a_board_that_is_no_pico_is_refused(port: str, capsys: Said) -> None:
    assert cli.run(["flash", "--port", port]) == Exit.REFUSED
    assert "no Pico" in capsys.readouterr().err


def test_a_dry_run_changes_nothing(
    port: str, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk import DESK

    # The only board here is the interpreter.
    monkeypatch.setattr(known.check, "__defaults__", (DESK,))
    assert cli.run(["flash", "--port", port, "--dry-run"]) == Exit.FINE
    told = capsys.readouterr().out
    assert f"build {release().build}" in told
    assert "to be sent: " in told
    with Board(port) as board:
        looks = look(board)
        assert (looks.other.size, looks.now) == (-1, "")


def test_a_new_board_is_not_left_without_a_key(
    port: str, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk import DESK

    monkeypatch.setattr(known.check, "__defaults__", (DESK,))
    assert cli.run(["flash", "--port", port]) == Exit.REFUSED
    assert "--key FILE" in capsys.readouterr().err
    with Board(port) as board:
        assert look(board).other.size == -1


def test_show_tells_both_places(port: str, capsys: Said, first: Release) -> None:
    assert cli.run(["firmware", "show", "--port", port]) == Exit.FINE
    told = capsys.readouterr().out
    assert f"a: 0.0.9, build {first.build}, whole, in force" in told
    assert "b: nothing" in told
    assert cli.run(["firmware", "show", "--port", port, "--json"]) == Exit.FINE
    slots = json.loads(capsys.readouterr().out)["slots"]
    assert slots[0] == {"slot": "a", "version": "0.0.9", "build": first.build, "whole": True,
                        "in_force": True, "runs": True}  # fmt: skip


def test_verify_tells_whole_from_damaged_and_ours_from_another(port: str, capsys: Said) -> None:
    assert cli.run(["firmware", "verify", "--port", port]) == Exit.FAULTS
    assert "not this release's" in capsys.readouterr().out


def test_verify_finds_what_is_damaged(port: str, capsys: Said) -> None:
    with Board(port) as board:
        board.run("f = open('/mesogun.a', 'r+b')\nf.seek(500)\nf.write(b'?')\nf.close()")
    assert cli.run(["firmware", "verify", "--port", port]) == Exit.DAMAGED
    assert "mesogun flash" in capsys.readouterr().out


def test_there_is_no_way_back_to_what_is_not_whole(
    port: str, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk import DESK

    monkeypatch.setattr(known.check, "__defaults__", (DESK,))
    assert cli.run(["firmware", "rollback", "--port", port]) == Exit.REFUSED
    assert "no whole firmware before this one" in capsys.readouterr().err
    with Board(port) as board:
        switch(board, "a")
        assert look(board).first.letter == "a"


def test_without_a_board_the_boot_loader_is_told_of(capsys: Said, tmp_path: Path) -> None:
    assert cli.run(["flash", "--port", str(tmp_path / "ttyNone")]) == Exit.NO_GUN
    capsys.readouterr()
    image = tmp_path / "x.uf2"
    image.write_bytes(b"no image")
    assert cli.run(["flash", "--uf2", str(image)]) == Exit.UNUSABLE
    assert "no UF2 image" in capsys.readouterr().err
    assert cli.run(["flash", "--uf2", str(tmp_path / "none.uf2")]) == Exit.UNUSABLE
