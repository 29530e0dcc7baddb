"""What a host may ask, as one table: name → (fields of its arguments, what is done).

What an engineer asks stands in `engineer`, which is read in for it.
"""

import binascii

from mesofw import VERSION
from mesofw.core import aside, errors, jobs, settings, states, waiting, wire
from mesofw.core.errors import refuse
from mesofw.core.fields import CHOICE, INT, TEXT, check, field
from mesofw.core.upload import LENGTH_MAX, Upload

NUMBER_MAX = (1 << 30) - 1
PULL_MAX = 100_000
# What a program's texts may take of a reply's line, in whatever alphabet.
TITLE_BYTES = 160
# A clock that is set is put right by no more than this without the key.
CLOCK_OFF_S = 300
# Requests of `engineer`, and the state that each is for: ANY is for a gun at rest.
ANY = -1
ENGINEERS = {
    "bench": states.CALIBRATING,
    "calibrate": states.IDLE,
    "challenge": states.IDLE,
    "inputs": ANY,
    "service": states.IDLE,
    "stage": states.IDLE,
    "store": states.IDLE,
    "trace": ANY,
}


class Requests:
    """Carries out the requests of `TABLE` and of `engineer` on one gun."""

    def __init__(self, gun):
        self.gun = gun
        self._upload = Upload(gun.slots, gun.board.link_bytes)
        self._keyed = None
        self._read_in = False  # `engineer` was, and is to be let go of

    def handle(self, name, arguments):
        """The reply to a request (a dict), or a job that gives it later. Raises Refused."""
        row = TABLE.get(name) if isinstance(name, str) else None
        engineers = row is None and isinstance(name, str) and name in ENGINEERS
        if engineers:
            row = self._engineers(name)
        if row is None:
            known = ", ".join(sorted(list(TABLE) + list(ENGINEERS)))
            raise refuse(errors.NO_SUCH_REQUEST, "r", str(name), known)
        if not isinstance(arguments, dict):
            raise refuse(errors.WRONG_TYPE, "a", repr(arguments)[:60], "an object")
        faults = []
        check(row[0], arguments, "a.", faults)
        if faults:
            raise errors.Refused(faults[0])
        if self._keyed and self._keyed.over():
            self._keyed = None
            aside.let_go("keyed")
        engaged = engineers or self._keyed or self.gun.state == states.CALIBRATING
        if self._read_in and not engaged:
            self._read_in = False
            aside.let_go("engineer")
        return row[1](self, arguments)

    def _engineers(self, name: str) -> tuple:
        """The row of a request of `engineer`, which stays while more may come. Raises Refused."""
        if ENGINEERS[name] == ANY:
            self._still()
        else:
            self._allowed(ENGINEERS[name])
        if not aside.held("engineer"):
            self._read_in = True
        from mesofw.core import engineer

        return engineer.TABLE[name]

    def key(self):
        """The engineer's dealings that are under way, or new ones. Raises Refused."""
        self._idle()
        if self._keyed is None:
            from mesofw.core import keyed

            self._keyed = keyed.Keyed(self.gun)
        return self._keyed

    def data(self, offset: int, data: bytes) -> None:
        """Bytes of the program being uploaded."""
        if self.gun.state == states.IDLE:
            self._upload.chunk(offset, data)

    def _hello(self, arguments: dict) -> dict:
        gun = self.gun
        if arguments["protocol"] != wire.PROTOCOL:
            raise refuse(
                errors.PROTOCOL_VERSION,
                "a.protocol",
                str(arguments["protocol"]),
                str(wire.PROTOCOL),
            )
        return {
            "protocol": wire.PROTOCOL,
            "firmware": VERSION,
            "build": gun.board.build[:16],
            "board": gun.board.board_id[:32],
            "boot": gun.memory.boot,
            "calibration": gun.calibration["id"] if gun.calibration else 0,
            "commissioned": 1 if gun.commissioning else 0,
            "hardware_verified": bool(gun.board.hardware_verified),
            "at_ms": gun.clock.at_ms,
            "first": gun.journal.first(),
            "last": gun.journal.last,
        }

    def _status(self, arguments: dict) -> dict:
        gun = self.gun
        session = gun.session
        return {
            "state": states.STATES[gun.state],
            "trouble": gun.trouble,
            "at_ms": gun.clock.at_ms,
            "last": gun.journal.last,
            "session": session.number,
            "open": 1 if session.open else 0,
            "zone": session.zone + 1 if session.open else 0,
            "zone_shots": session.zone_shots,
            "zone_left": session.zone_left(),
            "shots": session.shots,
            "given_nl": session.given_nl,
            "left_nl": gun.volume_left_nl(),
            "program": _hex(session.program.sha256[:4]) if session.program else "",
        }

    def _screen(self, arguments: dict):
        return jobs.Screen(self.gun)

    def _begin(self, arguments: dict) -> dict:
        self._idle()
        sha256 = _unhex("a.sha256", arguments["sha256"])
        return {"missing": self._upload.begin(sha256, arguments["length"])}

    def _commit(self, arguments: dict):
        self._idle()
        sha256 = _unhex("a.sha256", arguments["sha256"])
        self._upload.commit(sha256, self.gun.clock.today_ymd())
        return jobs.Commit(self._upload, self._idle, self._committed)

    def _committed(self, scanned) -> dict:
        gun = self.gun
        if gun.session.open:
            waiting.close_session(gun)
        gun.session.take(scanned)
        gun.log(errors.EVENT_PROGRAM, gun.session.program_id())
        gun.activity.enter(gun.clock.now_us)
        gun.panel.changed()
        return self._program({})

    def _program(self, arguments: dict) -> dict:
        scanned = self.gun.session.program
        if scanned is None:
            raise refuse(errors.NO_PROGRAM)
        return {
            "sha256": _hex(scanned.sha256),
            "length": scanned.length,
            "title": wire.cut(scanned.head["title"], TITLE_BYTES),
            "zones": scanned.zones,
            "shots": scanned.shots,
            "total_nl": scanned.total_nl,
            "warnings": len(scanned.warnings),
        }

    def _pull(self, arguments: dict):
        journal = self.gun.journal
        if arguments["count"] and not journal.first() <= arguments["first"] <= journal.last:
            held = "%d to %d" % (journal.first(), journal.last)
            raise refuse(errors.NOT_HELD, "a.first", str(arguments["first"]), held)
        return jobs.Pull(self.gun, arguments["first"], arguments["count"])

    def _acknowledge(self, arguments: dict) -> dict:
        gun = self.gun
        memory = gun.memory
        archive = _unhex("a.archive", arguments["archive"])
        if archive == bytes(16):
            raise refuse(errors.OUT_OF_RANGE, "a.archive", arguments["archive"], "not all zero")
        if memory.archive not in (bytes(16), archive):
            raise refuse(errors.OTHER_ARCHIVE, "a.archive", arguments["archive"])
        if not arguments["number"] <= gun.journal.last:
            raise refuse(errors.NOT_HELD, "a.number", str(arguments["number"]))
        self._still()
        memory.acknowledge(arguments["number"], archive)
        gun.store.forget(memory.acknowledged)
        return {"first": gun.journal.first(), "acknowledged": memory.acknowledged}

    def _clock(self, arguments: dict):
        clock = self.gun.clock
        unix_s, quality_ms = arguments["unix_s"], arguments["quality_ms"]
        if arguments["mac"]:
            return self.key().clock(unix_s, quality_ms, arguments["mac"])
        # Whoever puts the clock back can use what has expired.
        least_s = self.gun.memory.latest_s - quality_ms // 1000 - 1
        if clock.epoch_s:
            least_s = max(least_s, clock.unix_s() - CLOCK_OFF_S)
        if unix_s < least_s or (clock.epoch_s and unix_s > clock.unix_s() + CLOCK_OFF_S):
            raise refuse(errors.CLOCK_BACK, "a.unix_s", str(unix_s), "%d or later" % least_s)
        return set_clock(self.gun, unix_s, quality_ms)

    def _record(self, arguments: dict) -> dict:
        gun = self.gun
        name = arguments["record"]
        if name == "settings":
            return gun.settings
        return (gun.calibration if name == "calibration" else gun.commissioning) or {}

    def _health(self, arguments: dict) -> dict:
        gun = self.gun
        self._still()
        return {
            "heap_free": gun.board.free_heap(),
            "ring_room": gun.journal.room(),
            "store_room": gun.store.room(),
            "supply_mv": gun.inputs.supply_mv,
            "temperature_dc": gun.inputs.temperature_dc,
            "faulty": gun.inputs.faulty,
        }

    def _pause(self, arguments: dict) -> dict:
        self.gun.activity.pause()
        return {"state": states.STATES[self.gun.state]}

    def _idle(self) -> None:
        self._allowed(states.IDLE)

    def _allowed(self, state: int) -> None:
        """Raises Refused in any other state."""
        if self.gun.state != state:
            told = states.STATES
            raise refuse(errors.NOT_NOW, "", told[self.gun.state], told[state])

    def _still(self) -> None:
        """Raises Refused while anything moves."""
        if self.gun.moving():
            raise refuse(errors.NOT_NOW, "", states.STATES[self.gun.state], "at rest")


def seen(gun, stall: list, ms: int) -> dict:
    """What the gun sees of its board; `seen.sample` says what it is given."""
    held = aside.held("seen")
    from mesofw.core import seen as module

    reply = module.sample(gun, stall, ms)
    if not held:
        aside.let_go("seen")
    return reply


def set_clock(gun, unix_s: int, quality_ms: int) -> dict:
    """Set the clock, remember and record it."""
    gun.clock.set_epoch(unix_s, quality_ms)
    gun.memory.note_clock(unix_s)
    gun.log(errors.EVENT_CLOCK, gun.clock.epoch_s, quality_ms)
    return {"at_ms": gun.clock.at_ms}


def _hex(data: bytes) -> str:
    return binascii.hexlify(data).decode()


def _unhex(at: str, text: str) -> bytes:
    try:
        return binascii.unhexlify(text)
    except ValueError:
        raise refuse(errors.WRONG_TYPE, at, text, "hex digits")


_SHA256 = field("sha256", TEXT, 64, 64)
_NUMBER = field("number", INT, 0, NUMBER_MAX)
TABLE = {
    "hello": ((field("protocol", INT, 0, NUMBER_MAX),), Requests._hello),
    "status": ((), Requests._status),
    "screen": ((), Requests._screen),
    "begin": (
        (
            _SHA256,
            field("length", INT, 1, LENGTH_MAX),
        ),
        Requests._begin,
    ),
    "commit": ((_SHA256,), Requests._commit),
    "program": ((), Requests._program),
    "pull": (
        (
            field("first", INT, 0, NUMBER_MAX),
            field("count", INT, 0, PULL_MAX),
        ),
        Requests._pull,
    ),
    "acknowledge": (
        (_NUMBER, field("archive", TEXT, 32, 32)),
        Requests._acknowledge,
    ),
    "clock": (
        (
            field("unix_s", INT, 1_500_000_000, 4_000_000_000),
            field("quality_ms", INT, 0, 60_000),
            field("mac", TEXT, 64, 64, default=""),
        ),
        Requests._clock,
    ),
    "record": ((field("record", CHOICE, choices=settings.NAMES),), Requests._record),
    "health": ((), Requests._health),
    "pause": ((), Requests._pause),
}
