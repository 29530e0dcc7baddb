"""The clinic's journal: entries that are appended, never edited, and chained by their hashes.

An entry's hash is SHA-256 over its own fields and the hash of the one before, so that a change
anywhere shows. A correction is a new entry that names the old one; `current` reads them together.
"""

import datetime
import hashlib
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa

from mesohost.archive import Archive
from mesohost.archive.tables import ENTRIES
from mesohost.clinic.bodies import AnyBody, Body, Retraction, kind_of
from mesohost.clinic.refusing import ClinicTrouble

START = "0" * 64
Kind = TypeVar("Kind", bound=Body)
Same = TypeVar("Same", bound=Body)
_read: Any = msgspec.json.Decoder(AnyBody)


class Entry(msgspec.Struct, Generic[Kind], frozen=True):
    """One entry. `by` is a user, `patient` a patient, by their ids; `about` and `corrects` name
    other entries. `at` is when it was made, in UTC."""

    number: int
    at: datetime.datetime
    by: int
    patient: int | None
    about: int | None
    corrects: int | None
    body: Kind
    hash: str


def write(
    archive: Archive,
    by: int,
    body: Kind,
    *,
    patient: int | None = None,
    about: int | None = None,
    corrects: int | None = None,
    at: datetime.datetime | None = None,
) -> Entry[Kind]:
    """Append an entry, durably. Raises ClinicTrouble where what it names is not so, ArchiveTrouble
    where it cannot be stored."""
    _ = archive.id  # makes the archive where there is none
    with archive.database.writing() as connection:
        return put(connection, by, body, patient=patient, about=about, corrects=corrects, at=at)


def put(
    connection: sa.Connection,
    by: int,
    body: Kind,
    *,
    patient: int | None = None,
    about: int | None = None,
    corrects: int | None = None,
    at: datetime.datetime | None = None,
) -> Entry[Kind]:
    """Like `write`, as part of a transaction."""
    if corrects is not None:
        old = _row(connection, corrects)
        corrects = old.corrects or old.number
        patient, about = old.patient, old.about
        if old.kind != kind_of(body) and not isinstance(body, Retraction):
            raise ClinicTrouble(
                f"entry {corrects} is a {old.kind}, and cannot be corrected by a {kind_of(body)}",
                ["write the same kind of entry anew"],
            )
    if about is not None:
        subject = _row(connection, about)
        if patient is None:
            patient = subject.patient
        elif subject.patient != patient:
            raise ClinicTrouble(f"entry {about} is of another patient")
    newest = sa.select(ENTRIES.c.number, ENTRIES.c.hash).order_by(ENTRIES.c.number.desc()).limit(1)
    last = connection.execute(newest).first()
    row: dict[str, Any] = {
        "number": last.number + 1 if last else 1,
        "at": _utc(at),
        "by": by,
        "kind": kind_of(body),
        "patient": patient,
        "about": about,
        "corrects": corrects,
        "body": msgspec.json.encode(body).decode(),
        "prev": last.hash if last else START,
    }
    row["hash"] = digest(row)
    connection.execute(sa.insert(ENTRIES), [row])
    return _entry(_row(connection, row["number"]))


def read(
    archive: Archive,
    kind: type[Kind],
    *,
    patient: int | None = None,
    about: int | None = None,
) -> list[Entry[Kind]]:
    """The entries of a kind as they now count, oldest first; of one patient, or about one entry,
    where that is named. What was retracted is left out."""
    wanted = sa.select(ENTRIES).where(ENTRIES.c.kind.in_([kind_of(kind), kind_of(Retraction)]))
    if patient is not None:
        wanted = wanted.where(ENTRIES.c.patient == patient)
    if about is not None:
        wanted = wanted.where(ENTRIES.c.about == about)
    found = [_entry(row) for row in _rows(archive, wanted)]
    return [entry for entry in current(found) if isinstance(entry.body, kind)]


def history(
    archive: Archive, *, patient: int | None = None, about: int | None = None
) -> list[Entry[Any]]:
    """All entries as they were made, corrections too, oldest first."""
    wanted = sa.select(ENTRIES)
    if patient is not None:
        wanted = wanted.where(ENTRIES.c.patient == patient)
    if about is not None:
        wanted = wanted.where((ENTRIES.c.about == about) | (ENTRIES.c.number == about))
    return [_entry(row) for row in _rows(archive, wanted)]


def one(archive: Archive, number: int, kind: type[Kind]) -> Entry[Kind]:
    """The entry `number` as it now counts. Raises ClinicTrouble where there is none of that kind,
    or it was retracted."""
    wanted = sa.select(ENTRIES).where((ENTRIES.c.number == number) | (ENTRIES.c.corrects == number))
    found = list(current(_entry(row) for row in _rows(archive, wanted)))
    if not found or not isinstance(found[0].body, kind):
        raise ClinicTrouble(f"there is no {kind_of(kind)} that is entry {number}")
    return found[0]


def current(entries: Iterable[Entry[Same]]) -> list[Entry[Same]]:
    """Entries with their corrections put in: each keeps its number, place and time, and says what
    the last correction says; what was retracted is left out."""
    kept: dict[int, Entry[Same]] = {}
    for entry in entries:
        if entry.corrects is None:
            kept[entry.number] = entry
        elif isinstance(entry.body, Retraction):
            kept.pop(entry.corrects, None)
        elif entry.corrects in kept:
            kept[entry.corrects] = msgspec.structs.replace(kept[entry.corrects], body=entry.body)
    return list(kept.values())


def verify(archive: Archive) -> list[str]:
    """What is wrong with the journal, in words: entries that were changed, removed or put in."""
    problems: list[str] = []
    before, link = 0, START
    for row in _rows(archive, sa.select(ENTRIES)):
        number = row["number"]
        if number != before + 1:
            problems.append(f"entries {before + 1} to {number - 1} of the journal are missing")
        elif row["prev"] != link:
            problems.append(f"entry {number} of the journal does not follow on from {before}")
        if row["hash"] != digest(row):
            problems.append(f"entry {number} of the journal was changed")
        before, link = number, row["hash"]
    return problems


def head(archive: Archive) -> tuple[int, str]:
    """(number, hash) of the newest entry; noted elsewhere, it shows a journal that was cut or
    written anew."""
    wanted = sa.select(ENTRIES).order_by(ENTRIES.c.number.desc()).limit(1)
    rows = _rows(archive, wanted)
    return (rows[0]["number"], rows[0]["hash"]) if rows else (0, START)


def digest(row: Any) -> str:
    """The hash of an entry's row."""
    told = [row[name] for name in _HASHED]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


_HASHED = ("number", "at", "by", "kind", "patient", "about", "corrects", "body", "prev")


def _rows(archive: Archive, wanted: sa.Select[Any]) -> list[Any]:
    if not archive.open():
        return []
    with archive.database.reading() as connection:
        found = connection.execute(wanted.order_by(ENTRIES.c.number))
        return list(found.mappings())


def _row(connection: sa.Connection, number: int) -> Any:
    row = connection.execute(sa.select(ENTRIES).where(ENTRIES.c.number == number)).first()
    if row is None:
        raise ClinicTrouble(f"there is no entry {number}")
    return row


def _entry(row: Any) -> Entry[Any]:
    told = dict(getattr(row, "_mapping", row))
    return Entry(
        number=told["number"],
        at=datetime.datetime.fromisoformat(told["at"]),
        by=told["by"],
        patient=told["patient"],
        about=told["about"],
        corrects=told["corrects"],
        body=_read.decode(told["body"]),
        hash=told["hash"],
    )


def _utc(at: datetime.datetime | None) -> str:
    when = at or datetime.datetime.now(datetime.UTC)
    return when.astimezone(datetime.UTC).isoformat(timespec="milliseconds")
