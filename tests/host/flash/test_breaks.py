"""A break at any byte of a flash leaves a board that runs the old firmware or the new one; a blank
one stays at its prompt. Running it again mends it, and what the gun has stored stays."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import DeskBoard, small_release
from test_install import RECORDS, flashed, said, stored

from mesohost.flashing.board import Board
from mesohost.flashing.install import install, replace
from mesohost.flashing.looks import look
from mesohost.flashing.plan import plan
from mesohost.flashing.release import Release
from mesohost.troubles import BoardTrouble, NoAnswer, PortTrouble

# How many places of a run are cut at, evenly over it.
CUTS = 24
# Writings of flash in a run, more than there are.
WRITES = 400


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return small_release(tmp_path_factory.mktemp("first"), "first", "0.1.0", modules=1)


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Its loader has changed too."""
    made = small_release(tmp_path_factory.mktemp("second"), "second", "0.2.0", modules=2)
    loader = made.beside["mesogun.mpy"] + b"\0"
    return Release(made.bundle, {**made.beside, "mesogun.mpy": loader})


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flash of a board with MicroPython only."""
    image = tmp_path_factory.mktemp("blank") / "flash.img"
    with DeskBoard(image):
        return image


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory, first: Release) -> Path:
    """The flash of a gun with the first firmware and records."""
    image = tmp_path_factory.mktemp("at_work") / "flash.img"
    with DeskBoard(image) as desk, Board(desk.port) as board:
        install(board, first, plan(board, look(board), first))
        board.run("folder('/gun')")
        for name, data in RECORDS.items():
            replace(board, f"/gun/{name}", data)
    return image


def broken(image: Path, release: Release, cut_bytes: int, cut_writes: int) -> bool:
    """Flash a board that is cut off; whether it was before all was done."""
    with DeskBoard(image, cut_bytes, cut_writes) as desk:
        try:
            with Board(desk.port) as board:
                install(board, release, plan(board, look(board), release))
        except (NoAnswer, PortTrouble, BoardTrouble):
            return True
    return False


def judge(image: Path, release: Release, allowed: tuple[str, ...], records: bool) -> str:
    """What the board says after the break, which has to be allowed; then it is mended."""
    after = said(image)
    assert after in allowed
    flashed(image, release)
    assert said(image) == "runs second"
    if records:
        with DeskBoard(image) as desk, Board(desk.port) as board:
            assert stored(board) == RECORDS
            assert not [name for name in board.call("names", "/") if name.endswith(".next")]
    return after


def places(image: Path, release: Release, tmp_path: Path) -> list[int]:
    """Bytes after which to cut, over the whole of a run."""
    whole = tmp_path / "whole.img"
    shutil.copy(image, whole)
    most = flashed(whole, release)
    return [1 + index * most // CUTS for index in range(CUTS)]


OLD = ("runs first", "runs second")
NONE = ("", "runs second")


@pytest.mark.parametrize(("name", "allowed"), [("at_work", OLD), ("blank", NONE)])
def test_unplugged_after_any_byte(
    request: pytest.FixtureRequest,
    name: str,
    allowed: tuple[str, ...],
    second: Release,
    tmp_path: Path,
) -> None:
    image: Path = request.getfixturevalue(name)
    seen: set[str] = set()
    for cut in places(image, second, tmp_path):
        torn = tmp_path / "torn.img"
        shutil.copy(image, torn)
        broken(torn, second, cut, 0)
        seen.add(judge(torn, second, allowed, name == "at_work"))
    # The break before the switch, which is most of them.
    assert allowed[0] in seen


def _each_write(image: Path, release: Release, torn: Path, judged: Callable[[], None]) -> int:
    for cut in range(1, WRITES):
        shutil.copy(image, torn)
        if not broken(torn, release, 0, cut):
            return cut
        judged()
    raise AssertionError("a run has more writings of flash than are cut")


@pytest.mark.parametrize(("name", "allowed"), [("at_work", OLD), ("blank", NONE)])
def test_without_power_in_any_writing_of_the_flash(
    request: pytest.FixtureRequest,
    name: str,
    allowed: tuple[str, ...],
    second: Release,
    tmp_path: Path,
) -> None:
    image: Path = request.getfixturevalue(name)
    torn = tmp_path / "torn.img"
    seen: set[str] = set()
    cuts = _each_write(
        image, second, torn, lambda: seen.add(judge(torn, second, allowed, name == "at_work"))
    )
    assert cuts > 10
    assert allowed[0] in seen


def test_broken_again_and_again(at_work: Path, second: Release, tmp_path: Path) -> None:
    torn = tmp_path / "torn.img"
    shutil.copy(at_work, torn)
    for cut in (3, 11, 7, 2, 19, 13, 5, 17):
        broken(torn, second, 0, cut)
        assert said(torn) in OLD
    judge(torn, second, OLD, True)
