"""A gun's new records into the archive: checked, appended, durable, and only then acknowledged.

The last record held is pulled once more and compared, so that a log which was rewritten or belongs
to another gun shows before anything is appended. A pull that is broken off goes on where it ended.
"""

import time
from collections.abc import Callable
from itertools import islice

import msgspec

from mesofw.core import errors
from mesohost import records
from mesohost.answers import ClockOffset, Hello
from mesohost.archive import Archive, GunLog, Held
from mesohost.gun import Gun
from mesohost.records import Break, Chain
from mesohost.troubles import GunRefused, RecordsBroken
from mesohost.upload import Progress

_BATCH = 2_048


class Kept(msgspec.Struct, frozen=True):
    """What a pull did: `new` records were appended, from `first` on; `last` is the newest one held.

    `gaps` are runs [first, last] of records that the gun no longer held, `marked` the broken ones
    that were kept as such. `acknowledged` is the record up to which the gun was told that it may
    forget; None where that has to wait, and `postponed` says why.
    """

    board: str
    path: str
    archive: str
    new: int
    first: int
    last: int
    gaps: tuple[tuple[int, int], ...]
    marked: tuple[Break, ...]
    acknowledged: int | None
    postponed: str


def keep(
    gun: Gun,
    archive: Archive,
    progress: Progress | None = None,
    *,
    keep_broken: bool = False,
    now_s: Callable[[], float] = time.time,
) -> Kept:
    """Pull what is new into `archive`. `progress(done, total)` counts records.

    Raises RecordsBroken at the first record that is damaged or does not follow on, with all before
    it kept and acknowledged; with `keep_broken` such records are kept too, marked. Raises
    ArchiveTrouble where the archive cannot be used, and what `Gun` raises.
    """
    hello = gun.hello()
    log = archive.log(hello.board)
    pull = _Pull(gun, log, hello, gun.offset(now_s), keep_broken)
    _check_reset(log, hello)
    log.introduce(hello)
    broken = pull.run(progress)
    if not broken:
        log.note(gun.head())
    acknowledged, postponed = _acknowledge(gun, log, archive.id)
    if broken:
        raise RecordsBroken(
            f"gun {hello.board}: {broken}; records up to {log.last_number} are in the archive",
            _remedies(broken, log),
        )
    return Kept(
        board=hello.board,
        path=str(log.path),
        archive=archive.id,
        new=pull.new,
        first=pull.first,
        last=log.last_number,
        gaps=tuple(pull.gaps),
        marked=tuple(pull.marked),
        acknowledged=acknowledged,
        postponed=postponed,
    )


def _check_reset(log: GunLog, hello: Hello) -> None:
    if hello.last < log.last_number:
        raise RecordsBroken(
            f"gun {hello.board} has records up to {hello.last}, the archive up to "
            f"{log.last_number}: the gun's log was erased, or its journal was exchanged",
            [_renewed(log), "call an engineer"],
        )


def _renewed(log: GunLog) -> str:
    return (
        "begin a new log of it beside the one held, and pull again: "
        f"mesogun archive renew {log.board}"
    )


def _remedies(broken: Break, log: GunLog) -> list[str]:
    if broken.how == records.CHANGED:
        return [_renewed(log), "call an engineer"]
    return ["keep it and what follows, marked: mesogun pull --keep-broken", "call an engineer"]


def _acknowledge(gun: Gun, log: GunLog, archive_id: str) -> tuple[int | None, str]:
    if not log.last_number:
        return None, "there are no records yet"
    try:
        return gun.acknowledge(log.last_number, archive_id).acknowledged, ""
    except GunRefused as refused:
        if refused.code == errors.NOT_NOW:
            return None, "the gun is moving; it is done by the next pull"
        raise


class _Pull:
    """One pull into one log."""

    def __init__(self, gun: Gun, log: GunLog, hello: Hello, offset: ClockOffset, keep_broken: bool):
        self._gun = gun
        self._log = log
        self._hello = hello
        self._offset = offset
        self._keep_broken = keep_broken
        self.first = 0
        self.new = 0
        self.gaps: list[tuple[int, int]] = []
        self.marked: list[Break] = []

    def run(self, progress: Progress | None) -> Break | None:
        """Pull up to the newest record; the break that ended it early, if any."""
        log, hello = self._log, self._hello
        chain = Chain.after(log.last.number, log.last.raw) if log.last else Chain()
        at = log.last_number + 1
        if log.last and hello.first < at:
            changed = self._compare(log.last)
            if changed:
                return changed
        while at <= hello.last:
            try:
                broken = self._stretch(at, chain, progress)
                if broken:
                    return broken
                at = chain.number + 1
            except GunRefused as refused:
                if refused.code != errors.NOT_HELD:
                    raise
                at = self._skip(chain)
                chain = Chain(at - 1, None)
        return None

    def _compare(self, held: Held) -> Break | None:
        number = held.number
        try:
            raw = next(self._gun.pull(number, 1))
        except GunRefused as refused:
            if refused.code == errors.NOT_HELD:
                return None
            raise
        return Break(number, records.CHANGED) if raw != held.raw else None

    def _skip(self, chain: Chain) -> int:
        """The next record that the gun holds; the gap before it is noted."""
        found = self._gun.held(max(chain.number + 1, self._hello.first))
        after = self._hello.last + 1 if found is None else found
        self.gaps.append((chain.number + 1, after - 1))
        return after

    def _stretch(self, at: int, chain: Chain, progress: Progress | None) -> Break | None:
        """Keep the records from `at` on in batches, the last one cut short by whatever ends it."""
        count = self._hello.last + 1 - at
        pulled = self._gun.pull(at, count, progress)
        while True:
            batch: list[Held] = []
            broken = None
            try:
                for raw in islice(pulled, _BATCH):
                    broken = self._judged(raw, chain, batch)
                    if broken:
                        break
            finally:
                # Also where the link fails in mid-batch: what arrived is kept.
                self._append(batch)
            if broken or len(batch) < _BATCH:
                return broken

    def _judged(self, raw: bytes, chain: Chain, batch: list[Held]) -> Break | None:
        found = chain.judge(raw)
        if found and not self._keep_broken:
            return found
        if found:
            self.marked.append(found)
        chain.take(raw)
        record = records.decode(raw)
        known = record.boot == self._hello.boot and not found
        unix_ms = record.at_ms + self._offset.offset_ms if known else None
        batch.append(Held(chain.number, record, raw, unix_ms, found.how if found else ""))
        return None

    def _append(self, batch: list[Held]) -> None:
        if batch:
            self._log.append(batch)
            self.first = self.first or batch[0].number
            self.new += len(batch)
