"""What a restarted gun may hold, said by what was known when power went."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from mesofw.core import errors, records, states
from mesofw.core.records import RECORD_BYTES, Record
from mesosim.world import World

_RESTARTED = (errors.EVENT_BOOT, errors.EVENT_WITHOUT)


@dataclass(frozen=True)
class Seen:
    """What the firmware was at: the last record that it had closed, whether one was open, and what
    may be in force: one value, or two while one takes the other's place."""

    last: int
    open: bool
    programs: tuple[bytes, ...]
    settings: tuple[int, ...]
    calibrations: tuple[int, ...]
    acknowledged: tuple[int, ...]


@dataclass
class Truth:
    """What is so while a session is written down. `rows` holds every record by its number.

    `programs` are texts; `settings` the value that tells two of them apart.
    """

    world: World
    programs: tuple[bytes, ...] = (b"",)
    settings: tuple[int, ...] = (0,)
    calibrations: tuple[int, ...] = (0,)
    acknowledged: tuple[int, ...] = (0,)
    rows: dict[int, bytes] = field(default_factory=dict)
    last: int = 0
    open: bool = False
    _plunger: int = 0

    def look(self) -> Seen:
        """What the firmware is at now; while it starts, what it was at."""
        if self.world.on:
            journal = core_of(self.world).journal
            self.last, self.open = journal.last, self._due(journal.open)
        return Seen(
            self.last, self.open, self.programs, self.settings, self.calibrations,
            self.acknowledged,
        )  # fmt: skip

    def _due(self, is_open: bool) -> bool:
        """Whether a record must be there: where the needle is in the skin, whatever the firmware
        believes. A shot that has begun, but has neither reached the skin nor moved the plunger,
        may be gone."""
        plant = self.world.plant
        plunger = plant.step_counts()[1]
        if not is_open:
            self._plunger = plunger
        shooting = core_of(self.world).state == states.SHOOTING
        idle = shooting and plunger <= self._plunger
        return plant.depth_um() > 0 or (is_open and not idle)

    def collect(self) -> None:
        """Keep what the gun holds now."""
        for number, row in held(core_of(self.world).journal):
            self.rows[number] = row

    def during(self, name: str, new: Any, act: Callable[[], object]) -> None:
        """While `act` runs, the old or the new value may be in force; then the new one only."""
        setattr(self, name, (*getattr(self, name), new))
        act()
        setattr(self, name, (new,))


def core_of(world: World) -> Any:
    """The firmware's own objects."""
    firmware: Any = world.firmware
    return firmware.gun


def held(journal: Any) -> list[tuple[int, bytes]]:
    """(number, bytes) of every record that a journal gives."""
    buffer = bytearray(64 * RECORD_BYTES)
    out: list[tuple[int, bytes]] = []
    number = journal.first()
    while number <= journal.last:
        got = journal.read(number, buffer)
        if not got:
            break
        for index in range(got):
            out.append(
                (number + index, bytes(buffer[index * RECORD_BYTES : (index + 1) * RECORD_BYTES]))
            )
        number += got
    return out


@lru_cache(8_192)
def unpacked(row: bytes) -> Record:
    """A record's numbers."""
    record = Record()
    records.unpack(row, record)
    return record


def broken_chain(rows: dict[int, bytes]) -> int:
    """The number of the first record that is not whole or does not follow on, 0 for none."""
    link = bytes(records.CHAIN_BYTES)
    for number in sorted(rows):
        row = rows[number]
        if not records.whole(row) or records.prev(row) != link or records.number(row) != number:
            return number
        link = records.digest(row)
    return 0


def complaints(gun: Any, seen: Seen, rows: dict[int, bytes]) -> list[str]:
    """What is wrong with a gun that was restarted after power went when `seen` was so."""
    found = [*_log(gun, seen, rows), *_stored(gun, seen)]
    if not found:
        found = _session(gun)
    return found


def _log(gun: Any, seen: Seen, rows: dict[int, bytes]) -> list[str]:
    now = held(gun.journal)
    numbers = [number for number, _ in now]
    if numbers != list(range(gun.journal.first(), gun.journal.last + 1)):
        return ["the log has a hole: %r" % numbers[-5:]]
    if gun.journal.first() > max(1, max(seen.acknowledged) + 1):
        return ["records that nobody acknowledged are gone"]
    out: list[str] = []
    link = None
    for number, row in now:
        known = number <= seen.last
        under_way = number == seen.last + 1 and _same_shot(row, rows.get(number))
        if known and row != rows[number]:
            out.append("record %d is another than before" % number)
        elif number == seen.last + 1 and seen.open and not under_way:
            out.append("the open record %d is lost" % number)
        elif not (known or under_way or _tells_start(row, gun)):
            out.append("record %d is invented: %r" % (number, vars(unpacked(row))))
        if known and number < seen.last:
            continue  # what is as before needs no second look
        if not records.whole(row) or (link is not None and records.prev(row) != link):
            out.append("the chain breaks at %d" % number)
        link = records.digest(row)
    if gun.journal.last < seen.last:
        out.append("%d records of %d are left" % (gun.journal.last, seen.last))
    if now and gun.journal.head != link:
        out.append("the head is not the last record's")
    return out


def _same_shot(row: bytes, was: bytes | None) -> bool:
    """Whether a record is the one that was under way: whole, or closed as interrupted."""
    if was is None:
        return False
    if row == was:
        return True
    one, other = unpacked(row), unpacked(was)
    same = all(getattr(one, name) == getattr(other, name) for name, _ in records.INTENT)
    return same and bool(one.flags & records.INTERRUPTED)


def _tells_start(row: bytes, gun: Any) -> bool:
    record = unpacked(row)
    return (
        record.kind == records.EVENT
        and record.code in _RESTARTED
        and record.boot == gun.memory.boot
    )


def _stored(gun: Any, seen: Seen) -> list[str]:
    out: list[str] = []
    program = bytes(gun.slots.load() or b"")
    # A first upload that was cut short is told as damaged: there is no older program to go back to.
    damaged = gun.slots.state == errors.SLOT_CORRUPT and b"" not in seen.programs
    if program not in seen.programs or damaged:
        out.append("another program: %r" % program[:60])
    if program and (gun.session.program is None or gun.session.program.faults):
        out.append("the program is not in force")
    told = gun.settings_slots.state
    if gun.settings["force_mn"] not in seen.settings or told == errors.SLOT_CORRUPT:
        out.append("other settings: %r" % gun.settings)
    if gun.calibration is None or gun.calibration["id"] not in seen.calibrations:
        out.append("another calibration: %r" % gun.calibration)
    if gun.memory.acknowledged not in seen.acknowledged or gun.memory.state == errors.SLOT_CORRUPT:
        out.append("another record is acknowledged: %d" % gun.memory.acknowledged)
    return out


def _session(gun: Any) -> list[str]:
    """The open session's counts are those of its records; no start has another's number."""
    now = [unpacked(row) for _, row in held(gun.journal)]
    before = [record for record in now if record.boot != gun.memory.boot]
    if not before or now[-1].code != errors.EVENT_BOOT:
        return ["the start is not recorded, or under an older start's number"]
    last = before[-1]
    session = gun.session
    shots = [
        record for record in before
        if record.kind == records.SHOT and record.session == session.number
    ]  # fmt: skip
    # Where power went after the very last shot, nothing is left to be resumed.
    left = session.program is not None and len(shots) < session.program.shots
    is_open = bool(last.flags & records.OPEN_SESSION) and last.program == session.program_id()
    if session.open != (is_open and left):
        return ["the session is open: %r" % session.open]
    if not session.open:
        return []
    given_nl = sum(_given_nl(shot) for shot in shots)
    if (session.shots, session.given_nl) != (len(shots), given_nl):
        return [
            "%d shots and %d nL instead of %d and %d"
            % (session.shots, session.given_nl, len(shots), given_nl)
        ]
    before_zone = sum(shot.zone < session.zone + 1 for shot in shots)
    if session.zone_shots != len(shots) - before_zone or session.zone_left() < 1:
        return ["shots of the zone: %d" % session.zone_shots]
    return []


def _given_nl(shot: Record) -> int:
    return shot.volume_stepped_nl if shot.flags & records.PARTIAL else shot.volume_nl
