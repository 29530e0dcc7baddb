"""What the gun answers, typed. Names are the wire's, so each number carries its unit."""

from typing import Any, TypeVar

import msgspec

from mesofw.core.seen import SWITCHES
from mesohost.troubles import ProtocolMismatch


class Hello(msgspec.Struct, frozen=True):
    """Who answers. `first` and `last` number the records that the gun holds; `last` < `first` where
    it holds none. `calibration` is 0 where there is none, `at_ms` counts from the gun's start."""

    protocol: int
    firmware: str
    build: str
    board: str
    boot: int
    calibration: int
    commissioned: bool
    hardware_verified: bool
    at_ms: int
    first: int
    last: int


class Status(msgspec.Struct, frozen=True):
    """What the gun does now. `trouble` is the code of its fault or 0, `zone` counts from 1 (0: no
    zone), `last` numbers the newest record, `program` is the start of the program's SHA-256."""

    state: str
    trouble: int
    at_ms: int
    last: int
    session: int
    open: bool
    zone: int
    zone_shots: int
    zone_left: int
    shots: int
    given_nl: int
    left_nl: int
    program: str


class Shown(Status, frozen=True):
    """The same with what the gun's screen says, its lines with bars between them."""

    screen: str


class Health(msgspec.Struct, frozen=True):
    """How the gun is: bytes of heap free, records for which its journal and its store have room,
    supply in mV, the hottest of board and drivers in tenths of a degree Celsius, the parts that
    fail as bits (`door.PART_…`)."""

    heap_free: int
    ring_room: int
    store_room: int
    supply_mv: int
    temperature_dc: int
    faulty: int


class Seen(msgspec.Struct, frozen=True):
    """What the gun sees of its board. Of carriage and plunger, in this order: pulses and encoder
    counts since home, and the lowest StallGuard reading of the last motion (-1: none). `peak_mn` is
    the highest force since that began, `switches` bits as in `seen.SWITCHES`, `turns` the knob's
    detents, `ms` how long what was done last on the bench took."""

    steps: tuple[int, int]
    counts: tuple[int, int]
    force_mn: int
    peak_mn: int
    switches: int
    turns: int
    supply_mv: int
    temperature_dc: int
    faulty: int
    stall: tuple[int, int]
    ms: int
    at_ms: int

    def closed(self, name: str) -> bool:
        """Whether the switch of this name is closed: `trigger`, `pedal`, `press` (the knob),
        `contact` (the foot), `seated`, `stop`, `carriage_home`, `plunger_home`."""
        return bool(self.switches >> SWITCHES.index(name) & 1)


class ProgramInfo(msgspec.Struct, frozen=True):
    """The program that the gun holds. `warnings` counts the soft limits that it passes."""

    sha256: str
    length: int
    title: str
    zones: int
    shots: int
    total_nl: int
    warnings: int


class Acknowledged(msgspec.Struct, frozen=True):
    """The oldest record that the gun still holds, and the newest that its archive has."""

    first: int
    acknowledged: int


class ClockOffset(msgspec.Struct, frozen=True):
    """Unix time in ms is the gun's `at_ms` + `offset_ms`, to `quality_ms` (half a round trip)."""

    offset_ms: int
    quality_ms: int


class Told(msgspec.Struct, frozen=True):
    """A refusal as it is on the wire."""

    code: int
    at: str = ""
    found: str = ""
    allowed: str = ""


class Missing(msgspec.Struct, frozen=True):
    """The first byte ranges [start, end) of a program that the gun still lacks."""

    missing: tuple[tuple[int, int], ...]


class Pulled(msgspec.Struct, frozen=True):
    """Where a pull ended: the number after the last record sent; the newest closed one there is,
    and its chain link in hex."""

    next: int
    last: int
    head: str


class TraceEnd(msgspec.Struct, frozen=True):
    """How many samples a trace sent, and how many were due but lost; when it ended."""

    count: int
    lost: int
    at_ms: int


_Answer = TypeVar("_Answer")


def read(reply: dict[str, Any], kind: type[_Answer]) -> _Answer:
    """A reply in typed form; fields that are not known are passed over. Raises ProtocolMismatch."""
    try:
        # The wire's flags are 0 and 1 on some boards, false and true on others.
        return msgspec.convert(reply, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ProtocolMismatch(
            f"the gun's answer is not as this tool expects it: {error}",
            ["use the tool of the same release as the gun's firmware: pip install -U mesogun"],
        ) from error
