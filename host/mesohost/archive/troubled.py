"""What the database says goes wrong, in words, with the way on."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import exc

from mesohost.troubles import ArchiveTrouble

_ELSEWHERE = "or name another folder: --archive DIR"
_RESTORE = [
    "restore a backup: mesogun archive restore FILE --replace",
    "move it away, and import the logs that you exported: mesogun archive import FILE",
]

# How SQLite's name of an error begins: what it means, and what to do; the first that fits counts.
_MEANING: tuple[tuple[str, str, list[str]], ...] = (
    ("SQLITE_FULL", "cannot be written: there is no space left",
     ["make room on the disk, then do it again: nothing was stored in part"]),
    ("SQLITE_READONLY", "cannot be written: it or its folder is read-only",
     [f"check its permissions, {_ELSEWHERE}"]),
    ("SQLITE_CANTOPEN", "cannot be opened or written",
     [f"check the folder and its permissions, {_ELSEWHERE}"]),
    ("SQLITE_PERM", "may not be read", [f"check its permissions, {_ELSEWHERE}"]),
    ("SQLITE_NOTADB", "is no archive, or its beginning is damaged", _RESTORE),
    ("SQLITE_CORRUPT", "is damaged or half-written", _RESTORE),
    ("SQLITE_BUSY", "is being written by another program",
     ["wait until that one is done, or end it, and do it again"]),
    ("SQLITE_LOCKED", "is being written by another program",
     ["wait until that one is done, or end it, and do it again"]),
    ("SQLITE_CONSTRAINT_TRIGGER", "refuses to change what was stored", []),
    ("SQLITE_CONSTRAINT_FOREIGNKEY", "refuses what names something that is not there", []),
    ("SQLITE_CONSTRAINT", "was written by another program at the same time", ["do it again"]),
    ("SQLITE_IOERR", "cannot be read or written: the disk failed or is full",
     [f"check the free space and the disk, {_ELSEWHERE}"]),
)  # fmt: skip


@contextmanager
def telling(where: object) -> Generator[None]:
    """Raises ArchiveTrouble for what the database at `where` raises in the block."""
    try:
        yield
    except exc.DBAPIError as error:
        raise trouble(where, error.orig) from error
    except sqlite3.Error as error:
        raise trouble(where, error) from error


def trouble(where: object, error: BaseException | None) -> ArchiveTrouble:
    """The trouble that an error of the database at `where` is."""
    name = getattr(error, "sqlite_errorname", "")
    for begins, what, remedies in _MEANING:
        if name.startswith(begins):
            return ArchiveTrouble(f"{where}: {what} ({error})", remedies)
    return ArchiveTrouble(f"{where}: cannot be used: {error}", _RESTORE)
