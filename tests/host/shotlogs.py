"""Logs for tests: real records, made and chained by core, counted as the gun counts."""

import datetime
import random
from dataclasses import dataclass, field
from typing import Any

import msgspec

from mesofw.core import errors, records, states, waiting
from mesofw.core.modes import MODES
from mesohost.archive import FORMAT, Header, Held
from mesohost.program import Program, check_program
from mesohost.records import decode

HEADER = Header(
    format=FORMAT,
    archive="ab" * 16,
    created="2026-03-01T08:00:00+00:00",
    board="sim-7",
    firmware="0.1.0",
    build="0011223344556677",
    hardware_verified=False,
)
EPOCH_S = 1_772_353_800  # 2026-03-01 08:30:00 UTC


@dataclass
class LogMaker:
    """A gun's log in the making: `raws` are its records of 96 bytes. Times advance by what is done.

    `error_um` and `error_nl` are how far measured values scatter around the commanded ones.
    """

    program: int = 0
    seed: int = 1
    error_um: int = 15
    error_nl: int = 60
    raws: list[bytes] = field(default_factory=list[bytes])
    boot: int = 1
    at_ms: int = 0
    session: int = 0
    open: bool = False
    zone: int = 0
    zone_shots: int = 0
    shots: int = 0
    given_nl: int = 0
    left_nl: int = 0
    calibration: int = 3

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def event(self, code: int, a: int = 0, b: int = 0) -> None:
        """One event, now."""
        self._append(self._record(kind=records.EVENT, code=code, a=a, b=b, end_ms=self.at_ms))

    def start(self, clock: bool = True) -> None:
        """The gun starts; a host sets its clock."""
        self.at_ms = 0
        self.event(errors.EVENT_BOOT, self.boot)
        if clock:
            self.at_ms = 2_000
            self.event(errors.EVENT_CLOCK, EPOCH_S + 3600 * (self.boot - 1), 1_200)

    def begin(self, overrides: tuple[int, ...] = ()) -> None:
        """The operator confirms a new session."""
        self.at_ms += 8_000
        for code in overrides:
            self.event(errors.EVENT_OVERRIDE, code)
        self.session += 1
        self.open = True
        self.zone = 1
        self.zone_shots = self.shots = self.given_nl = 0
        self.event(errors.EVENT_CONFIRMED, self.program)

    def fit(self, held_nl: int = 3_000_000, primed_nl: int = 60_000) -> None:
        """A syringe is fitted and primed."""
        self.at_ms += 20_000
        self.left_nl = held_nl
        self.event(errors.EVENT_LOADED, held_nl)
        self.at_ms += 6_000
        self.left_nl -= primed_nl
        self.event(errors.EVENT_PRIMED, primed_nl, self.left_nl)

    def arm(self, zone: int, shots: int) -> None:
        """A zone is armed with so many shots to go."""
        if zone != self.zone:
            self.zone_shots = 0
        self.zone = zone
        self.at_ms += 4_000
        self.event(errors.EVENT_ZONE, zone, shots)

    def shot(
        self,
        depth_um: int = 1_500,
        volume_nl: int = 5_000,
        flag: int = records.COMPLETE,
        stopped: int = 0,
        share: float = 1.0,
        every_ms: int = 250,
        mode: str = "nappage",
        armed_ms: int = 0,
    ) -> None:
        """One shot, armed so long before it began; of one that was cut short, `share` of the volume
        was given."""
        self.zone_shots += 1
        self.shots += 1
        took_ms = 60 + volume_nl // 100
        record = self._record(
            kind=records.SHOT, depth_um=depth_um, volume_nl=volume_nl, code=MODES.index(mode)
        )
        record.at_ms -= armed_ms
        record.a = armed_ms
        if flag == records.INTERRUPTED:
            self.given_nl += volume_nl
            record.session_nl = self.given_nl
            record.flags = records.INTERRUPTED | records.OPEN_SESSION
        else:
            stepped_nl = round(volume_nl * share)
            self.given_nl += volume_nl if flag == records.COMPLETE else stepped_nl
            self.left_nl -= stepped_nl
            record.end_ms = self.at_ms + took_ms
            record.depth_stepped_um = depth_um
            record.depth_measured_um = max(0, depth_um + self._off(self.error_um))
            record.volume_stepped_nl = stepped_nl
            record.volume_measured_nl = max(0, stepped_nl + self._off(self.error_nl)) * bool(
                volume_nl
            )
            record.force_peak_mn = 2_000 + self._off(400)
            record.volume_left_nl = max(0, self.left_nl)
            record.session_nl = self.given_nl
            record.flags = flag | (0 if volume_nl else records.DRY) | records.OPEN_SESSION
            record.stopped = stopped
        self._append(record)
        self.at_ms += max(every_ms, took_ms)

    def end(self) -> None:
        """The session ends."""
        self.open = False
        self.event(errors.EVENT_ENDED, self.shots, self.given_nl)

    def restart(self, clock: bool = True) -> None:
        """Power goes and comes back; what was open stays open."""
        self.boot += 1
        self.start(clock)

    def held(self) -> list[Held]:
        """The records as the archive has them."""
        return [held(raw) for raw in self.raws]

    def _off(self, most: int) -> int:
        return self._random.randint(-most, most)

    def _record(self, **values: int) -> Any:
        record: Any = records.Record()
        record.boot = self.boot
        record.at_ms = self.at_ms
        record.session = self.session
        record.zone = self.zone if self.open else 0
        record.zone_shots = self.zone_shots
        record.shot = self.shots
        record.session_nl = self.given_nl
        record.program = self.program
        record.calibration = self.calibration
        record.volume_left_nl = max(0, self.left_nl)
        record.flags = records.OPEN_SESSION if self.open else 0
        for name, value in values.items():
            setattr(record, name, value)
        return record

    def _append(self, record: Any) -> None:
        record.number = len(self.raws) + 1
        buffer = bytearray(records.RECORD_BYTES)
        before = records.digest(self.raws[-1]) if self.raws else bytes(records.CHAIN_BYTES)
        records.pack_intent(buffer, record, before)
        records.pack_result(buffer, record)
        self.raws.append(bytes(buffer))


def held(raw: bytes) -> Held:
    """One record as the archive has it."""
    record = decode(raw)
    return Held(number=record.number, record=record, raw=raw)


def lines(raws: list[bytes], header: Header | None = HEADER) -> list[bytes]:
    """A log file's lines, the header first, as the archive writes them."""
    written = [msgspec.json.encode(header)] if header else []
    for raw in raws:
        fields = msgspec.structs.asdict(decode(raw)) | {"raw": raw.hex()}
        written.append(msgspec.json.encode(fields))
    return written


def log_file(raws: list[bytes], header: Header | None = HEADER) -> bytes:
    """A log file's bytes."""
    return b"".join(line + b"\n" for line in lines(raws, header))


PROGRAM_TOML = """
title = "Nappage of the face"
patient = "P-0042"
syringe = "1 mL"
needle = { gauge = "30G", length = "4 mm", pins = 1 }

[[products]]
name = "Vitamin complex"
lot = "VC-0817"
expiry = 2026-02-28
share = "100 %"
ingredients = [ { name = "ascorbic acid", strength = "100 mg/mL", limit = "100 mg" } ]

[[zones]]
name = "Forehead"
mode = "nappage"
layer = "superficial"
depth = "1.5 mm"
volume = "5 µL"
shots = 6

[[zones]]
name = "Cheek"
mode = "nappage"
layer = "superficial"
depth = "1.8 mm"
volume = "4 µL"
shots = 5

[[zones]]
name = "Neck, dry"
mode = "dry"
layer = "epidermic"
depth = "0.5 mm"
shots = 3
"""


def program_of(text: str = PROGRAM_TOML) -> Program:
    """The checked program of a file's text; its product has expired before `EPOCH_S`."""
    loaded = check_program(text.encode(), "program.toml", datetime.date(2026, 1, 1))
    assert loaded.program, loaded.faults
    return loaded.program


def story(program: Program) -> LogMaker:
    """A session with everything in it: of 14 shots planned 11 are begun.

    Forehead: 6 shots, of them one partial and one interrupted by a power cut. Cheek: 5 shots, of
    them one stopped by an occlusion. The dry zone is not begun.
    """
    log = LogMaker(program=int(program.sha256[:8], 16))
    log.start()
    log.begin((errors.BEYOND_SESSION_LIMIT,))
    log.fit(600_000, 60_000)
    log.arm(1, 6)
    log.event(errors.EVENT_REFUSED, errors.NO_CONTACT)
    log.shot()
    log.shot()
    log.shot(flag=records.PARTIAL, stopped=errors.CONTACT_LOST, share=0.4)
    log.event(errors.EVENT_PAUSED, errors.CONTACT_LOST, waiting.CONTACT)
    log.event(errors.EVENT_RESUMED, states.RESUME)
    log.arm(1, 3)
    log.shot()
    log.shot(flag=records.INTERRUPTED)
    log.restart()
    log.event(errors.EVENT_CONFIRMED, log.program)
    log.fit(900_000, 20_000)
    log.arm(1, 1)
    log.shot()
    log.zone, log.zone_shots = 2, 0
    log.event(errors.EVENT_PAUSED, 0, waiting.ZONE)
    log.arm(2, 5)
    for _ in range(3):
        log.shot(1_800, 4_000)
    log.shot(1_800, 4_000, flag=records.PARTIAL, stopped=errors.OCCLUSION, share=0.25)
    log.event(errors.EVENT_FAULT, errors.OCCLUSION)
    log.event(errors.EVENT_CLEARED, errors.OCCLUSION)
    log.fit(900_000, 20_000)
    log.arm(2, 1)
    log.shot(1_800, 4_000)
    log.end()
    return log
