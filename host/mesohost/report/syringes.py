"""The syringes of a session: what they held, what priming took, what was left."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from mesofw.core import errors, states
from mesohost.records import ShotRecord
from mesohost.report.kinds import is_event
from mesohost.report.model import Moment, Syringe

At = Callable[[ShotRecord, int | None], Moment]


def primed_nl(records: Sequence[ShotRecord]) -> int:
    """What all primings of `records` took together; in training they take nothing."""
    moved = [record for record in records if not record.training]
    return sum(_primed_nl(record) for record in moved)


def _primed_nl(record: ShotRecord) -> int:
    """What was primed before a drop was seen, or before the syringe was changed instead."""
    if is_event(record, errors.EVENT_PRIMED):
        return record.a
    changed = is_event(record, errors.EVENT_RESUMED) and record.a == states.CHANGE
    return record.b if changed else 0


def syringes(own: Sequence[ShotRecord], at: At) -> tuple[Syringe, ...]:
    """Each syringe from its fitting to the next one's."""
    fitted = [index for index, record in enumerate(own) if is_event(record, errors.EVENT_LOADED)]
    found: list[Syringe] = []
    for start, stop in pairwise([*fitted, len(own)]):
        while_in = own[start:stop]
        left_nl = while_in[0].a
        for record in while_in:
            if record.is_shot:
                left_nl = record.volume_left_nl
            elif record.code == errors.EVENT_PRIMED:
                left_nl = record.b
        found.append(
            Syringe(
                when=at(while_in[0], None),
                found_nl=while_in[0].a,
                primed_nl=primed_nl(while_in),
                shots=sum(record.is_shot for record in while_in),
                left_nl=left_nl,
            )
        )
    return tuple(found)
