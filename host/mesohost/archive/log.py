"""The records of one gun in the archive: read in order, and appended to."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mesohost import records
from mesohost.answers import Hello
from mesohost.archive.held import FORMAT, Header, Held
from mesohost.archive.tables import HEADS, INTRODUCTIONS, LOGS, RECORDS
from mesohost.heads import Head
from mesohost.troubles import ArchiveTrouble

if TYPE_CHECKING:
    from mesohost.archive.store import Archive

_AT_ONCE = 2_048


class GunLog:
    """The log `part` of one gun. `header` is None before the first pull, `last` is the newest
    record held."""

    def __init__(self, archive: "Archive", board: str, part: int):
        self._archive = archive
        self._database = archive.database
        self.board = board
        self.part = part
        self._id: int | None = None
        self.header: Header | None = None
        self.last: Held | None = None
        if self._database.revision() is not None:
            with self._database.reading() as connection:
                self._look(connection)

    @property
    def path(self) -> Path:
        """The archive's file, which the log is in."""
        return self._database.path

    @property
    def last_number(self) -> int:
        """The number of the newest record held, 0 where there is none."""
        return self.last.number if self.last else 0

    def _look(self, connection: sa.Connection) -> None:
        self._id = find(connection, self.board, self.part)
        if self._id is None:
            return
        self.header = header_of(connection, self._archive.id, self._id)
        newest = (
            sa.select(RECORDS)
            .where(RECORDS.c.log == self._id)
            .order_by(RECORDS.c.number.desc())
            .limit(1)
        )
        row = connection.execute(newest).first()
        self.last = held_of(row) if row else None

    def records(self, first: int = 1, last: int | None = None) -> Iterator[Held]:
        """All records, or those from `first` to `last`, oldest first. Raises ArchiveTrouble."""
        if self._id is None:
            return
        wanted = sa.select(RECORDS).where(RECORDS.c.log == self._id, RECORDS.c.number >= first)
        if last is not None:
            wanted = wanted.where(RECORDS.c.number <= last)
        with self._database.reading() as connection:
            rows = connection.execute(
                wanted.order_by(RECORDS.c.number), execution_options={"yield_per": _AT_ONCE}
            )
            for row in rows:
                yield held_of(row)

    def heads(self) -> list[Head]:
        """The heads noted, in order."""
        if self._id is None:
            return []
        wanted = sa.select(HEADS.c.number, HEADS.c.head).where(HEADS.c.log == self._id)
        with self._database.reading() as connection:
            return [Head(*row) for row in connection.execute(wanted.order_by(HEADS.c.id))]

    def introduce(self, gun: Hello) -> None:
        """Note which gun the records come from. Raises ArchiveTrouble."""
        archive = self._archive.id  # makes the archive where there is none
        with self._database.writing() as connection:
            self._id = begun(connection, self.board, self.part)
            introduced(connection, self._id, gun.firmware, gun.build, gun.hardware_verified)
            self.header = header_of(connection, archive, self._id)

    def append(self, held: Iterable[Held]) -> None:
        """Append records, durably, after `introduce`. Raises ArchiveTrouble where they cannot be
        stored: then all is as before."""
        fresh, log = list(held), self._known()
        if not fresh:
            return
        if fresh[0].number <= self.last_number:
            raise ArchiveTrouble(
                f"{self.path}: record {fresh[0].number} of {self.board} is there already",
                ["pull again: mesogun pull"],
            )
        with self._database.writing() as connection:
            store(connection, log, fresh)
            self._look(connection)

    def note(self, head: Head) -> None:
        """Note a head, durably, unless it is the last one there. Raises ArchiveTrouble."""
        with self._database.writing() as connection:
            noted(connection, self._known(), [head])

    def _known(self) -> int:
        if self._id is None:
            raise ArchiveTrouble(f"{self.path}: {self.board} has not been introduced")
        return self._id


def find(connection: sa.Connection, board: str, part: int) -> int | None:
    """The id of a gun's log, None where there is none yet."""
    wanted = sa.select(LOGS.c.id).where(LOGS.c.board == board, LOGS.c.part == part)
    return connection.execute(wanted).scalar()


def begun(connection: sa.Connection, board: str, part: int, created: str = "") -> int:
    """The id of a gun's log, which is begun where there is none."""
    found = find(connection, board, part)
    if found is None:
        row = {"board": board, "part": part, "created": created or now()}
        connection.execute(sa.insert(LOGS), [row])
        found = find(connection, board, part)
    assert found is not None
    return found


def header_of(connection: sa.Connection, archive: str, log: int) -> Header | None:
    """The head of a log, as its gun introduced itself last; None where no gun has."""
    wanted = (
        sa.select(LOGS, INTRODUCTIONS)
        .join_from(LOGS, INTRODUCTIONS)
        .where(LOGS.c.id == log)
        .order_by(INTRODUCTIONS.c.id.desc())
        .limit(1)
    )
    row = connection.execute(wanted).first()
    if row is None:
        return None
    return Header(
        format=FORMAT,
        archive=archive,
        created=row.created,
        board=row.board,
        firmware=row.firmware,
        build=row.build,
        hardware_verified=row.hardware_verified,
        part=row.part,
    )


def introduced(
    connection: sa.Connection, log: int, firmware: str, build: str, hardware_verified: bool
) -> None:
    """Note how a gun introduces itself, where that is not what it said last."""
    told = {"firmware": firmware, "build": build, "hardware_verified": hardware_verified}
    wanted = sa.select(*(INTRODUCTIONS.c[name] for name in told))
    wanted = wanted.where(INTRODUCTIONS.c.log == log).order_by(INTRODUCTIONS.c.id.desc()).limit(1)
    last = connection.execute(wanted).first()
    if last is None or tuple(last) != tuple(told.values()):
        connection.execute(sa.insert(INTRODUCTIONS), [{"log": log, "at": now(), **told}])


def noted(connection: sa.Connection, log: int, heads: Iterable[Head]) -> int:
    """Note those heads that are not there yet; how many these were."""
    wanted = sa.select(HEADS.c.number, HEADS.c.head).where(HEADS.c.log == log)
    known = {tuple(row) for row in connection.execute(wanted)}
    fresh = [
        {"log": log, "number": head.number, "head": head.head}
        for head in dict.fromkeys(heads)
        if (head.number, head.head) not in known
    ]
    if fresh:
        connection.execute(sa.insert(HEADS), fresh)
    return len(fresh)


def store(connection: sa.Connection, log: int, held: Iterable[Held]) -> None:
    """Insert records, as part of a transaction."""
    rows = [(log, one.number, one.raw, one.unix_ms, one.trouble) for one in held]
    insert = sa.insert(RECORDS).compile(dialect=connection.dialect)
    if insert.positional:
        # Straight to the driver: three times as quick.
        connection.exec_driver_sql(str(insert), rows)
    else:
        connection.execute(
            sa.insert(RECORDS), [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
        )


_COLUMNS = tuple(RECORDS.c.keys())


def held_of(row: Any) -> Held:
    """A row of `RECORDS` as a record. Raises ArchiveTrouble where that is damaged."""
    try:
        record = records.decode(row.raw)
    except ValueError as error:
        raise ArchiveTrouble(
            f"record {row.number} of the archive is damaged: {error}",
            ["restore a backup: mesogun archive restore FILE --replace"],
        ) from error
    return Held(row.number, record, row.raw, row.unix_ms, row.trouble)


def now() -> str:
    """The time, as the archive writes it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
