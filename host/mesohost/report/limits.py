"""The program's limits beside what the session came to."""

from collections.abc import Sequence
from itertools import pairwise

from mesofw.core import errors, fields
from mesohost.program.model import Program
from mesohost.records import ShotRecord
from mesohost.report.kinds import is_event
from mesohost.report.model import LimitUse


def limit_uses(program: Program, records: Sequence[ShotRecord]) -> tuple[LimitUse, ...]:
    """Each limit of a program, and the most that the session's records came to: shots by what was
    commanded, zones and session as the gun counted."""
    shots = [record for record in records if record.is_shot]
    zones: dict[int, int] = {}
    for shot in shots:
        zones[shot.zone] = zones.get(shot.zone, 0) + shot.given_most_nl
    reached = {
        "shot_nl": max((shot.given_most_nl for shot in shots), default=0),
        "zone_nl": max(zones.values(), default=0),
        "session_nl": max((record.session_nl for record in records), default=0),
        "needle_shots": _most_of_a_needle(records),
    }
    return tuple(
        LimitUse(
            name=_WORDS[name],
            reached=fields.show(name, value),
            soft=_soft(name, program),
            hard=fields.show(name, getattr(program.hard, name)),
            passed_soft=value > getattr(program.soft, name),
        )
        for name, value in reached.items()
    )


def _soft(name: str, program: Program) -> str:
    """The soft limit, or a dash where it is none: the hard one is met before it."""
    soft = getattr(program.soft, name)
    return fields.show(name, soft) if soft < getattr(program.hard, name) else "–"


_WORDS = {
    "shot_nl": "volume of a shot",
    "zone_nl": "volume of a zone",
    "session_nl": "volume of the session",
    "needle_shots": "shots of a needle",
}


def _most_of_a_needle(records: Sequence[ShotRecord]) -> int:
    """The most shots between two needles; each syringe comes with a new one."""
    changes = [n for n, record in enumerate(records) if is_event(record, errors.EVENT_LOADED)]
    bounds = [0, *changes, len(records)]
    return max(sum(one.is_shot for one in records[a:b]) for a, b in pairwise(bounds))
