"""Archives and exported logs for the tests here."""

import atexit
import hashlib
import shutil
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from mesohost import records
from mesohost.archive import FORMAT, Archive, Header, Held, jsonl, schema
from mesohost.archive.importing import import_log
from mesohost.archive.log import begun, introduced, noted, store
from mesohost.archive.tables import IDENTITY
from mesohost.heads import Head
from tests.host.benches import chained

BOARD = "b0a"
HEADER = Header(
    format=FORMAT, archive="ab" * 16, created="2026-03-01T08:00:00+00:00", board=BOARD,
    firmware="0.1.0", build="0a", hardware_verified=False,
)  # fmt: skip
RAWS = chained(3_000)


def held(first: int = 1, last: int = 300) -> list[Held]:
    return [one(raw) for raw in RAWS[first - 1 : last]]


def one(raw: bytes, trouble: str = "") -> Held:
    record = records.decode(raw)
    return Held(record.number, record, raw, None, trouble)


def head(number: int) -> Head:
    """What a gun tells of record `number`."""
    return Head(number, hashlib.sha256(RAWS[number - 1]).digest()[:16].hex())


def exported(folder: Path, first: int = 1, last: int = 300, header: Header = HEADER) -> Path:
    """A file of records, with the head of its last."""
    return jsonl.write(folder, header, held(first, last), [head(last)])


def archive_of(folder: Path, last: int = 300) -> Archive:
    """An archive with so many records of one gun."""
    archive = Archive(folder / "archive")
    archive.folder.mkdir(parents=True)
    made = _made() / str(last) / "archive.sqlite"
    if not made.exists():
        import_log(Archive(made.parent), exported(made.parent / "from", 1, last))
    shutil.copy(made, archive.path)
    return archive


@cache
def _made() -> Path:
    """A folder of archives that are made once and copied for each test."""
    folder = TemporaryDirectory(prefix="mesogun-archives-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def numbers(archive: Archive) -> list[int]:
    return [held.number for held in Archive(archive.folder).log(BOARD).records()]


def dump(path: Path) -> list[str]:
    """All that a database says, as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def first_revision(folder: Path) -> Archive:
    """An archive as the first release wrote it, with records and a head."""
    archive = Archive(folder)
    archive.folder.mkdir()
    engine = archive.database.engine.execution_options(writing=True)
    with engine.begin() as connection:
        schema.upgrade(connection, "0001")
        connection.execute(sa.insert(IDENTITY), [{"archive": "cd" * 16, "created": "2026"}])
        log = begun(connection, BOARD, 1)
        introduced(connection, log, HEADER.firmware, HEADER.build, HEADER.hardware_verified)
        store(connection, log, held(1, 30))
        noted(connection, log, [head(30)])
    return archive
