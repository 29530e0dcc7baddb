"""A gun that runs is left for service before it is flashed, and only as it may be."""

from pathlib import Path

import pytest
from benches import idle_world, program
from test_cli_gun import Served
from test_keys import allow, file, gun_at, keyed_world, refuse

from mesofw.core import errors
from mesohost.flashing.attach import ask_into_service, at_repl
from mesohost.gun import Gun
from mesohost.troubles import BoardTrouble, FileTrouble, GunRefused
from mesosim.hands import Hands
from mesosim.port import WorldPort

__all__ = ["file"]


def silent(_text: str) -> None:
    """Whom nothing is said."""


def test_it_is_left_by_the_key_and_a_press(file: Path) -> None:
    world = keyed_world(file)
    said: list[str] = []
    left: list[bool] = []
    board_service = world.board.service
    world.board.service = lambda: (left.append(True), board_service())[1]
    ask_into_service(gun_at(world, allow), file, said.append)
    assert left == [True]
    assert "press the knob" in said[0]


def test_refused_at_the_gun_it_stays(file: Path) -> None:
    with pytest.raises(GunRefused) as told:
        ask_into_service(gun_at(keyed_world(file), refuse), file, silent)
    assert told.value.code == errors.NOT_ALLOWED


def test_without_a_key_it_stays(file: Path) -> None:
    gun = gun_at(keyed_world(file), allow)
    with pytest.raises(BoardTrouble, match="engineer's key") as told:
        ask_into_service(gun, None, silent)
    assert "--key FILE" in str(told.value)
    with pytest.raises(FileTrouble):
        ask_into_service(gun, file.with_name("none"), silent)


def test_a_gun_that_is_not_idle_stays(file: Path) -> None:
    world = keyed_world(file)
    world.plant.stop = 1
    world.touch()
    with pytest.raises(BoardTrouble, match="not idle: fault") as told:
        ask_into_service(Gun(WorldPort(world)), file, silent)
    assert "run the command again" in str(told.value)


def test_a_gun_with_an_open_session_stays(file: Path) -> None:
    world = keyed_world(file)
    gun = Gun(WorldPort(world))
    gun.load(program().text)
    hands = Hands(world)
    hands.confirm()
    assert gun.status().open
    with pytest.raises(BoardTrouble, match="session is open") as told:
        ask_into_service(gun, file, silent)
    assert "end the session" in str(told.value)


def test_over_a_port_too() -> None:
    served = Served(idle_world())
    try:
        with pytest.raises(BoardTrouble, match="engineer's key"):
            at_repl(served.port, None, silent)
    finally:
        served.close()
