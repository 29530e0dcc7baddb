"""Light and sounder: colours, flashes and pulses as the standard has them."""

from itertools import pairwise

import pytest

from mesofw.board.register_lines import BLUE, GREEN, RED, SOUNDER
from mesofw.board.signals import Signals
from mesofw.core import door
from mesofw.core.clock import WRAP_US

START_US = WRAP_US - 2_000_000
LIGHTS = [getattr(door, name) for name in dir(door) if name.startswith("LIGHT_")]


class Lines:
    """The output register."""

    outputs = 0

    def set(self, mask: int, on: bool) -> None:
        self.outputs = self.outputs | mask if on else self.outputs & ~mask


class Bench:
    """Signals and time in ms."""

    def __init__(self, light: int = door.LIGHT_OFF, sound: int = door.SOUND_OFF) -> None:
        self.lines = Lines()
        self.signals = Signals(self.lines, START_US)
        self.ms = 0
        self.signals.set(light, sound)

    def run(self, duration_ms: int) -> "list[int]":
        """What the register held, ms by ms."""
        seen = []
        for _ in range(duration_ms):
            seen.append(self.lines.outputs)
            self.ms += 1
            self.signals.step((START_US + 1_000 * self.ms) % WRAP_US)
        return seen

    def pulses(self, duration_ms: int) -> "list[tuple[int, int]]":
        """(begin, length) of each pulse of the sounder, in ms."""
        found: list[tuple[int, int]] = []
        for ms, held in enumerate(self.run(duration_ms)):
            if held & SOUNDER:
                if found and sum(found[-1]) == ms:
                    found[-1] = (found[-1][0], found[-1][1] + 1)
                else:
                    found.append((ms, 1))
        return found


def gaps(pulses: "list[tuple[int, int]]") -> "list[int]":
    return [after - sum(before) for before, (after, _) in pairwise(pulses)]


def test_a_high_alarm_has_ten_pulses_in_two_groups_of_three_and_two():
    pulses = Bench(sound=door.SOUND_HIGH).pulses(10_000)
    burst, spaces = pulses[:10], gaps(pulses)
    assert all(75 <= length <= 200 for _, length in pulses)
    length = burst[0][1]
    for place in (0, 1, 3, 5, 6, 8):
        assert 50 <= spaces[place] <= 125
    for place in (2, 7):
        assert spaces[place] == 2 * spaces[0] + length
    assert 350 <= spaces[4] <= 1_300
    assert 2_500 <= spaces[9] <= 15_000
    assert [begin - pulses[10][0] for begin, _ in pulses[10:14]] == [b for b, _ in pulses[:4]]


def test_a_medium_alarm_has_three_pulses_and_a_low_one_two():
    for sound, count, least_ms in ((door.SOUND_MEDIUM, 3, 2_500), (door.SOUND_LOW, 2, 15_000)):
        pulses = Bench(sound=sound).pulses(50_000)
        spaces = gaps(pulses)
        assert all(125 <= length <= 250 for _, length in pulses)
        for place, space in enumerate(spaces):
            if place % count == count - 1:
                assert space >= least_ms
            else:
                assert 125 <= space <= 250


# docs/board.md: what a maker who follows the standard lets choose, in ms: on, and between bursts.
PUBLISHED = {
    door.SOUND_HIGH: (10, range(80, 151), range(2_550, 3_801)),
    door.SOUND_MEDIUM: (3, range(130, 201), range(2_500, 30_001)),
    door.SOUND_LOW: (2, range(130, 201), range(15_001, 30_001)),
}


@pytest.mark.parametrize("sound", PUBLISHED)
def test_times_are_like_those_that_makers_publish(sound: int):
    count, on_ms, between_ms = PUBLISHED[sound]
    pulses = Bench(sound=sound).pulses(60_000)
    bursts, spaces = len(pulses) // count, gaps(pulses)
    assert bursts >= 2
    assert all(length in on_ms for _, length in pulses)
    for burst in range(1, bursts):
        assert spaces[burst * count - 1] in between_ms
        assert spaces[(burst - 1) * count : burst * count - 1] == spaces[: count - 1]


def test_an_alarm_flashes_evenly():
    seen = Bench(light=door.LIGHT_ALARM).run(10_000)
    lit = sum(bool(held & RED) for held in seen)
    assert 2_000 <= lit <= 6_000


def test_a_shot_sounds_once_and_once_more_with_the_next():
    bench = Bench(sound=door.SOUND_SHOT)
    assert len(bench.pulses(5_000)) == 1
    bench.signals.set(door.LIGHT_SHOT, door.SOUND_SHOT)
    assert bench.pulses(1_000) == []
    bench.signals.again()
    assert len(bench.pulses(1_000)) == 1


def test_silence_is_at_once():
    for sound in range(door.SOUND_SHOT, door.SOUND_HIGH + 1):
        bench = Bench(sound=sound)
        bench.run(10)
        bench.signals.set(door.LIGHT_OFF, door.SOUND_OFF)
        bench.signals.again()
        assert bench.pulses(20_000) == []


def flashes(light: int) -> "tuple[set[int], int]":
    """(colours seen, flashes in 10 s)."""
    seen = [held & (RED | GREEN | BLUE) for held in Bench(light=light).run(10_000)]
    rises = sum(1 for before, after in pairwise(seen) if after and not before)
    return set(seen), rises


def test_an_alarm_flashes_red_and_nothing_else_does():
    seen, count = flashes(door.LIGHT_ALARM)
    assert seen == {0, RED}
    assert 14 <= count <= 28
    for light in LIGHTS:
        if light != door.LIGHT_ALARM:
            assert RED not in flashes(light)[0]


def test_a_low_alarm_is_steady_yellow():
    assert flashes(door.LIGHT_LOW) == ({RED | GREEN}, 0)


def test_lights_can_be_told_apart():
    looks = [str(flashes(light)) for light in LIGHTS]
    assert len(set(looks)) == len(LIGHTS)
    assert flashes(door.LIGHT_OFF) == ({0}, 0)


@pytest.mark.parametrize("light", LIGHTS)
def test_what_is_set_again_goes_on_as_it_was(light: int):
    bench, other = Bench(light, door.SOUND_HIGH), Bench(light, door.SOUND_HIGH)
    seen = []
    for _ in range(100):
        bench.signals.set(light, door.SOUND_HIGH)
        seen += bench.run(37)
    assert seen == other.run(3_700)
