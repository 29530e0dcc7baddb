"""Records out of the gun: complete, in order, each once, over a link that may lose lines.

They are asked for block by block; each request grants the credit that its answer takes, so the gun
streams a whole block and never more than the host has asked for. What got lost is asked for again.
"""

from collections.abc import Iterator

from mesofw.core import errors, jobs, records, wire
from mesohost import answers
from mesohost.answers import Pulled
from mesohost.exchange import WAITS_S, Exchange
from mesohost.heads import Head
from mesohost.troubles import GunRefused, NoAnswer
from mesohost.upload import Progress

_LINES = 546  # 256 kB of credit
BLOCK_RECORDS = _LINES * jobs.LINE_RECORDS
_CREDIT = (_LINES + 8) * wire.LINE_MAX
# Lost records nearer to each other than this are asked for together with those between.
_MERGED_RECORDS = 200
# A store forgets files of so many records, so what is held again begins at a multiple of it.
_FILE_RECORDS = 512


def pull(
    exchange: Exchange, first: int, count: int | None = None, progress: Progress | None = None
) -> Iterator[bytes]:
    """Records (their 96 bytes) from number `first` on: `count` of them, or all that there are now.

    `progress(done, total)` counts records. Raises GunRefused with NOT_HELD, after all records
    before it, at a number that the gun does not hold; `held` finds the next that it does. Raises
    NoAnswer, PortTrouble.
    """
    end = first + count if count is not None else newest(exchange) + 1
    at = first
    while at < end:
        stop = min(at + BLOCK_RECORDS, end)
        block = _Block(at, stop)
        reached = block.fetch(exchange)
        yield from block.in_order(reached)
        if reached < stop:
            raise not_held(reached)
        at = stop
        if progress:
            progress(at - first, end - first)


def newest(exchange: Exchange) -> int:
    """The number of the newest record, 0 where there is none yet."""
    return answers.read(exchange.ask("pull", {"first": 0, "count": 0}), Pulled).last


def head(exchange: Exchange) -> Head:
    """The newest record's number and chain link (all zero where there is none yet)."""
    told = answers.read(exchange.ask("pull", {"first": 0, "count": 0}), Pulled)
    return Head(told.last, told.head)


def held(exchange: Exchange, number: int) -> int | None:
    """The first number from `number` on that the gun holds, None where it holds none."""
    last = newest(exchange)
    missing = number - 1
    while number <= last and not _has(exchange, number):
        missing = number
        number = min(number // _FILE_RECORDS * _FILE_RECORDS + _FILE_RECORDS, max(last, number + 1))
    if number > last:
        return None
    # Between a missing record and the next that is held there is one border.
    while number - missing > 1:
        middle = (number + missing) // 2
        if _has(exchange, middle):
            number = middle
        else:
            missing = middle
    return number


def not_held(number: int) -> GunRefused:
    """The refusal of a record that the gun does not hold, as the gun itself would word it."""
    return GunRefused("pull", errors.Fault("a.first", errors.NOT_HELD, str(number)))


def _has(exchange: Exchange, number: int) -> bool:
    try:
        block = _Block(number, number + 1)
        return block.fetch(exchange) > number
    except GunRefused as refused:
        if refused.code == errors.NOT_HELD:
            return False
        raise


class _Block:
    """The records from `first` up to `stop`, as they come in."""

    def __init__(self, first: int, stop: int):
        self._first = first
        self._stop = stop
        self._records: dict[int, bytes] = {}

    def fetch(self, exchange: Exchange) -> int:
        """Ask until all are there; gives `stop`, or the first number that the gun does not hold."""
        stuck = 0
        while gap := self._gap():
            before = len(self._records)
            start, end = gap
            wanted = {"first": start, "count": end - start}
            reply = exchange.ask("pull", wanted, credit=_CREDIT, take=self._take)
            if reply:
                reached = answers.read(reply, Pulled).next
                self._stop = min(self._stop, reached) if reached < end else self._stop
            stuck = stuck + 1 if len(self._records) == before else 0
            if stuck == len(WAITS_S):
                raise NoAnswer(
                    "no records arrive, though the gun answers",
                    ["check the cable", "run the command again: what arrived is kept"],
                )
        return self._stop

    def in_order(self, stop: int) -> list[bytes]:
        """The records up to `stop`."""
        return [self._records[number] for number in range(self._first, stop)]

    def _take(self, number: int, data: bytes) -> bool:
        size = records.RECORD_BYTES
        for at in range(0, len(data) - size + 1, size):
            if self._first <= number < self._stop:
                self._records[number] = data[at : at + size]
            number += 1
        return len(self._records) == self._stop - self._first

    def _gap(self) -> tuple[int, int] | None:
        """The first run [start, end) of records to ask for, None where all are there."""
        missing = [n for n in range(self._first, self._stop) if n not in self._records]
        if not missing:
            return None
        end = missing[0]
        for number in missing:
            if number - end > _MERGED_RECORDS:
                break
            end = number
        return missing[0], end + 1
