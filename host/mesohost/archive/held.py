"""A record as an archive holds it, and the head of a gun's log."""

import msgspec

from mesohost.records import ShotRecord

FORMAT = 1


class Held(msgspec.Struct, frozen=True):
    """A record in the archive.

    `unix_ms` is when it began by the host's clock, where that was known when it was pulled.
    `trouble` (of `records.HOW`) is what was wrong with it, else empty; where it is damaged, so is
    `record`.
    """

    number: int
    record: ShotRecord
    raw: bytes
    unix_ms: int | None = None
    trouble: str = ""


class Header(msgspec.Struct, frozen=True):
    """A log's head: the gun as it was at the last pull, and the archive that it is of.

    `part` counts the logs of one board from 1: a new one begins where the gun's journal was
    exchanged or erased.
    """

    format: int
    archive: str
    created: str
    board: str
    firmware: str
    build: str
    hardware_verified: bool
    part: int = 1
