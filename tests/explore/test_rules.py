"""Each rule can fail: a defect that is planted in the gun breaks it, and is found."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.explore.defects import planted
from tests.explore.moves import MOVES, TIMES, Move
from tests.explore.plants import PLANTS, Plant
from tests.explore.rules import RULES
from tests.explore.search import explore
from tests.explore.watched import Violated

MOST = 400


@pytest.mark.parametrize("plant", PLANTS, ids=[plant[0] for plant in PLANTS])
def test_a_planted_defect_breaks_the_rule(plant: Plant) -> None:
    rule, stage, names, changes = plant
    moves = [move for move in (*MOVES, *TIMES) if move[0] in names]
    assert {name for name, _, _ in moves} == set(names)
    with planted(changes):
        assert rule in _broken(stage, moves, rule)


def _broken(stage: Callable[[], Any], moves: list[Move], rule: str) -> set[str]:
    """The rules that a search breaks, or already the way to where it begins."""
    try:
        bench = stage()
    except Violated as broken:
        return set(broken.names)
    bench.most_faults = 2
    found = explore([bench], MOST, moves, stop_at=rule)
    return {name for broken in found.violations for name in broken.names}


def test_without_it_the_same_way_breaks_none() -> None:
    for _, stage, names, _ in PLANTS:
        if stage in _ONLY_PLANTED:
            continue
        moves = [move for move in (*MOVES, *TIMES) if move[0] in names]
        bench = stage()
        bench.most_faults = 2
        assert not explore([bench], 60, moves).violations


def test_every_rule_has_its_defect() -> None:
    assert {plant[0] for plant in PLANTS} == {name for name, _ in RULES}


# What cannot be armed without its defect.
_ONLY_PLANTED = [plant[1] for plant in PLANTS if plant[0] == "shot commissioned"]
