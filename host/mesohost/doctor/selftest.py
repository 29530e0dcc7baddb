"""What a gun found at its last self-test and since: its state, its fault, its failing parts."""

import msgspec

from mesofw.core import errors
from mesohost import records
from mesohost.answers import Seen, Status
from mesohost.doctor import faults
from mesohost.doctor.case import Case
from mesohost.doctor.model import Cause
from mesohost.gun import Gun
from mesohost.troubles import GunRefused

# How far back the gun's start is looked for in its log.
_RECORDS = 120
_TOLD = (errors.EVENT_FAULT, errors.EVENT_CLEARED, errors.EVENT_WITHOUT)


class Part(msgspec.Struct, frozen=True):
    """A part that fails, and why, the likeliest first."""

    name: str
    causes: tuple[Cause, ...]


class Found(msgspec.Struct, frozen=True):
    """`since` are the events of this start that tell of a fault, in order: (ms since the start,
    what happened)."""

    board: str
    boot: int
    state: str
    trouble: int
    said: str
    causes: tuple[Cause, ...]
    parts: tuple[Part, ...]
    since: tuple[tuple[int, str], ...]

    @property
    def fine(self) -> bool:
        """Whether the gun stands ready and nothing fails."""
        return not self.trouble and not self.parts


def found(case: Case) -> Found:
    """What the gun says of itself. Raises NoAnswer, GunRefused, PortTrouble."""
    hello = case.known
    status = case.at_rest()
    seen = _inputs(case)
    trouble = status.trouble
    return Found(
        board=hello.board,
        boot=hello.boot,
        state=status.state,
        trouble=trouble,
        said=f"{errors.cause(trouble)} ({errors.name(trouble)})" if trouble else "",
        causes=faults.causes(trouble, seen) if trouble else (),
        parts=_parts(seen),
        since=tuple(_since(case.gun, hello.boot, status)),
    )


def _inputs(case: Case) -> Seen | None:
    try:
        return case.seen()
    except GunRefused:
        return None  # it moves: a session is under way


def _parts(seen: Seen | None) -> tuple[Part, ...]:
    failing = seen.faulty if seen else 0
    return tuple(
        Part(name, faults.causes(errors.DRIVER_SILENT, seen) if bit == 1 else causes)
        for bit, (name, causes) in faults.PARTS.items()
        if failing & bit
    )


def _since(gun: Gun, boot: int, status: Status) -> list[tuple[int, str]]:
    first = max(gun.held(1) or 1, status.last - _RECORDS + 1)
    told: list[tuple[int, str]] = []
    for raw in gun.pull(first, status.last - first + 1):
        one = records.decode(raw)
        if one.boot == boot and not one.is_shot and one.code in _TOLD:
            of = f": {errors.cause(one.a)} ({errors.name(one.a)})" if one.a else ""
            told.append((one.at_ms, errors.cause(one.code) + of))
    return told
