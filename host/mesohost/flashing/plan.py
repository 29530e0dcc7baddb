"""What has to be done so that a release runs on a board: as little as possible."""

import hashlib
from dataclasses import dataclass

from mesohost.flashing.board import Board
from mesohost.flashing.looks import MAIN, Looks, Slot, index_of
from mesohost.flashing.release import Piece, Release
from mesohost.troubles import BoardTrouble

# littlefs needs some blocks to write anything at all.
_SPARE_B = 16_384


@dataclass(frozen=True)
class Part:
    """A piece of the new bundle, and where its bytes are in the old one; -1: they are sent."""

    piece: Piece
    held_at: int


@dataclass(frozen=True)
class Plan:
    """`target` is the place for the bundle, whose `parts` are to be written (none where it is there
    already); `beside` names the files beside it that differ; `switch`: it is to come in force."""

    target: Slot
    source: Slot | None
    parts: tuple[Part, ...]
    beside: tuple[str, ...]
    switch: bool

    @property
    def nothing(self) -> bool:
        """Whether all is there already."""
        return not (self.parts or self.beside or self.switch)

    @property
    def sent_b(self) -> int:
        """Bytes of the bundle that the board does not have."""
        return sum(len(part.piece.data) for part in self.parts if part.held_at < 0)


def plan(board: Board, looks: Looks, release: Release) -> Plan:
    """What is to be done. Raises BoardTrouble where there is no room, NoAnswer."""
    beside = tuple(
        name
        for name, data in release.beside.items()
        if looks.beside.get(name) != hashlib.sha256(data).hexdigest()
    )
    held = next((slot for slot in (looks.first, looks.other) if _holds(slot, release)), None)
    if held:
        return Plan(held, None, (), beside, held is not looks.first)
    source = looks.runs
    # What runs now stays as it is.
    target = looks.first if source is None or source is looks.other else looks.other
    room_b = looks.free_b + max(0, target.size)
    if room_b < len(release.bundle) + _SPARE_B:
        raise BoardTrouble(
            f"the board has {room_b // 1024} kB free, and the firmware takes "
            f"{(len(release.bundle) + _SPARE_B) // 1024} kB",
            ["pull the gun's records into the archive first: mesogun pull"],
        )
    parts = _parts(board, source, release)
    return Plan(target, source, parts, beside, target is not looks.first)


def _holds(slot: Slot, release: Release) -> bool:
    return (
        slot.whole
        and slot.head is not None
        and slot.head.build == release.build
        and (slot.head.version == release.version)
    )


def _parts(board: Board, source: Slot | None, release: Release) -> tuple[Part, ...]:
    """Modules that are the same by size and CRC-32 are taken from what is there; the whole is
    compared by its SHA-256 afterwards."""
    pieces = release.pieces()
    index = index_of(board, source) if source else {}
    alike: list[Piece] = []
    for piece in pieces:
        begin, end = index.get(piece.key, (0, 0))
        if piece.data and end - begin == len(piece.data):
            alike.append(piece)
    places = [index[piece.key] for piece in alike]
    crcs: list[int] = []
    if source and places:
        crcs = board.call("crcs", source.path, places)
    held = {
        piece.key: place[0]
        for piece, place, crc in zip(alike, places, crcs, strict=True)
        if crc == piece.crc
    }
    return tuple(Part(piece, held.get(piece.key, -1)) for piece in pieces)


def all_sent(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The same with nothing taken from what is there."""
    return tuple(Part(part.piece, -1) for part in parts)


def main_is_ours(looks: Looks, release: Release) -> bool:
    """Whether what the board starts is a gun's, of this release or an earlier one."""
    wanted = hashlib.sha256(release.beside[MAIN]).hexdigest()
    return looks.beside.get(MAIN) in (wanted, None)
