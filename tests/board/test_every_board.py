"""The simulator's boards do all that `duties.Board` describes, with the same arguments."""

import inspect
from pathlib import Path

from mesofw.board.files import Files
from mesofw.core.duties import Board
from mesosim.target.remote import RemoteBoard
from mesosim.target.storage import FRAM_BYTES, Fram, Power
from mesosim.world import World
from tests.core.test_door import METHODS

ATTRIBUTES = dict(Board.__annotations__)


def does_everything(board: object) -> None:
    for name, arguments in METHODS.items():
        method = getattr(board, name)
        assert len(inspect.signature(method).parameters) == arguments, name
        assert getattr(method, "__func__", method) is not getattr(Board, name), name
    for name, kind in ATTRIBUTES.items():
        assert type(getattr(board, name)) is kind, name


def test_the_board_in_the_worlds_own_process_does() -> None:
    does_everything(World(1).board)


def test_the_board_of_a_process_of_its_own_does(tmp_path: Path) -> None:
    fram = Fram(str(tmp_path / "fram.bin"), Power())
    does_everything(RemoteBoard("5157", "00c0ffee", fram, Files(str(tmp_path)), FRAM_BYTES))


def test_six_attributes_are_described() -> None:
    assert sorted(ATTRIBUTES) == [
        "board_id",
        "build",
        "fired_before",
        "fram_bytes",
        "hardware_verified",
        "link_bytes",
    ]
