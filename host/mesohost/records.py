"""The gun's records, typed, and the check that they are whole and follow on from each other.

Layout and names are core's; a test keeps the fields here equal to core's tables.
"""

import struct
from collections.abc import Iterable
from typing import Any

import msgspec

from mesofw.core import errors, records

RECORD_BYTES = records.RECORD_BYTES
START = bytes(records.CHAIN_BYTES)
_core: Any = records


class ShotRecord(msgspec.Struct, frozen=True):
    """One shot or event, by core's names; each number carries its unit.

    `shot` counts the session's shots begun, this one included, `zone_shots` those of the zone;
    `zone` counts from 1. `at_ms` and `end_ms` count from the gun's start number `boot`. "Stepped"
    is what the motors were told, "measured" what the encoders saw, the rest was commanded. Of a
    shot, `a` says how many ms after `at_ms`, when it was armed, it began. Of an event, `code` is
    what happened, `a` and `b` its own numbers.
    """

    number: int
    boot: int
    kind: int
    zone: int
    at_ms: int
    session: int
    shot: int
    depth_um: int
    code: int
    volume_nl: int
    program: int
    calibration: int
    zone_shots: int
    end_ms: int
    depth_stepped_um: int
    depth_measured_um: int
    volume_stepped_nl: int
    volume_measured_nl: int
    force_peak_mn: int
    volume_left_nl: int
    session_nl: int
    flags: int
    stopped: int
    a: int
    b: int

    @property
    def is_shot(self) -> bool:
        """Whether this is a shot; otherwise it is an event."""
        return self.kind == records.SHOT

    @property
    def began_ms(self) -> int:
        """When it began: a shot may have been armed long before."""
        return self.at_ms + self.a if self.is_shot else self.at_ms

    @property
    def event(self) -> str:
        """What happened, by its short name; empty for a shot."""
        return "" if self.is_shot else errors.name(self.code)

    @property
    def complete(self) -> bool:
        """Whether the shot gave all that was commanded."""
        return bool(self.flags & records.COMPLETE)

    @property
    def partial(self) -> bool:
        """Whether the shot was stopped on its way; it is never made up for."""
        return bool(self.flags & records.PARTIAL)

    @property
    def interrupted(self) -> bool:
        """Whether power went in mid-shot: what was given is uncertain."""
        return bool(self.flags & records.INTERRUPTED)

    @property
    def training(self) -> bool:
        """Whether it is of a training session, in which nothing moves and nothing is given."""
        return bool(self.flags & records.TRAINING)

    @property
    def given_most_nl(self) -> int:
        """The most that the shot was to give: nothing in training."""
        return 0 if self.training else self.volume_nl


def _codes(table: Iterable[tuple[str, str]]) -> str:
    return "".join(code for _, code in table)


# Intent, chain link and CRC, result, CRC.
_LAYOUT = struct.Struct(
    f"<{_codes(records.INTENT)}{records.CHAIN_BYTES}x4x{_codes(records.RESULT)}4x"
)


def decode(raw: bytes) -> ShotRecord:
    """The record in 96 bytes, which may be damaged: see `Chain`. Raises ValueError for another
    length."""
    if len(raw) != RECORD_BYTES:
        raise ValueError(f"a record of {len(raw)} bytes instead of {RECORD_BYTES}")
    return ShotRecord(*_LAYOUT.unpack(raw))


class Break(msgspec.Struct, frozen=True):
    """Where records stop being what they should be: at record `number`, and `how`, one of `HOW`."""

    number: int
    how: str

    def __str__(self) -> str:
        return f"record {self.number}: {HOW[self.how]}"


DAMAGED = "damaged"
GAP = "gap"
UNCHAINED = "unchained"
CHANGED = "changed"
HOW = {
    DAMAGED: "it is damaged: its checksum does not fit",
    GAP: "records are missing before it",
    UNCHAINED: "it does not follow on from the record before: one of the two was changed",
    CHANGED: "the gun and the archive hold different records of this number",
}


class Chain:
    """What the next record must look like: its number, and the link to the one before.

    A new chain begins with record 1. `Chain.after` goes on after a record that is held.
    """

    def __init__(self, number: int = 0, link: bytes | None = START):
        """`number` is the last record's; `link` None takes whatever the next one carries."""
        self.number = number
        self._link = link

    @classmethod
    def after(cls, number: int, raw: bytes) -> "Chain":
        """The chain that goes on after the record `number`, whose bytes are `raw`."""
        return cls(number, _core.digest(raw))

    def judge(self, raw: bytes) -> Break | None:
        """What is wrong with `raw` as the next record, None if nothing is."""
        expected = self.number + 1
        if len(raw) != RECORD_BYTES or not _core.whole(raw):
            return Break(expected, DAMAGED)
        found = _core.number(raw)
        if found != expected:
            return Break(found, GAP)
        if self._link is not None and _core.prev(raw) != self._link:
            return Break(expected, UNCHAINED)
        return None

    def take(self, raw: bytes) -> None:
        """`raw` is the next record, as it is."""
        self.number += 1
        self._link = _core.digest(raw)


def verify(raws: Iterable[bytes], chain: Chain | None = None) -> Break | None:
    """The first break in raw records, None where there is none.

    They go on after `chain`; without one, the first is taken as it is, whatever came before it.
    """
    for raw in raws:
        if chain is None:
            first = decode(raw).number if len(raw) == RECORD_BYTES else 1
            chain = Chain(first - 1, None if first != 1 else START)
        found = chain.judge(raw)
        if found:
            return found
        chain.take(raw)
    return None
