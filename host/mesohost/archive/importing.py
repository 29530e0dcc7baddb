"""A file of records into the archive: checked against itself and against what is held, then stored
whole or not at all. Done twice it changes nothing.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from mesofw.core import records as core
from mesohost import heads, records
from mesohost.archive import jsonl
from mesohost.archive.held import Held
from mesohost.archive.log import begun, introduced, noted, store
from mesohost.archive.tables import RECORDS
from mesohost.records import Break, Chain
from mesohost.troubles import RecordsBroken

if TYPE_CHECKING:
    from mesohost.archive.store import Archive

_BATCH = 1_024
_core: Any = core
_OTHER = (
    "the archive holds another record of this number: this is another gun's log, or it was changed"
)


class Imported(msgspec.Struct, frozen=True):
    """What an import did: of the `found` records of a file, `new` ones were stored. `gaps` are runs
    [first, last] of numbers that the file does not have, `marked` broken records that were kept as
    such, `torn_bytes` were a half-written line at the file's end, which is left out."""

    file: str
    board: str
    found: int
    new: int
    gaps: tuple[tuple[int, int], ...]
    marked: tuple[Break, ...]
    torn_bytes: int


def import_log(archive: "Archive", path: Path, *, keep_broken: bool = False) -> Imported:
    """Import a file of records, and its heads.

    Raises ArchiveTrouble where file or archive cannot be used, RecordsBroken where a record is
    damaged, does not follow on, or is not the one held under its number, and where the heads tell
    of other records: then nothing of the file is stored. With `keep_broken` damaged records and
    those that do not follow on are kept too, marked.
    """
    file = jsonl.opened(path)
    told = file.heads()
    header = file.header
    _ = archive.id  # makes the archive where there is none
    with archive.database.writing() as connection:
        log = begun(connection, header.board, header.part, header.created)
        held_before = _last(connection, log)
        run = _Run(connection, log, path, keep_broken)
        for batch in _batches(_checked(file.records(), told, path)):
            run.take(batch)
        run.close()
        if run.last >= held_before:
            introduced(connection, log, header.firmware, header.build, header.hardware_verified)
        noted(connection, log, told)
    return Imported(
        file=str(path),
        board=header.board,
        found=run.found,
        new=run.new,
        gaps=tuple(run.gaps),
        marked=tuple(run.marked),
        torn_bytes=file.torn_bytes,
    )


def _last(connection: sa.Connection, log: int) -> int:
    wanted = sa.select(sa.func.max(RECORDS.c.number)).where(RECORDS.c.log == log)
    return connection.execute(wanted).scalar() or 0


def _checked(held: Iterable[Held], told: list[heads.Head], path: Path) -> Iterator[Held]:
    """The records, as long as the heads do not speak against them."""
    links = {head.number: head.head for head in told}
    for one in held:
        if one.number in links and _core.digest(one.raw).hex() != links[one.number]:
            raise RecordsBroken(
                f"{path}: record {one.number} is not the one that the gun told of when it was "
                "pulled: the log was written anew; nothing of it was imported",
                ["take a sound copy of this file", "call an engineer"],
            )
        yield one


def _batches(held: Iterable[Held]) -> Iterator[list[Held]]:
    source = iter(held)
    while batch := list(islice(source, _BATCH)):
        yield batch


class _Run:
    """One import into one log, inside one transaction."""

    def __init__(self, connection: sa.Connection, log: int, path: Path, keep_broken: bool):
        self._connection = connection
        self._log = log
        self._path = path
        self._keep_broken = keep_broken
        self._chain = Chain()
        self.found = 0
        self.new = 0
        self.gaps: list[tuple[int, int]] = []
        self.marked: list[Break] = []

    @property
    def last(self) -> int:
        """The number of the last record taken, 0 before the first."""
        return self._chain.number

    def take(self, batch: list[Held]) -> None:
        """Check a batch and store what of it is new."""
        there = self._there(batch[0].number, batch[-1].number)
        fresh: list[Held] = []
        for one in batch:
            if one.number != self._chain.number + 1:
                self._leap(one.number)
            known = there.get(one.number) if there else None
            if known is None:
                fresh.append(self._judged(one))
            elif known != one.raw:
                raise self._broken(one.number, _OTHER)
            self._chain.take(one.raw)
        self.found += len(batch)
        self.new += len(fresh)
        if fresh:
            store(self._connection, self._log, fresh)

    def close(self) -> None:
        """Check the link to what is held behind the file's last record."""
        if self.found:
            self._meets(self.last + 1)

    def _leap(self, number: int) -> None:
        """Go on at `number`, where the file lacks what is before it."""
        if number <= self.last:
            raise self._broken(number, "it stands behind a later one")
        if self.last:
            self._meets(self.last + 1)
        before = self._raw(number - 1)
        if before is None:
            self.gaps.append((self.last + 1, number - 1))
            self._chain = Chain(number - 1, None)
        else:
            self._chain = Chain.after(number - 1, before)

    def _meets(self, number: int) -> None:
        """The record `number` that is held, if there is one, follows on from the file's last."""
        behind = self._raw(number)
        if behind is None or self._chain.judge(behind) is None:
            return
        if not self._marked_there(number):
            raise self._broken(number, records.HOW[records.UNCHAINED])

    def _judged(self, held: Held) -> Held:
        """The record, marked where it is broken and is to be kept all the same."""
        if held.trouble in records.HOW:
            self.marked.append(Break(held.number, held.trouble))
            return held
        found = self._chain.judge(held.raw)
        if found is None:
            return held
        if not self._keep_broken:
            raise self._broken(held.number, records.HOW[found.how])
        self.marked.append(found)
        return msgspec.structs.replace(held, trouble=found.how)

    def _there(self, first: int, last: int) -> dict[int, bytes]:
        wanted = sa.select(RECORDS.c.number, RECORDS.c.raw).where(
            RECORDS.c.log == self._log, RECORDS.c.number.between(first, last)
        )
        return {row.number: row.raw for row in self._connection.execute(wanted)}

    def _raw(self, number: int) -> bytes | None:
        return self._there(number, number).get(number)

    def _marked_there(self, number: int) -> bool:
        wanted = sa.select(RECORDS.c.trouble).where(
            RECORDS.c.log == self._log, RECORDS.c.number == number
        )
        return bool(self._connection.execute(wanted).scalar())

    def _broken(self, number: int, how: str) -> RecordsBroken:
        return RecordsBroken(
            f"{self._path}: record {number}: {how}; nothing of the file was imported",
            [
                "take a sound copy of this file",
                "keep broken records, marked: mesogun archive import FILE --keep-broken",
            ],
        )
