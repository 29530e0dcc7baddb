"""The record of a shot or an event: 96 bytes, an intent written before and a result written after.

Both parts carry their own CRC-32; the intent carries the first 16 bytes of the SHA-256 of the
record before, so records form a chain. Little-endian. `INTENT` and `RESULT` are the one definition,
for both ends.

Until the result is there, its place is all 0 where the shot is only armed; a start mark at its very
end says that it has begun.
"""

import binascii
import hashlib
import struct

RECORD_BYTES = 96
CHAIN_BYTES = 16

SHOT = 1
EVENT = 2
KINDS = {SHOT: "shot", EVENT: "event"}

COMPLETE = 1
PARTIAL = 2
INTERRUPTED = 4  # power went before the result was written; what was given is uncertain
DRY = 8
OPEN_SESSION = 16
TRAINING = 32  # nothing moved and nothing was given: what is commanded was only played

# (name, struct code). `shot` counts the session's shots begun, this one included, `zone_shots`
# those of the zone; `zone` counts from 1. Of a shot, `a` is how many ms after `at_ms` it began: it
# was armed then and the trigger came later. Of an event, `code` is its EVENT_ code, `a` and `b` its
# own numbers.
INTENT = (
    ("number", "I"),
    ("boot", "H"),
    ("kind", "B"),
    ("zone", "B"),
    ("at_ms", "I"),
    ("session", "H"),
    ("shot", "H"),
    ("depth_um", "H"),
    ("code", "H"),
    ("volume_nl", "I"),
    ("program", "I"),
    ("calibration", "H"),
    ("zone_shots", "H"),
)
RESULT = (
    ("end_ms", "I"),
    ("depth_stepped_um", "H"),
    ("depth_measured_um", "H"),
    ("volume_stepped_nl", "I"),
    ("volume_measured_nl", "I"),
    ("force_peak_mn", "I"),
    ("volume_left_nl", "I"),
    ("session_nl", "I"),
    ("flags", "H"),
    ("stopped", "H"),
    ("a", "I"),
    ("b", "I"),
)
_INTENT_FORMAT = "<" + "".join(code for _, code in INTENT)
_RESULT_FORMAT = "<" + "".join(code for _, code in RESULT)
_PREV = struct.calcsize(_INTENT_FORMAT)
_INTENT_CRC = _PREV + CHAIN_BYTES
_RESULT = _INTENT_CRC + 4
_RESULT_CRC = _RESULT + struct.calcsize(_RESULT_FORMAT)
INTENT_BYTES = _RESULT
# The mark's place: `a`, `b`, and where the result's CRC will be. A result takes its last byte last.
MARK = _RESULT_CRC - 8
NAMES = tuple(name for name, _ in INTENT + RESULT)


class Record:
    """One record's numbers, by the names of `INTENT` and `RESULT`; all 0 at first."""

    def __init__(self):
        self.number = 0
        self.boot = 0
        self.kind = 0
        self.zone = 0
        self.at_ms = 0
        self.session = 0
        self.shot = 0
        self.depth_um = 0
        self.code = 0
        self.volume_nl = 0
        self.program = 0
        self.calibration = 0
        self.zone_shots = 0
        self.end_ms = 0
        self.depth_stepped_um = 0
        self.depth_measured_um = 0
        self.volume_stepped_nl = 0
        self.volume_measured_nl = 0
        self.force_peak_mn = 0
        self.volume_left_nl = 0
        self.session_nl = 0
        self.flags = 0
        self.stopped = 0
        self.a = 0
        self.b = 0


def write_crc(buffer, begin: int, end: int, seed_at: int = -1) -> None:
    """Write the CRC-32 of `buffer` from `begin` to `end` right behind that; it goes on from the one
    at `seed_at`, where there is one."""
    seed = struct.unpack_from("<I", buffer, seed_at)[0] if seed_at >= 0 else 0
    struct.pack_into("<I", buffer, end, binascii.crc32(memoryview(buffer)[begin:end], seed))


def pack_intent(buffer: bytearray, record: Record, prev, crc=write_crc) -> None:
    """Write the intent into the first INTENT_BYTES of `buffer`; the result's bytes become 0. `crc`
    is `write_crc` or does the same."""
    struct.pack_into(
        _INTENT_FORMAT, buffer, 0, record.number, record.boot, record.kind, record.zone,
        record.at_ms, record.session, record.shot, record.depth_um, record.code,
        record.volume_nl, record.program, record.calibration, record.zone_shots,
    )  # fmt: skip
    struct.pack_into("16s", buffer, _PREV, prev)
    crc(buffer, 0, _INTENT_CRC, -1)
    struct.pack_into("44s", buffer, _RESULT, b"")


_NOTHING = bytes(RECORD_BYTES - _RESULT)
# What a record carries whose link has not been worked out yet; the first of all has no other.
NO_LINK = bytes(CHAIN_BYTES)


def link(buffer: bytearray, prev: bytes) -> None:
    """Put the link into a closed record that has none yet. One that is damaged stays as it is: no
    new CRC may hide that."""
    if prev != NO_LINK and not any(memoryview(buffer)[_PREV:_INTENT_CRC]) and whole(buffer):
        struct.pack_into("16s", buffer, _PREV, prev)
        write_crc(buffer, 0, _INTENT_CRC)
        write_crc(buffer, _RESULT, _RESULT_CRC, _INTENT_CRC)


def mark(buffer: bytearray, a: int) -> None:
    """Put the start mark after the intent that `buffer` holds: it began `a` ms after `at_ms`."""
    struct.pack_into("<III", buffer, MARK, a, 0, 1 << 24)


def begun(buffer) -> bool:
    """Whether what follows the intent in `buffer` says that it began."""
    return bytes(buffer[_RESULT:]) != _NOTHING


def marked(buffer) -> bool:
    """Whether the mark in `buffer` is whole, and with it `a`."""
    return bytes(buffer[MARK + 4 :]) == b"\0\0\0\0\0\0\0\1"


def pack_result(buffer: bytearray, record: Record, crc=write_crc) -> None:
    """Write the result after the intent that `buffer` holds, and seal the whole. The result's CRC
    goes on from the intent's, not over it: behind data with its own CRC, the CRC of all that
    follows is the same whatever the data, and a result would fit any intent."""
    struct.pack_into(
        _RESULT_FORMAT, buffer, _RESULT, record.end_ms, record.depth_stepped_um,
        record.depth_measured_um, record.volume_stepped_nl, record.volume_measured_nl,
        record.force_peak_mn, record.volume_left_nl, record.session_nl, record.flags,
        record.stopped, record.a, record.b,
    )  # fmt: skip
    crc(buffer, _RESULT, _RESULT_CRC, _INTENT_CRC)


def _result_crc(buffer) -> int:
    start = struct.unpack_from("<I", buffer, _INTENT_CRC)[0]
    return binascii.crc32(memoryview(buffer)[_RESULT:_RESULT_CRC], start)


def intent_good(buffer) -> bool:
    """Whether the intent in `buffer` is whole."""
    told = struct.unpack_from("<I", buffer, _INTENT_CRC)[0]
    return told == binascii.crc32(memoryview(buffer)[:_INTENT_CRC]) and buffer[6] in KINDS


def whole(buffer) -> bool:
    """Whether intent and result in `buffer` are whole."""
    told = struct.unpack_from("<I", buffer, _RESULT_CRC)[0]
    return intent_good(buffer) and told == _result_crc(buffer)


def unpack(buffer, record: Record) -> None:
    """Fill `record` from the 96 bytes of a record; see `whole` for whether they can be believed."""
    intent = struct.unpack_from(_INTENT_FORMAT, buffer, 0)
    for index in range(len(INTENT)):
        setattr(record, INTENT[index][0], intent[index])
    result = struct.unpack_from(_RESULT_FORMAT, buffer, _RESULT)
    for index in range(len(RESULT)):
        setattr(record, RESULT[index][0], result[index])


def number(buffer) -> int:
    """The number of the record in `buffer`."""
    return struct.unpack_from("<I", buffer, 0)[0]


def prev(buffer) -> bytes:
    """The chain link that a record carries: the digest of the one before."""
    return bytes(buffer[_PREV:_INTENT_CRC])


def digest(buffer) -> bytes:
    """The chain link that the next record must carry: SHA-256 of these 96 bytes, cut to 16."""
    return hashlib.sha256(buffer).digest()[:CHAIN_BYTES]
