"""Reading a gun's own log in tests."""

from mesofw.core import records
from mesofw.core.records import RECORD_BYTES, Record


def log_of(bench, first=1):
    """Every record from `first` on, each checked to be whole and chained to the one before."""
    # It looks into the files whatever the gun does: the rules of the door do not bind it.
    kept = list(bench.broken)
    out = _log_of(bench.gun.journal, first)
    bench.broken[:] = kept
    return out


def _log_of(journal, first):
    out = []
    link = None
    number = max(first, journal.first())
    buffer = bytearray(RECORD_BYTES)
    while number <= journal.last:
        assert journal.read(number, buffer) == 1, number
        assert records.whole(buffer), number
        assert link is None or records.prev(buffer) == link, number
        link = records.digest(buffer)
        record = Record()
        records.unpack(buffer, record)
        assert record.number == number
        out.append(record)
        number += 1
    return out


def began_ms(record):
    """When a shot began: it may have been armed before that."""
    return record.at_ms + record.a


def shots_of(bench):
    return [record for record in log_of(bench) if record.kind == records.SHOT]


def events_of(bench):
    """The codes of all events, in order."""
    return [record.code for record in log_of(bench) if record.kind == records.EVENT]


def last_event(bench):
    return [record for record in log_of(bench) if record.kind == records.EVENT][-1]
