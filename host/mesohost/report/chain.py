"""Whether a log's records follow each other unbroken.

Records are numbered one by one, and each carries the hash of the one before. An unkeyed chain shows
accidents and careless edits; a rewrite of everything shows only against a head held elsewhere.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from mesofw.core import records as core
from mesohost.archive import Held
from mesohost.records import START
from mesohost.report.model import ChainResult

_PROBLEMS_MAX = 20
_core: Any = core


def is_whole(held: Held) -> bool:
    """Whether a record's bytes fit their checksums, so that its numbers can be believed."""
    return bool(_core.whole(held.raw))


def check_chain(held: Sequence[Held], damage: Sequence[str] = ()) -> ChainResult:
    """Check records, numbers and links in their order; `damage` are problems found before."""
    problems = list(damage)
    problems += [_damaged(one) for one in held if not is_whole(one)]
    if held and held[0].number == 1 and is_whole(held[0]) and _prev(held[0]) != START:
        problems.append("record 1 does not begin a chain: records before it are missing")
    for before, after in pairwise(held):
        problems += _link(before, after)
    found = len(problems)
    if found > _PROBLEMS_MAX:
        problems[_PROBLEMS_MAX:] = [f"and {found - _PROBLEMS_MAX} more"]
    return ChainResult(
        whole=not found,
        records=len(held),
        first=held[0].number if held else 0,
        last=held[-1].number if held else 0,
        problems=tuple(problems),
    )


def _damaged(held: Held) -> str:
    return f"record {held.number} is damaged: its checksum does not fit"


def _prev(held: Held) -> bytes:
    return _core.prev(held.raw)


def _link(before: Held, after: Held) -> list[str]:
    """What is wrong between two records that stand one after the other."""
    last, number = before.number, after.number
    if number <= last:
        return [f"record {number} comes after record {last}: records are not in their order"]
    if number == last + 2:
        return [f"record {last + 1} is missing"]
    if number > last + 2:
        return [f"records {last + 1} to {number - 1} are missing"]
    if is_whole(before) and is_whole(after) and _prev(after) != _core.digest(before.raw):
        return [
            f"record {number} does not follow on from record {last}: one of the two was changed"
        ]
    return []
