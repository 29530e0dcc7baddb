"""Variables of a gun as they run, sampled on the gun: each sample has its time, and what was lost
is counted.

A line of samples is that of `mesofw.core.trace`. Each line begins anew, so one that got lost on the
link costs its own samples only.
"""

import struct
from collections.abc import Callable, Sequence
from itertools import pairwise

from mesofw.core import clock, errors, fields, wire
from mesofw.core import trace as core
from mesofw.core.meanings import MEANINGS
from mesohost import answers
from mesohost.answers import TraceEnd
from mesohost.exchange import Exchange
from mesohost.troubles import GunRefused

NAMES: tuple[str, ...] = core.NAMES
MEANING = MEANINGS["trace"]
# A request's largest count: some days.
ENDLESS = (1 << 30) - 1
PERIOD_LEAST_US, PERIOD_MOST_US = 100, 10_000_000
_CREDIT = 1 << 20
_HEAD = struct.Struct("<III")
_LEAST_WAIT_S = 1.0
_TRIES = 6
# While something moves, it is asked for again so often, for so long.
_MOVES_WAIT_S, _MOVES_TRIES = 0.05, 400

Values = tuple[int, ...]


class Traced:
    """Samples of the variables `names`: when each was taken, in µs since the gun's start, and a row
    of its values. `lost` were due on the gun, but not taken or not sent; `missing` got lost on the
    link."""

    def __init__(self, names: Sequence[str]):
        self.names = tuple(names)
        self.at_us: list[int] = []
        self.rows: list[Values] = []
        self.lost = 0
        self.missing = 0
        self._next = 0
        self._wrapped_us = 0
        count = len(self.names)
        self._first = struct.Struct(f"<{count}i")
        self._row = struct.Struct(f"<{count + 1}H")

    @property
    def lasted_us(self) -> int:
        """From the first sample to the last."""
        return self.at_us[-1] - self.at_us[0] if self.at_us else 0

    def column(self, name: str) -> list[int]:
        """All values of one variable."""
        place = self.names.index(name)
        return [row[place] for row in self.rows]

    def gaps_us(self) -> list[int]:
        """The time from each sample to the next."""
        return [later - earlier for earlier, later in pairwise(self.at_us)]

    def take(self, number: int, data: bytes) -> None:
        """Take a line. One that was there already, or is damaged, is passed over."""
        body = len(data) - _HEAD.size - self._first.size
        if number < self._next or body < 0 or body % self._row.size:
            return
        at_ms, wrapped_us, self.lost = _HEAD.unpack_from(data)
        values = self._first.unpack_from(data, _HEAD.size)
        if self.at_us:
            at_us = self.at_us[-1] + clock.since_us(wrapped_us, self._wrapped_us)
        else:
            at_us = at_ms * 1000
        self.missing += number - self._next
        begun = len(self.rows)
        self._add(at_us, values)
        for since_us, *halves in self._row.iter_unpack(data[-body:] if body else b""):
            at_us += since_us
            # Values change by less than half of 2**16 from one sample to the next.
            values = tuple(
                value + (half - value + 0x8000 & 0xFFFF) - 0x8000
                for value, half in zip(values, halves, strict=True)
            )
            self._add(at_us, values)
            wrapped_us = clock.add_us(wrapped_us, since_us)
        self._wrapped_us = wrapped_us
        self._next = number + len(self.rows) - begun

    def _add(self, at_us: int, values: Values) -> None:
        self.at_us.append(at_us)
        self.rows.append(values)


TakeSamples = Callable[[Traced], bool]


def unit_of(name: str) -> tuple[str, int]:
    """(unit that people read, how many of the variable's own make one of it)."""
    suffix = fields.unit_suffix(name)
    return fields.UNITS[suffix][:2] if suffix else ("", 1)


def trace(
    exchange: Exchange,
    traced: Traced,
    period_us: int,
    count: int = ENDLESS,
    take: TakeSamples | None = None,
) -> Traced:
    """Put `count` samples, one each `period_us`, into `traced`, less those that are lost; gives
    `traced`. `take` is called with it after each line and ends the trace by True.

    Waits until nothing moves. Raises GunRefused, NoAnswer, PortTrouble.
    """
    arguments = {"names": ",".join(traced.names), "period_us": period_us, "count": count}
    line_s = max(period_us, core.LINE_US) / 1e6
    waits_s = (_LEAST_WAIT_S + 2 * line_s,) * _TRIES
    granted = 0

    def took(number: int, data: bytes) -> bool:
        nonlocal granted
        granted += wire.LINE_MAX
        if granted > _CREDIT // 2:
            granted = 0
            exchange.renew()
        traced.take(number, data)
        return bool(take and take(traced))

    tries = 0
    while True:
        try:
            reply = exchange.ask("trace", arguments, credit=_CREDIT, take=took, waits_s=waits_s)
            break
        except GunRefused as refused:
            tries += 1
            if refused.code != errors.NOT_NOW or tries == _MOVES_TRIES:
                raise
            exchange.rest(_MOVES_WAIT_S)
    if reply:
        end = answers.read(reply, TraceEnd)
        traced.missing = end.count - len(traced.rows)
        traced.lost = end.lost
    else:
        end_it(exchange)
    return traced


def end_it(exchange: Exchange) -> None:
    """End a trace that is under way: any other request does."""
    exchange.ask("status")
