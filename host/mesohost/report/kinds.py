"""What kind of record it is, beyond what a record tells of itself."""

from mesofw.core import errors, waiting
from mesofw.core import records as core
from mesohost.records import ShotRecord


def is_event(record: ShotRecord, code: int) -> bool:
    """Whether a record is of the event `code`, one of core's EVENT_ codes."""
    return not record.is_shot and record.code == code


def in_session(record: ShotRecord) -> bool:
    """Whether a session was open when a record was written."""
    return bool(record.flags & core.OPEN_SESSION)


def is_pause(record: ShotRecord) -> bool:
    """Whether a zone was paused; the gun's wait after a zone is recorded alike, but is none."""
    return is_event(record, errors.EVENT_PAUSED) and record.b != waiting.ZONE
