"""The knob: detents are counted whatever the contacts do on the way."""

import random

from mesofw.board.knob import Knob

# (A, B) through one detent clockwise: A closes first.
CLOCKWISE = ((1, 0), (1, 1), (0, 1), (0, 0))
BACKWARDS = ((0, 1), (1, 1), (1, 0), (0, 0))


def turned(knob: Knob, states: "tuple[tuple[int, int], ...]") -> int:
    before = knob.turns
    for a, b in states:
        knob.update(bool(a), bool(b))
    return knob.turns - before


def test_a_detent_counts_once_in_its_own_direction():
    knob = Knob()
    for _ in range(30):
        assert turned(knob, CLOCKWISE) == 1
    for _ in range(50):
        assert turned(knob, BACKWARDS) == -1
    assert knob.turns == -20


def test_half_a_turn_and_back_counts_nothing():
    knob = Knob()
    assert turned(knob, ((1, 0), (1, 1), (1, 0), (0, 0))) == 0
    assert turned(knob, ((0, 1), (1, 1), (0, 1), (0, 0))) == 0


def test_bounces_count_nothing():
    rng = random.Random(4)
    knob = Knob()
    for _ in range(200):
        way = rng.choice((CLOCKWISE, BACKWARDS))
        states = []
        for before, after in zip(((0, 0), *way), way, strict=False):
            states += [after, before] * rng.randrange(4) + [after]
        assert turned(knob, tuple(states)) == (1 if way is CLOCKWISE else -1)


def test_a_state_that_was_missed_loses_no_detent():
    for missing in range(3):
        for way, count in ((CLOCKWISE, 1), (BACKWARDS, -1)):
            seen = tuple(state for place, state in enumerate(way) if place != missing)
            assert turned(Knob(), seen) == count, (way, missing)


def test_a_contact_that_only_chatters_turns_nothing():
    knob = Knob()
    assert turned(knob, ((1, 0), (0, 0)) * 40) == 0
    assert turned(knob, ((0, 1), (0, 0)) * 40) == 0
