"""When things were: running time across restarts, and wall clock where a computer's is known."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from mesofw.core import errors
from mesohost.archive import Held
from mesohost.records import ShotRecord
from mesohost.report.kinds import is_event
from mesohost.report.model import Moment


class _Clock(NamedTuple):
    """Unix time in ms at a boot and how far it may be off; None where not known."""

    epoch_ms: int | None = None
    quality_ms: int | None = None


class _Stretch(NamedTuple):
    """A time in which power stayed on, up to the record numbered `last`."""

    last: int
    start_ms: int
    base_s: float
    clock: _Clock


class Timeline:
    """Moments of a session's records.

    The whole log is searched for the clock of each boot of `session`, its records: an EVENT_CLOCK
    record tells it with its quality, else the archive where it was known when the log was pulled.
    """

    def __init__(self, whole_log: Sequence[Held], session: Sequence[ShotRecord]):
        clocks = _clocks(whole_log)
        self._stretches: list[_Stretch] = []
        base_s = 0.0
        for _, group in groupby(session, key=lambda record: record.boot):
            run = list(group)
            start_ms = run[0].began_ms
            last = run[-1].number
            self._stretches.append(_Stretch(last, start_ms, base_s, clocks[last]))
            base_s += max(0, max(end_ms(record) for record in run) - start_ms) / 1000

    def at(self, record: ShotRecord, at_ms: int | None = None) -> Moment:
        """The moment of `record`, or of another time (in ms) of the same boot."""
        time_ms = record.began_ms if at_ms is None else at_ms
        stretch = next(s for s in self._stretches if record.number <= s.last)
        epoch_ms, quality_ms = stretch.clock
        return Moment(
            boot=record.boot,
            at_ms=time_ms,
            running_s=stretch.base_s + (time_ms - stretch.start_ms) / 1000,
            unix_s=None if epoch_ms is None else (epoch_ms + time_ms) / 1000,
            quality_ms=quality_ms,
        )


def end_ms(record: ShotRecord) -> int:
    """When a record's shot was over; its start where power went before that was written."""
    return record.began_ms if record.interrupted else max(record.began_ms, record.end_ms)


def _clocks(whole_log: Sequence[Held]) -> dict[int, _Clock]:
    """The clock of each record's boot, by record number.

    Of several settings in one boot the best counts, of equal ones the last.
    """
    clocks: dict[int, _Clock] = {}
    for _, group in groupby(whole_log, key=lambda held: held.record.boot):
        run = list(group)
        told = [held.record for held in run if is_event(held.record, errors.EVENT_CLOCK)]
        best = min(reversed([record for record in told if record.a]), key=_quality, default=None)
        pulled = next((held for held in run if held.unix_ms is not None), None)
        clock = _Clock()
        if best:
            clock = _Clock(best.a * 1000, best.b)
        elif pulled and pulled.unix_ms is not None:
            clock = _Clock(pulled.unix_ms - pulled.record.at_ms)
        clocks.update((held.record.number, clock) for held in run)
    return clocks


def _quality(record: ShotRecord) -> int:
    return record.b
