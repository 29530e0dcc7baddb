"""What is on a board, and whether it may become or be a gun."""

from collections.abc import Mapping
from dataclasses import dataclass

from mesohost.flashing.board import Board
from mesohost.troubles import BoardTrouble
from mesosim import bundled

SLOTS = ("a", "b")
NOW = "/mesogun.now"
GUN_FOLDER = "/gun"
MAIN = "main.py"
KEY = "key"


@dataclass(frozen=True)
class Chip:
    """What a board has to be: MicroPython's name of the platform, a word in its own name of the
    machine, its releases that the firmware is proven with, the version of its compiled modules."""

    platform: str
    machine: str
    releases: tuple[tuple[int, int], ...]
    mpy: int


PICO = Chip("rp2", "RP2040", ((1, 28),), 6)


@dataclass(frozen=True)
class Slot:
    """One of the bundle's two places. `head` is None where there is no bundle; `whole`: every byte
    is as its head says."""

    letter: str
    size: int
    head: bundled.Head | None
    whole: bool

    @property
    def path(self) -> str:
        """The file on the board."""
        return f"/mesogun.{self.letter}"


@dataclass(frozen=True)
class Looks:
    """What a board says of itself, what lies beside its bundles (name: SHA-256), free bytes."""

    platform: str
    version: tuple[int, ...]
    machine: str
    mpy: int
    board_id: str
    free_b: int
    slots: Mapping[str, Slot]
    now: str
    beside: Mapping[str, str]
    has_key: bool

    @property
    def first(self) -> Slot:
        """The place whose bundle is meant to run."""
        return self.slots["b" if self.now == "b" else "a"]

    @property
    def other(self) -> Slot:
        """The other one."""
        return self.slots["a" if self.first.letter == "b" else "b"]

    @property
    def runs(self) -> Slot | None:
        """The place whose bundle runs at the next start; None where neither is whole."""
        return next((slot for slot in (self.first, self.other) if slot.whole), None)


def look(board: Board) -> Looks:
    """What is on the board. Raises NoAnswer, BoardTrouble."""
    platform, version, machine, mpy, board_id, free_b = board.call("who")
    names = board.call("names", "/")
    now = (
        bytes(board.call("read", NOW, 0, 1)).decode("ascii", "replace") if _has(names, NOW) else ""
    )
    slots = {letter: _slot(board, letter) for letter in SLOTS}
    beside = {
        name: board.call("sha", f"/{name}") for name in ("mesogun.mpy", MAIN) if name in names
    }
    keys = [name for name in board.call("names", GUN_FOLDER) if name.startswith(f"{KEY}.")]
    return Looks(
        platform, tuple(version), machine, mpy, board_id, free_b, slots, now, beside, bool(keys)
    )


def _has(names: list[str], path: str) -> bool:
    return path.removeprefix("/") in names


def _slot(board: Board, letter: str) -> Slot:
    empty = Slot(letter, board.call("size", f"/mesogun.{letter}"), None, False)
    if empty.size < bundled.HEAD_BYTES:
        return empty
    data = bytes(board.call("read", empty.path, 0, bundled.HEAD_BYTES))
    try:
        head = bundled.head_of(data)
    except ValueError:
        return empty
    crc = board.call("crc", empty.path, bundled.CRC_END, empty.size)
    build = board.call("sha", empty.path, bundled.HEAD_BYTES)[: len(head.build)]
    return Slot(letter, empty.size, head, (crc, build) == (head.crc, head.build))


def index_of(board: Board, slot: Slot) -> dict[bytes, tuple[int, int]]:
    """Where the modules of a whole bundle are. Raises NoAnswer, BoardTrouble."""
    assert slot.head is not None
    length = bundled.HEAD_BYTES + bundled.ENTRY_BYTES * slot.head.count
    return bundled.places(bytes(board.call("read", slot.path, 0, length)), slot.size)


def check(looks: Looks, main_is_ours: bool, chip: Chip = PICO) -> None:
    """Raises BoardTrouble where the firmware is not for this board: another chip, another release
    of MicroPython, another program of somebody's."""
    if looks.platform != chip.platform or chip.machine not in looks.machine:
        raise BoardTrouble(
            f"this board is no Pico with an {chip.machine}: {looks.machine or looks.platform}",
            ["name the gun's port: mesogun devices"],
        )
    if looks.version[:2] not in chip.releases or looks.mpy & 0xFF != chip.mpy:
        known = " or ".join(".".join(map(str, release)) for release in chip.releases)
        raise BoardTrouble(
            f"this board has MicroPython {'.'.join(map(str, looks.version))}, and the firmware is "
            f"for {known}",
            [
                f"get the image of MicroPython {known} for the Pico (RPI_PICO, .uf2) from "
                "micropython.org, hold BOOTSEL as you plug the board in, then mesogun flash "
                "--uf2 FILE: what the gun has stored stays",
            ],
        )
    if MAIN in looks.beside and not main_is_ours:
        raise BoardTrouble(
            "another program starts on this board: it has a main.py that is no gun's",
            ["keep a copy of it elsewhere, remove it, and run the command again"],
        )
