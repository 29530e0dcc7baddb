"""Sessions: prepared, carried out by the gun, by hand or without a needle, and ended.

What a gun did stands in its records, to which a session points; what was done without it is
entered. So a course is whole.
"""

import datetime
from typing import Any

import msgspec

from mesofw.core import errors
from mesohost.archive import Archive, Held
from mesohost.clinic import bodies, entries, patients
from mesohost.clinic.entries import Entry
from mesohost.clinic.refusing import ClinicTrouble
from mesohost.report.sessions import session_records


class Done(msgspec.Struct, frozen=True):
    """A session that was done, be it in part: its entry's number, its day, what was given."""

    session: int
    day: datetime.date
    given_nl: int


class Story(msgspec.Struct, frozen=True):
    """A session with all that was entered about it; `reference` is the patient's, empty where it
    was erased. `history` are all entries as they were made, corrections too."""

    session: Entry[bodies.Session]
    reference: str
    course: Entry[bodies.Course] | None
    pulled: tuple[bodies.Pulled, ...]
    ended: bodies.Ended | None
    overrides: tuple[Entry[bodies.Override], ...]
    notes: tuple[Entry[bodies.Note], ...]
    effects: tuple[Entry[bodies.AdverseEffect], ...]
    aftercare: tuple[Entry[bodies.AfterCare], ...]
    history: tuple[Entry[Any], ...]


def prepare(
    archive: Archive,
    patient: int,
    body: bodies.Session,
    *,
    by: int,
    course: int | None = None,
    at: datetime.datetime | None = None,
) -> Entry[bodies.Session]:
    """Enter a session as it is planned. Raises ClinicTrouble where one by the gun has no program,
    or a product has expired on its day."""
    if body.how == bodies.GUN and not body.program_sha256:
        raise ClinicTrouble("a session with the gun needs a program", ["choose a protocol"])
    expired = [used.name for used in body.products if used.expiry < body.day]
    if expired and not body.training:
        raise ClinicTrouble(
            f"expired on {body.day}: {', '.join(expired)}", ["take a product that has not expired"]
        )
    return entries.write(archive, by, body, patient=patient, about=course, at=at)


def story(archive: Archive, session: int) -> Story:
    """All about a session. Raises ClinicTrouble where there is none."""
    entry = entries.one(archive, session, bodies.Session)
    course = None
    if entry.about is not None:
        course = entries.one(archive, entry.about, bodies.Course)
    ended = entries.read(archive, bodies.Ended, about=session)
    pulled = entries.read(archive, bodies.Pulled, about=session)
    reference = ""
    if entry.patient is not None:
        reference = patients.of_id(archive, entry.patient).reference
    return Story(
        session=entry,
        reference=reference,
        course=course,
        pulled=tuple(each.body for each in pulled),
        ended=ended[-1].body if ended else None,
        overrides=tuple(entries.read(archive, bodies.Override, about=session)),
        notes=tuple(entries.read(archive, bodies.Note, about=session)),
        effects=tuple(entries.read(archive, bodies.AdverseEffect, about=session)),
        aftercare=tuple(entries.read(archive, bodies.AfterCare, about=session)),
        history=tuple(entries.history(archive, about=session)),
    )


def of_gun(archive: Archive, board: str, gun_session: int, part: int = 1) -> int | None:
    """The session to which a gun's session `gun_session` belongs, None where none was entered."""
    for entry in entries.read(archive, bodies.Pulled):
        body = entry.body
        if (body.board, body.gun_session, body.part) == (board, gun_session, part):
            return entry.about
    return None


def done(archive: Archive, course: int) -> list[Done]:
    """The sessions of a course that were done or broken off, by their day. Training is none."""
    ended = {entry.about: entry.body for entry in entries.read(archive, bodies.Ended)}
    found: list[Done] = []
    for entry in entries.read(archive, bodies.Session, about=course):
        end = ended.get(entry.number)
        if end is None or end.how == bodies.NOT_BEGUN or entry.body.training:
            continue
        found.append(Done(entry.number, entry.body.day, given_nl(archive, entry, end)))
    return sorted(found, key=lambda each: (each.day, each.session))


def given_nl(archive: Archive, session: Entry[bodies.Session], end: bodies.Ended) -> int:
    """What a session gave, as the gun counted it, or as it was entered."""
    if session.body.how != bodies.GUN:
        return sum(zone.total_nl for zone in end.given)
    total = 0
    for entry in entries.read(archive, bodies.Pulled, about=session.number):
        body = entry.body
        records = archive.log(body.board, body.part).records(body.first, body.last)
        counted = [one.record.session_nl for one in records if not one.trouble]
        total += max(counted, default=0)
    return total


def pulled(
    archive: Archive,
    session: int,
    board: str,
    *,
    by: int,
    at: datetime.datetime | None = None,
) -> Entry[bodies.Pulled]:
    """Point a session to its records, of the last session of its program that the gun carried out.
    Done twice it changes nothing but where more has been pulled. Raises ClinicTrouble where the
    archive holds none, or those are another session's."""
    entry = entries.one(archive, session, bodies.Session)
    log = archive.log(board)
    program = int(entry.body.program_sha256[:8] or "0", 16)
    own = _last_of(list(log.records()), program)
    if not own:
        raise ClinicTrouble(
            f"gun {board} has no records of this session's program in the archive",
            ["pull them: mesogun pull"],
        )
    body = bodies.Pulled(
        board=board,
        part=log.part,
        gun_session=own[0].record.session,
        first=own[0].number,
        last=own[-1].number,
    )
    other = of_gun(archive, board, body.gun_session, log.part)
    if other not in (None, session):
        raise ClinicTrouble(f"these records are those of session {other} already")
    known = entries.read(archive, bodies.Pulled, about=session)
    same = [each for each in known if each.body.gun_session == body.gun_session]
    if same and same[-1].body == body:
        return same[-1]
    corrects = same[-1].number if same else None
    return entries.write(archive, by, body, about=session, corrects=corrects, at=at)


def _last_of(held: list[Held], program: int) -> list[Held]:
    """The records of the last session that was begun with a program, by the first digits of its
    hash."""
    begun = [
        one.record.session
        for one in held
        if one.record.program == program
        and (one.record.is_shot or one.record.code == errors.EVENT_CONFIRMED)
    ]
    if not begun:
        return []
    own = session_records([one.record for one in held if not one.trouble], begun[-1])
    return [one for one in held if own[0].number <= one.number <= own[-1].number]
