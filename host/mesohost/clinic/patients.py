"""Patients: a pseudonymous reference, which stands outside the journal and can be erased.

Who hides behind a reference is known elsewhere: no name belongs here.
"""

import datetime

import msgspec
import sqlalchemy as sa

from mesohost.archive import Archive
from mesohost.archive.tables import PATIENTS, PROGRAMS
from mesohost.clinic import bodies, entries
from mesohost.clinic.refusing import ClinicTrouble
from mesohost.program.model import Program, from_text
from mesohost.program.tables import HEAD

# As long as a program's patient may be.
REFERENCE_MAX = next(column.high for column in HEAD if column.name == "patient")
ERASED = "erased"


class Patient(msgspec.Struct, frozen=True):
    """A patient; `reference` is empty where it was erased."""

    id: int
    reference: str


def register(
    archive: Archive, reference: str, *, by: int, at: datetime.datetime | None = None
) -> Patient:
    """Register a patient under a reference. Raises ClinicTrouble where it is taken, empty or too
    long."""
    reference = " ".join(reference.split())
    if not 0 < len(reference) <= REFERENCE_MAX or not reference.isprintable():
        raise ClinicTrouble(
            f"a patient's reference has 1 to {REFERENCE_MAX} characters",
            ["write a pseudonym, not a name"],
        )
    _ = archive.id  # makes the archive where there is none
    with archive.database.writing() as connection:
        wanted = sa.select(PATIENTS).where(PATIENTS.c.reference == reference)
        if connection.execute(wanted).first():
            raise ClinicTrouble(f"there is a patient {reference} already")
        connection.execute(sa.insert(PATIENTS), [{"reference": reference}])
        row = connection.execute(wanted).one()
        entries.put(connection, by, bodies.Patient(), patient=row.id, at=at)
    return Patient(row.id, reference)


def find(archive: Archive, reference: str) -> Patient | None:
    """The patient of a reference, None where there is none."""
    reference = " ".join(reference.split())
    return next((one for one in everyone(archive) if one.reference == reference), None)


def of_id(archive: Archive, number: int) -> Patient:
    """The patient of an id. Raises ClinicTrouble where there is none."""
    found = next((one for one in everyone(archive) if one.id == number), None)
    if found is None:
        raise ClinicTrouble(f"there is no patient {number}")
    return found


def everyone(archive: Archive) -> list[Patient]:
    """All patients, in the order in which they came."""
    if not archive.open():
        return []
    with archive.database.reading() as connection:
        rows = connection.execute(sa.select(PATIENTS).order_by(PATIENTS.c.id))
        return [Patient(row.id, row.reference or "") for row in rows]


def erase(
    archive: Archive, number: int, reason: str, *, by: int, at: datetime.datetime | None = None
) -> None:
    """Erase a patient's reference, here and in the programs kept; what was done stays, under the
    number alone. Earlier backups still hold it. Raises ClinicTrouble."""
    patient = of_id(archive, number)
    if not patient.reference:
        raise ClinicTrouble(f"the reference of patient {number} was erased before")
    if not reason.strip():
        raise ClinicTrouble("say why the reference is erased")
    with archive.database.writing() as connection:
        here = PATIENTS.c.id == number
        connection.execute(sa.update(PATIENTS).where(here).values(reference=None))
        kept = sa.select(PROGRAMS).where(PROGRAMS.c.patient == number)
        for row in connection.execute(kept).all():
            bare = msgspec.structs.replace(from_text(row.text), patient=ERASED).text
            connection.execute(
                sa.update(PROGRAMS)
                .where(PROGRAMS.c.sha256 == row.sha256)
                .values(text=bare, erased=True)
            )
        entries.put(connection, by, bodies.Erased(reason=reason), patient=number, at=at)
    archive.database.settle()


def keep_program(archive: Archive, program: Program, patient: int | None) -> str:
    """Keep a program's text for reports to come; its hash. A text that is there is not kept
    twice."""
    _ = archive.id  # makes the archive where there is none
    with archive.database.writing() as connection:
        wanted = sa.select(PROGRAMS.c.sha256).where(PROGRAMS.c.sha256 == program.sha256)
        if connection.execute(wanted).first() is None:
            row = {"sha256": program.sha256, "patient": patient, "text": program.text}
            connection.execute(sa.insert(PROGRAMS), [{**row, "erased": False}])
    return program.sha256


class KeptProgram(msgspec.Struct, frozen=True):
    """A program that was kept. Where the patient's reference was `erased` from it, its own hash is
    no longer `sha256`, that of the text which was loaded."""

    sha256: str
    program: Program
    erased: bool


def kept_program(archive: Archive, sha256: str) -> KeptProgram | None:
    """The program of a hash, or of the hash's first digits, as a gun's records have them; None
    where it was not kept, or where the digits are those of several."""
    if not archive.open() or not sha256:
        return None
    with archive.database.reading() as connection:
        wanted = sa.select(PROGRAMS).where(PROGRAMS.c.sha256.startswith(sha256, autoescape=True))
        rows = connection.execute(wanted).all()
    if len(rows) != 1:
        return None
    return KeptProgram(rows[0].sha256, from_text(rows[0].text), rows[0].erased)
