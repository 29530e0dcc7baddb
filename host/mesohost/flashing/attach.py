"""From a port to a board at its REPL: a gun that runs is asked into service first."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mesofw.core import door, errors
from mesohost.answers import Hello
from mesohost.flashing.board import Board
from mesohost.gun import Gun
from mesohost.keys import KeyFile
from mesohost.troubles import BoardTrouble, NoAnswer, PortTrouble

# A board starts in 3 s, and the computer takes its time to see the port again.
BACK_S = 20.0
# Somebody has to get to the switch.
CAUGHT_S, _CATCH_S = 60.0, 0.5
_PAUSE_S = 0.3
_PROMPT, _PROMPT_S, _HEARD_BYTES = b">>> ", 0.1, 4096
# Homing takes the longest.
_STARTS = 60
Say = Callable[[str], None]


@dataclass(frozen=True)
class Running:
    """A gun that answers. `damaged`: what runs stands in for a firmware that is not whole."""

    hello: Hello
    damaged: bool

    def __str__(self) -> str:
        told = self.hello
        damaged = ", in place of a damaged one" if self.damaged else ""
        return f"gun {told.board} runs {told.firmware}, build {told.build}{damaged}"


def running(port: str) -> Running | None:
    """Who runs on the port, None where MicroPython's prompt or nothing answers. Raises PortTrouble,
    ProtocolMismatch."""
    with Gun.open(port) as gun:
        return Running(gun.hello(), _damaged(gun)) if _answers(gun) else None


def _answers(gun: Gun) -> bool:
    try:
        return not _prompts(gun) and bool(gun.hello())
    except NoAnswer:
        return False


def _prompts(gun: Gun) -> bool:
    """Whether MicroPython's prompt answers an empty line, which a gun passes over. It spares the
    many tries of a request."""
    gun.port.write(b"\r\n")
    heard = b""
    arrived = gun.port.read(_PROMPT_S)
    while arrived and len(heard) < _HEARD_BYTES:
        heard += arrived
        if heard.endswith(_PROMPT):
            return True
        arrived = gun.port.read(_PROMPT_S)
    return False


def _damaged(gun: Gun) -> bool:
    # Another part may fail too, and be the one that is told of.
    return gun.status().trouble == errors.FIRMWARE_DAMAGED or bool(
        _at_rest(gun) and gun.health().faulty & door.PART_FIRMWARE
    )


def _at_rest(gun: Gun) -> bool:
    """Whether a gun that may just have been switched on has come to rest."""
    for _ in range(_STARTS):
        if gun.status().state not in ("boot", "self_test", "homing"):
            break
        gun.wait(_PAUSE_S)
    return gun.status().state in ("idle", "fault")


def at_repl(port: str, key: Path | None, say: Say, at_start: bool = False) -> Board:
    """The board at its REPL. A gun has to be idle without an open session, and allows it by the
    engineer's key and a press; or else it is got hold of `at_start`. `say` is told what somebody
    has to do there.

    Raises BoardTrouble where it may not be left for service now, NoAnswer, PortTrouble, GunRefused,
    FileTrouble."""
    if at_start:
        say("switch the gun off and on now")
        return _caught(port)
    with Gun.open(port) as gun:
        if not _answers(gun):
            gun.close()
            return Board(port)
        if _damaged(gun):
            say("the gun's firmware is damaged: it restarts into service")
        else:
            ask_into_service(gun, key, say)
    return _back(port)


def ask_into_service(gun: Gun, key: Path | None, say: Say) -> None:
    """Have a gun that runs restart with its REPL open. Raises as `at_repl` does."""
    status = gun.status()
    if status.open:
        raise BoardTrouble(
            "a session is open on the gun",
            ["end the session at the gun, pull its records, and run the command again"],
        )
    if status.state != "idle":
        raise BoardTrouble(
            f"the gun is not idle: {status.state}",
            [
                "bring it to idle, and run the command again",
                "where it comes to a fault again and again: --at-start",
            ],
        )
    if key is None:
        raise BoardTrouble(
            "a gun that runs is left for service under the engineer's key only",
            ["name the gun's key: --key FILE"],
        )
    say("on the gun: read what is asked for, and press the knob to leave it for service")
    # Its answer may be lost as it restarts; whether it has shows at the prompt.
    with contextlib.suppress(NoAnswer, PortTrouble):
        gun.keyed(KeyFile(key)).service()


def _back(port: str) -> Board:
    end_s = time.monotonic() + BACK_S
    while True:
        time.sleep(_PAUSE_S)
        try:
            return Board(port)
        except (NoAnswer, PortTrouble):
            if time.monotonic() > end_s:
                raise


def _caught(port: str) -> Board:
    """A board as it starts: until the gun's link takes the port over, Ctrl-C ends its start."""
    end_s = time.monotonic() + CAUGHT_S
    while True:
        try:
            return Board(port, _CATCH_S)
        except (NoAnswer, PortTrouble):
            if time.monotonic() > end_s:
                raise
        time.sleep(_CATCH_S / 10)


def started(port: str, build: str) -> Running:
    """The gun, once it has come up with this build. Raises NoAnswer where it does not."""
    end_s = time.monotonic() + BACK_S
    while time.monotonic() < end_s:
        time.sleep(_PAUSE_S)
        try:
            gun = running(port)
        except PortTrouble:
            continue
        if gun and gun.hello.build == build and not gun.damaged:
            return gun
    raise NoAnswer(
        f"{port}: the firmware is on the board, but does not come up",
        ["unplug the board and plug it in again", "what it says: mpremote connect " + port],
    )
