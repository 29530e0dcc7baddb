"""A copy of the archive, made while it is in use and checked after; and the way back from it.

A copy is one file that needs nothing else. Whatever stops a backup or a restore leaves the archive
as it was, or the new one whole in its place.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mesohost import files
from mesohost.archive.database import SCHEMA
from mesohost.archive.troubled import telling, trouble
from mesohost.troubles import ArchiveTrouble

if TYPE_CHECKING:
    from mesohost.archive.store import Archive

_PAGES = 1_024
_COUNTED = ("logs", "records", "heads", "patients", "entries")


class Copied(msgspec.Struct, frozen=True):
    """What a copy holds: the archive's id, its schema, and how many rows of each table."""

    file: str
    archive: str
    schema: str
    rows: dict[str, int]


def back_up(archive: "Archive", to: Path) -> Copied:
    """Write a copy to `to`, which must not be there yet, and check it. Raises ArchiveTrouble: then
    there is none."""
    if not archive.open():
        raise ArchiveTrouble(
            f"{archive.path}: there is no archive", ["pull a gun's log into it: mesogun pull"]
        )
    if to.exists():
        raise ArchiveTrouble(f"{to}: is there already", ["name a new file for each backup"])
    spare = to.with_name(to.name + ".new")
    with _away_if_failed(spare):
        _copy(archive.path, spare)
        done = examine(spare)
        # Unlike a replacement, a link never takes the place of what came there meanwhile.
        _settle(spare, to, lambda: _only_new(spare, to))
    return msgspec.structs.replace(done, file=str(to))


def restore(archive: "Archive", copy: Path, *, replace: bool = False) -> tuple[Copied, Path | None]:
    """Put a copy in the archive's place; what it holds, and where the old one is kept, if there was
    one. The copy is checked first. Raises ArchiveTrouble: then the archive is as it was."""
    if not copy.is_file():
        raise ArchiveTrouble(f"{copy}: there is no such file", ["name a file that was backed up"])
    there = archive.path.exists()
    if there and not replace:
        raise ArchiveTrouble(
            f"{archive.path}: there is an archive already; nothing was restored",
            ["put the copy in its place, the old one is kept: add --replace"],
        )
    done = examine(copy)
    spare = archive.path.with_name(archive.path.name + ".new")
    _folder(archive.folder)
    kept = _free_name(archive.path)
    with _away_if_failed(spare):
        _copy(copy, spare)
        if examine(spare) != msgspec.structs.replace(done, file=str(spare)):
            raise ArchiveTrouble(f"{copy}: was changed while it was read", ["do it again"])
        if there:
            _keep(archive.path, kept)
        _set_aside(archive.path, kept)
        _settle(spare, archive.path, lambda: spare.replace(archive.path))
    return done, kept if there else None


def examine(path: Path) -> Copied:
    """Check a copy through and through: pages, references, schema. Raises ArchiveTrouble."""
    with telling(path), contextlib.closing(_opened(path, "ro")) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        if found != ["ok"]:
            raise ArchiveTrouble(f"{path}: is damaged: {found[0]}", ["use another copy"])
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise ArchiveTrouble(f"{path}: lacks rows that others name", ["use another copy"])
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        if not {"alembic_version", "identity", "records"} <= names:
            raise ArchiveTrouble(f"{path}: is no archive of mesogun", ["name another file"])
        (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if schema > SCHEMA:
            raise ArchiveTrouble(
                f"{path}: written by a newer mesogun (schema {schema}; this one knows up to "
                f"{SCHEMA})",
                ["update this one: pip install -U mesogun"],
            )
        (identity,) = connection.execute("SELECT archive FROM identity").fetchone()
        rows = {
            name: int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0])
            for name in _COUNTED
            if name in names
        }
    return Copied(str(path), identity, schema, rows)


def _copy(source: Path, to: Path) -> None:
    _clear(to)
    with (
        telling(source),
        contextlib.closing(_opened(source, "ro")) as old,
        telling(to),
        contextlib.closing(_opened(to, "rwc")) as new,
    ):
        new.execute("PRAGMA synchronous=FULL")
        old.backup(new, pages=_PAGES)
        # A copy needs no second file beside it.
        new.execute("PRAGMA journal_mode=DELETE")


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=10)


def _keep(path: Path, kept: Path) -> None:
    """Leave the archive at a second name too, so that at no moment there is none."""
    try:
        # What waits beside it goes into it first.
        with contextlib.closing(_opened(path, "rw")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        # Of a damaged one there is nothing to be had.
        if not error.sqlite_errorname.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise trouble(path, error) from error
    try:
        os.link(path, kept)
    except OSError:
        _told(kept, lambda: kept.write_bytes(path.read_bytes()))


def _set_aside(path: Path, kept: Path) -> None:
    """Move what an archive left beside it; it would be taken for the new one's."""
    for more in ("-wal", "-shm", "-journal"):
        left = path.with_name(path.name + more)
        if left.exists():
            _told(left, lambda: left.replace(kept.with_name(kept.name + more)))  # noqa: B023


def _only_new(spare: Path, to: Path) -> None:
    try:
        os.link(spare, to)
    except FileExistsError:
        raise
    except OSError:
        spare.replace(to)  # a file system without links
    else:
        spare.unlink()


def _settle(spare: Path, to: Path, place: Callable[[], object]) -> None:
    def settled() -> None:
        descriptor = os.open(spare, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        place()
        files.settle(to.parent)

    _told(to, settled)


def _told(path: Path, act: Callable[[], object]) -> None:
    try:
        act()
    except OSError as error:
        raise ArchiveTrouble(
            f"{path}: cannot be written: {error.strerror or error}",
            ["check the folder, its permissions and the free space"],
        ) from error


def _folder(folder: Path) -> None:
    _told(folder, lambda: folder.mkdir(parents=True, exist_ok=True))


def _free_name(path: Path) -> Path:
    number = 1
    while (name := path.with_name(f"{path.stem}.old-{number}{path.suffix}")).exists():
        number += 1
    return name


@contextlib.contextmanager
def _away_if_failed(spare: Path) -> Generator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            _clear(spare)
        raise


def _clear(spare: Path) -> None:
    """Remove what an earlier try left; a journal without its file would be played into the next."""
    for more in ("", "-journal", "-wal", "-shm"):
        spare.with_name(spare.name + more).unlink(missing_ok=True)
