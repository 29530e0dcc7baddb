"""What only an engineer may change: asked for under the key, then confirmed on the gun.

A request under the key carries the HMAC-SHA256 (RFC 2104) of the challenge that the gun gave last,
the request's name and what it changes. A challenge serves once and not for long. Read in for one
use (`aside`).
"""

import binascii
import hashlib

from mesofw.core import errors, fields, settings, states
from mesofw.core.errors import Refused, refuse
from mesofw.core.slots import FileSlots

KEY_BYTES = 32
CHALLENGE_MS = 60_000
# After a wrong answer no new challenge is given for so long.
WRONG_MS = 2_000
ANSWER_MS = 60_000
# Lines of a page above what the knob does.
LINES = 6
_BLOCK_BYTES = 64


def hmac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 of `message` (RFC 2104) under a key of at most 64 bytes: 32 bytes."""
    padded = key + bytes(_BLOCK_BYTES - len(key))
    inner = hashlib.sha256(bytes([byte ^ 0x36 for byte in padded]))
    inner.update(message)
    outer = hashlib.sha256(bytes([byte ^ 0x5C for byte in padded]))
    outer.update(inner.digest())
    return outer.digest()


def signed(challenge: str, request: str, change: str) -> bytes:
    """What the key's holder puts the HMAC over. `change` is `described` of a record, the seconds
    and the quality of a clock ("UNIX_S QUALITY_MS"), or empty."""
    return ("mesogun\n%s\n%s\n%s" % (challenge, request, change)).encode()


def described(name: str, record: dict) -> str:
    """A record as it is signed: its name, then each field of its table with its value, a line
    each."""
    lines = ["%s=%d" % (field.name, record[field.name]) for field in settings.RECORDS[name]]
    return "\n".join([name] + lines)


def same(one: bytes, other: bytes) -> bool:
    """Whether two digests are equal, in a time that does not tell where they differ."""
    differs = len(one) ^ len(other)
    for index in range(min(len(one), len(other))):
        differs |= one[index] ^ other[index]
    return not differs


class Keyed:
    """An engineer's dealings with one gun, from a challenge to its end."""

    def __init__(self, gun):
        self._gun = gun
        self._challenge = ""
        self._given = 0
        self._given_ms = self._noted_ms = gun.clock.at_ms
        self._not_before_ms = 0
        self._staged = {}

    def over(self) -> bool:
        """Whether nothing is left to be kept: no challenge is open, no new value was noted for
        long, nothing is to be answered."""
        last_ms = max(self._given_ms, self._noted_ms)
        return self._gun.link.asking is None and self._gun.clock.at_ms - last_ms > CHALLENGE_MS

    def challenge(self) -> str:
        """A new challenge, 32 hex digits; the one before is void. Raises Refused."""
        gun = self._gun
        key = self._key()
        if gun.clock.at_ms < self._not_before_ms:
            raise refuse(errors.NOT_NOW, "", "a wrong key", "again in 2 s")
        # Never the same twice: each start writes at least one record, and dealings that begin anew
        # within a start begin later.
        self._given += 1
        born = "%s %d %d %d %d" % (
            gun.board.board_id,
            gun.memory.boot,
            gun.journal.last,
            gun.clock.at_ms,
            self._given,
        )
        self._challenge = _hex(hmac(key, born.encode())[:16])
        self._given_ms = gun.clock.at_ms
        return self._challenge

    def stage(self, name: str, field: str, value: int) -> int:
        """Note a field's new value; nothing is changed yet. Gives how many are noted. Raises
        Refused."""
        staged = self._staged.setdefault(name, {})
        faults = []
        table = [one for one in settings.RECORDS[name] if one.name == field]
        fields.check(table, {field: value}, "a.", faults)
        if not table:
            names = ", ".join([one.name for one in settings.RECORDS[name]])
            raise refuse(errors.UNKNOWN_KEY, "a.field", field, names)
        if faults:
            raise Refused(faults[0])
        staged[field] = value
        self._noted_ms = self._gun.clock.at_ms
        return len(staged)

    def store(self, name: str, mac: str):
        """A job that stores a record with what was staged, once that is confirmed on the gun.
        Raises Refused."""
        gun = self._gun
        held = {"settings": gun.settings, "calibration": gun.calibration}.get(name)
        record = dict(held) if held else {}
        changes = self._staged.pop(name, {})
        record.update(changes)
        faults = []
        fields.check(settings.RECORDS[name], record, "", faults)
        if faults:
            raise Refused(faults[0])
        self._verify("store", described(name, record), mac)
        return self._ask(_pages(name, changes), _Store(gun, name, record))

    def clock(self, unix_s: int, quality_ms: int, mac: str):
        """A job that sets the clock, once that is confirmed on the gun. Raises Refused."""
        self._verify("clock", "%d %d" % (unix_s, quality_ms), mac)
        from mesofw.core.clock import ymd

        date = str(ymd(unix_s // 86400))
        lines = ["Engineer asks:", "set the clock", date[:4] + "-" + date[4:6] + "-" + date[6:]]
        return self._ask([lines], _Clock(self._gun, unix_s, quality_ms))

    def service(self, mac: str):
        """A job that restarts into service, once that is confirmed on the gun. Raises Refused."""
        self._verify("service", "", mac)
        lines = ["Engineer asks:", "leave for service", "drivers off"]
        return self._ask([lines], _Service(self._gun))

    def calibrate(self, mac: str):
        """A job that lets a host move the axes (`calibrating`), once that is confirmed on the gun.
        Raises Refused."""
        if self._gun.session.open:
            raise refuse(errors.NOT_NOW, "", "a session is open", "a session that has ended")
        self._verify("calibrate", "", mac)
        lines = [
            "Engineer asks:",
            "calibrate: a",
            "computer moves",
            "needle + plunger",
            "Nobody may be at",
            "the needle.",
        ]
        return self._ask([lines], _Calibrate(self._gun))

    def _key(self) -> bytes:
        payload = FileSlots(self._gun.board, "key").load()
        try:
            key = binascii.unhexlify(bytes(payload or b""))
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise refuse(errors.NO_KEY)
        return key

    def _verify(self, request: str, change: str, mac: str) -> None:
        """Raises Refused, and records it, unless `mac` answers the open challenge."""
        gun = self._gun
        challenge, self._challenge = self._challenge, ""
        code = 0
        if not challenge or gun.clock.at_ms - self._given_ms > CHALLENGE_MS:
            code = errors.NO_CHALLENGE
        else:
            wanted = hmac(self._key(), signed(challenge, request, change))
            if not same(_hex(wanted).encode(), mac.encode()):
                code = errors.WRONG_KEY
                self._not_before_ms = gun.clock.at_ms + WRONG_MS
        if code:
            gun.log(errors.EVENT_REFUSED, code)
            raise refuse(code)

    def _ask(self, pages: list, change):
        self._gun.panel.changed()
        return Asking(self._gun, pages, change)


def _pages(name: str, changes: dict) -> list:
    """What a change of a record looks like on the screen: each changed field with its new value."""
    pages = []
    lines = ["Engineer asks:", "new " + name]
    for field in settings.RECORDS[name]:
        if field.name in changes:
            if len(lines) + 2 > LINES:
                pages.append(lines)
                lines = []
            lines += [field.name[:16], "  " + fields.show(field.name, changes[field.name])]
    return pages + [lines]


class Asking:
    """A job that shows what is asked for on the gun and waits for the answer: presses allow it page
    by page, a turn refuses it, and so does time."""

    asks = True

    def __init__(self, gun, pages: list, change):
        self._gun = gun
        self._pages = pages
        self._page = 0
        self._change = change
        self._since_ms = gun.clock.at_ms
        self._refused = False

    def answer(self, allowed: bool) -> None:
        """What the operator says to the page that is shown."""
        self._refused = not allowed
        self._page += 1
        self._gun.panel.changed()

    def lines(self) -> list:
        """What the screen says."""
        page = min(self._page, len(self._pages) - 1)
        last = page == len(self._pages) - 1
        return self._pages[page] + ["Press: " + ("allow" if last else "read on"), "Turn: refuse"]

    def step(self, link):
        """The reply once it is answered. Raises Refused."""
        gun = self._gun
        late = gun.clock.at_ms - self._since_ms > ANSWER_MS
        if gun.state != states.IDLE:
            code = errors.NOT_NOW
        elif self._refused or late:
            code = errors.NOT_ALLOWED
        elif self._page < len(self._pages):
            link.wait()
            return None
        else:
            code = 0
        gun.panel.changed()
        if code:
            gun.log(errors.EVENT_REFUSED, code)
            raise refuse(code)
        return self._change.carry_out()


class _Store:
    def __init__(self, gun, name: str, record: dict):
        self._gun = gun
        self._name = name
        self._record = record

    def carry_out(self) -> dict:
        gun, name, record = self._gun, self._name, self._record
        slots = FileSlots(gun.board, name)
        if name == "settings":
            slots = gun.settings_slots
        slots.store(settings.encode(record))
        held = {"settings": gun.settings, "calibration": gun.calibration}.get(name) or {}
        place = settings.NAMES.index(name) << 8
        for field in settings.RECORDS[name]:
            if held.get(field.name) != record[field.name]:
                gun.log(errors.EVENT_CHANGED, place, record[field.name])
            place += 1
        if name == "settings":
            gun.settings = record
        elif name == "calibration":
            gun.calibration = record
        else:
            gun.commissioning = record
        return {"record": name, "counter": slots.counter}


class _Clock:
    def __init__(self, gun, unix_s: int, quality_ms: int):
        self._gun = gun
        self._set = (unix_s, quality_ms)

    def carry_out(self) -> dict:
        from mesofw.core.requests import set_clock

        return set_clock(self._gun, *self._set)


class _Service:
    def __init__(self, gun):
        self._gun = gun

    def carry_out(self) -> dict:
        gun = self._gun
        gun.log(errors.EVENT_SERVICE)
        gun.drive.release()
        gun.board.service()
        return {"at_ms": gun.clock.at_ms}


class _Calibrate:
    def __init__(self, gun):
        self._gun = gun

    def carry_out(self) -> dict:
        gun = self._gun
        gun.log(errors.EVENT_CALIBRATING)
        gun.happen(states.CALIBRATE)
        return {"at_ms": gun.clock.at_ms}


def _hex(data: bytes) -> str:
    return binascii.hexlify(data).decode()
