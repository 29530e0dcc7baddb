"""Which of a log's records are of a session."""

from collections.abc import Sequence
from itertools import groupby

from mesofw.core import errors
from mesohost.records import ShotRecord
from mesohost.report.kinds import in_session, is_event
from mesohost.troubles import Trouble

_LISTED_MAX = 8


class NoSession(Trouble):
    """The log holds no such session; the message says which it holds."""


def sessions_in(logged: Sequence[ShotRecord]) -> list[int]:
    """The numbers of the sessions that a log holds records of, oldest first."""
    return [run[0].session for run in _runs(logged)]


def session_records(logged: Sequence[ShotRecord], session: int | None = None) -> list[ShotRecord]:
    """The records of a session in their order; of the log's last one where `session` is None.

    Between two sessions the gun still writes the number of the one before: such records are of
    neither, but for the soft limits that were accepted just before a session was confirmed. Numbers
    wrap: of two sessions of one number it is the later. Raises NoSession.
    """
    found = [run for run in _runs(logged) if session in (None, run[0].session)]
    if not found:
        raise _missing(logged, session)
    run = found[-1]
    at = next(index for index, record in enumerate(logged) if record is run[0])
    first = at
    while first and _accepted_before(logged[first - 1]):
        first -= 1
    return [*logged[first:at], *run]


def _runs(logged: Sequence[ShotRecord]) -> list[list[ShotRecord]]:
    """Each session's records, from its first while it was open to its last or its end."""
    runs: list[list[ShotRecord]] = []
    for number, group in groupby(logged, key=lambda record: record.session):
        run = list(group)
        of_it = [index for index, record in enumerate(run) if _of_session(record)]
        if number and of_it:
            runs.append(run[of_it[0] : of_it[-1] + 1])
    return [run for run in runs if any(r.is_shot or in_session(r) for r in run)]


def _of_session(record: ShotRecord) -> bool:
    return record.is_shot or in_session(record) or is_event(record, errors.EVENT_ENDED)


def _accepted_before(record: ShotRecord) -> bool:
    return is_event(record, errors.EVENT_OVERRIDE) and not in_session(record)


def _missing(logged: Sequence[ShotRecord], session: int | None) -> NoSession:
    if not logged:
        return NoSession("the log holds no records", ["pull the gun's log: mesogun pull"])
    held = sessions_in(logged)
    if session is None or not held:
        return NoSession("the log holds no session", ["pull again after a session"])
    listed = ", ".join(str(number) for number in held[-_LISTED_MAX:])
    more = "…, " if len(held) > _LISTED_MAX else ""
    return NoSession(
        f"the log holds no session {session}", [f"name one that it holds: {more}{listed}"]
    )
