"""The gun's records into the archive, and each session to its own: whenever a link was made and
whenever a session has ended."""

from mesohost.archive import Archive
from mesohost.clinic import bodies, entries, sessions
from mesohost.clinic.entries import Entry
from mesohost.gun import Gun
from mesohost.keeping import Kept, keep
from mesohost.troubles import ClinicTrouble


def bring(gun: Gun, archive: Archive) -> Kept:
    """Pull what is new, and point the sessions that are open to their records. Done twice it
    changes nothing. Raises what `keep` raises."""
    kept = keep(gun, archive)
    for one in unended(archive):
        if one.body.how == bodies.GUN:
            try:
                sessions.pulled(archive, one.number, kept.board, by=one.by)
            except ClinicTrouble:
                continue  # nothing of it was done yet, or it was done by another gun
    return kept


def unended(archive: Archive) -> list[Entry[bodies.Session]]:
    """The sessions that were planned and of which nobody said yet how they ended."""
    ended = {entry.about for entry in entries.read(archive, bodies.Ended)}
    return [one for one in entries.read(archive, bodies.Session) if one.number not in ended]


def of_program(archive: Archive, sha256: str) -> Entry[bodies.Session] | None:
    """The open session of a program that a gun holds, None where none was entered."""
    found = [one for one in unended(archive) if one.body.program_sha256 == sha256]
    return found[-1] if found else None
