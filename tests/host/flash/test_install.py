"""The firmware comes onto a board, only what differs is sent, and what the gun has stored stays."""

import binascii
import dataclasses
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from desk import DESK, DeskBoard, small_release

from mesofw.board.loader import NO_FIRMWARE
from mesofw.core.slots import FileSlots
from mesohost.flashing.board import Board
from mesohost.flashing.install import install, replace, store_key, switch
from mesohost.flashing.looks import PICO, Chip, Looks, check, look
from mesohost.flashing.plan import Part, main_is_ours, plan
from mesohost.flashing.release import Release
from mesohost.troubles import BoardTrouble, NoAnswer
from mesosim import bundled

RECORDS = {"log.00000001": bytes(range(256)) * 8, "settings.a": b"settings"}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return small_release(tmp_path_factory.mktemp("first"), "first", "0.1.0")


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return small_release(tmp_path_factory.mktemp("second"), "second", "0.2.0")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return tmp_path / "flash.img"


def flashed(image: Path, release: Release) -> int:
    """Flash a board; how many bytes went to it."""
    with DeskBoard(image) as desk, Board(desk.port) as board:
        looks = look(board)
        install(board, release, plan(board, looks, release))
        return desk.heard


def said(image: Path) -> str:
    """What a board says as it starts."""
    with DeskBoard(image) as desk:
        return desk.said.decode().split("MicroPython")[0].strip()


@pytest.fixture
def at_work(image: Path, first: Release) -> Path:
    """The flash of a gun with the first firmware and records of its own."""
    with DeskBoard(image) as desk, Board(desk.port) as board:
        install(board, first, plan(board, look(board), first))
        board.run("folder('/gun')")
        for name, data in RECORDS.items():
            replace(board, f"/gun/{name}", data)
    return image


@pytest.fixture
def desk(at_work: Path) -> Iterator[Board]:
    """That gun at its REPL."""
    with DeskBoard(at_work) as one, Board(one.port) as board:
        yield board


def test_a_blank_board_becomes_one_that_runs(image: Path, first: Release) -> None:
    assert said(image) == ""
    flashed(image, first)
    assert said(image) == "runs first"


def test_nothing_is_done_twice(image: Path, first: Release) -> None:
    sent = flashed(image, first)
    with DeskBoard(image) as desk, Board(desk.port) as board:
        assert plan(board, look(board), first).nothing
    assert flashed(image, first) < sent - len(first.bundle) // 2


def test_another_release_takes_from_the_old_one_what_is_the_same(
    desk: Board, second: Release
) -> None:
    looks = look(desk)
    todo = plan(desk, looks, second)
    assert (todo.target.letter, todo.switch, todo.beside) == ("b", True, ())
    index = bundled.HEAD_BYTES + bundled.ENTRY_BYTES * len(bundled.places(second.bundle))
    word = next(iter(bundled.places(bundled.bundle({"mesofw/core/one.mpy": b""}))))
    begin, end = bundled.places(second.bundle)[word]
    assert todo.sent_b == index + end - begin
    assert todo.sent_b < len(second.bundle) // 3


def test_then_that_one_runs_and_the_old_one_is_kept(at_work: Path, second: Release) -> None:
    flashed(at_work, second)
    assert said(at_work) == "runs second"
    with DeskBoard(at_work) as desk, Board(desk.port) as board:
        looks = look(board)
        assert looks.first.letter == "b"
        assert [slot.head and slot.head.version for slot in (looks.first, looks.other)] == [
            "0.2.0",
            "0.1.0",
        ]
        assert looks.other.whole
        switch(board, looks.other.letter)
    assert said(at_work) == "runs first"


def test_going_back_and_forth_sends_nothing_but_the_switch(
    at_work: Path, first: Release, second: Release
) -> None:
    flashed(at_work, second)
    with DeskBoard(at_work) as desk, Board(desk.port) as board:
        todo = plan(board, look(board), first)
        assert (todo.parts, todo.switch, todo.target.letter) == ((), True, "a")
        install(board, first, todo)
    assert said(at_work) == "runs first"


def test_what_the_gun_has_stored_stays(at_work: Path, second: Release) -> None:
    flashed(at_work, second)
    with DeskBoard(at_work) as desk, Board(desk.port) as board:
        assert stored(board) == RECORDS


def stored(board: Board) -> dict[str, bytes]:
    return {
        name: board.call("read", f"/gun/{name}", 0, 4096) for name in board.call("names", "/gun")
    }


def test_a_damaged_bundle_is_mended_in_its_place(at_work: Path, second: Release) -> None:
    flashed(at_work, second)
    with DeskBoard(at_work) as desk, Board(desk.port) as board:
        board.run("f = open('/mesogun.b', 'r+b')\nf.seek(900)\nf.write(b'?')\nf.close()")
    assert said(at_work) == "runs first"
    with DeskBoard(at_work) as desk, Board(desk.port) as board:
        todo = plan(board, look(board), second)
        assert (todo.target.letter, todo.switch) == ("b", False)
        assert todo.source is not None
        assert todo.source.letter == "a"
        install(board, second, todo)
    assert said(at_work) == "runs second"


def test_where_neither_is_whole_the_board_says_what_to_do_and_takes_one(
    at_work: Path, first: Release
) -> None:
    with DeskBoard(at_work) as desk, Board(desk.port) as board:
        board.run("f = open('/mesogun.a', 'r+b')\nf.seek(900)\nf.write(b'?')\nf.close()")
    assert said(at_work) == NO_FIRMWARE
    flashed(at_work, first)
    assert said(at_work) == "runs first"


def test_what_reads_back_otherwise_is_sent_whole(at_work: Path, second: Release) -> None:
    """Two modules with one size and one CRC-32, of which the old bundle has the wrong one."""
    with DeskBoard(at_work) as desk, Board(desk.port) as board:
        todo = plan(board, look(board), second)
        parts = tuple(Part(part.piece, max(part.held_at, 64)) for part in todo.parts)
        install(board, second, dataclasses.replace(todo, parts=parts))
    assert said(at_work) == "runs second"


def test_a_board_without_room_is_told_before_anything_is_written(
    desk: Board, second: Release
) -> None:
    big = Release(second.bundle + bytes(400_000), second.beside)
    with pytest.raises(BoardTrouble, match="kB free") as told:
        plan(desk, look(desk), big)
    assert "mesogun pull" in str(told.value)
    assert look(desk).other.size < 0


def test_a_new_board_is_given_its_key_where_core_looks_for_it(image: Path) -> None:
    text = binascii.hexlify(bytes(range(32)))
    with DeskBoard(image) as one, Board(one.port) as board:
        assert not look(board).has_key
        store_key(board, text)
        assert look(board).has_key
        files = stored(board)

    class Door:
        """The door's files, of the board."""

        def files(self):
            return [(name, len(data)) for name, data in files.items()]

        def open(self, name, _mode):
            return BytesIO(files[name])

    assert FileSlots(Door(), "key").load() == text


def looks_like(**changes: object) -> Looks:
    empty: dict[str, object] = {
        "platform": "rp2",
        "version": (1, 28, 0),
        "machine": "Raspberry Pi Pico with RP2040",
        "mpy": 4870,
        "board_id": "e661640843735d2c",
        "free_b": 900_000,
        "slots": {},
        "now": "",
        "beside": {},
        "has_key": False,
    }
    return Looks(**{**empty, **changes})  # type: ignore[arg-type]


def test_a_pico_with_the_proven_micropython_is_taken() -> None:
    check(looks_like(), True)


@pytest.mark.parametrize(
    ("changes", "why", "to_do"),
    [
        ({"platform": "esp32", "machine": "ESP32"}, "no Pico", "mesogun devices"),
        ({"machine": "Raspberry Pi Pico2 with RP2350"}, "RP2350", "mesogun devices"),
        ({"version": (1, 24, 1)}, "MicroPython 1.24.1", "--uf2 FILE"),
        ({"mpy": 4871}, "MicroPython 1.28.0", "--uf2 FILE"),
    ],
)
def test_any_other_board_is_refused_with_what_to_do(
    changes: dict[str, object], why: str, to_do: str
) -> None:
    with pytest.raises(BoardTrouble) as told:
        check(looks_like(**changes), True)
    assert why in told.value.what
    assert to_do in str(told.value)


def test_the_interpreter_on_the_desk_is_no_pico(desk: Board) -> None:
    with pytest.raises(BoardTrouble, match="no Pico"):
        check(look(desk), True, PICO)
    check(look(desk), True, DESK)
    with pytest.raises(BoardTrouble, match="MicroPython"):
        check(look(desk), True, Chip("linux", "linux", ((1, 2),), 6))


def test_another_program_on_the_board_is_left_alone(image: Path, first: Release) -> None:
    with DeskBoard(image) as one, Board(one.port) as board:
        replace(board, "/main.py", b"print('mine')\n")
        looks = look(board)
        assert not main_is_ours(looks, first)
        with pytest.raises(BoardTrouble, match=r"main\.py"):
            check(looks, main_is_ours(looks, first), DESK)
    assert said(image) == "mine"


def test_a_port_without_a_prompt_is_told_so(image: Path) -> None:
    with DeskBoard(image) as one:
        one.stop()
        with pytest.raises(NoAnswer, match="no MicroPython prompt") as told:
            Board(one.port)
    assert "BOOTSEL" in str(told.value)
