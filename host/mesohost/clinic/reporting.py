"""What a report is told of a session: by whom what was entered, as plain data."""

from collections.abc import Callable, Iterable, Sequence

from mesohost.archive import Archive
from mesohost.clinic import bodies, entries, protocols, screening, sessions, users
from mesohost.clinic.entries import Entry, Kind
from mesohost.program.model import Program
from mesohost.report.clinicfacts import ClinicFacts, PlaceTaken, ProductTaken, Remark
from mesohost.troubles import Trouble

_HOW = {bodies.GUN: "with the gun", bodies.BY_HAND: "by hand", bodies.NEEDLE_FREE: "needle-free"}
_ENDED = {
    bodies.DONE: "done",
    bodies.BROKEN_OFF: "broken off",
    bodies.NOT_BEGUN: "not begun",
}
ERASED = "erased"


def facts(archive: Archive, session: int) -> ClinicFacts:
    """All that a report says of a session's entries. Raises ClinicTrouble where there is none."""
    told = sessions.story(archive, session)
    body = told.session.body
    names = {user.id: user.name for user in users.everyone(archive)}
    corrected = {entry.corrects for entry in told.history if entry.corrects is not None}

    def remarks(
        found: Iterable[Entry[Kind]], what: Callable[[Kind], str], words: Callable[[Kind], str]
    ) -> tuple[Remark, ...]:
        return tuple(
            Remark(
                entry=entry.number,
                what=what(entry.body),
                words=words(entry.body),
                by=names.get(entry.by, ""),
                at=f"{entry.at:%Y-%m-%d %H:%M}",
                corrected=entry.number in corrected,
            )
            for entry in found
        )

    given = told.ended.given if told.ended else ()
    number, head = entries.head(archive)
    course = told.course
    return ClinicFacts(
        session_entry=session,
        how=_HOW[body.how],
        patient=told.reference or ERASED,
        course=(
            f"{course.body.title}: session {body.nth} of {course.body.sessions}, "
            f"every {course.body.interval_days} days"
            if course
            else ""
        ),
        protocol=_protocol(archive, body.protocol_sha256),
        overrides=(
            *remarks(told.overrides, lambda b: b.limit, _override),
            *_screened(archive, told.session, names),
        ),
        effects=remarks(
            told.effects,
            lambda b: f"{b.effect}, {b.severity}",
            lambda b: f"since {b.began}; {b.text}",
        ),
        notes=remarks(told.notes, lambda _: "note", lambda b: b.text),
        aftercare=remarks(told.aftercare, lambda _: "after-care", lambda b: b.text),
        products=tuple(
            ProductTaken(used.name, used.lot, used.expiry.isoformat(), used.gtin, used.serial)
            for used in body.products
        ),
        places=tuple(
            PlaceTaken(zone.name, zone.area)
            for zone in {zone.name: zone for zone in (*given, *body.planned)}.values()
            if zone.area
        ),
        ended=_ended(told.ended),
        journal_entries=number,
        journal_head=head,
        journal_whole=not entries.verify(archive),
    )


def facts_of_gun(
    archive: Archive, board: str, gun_session: int, part: int = 1
) -> ClinicFacts | None:
    """Like `facts`, of the session that the gun counts as `gun_session`; None where none was
    entered."""
    session = sessions.of_gun(archive, board, gun_session, part)
    return None if session is None else facts(archive, session)


def places_of(program: Program, told: Sequence[PlaceTaken]) -> tuple[PlaceTaken, ...]:
    """Where the zones of a program are on the body pictures: as told, else by their names."""
    from mesohost.clinic import areas

    known = {place.zone: place.area for place in told}
    by_name = {
        _plain(name): area.id for area in areas.everywhere().values() for name in (area.en, area.fr)
    }
    found = (
        (zone.name, known.get(zone.name) or by_name.get(_plain(zone.name)))
        for zone in program.zones
    )
    return tuple(PlaceTaken(name, area) for name, area in found if area)


def _plain(name: str) -> str:
    return " ".join(name.replace(",", " ").casefold().split())


def _override(body: bodies.Override) -> str:
    return f"{body.found}, allowed: {body.allowed}; reason: {body.reason}"


def _screened(
    archive: Archive, session: Entry[bodies.Session], names: dict[int, str]
) -> tuple[Remark, ...]:
    """The contraindications with which the treatment went on, of the screening before it."""
    done = [
        entry
        for entry in entries.read(archive, bodies.Screening, patient=session.patient)
        if entry.at <= session.at
    ]
    if not done:
        return ()
    last = done[-1]
    return tuple(
        Remark(
            entry=last.number,
            what="contraindication",
            words=f"{screening.BY_ID[answer.question].text} Yes; reason: {answer.override}",
            by=names.get(last.by, ""),
            at=f"{last.at:%Y-%m-%d %H:%M}",
        )
        for answer in last.body.answers
        if answer.yes and answer.override and answer.question in screening.BY_ID
    )


def _protocol(archive: Archive, sha256: str) -> str:
    if not sha256:
        return ""
    try:
        found = [each for each in protocols.versions(archive) if each.sha256 == sha256]
    except Trouble:
        found = []
    return f"{found[0].name} version {found[0].version}" if found else sha256


def _ended(body: bodies.Ended | None) -> str:
    if body is None:
        return "not entered yet"
    return _ENDED[body.how] + (f": {body.words}" if body.words else "")
