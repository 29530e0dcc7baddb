"""Every edge of a timetable comes in its cycle: whole shots, any values, both axes."""

from itertools import pairwise

import pytest

from mesofw.board import resources
from mesofw.board.pulses import Pulses
from mesofw.board.stream import PERIOD_LEAST
from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER
from mesofw.core.motion import PERIOD_MAX_TICKS, TICK_HZ
from mesofw.core.shot import SEGMENTS_MAX
from tests.chip.emulated import EmulatedChip
from tests.chip.moves import (
    AFTER,
    DIR,
    STEP,
    asked,
    at_once,
    begun,
    errors,
    pulses_told,
    shot,
    timetable,
    whole,
)

LEAST = PERIOD_LEAST
# TMC2209 data sheet: STEP is high and low for 100 ns at least, DIR stands 20 ns before and after.
HIGH_NS, TURN_NS = 100, 20
TICK_NS = 8


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"depth_um": 500, "volume_nl": 3_000},
        {"mode": "dry", "volume_nl": 0},
        {"depth_um": 6000, "volume_nl": 60_000, "rate_per_min": 30},
    ],
    ids=["intradermal", "least", "dry", "deep"],
)
def test_no_edge_of_a_shot_is_off_by_a_cycle(changes):
    table = shot(**changes)
    chip, _ = whole(table)
    assert set(errors(chip, table)) == {0}


def test_one_start_runs_all_phases_and_marks_each_as_it_ends():
    table = shot()
    chip, pulses = begun(table)
    ends = asked(table)[1]
    for done, end in enumerate(ends):
        chip.run(end - chip.cycle - AFTER)
        assert pulses.phases_done() == done
        chip.run(2 * AFTER)
        assert pulses.phases_done() == done + 1
    chip.run(TICK_HZ)
    assert pulses.phases_done() == table.count


def test_each_phase_has_its_direction_before_its_edges():
    table = shot()
    chip, _ = whole(table)
    for axis in (CARRIAGE, PLUNGER):
        told = []
        level, turned, stepped = 0, -TICK_HZ, -TICK_HZ
        for cycle, pin, now in chip.edges:
            if pin == DIR[axis]:
                assert (cycle - stepped) * TICK_NS > TURN_NS
                level, turned = now, cycle
            elif pin == STEP[axis] and now:
                assert (cycle - turned) * TICK_NS > TURN_NS
                stepped = cycle
                told.append(1 if level else -1)
        legs = [phase for phase in table.phases[: table.count] if phase.axis == axis]
        assert told == [leg.direction for leg in legs for _ in range(leg.pulses)]


def test_a_pulse_is_high_and_low_for_as_long_as_the_driver_needs():
    table = timetable((CARRIAGE, 1, [(20, LEAST), (1, LEAST), (3, LEAST + 1)]))
    chip, _ = whole(table)
    at = [cycle for cycle, pin, _ in chip.edges if pin == STEP[CARRIAGE]]
    assert min(later - sooner for sooner, later in pairwise(at)) * TICK_NS > HIGH_NS


UNUSUAL = {
    "one pulse": [(CARRIAGE, 1, [(1, 1_000)])],
    "one pulse each": [(PLUNGER, 1, [(1, LEAST)]), (CARRIAGE, 1, [(1, LEAST)])],
    "the shortest period": [(PLUNGER, -1, [(1, LEAST), (2, LEAST), (300, LEAST), (1, LEAST)])],
    "the longest period": [(CARRIAGE, 1, [(3, PERIOD_MAX_TICKS), (1, LEAST)])],
    "a huge pause": [
        (PLUNGER, 1, [(1, 500)]),
        (NEITHER, 1, [(0, PERIOD_MAX_TICKS)] * 40 + [(0, 7)]),
        (CARRIAGE, -1, [(2, 500)]),
    ],
    "a pause first": [(NEITHER, 1, [(0, 12_345)]), (PLUNGER, 1, [(2, 500)])],
    "pauses last": [(PLUNGER, 1, [(2, 500), (0, 3), (0, 1)]), (NEITHER, 1, [(0, 19), (0, 3)])],
    "one axis again and again": [(CARRIAGE, sign, [(2, LEAST)]) for sign in (1, 1, -1, 1, -1, -1)],
    "by turns": [(axis, 1, [(2, LEAST)]) for axis in (CARRIAGE, PLUNGER) * 3],
    "a turn after a pause": [
        (CARRIAGE, 1, [(2, LEAST)]),
        (NEITHER, 1, [(0, 40)]),
        (CARRIAGE, -1, [(2, LEAST)]),
    ],
    "more than 16 bits": [(PLUNGER, 1, [(49_152, LEAST), (2, LEAST)])],
    "every segment": [(CARRIAGE, 1, [(1, LEAST + place) for place in range(SEGMENTS_MAX)])],
}


@pytest.mark.parametrize("legs", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_unusual_values_are_exact(legs):
    table = timetable(*legs)
    chip, pulses = whole(table)
    assert set(errors(chip, table)) == {0}
    assert pulses.phases_done() == len(legs)


def test_no_pause_is_too_short_to_count():
    for ticks in range(1, 25):
        for then in (CARRIAGE, PLUNGER):
            table = timetable(
                (CARRIAGE, 1, [(1, 60), (0, ticks), (2, 60), (0, ticks)]),
                (NEITHER, 1, [(0, 18), (0, ticks)]),
                (then, -1, [(0, ticks), (0, ticks), (1, 60)]),
            )
            chip, _ = whole(table)
            assert set(errors(chip, table)) == {0}, ticks


def test_a_patch_changes_the_pulses_of_its_segment_only():
    table = shot()
    chip, pulses = begun(table)
    chip.run(asked(table)[1][-1] + AFTER)
    for more in (1, -1, 5):
        count = table.segments.data[2 * table.cruise] + more
        table.segments.data[2 * table.cruise] = count
        pulses.patch(table.cruise, count)
        since = chip.cycle
        pulses.start()
        chip.run(asked(table)[1][-1] + AFTER)
        assert set(errors(chip, table, since)) == {0}
        assert pulses.intact()


@pytest.mark.parametrize("more", [-1, 0, 1, 9_000])
@pytest.mark.parametrize("before", [2, 49_151, 49_152, 65_530, 81_920, 264_000])
def test_a_patch_finds_room_in_segments_of_many_pulses(before, more):
    table = timetable((PLUNGER, 1, [(7, 700), (before, 600), (11, 700)]))
    chip = EmulatedChip()
    pulses = Pulses(chip)
    pulses.load(table.segments, table.phases, table.count)
    pulses.patch(1, before + more)
    assert pulses_told(list(chip.buffers[0])) == 7 + before + more + 11
    assert pulses.intact()


def test_what_no_words_can_say_is_refused():
    pulses = Pulses(EmulatedChip())
    for legs, why in (
        ([(CARRIAGE, 1, [(2, LEAST - 1)])], "at least 51 ticks"),
        ([(CARRIAGE, 1, [(2, LEAST)])] * (resources.MARKS + 1), "at most 6 phases"),
        ([(CARRIAGE, 1, [(2, LEAST)]), (NEITHER, 1, [(0, 18)])], "at least 19 ticks"),
        ([(PLUNGER, 1, [])], "at least 19 ticks"),
        ([(PLUNGER, 1, [(1 << 23, LEAST)])], "at most 8355840 pulses"),
        ([(PLUNGER, 1, [(8_000_000, LEAST)] * 2)], "more segments than"),
    ):
        table = timetable(*legs)
        with pytest.raises(ValueError, match=why):
            pulses.load(table.segments, table.phases, table.count)
    table = shot()
    pulses.load(table.segments, table.phases, table.count)
    for segment, count in ((table.phases[2].first, 1), (table.cruise, 0), (table.cruise, 65_536)):
        with pytest.raises(ValueError, match="no room"):
            pulses.patch(segment, count)


def test_of_a_timetable_that_is_refused_nothing_runs():
    table = shot()
    chip, pulses = whole(table)
    edges = len(chip.edges)
    # The carriage's part is good, the plunger's is not.
    bad = timetable((CARRIAGE, 1, [(2, 500)]), (PLUNGER, 1, [(2, LEAST - 1)]))
    with pytest.raises(ValueError, match="at least"):
        pulses.load(bad.segments, bad.phases, bad.count)
    pulses.start()
    chip.run(TICK_HZ)
    assert (len(chip.edges), pulses.phases_done()) == (edges, 0)


def test_words_that_changed_in_memory_are_noticed():
    table = shot()
    chip, pulses = whole(table)
    assert pulses.intact()
    chip.mcu.sram[33] ^= 4
    assert not pulses.intact()


def test_both_axes_are_exact_at_once_at_the_shortest_period():
    legs = [(1, LEAST), (2, LEAST), (1, LEAST + 3), (50, LEAST)] * 20
    tables = {axis: timetable((axis, 1, legs)) for axis in (CARRIAGE, PLUNGER)}
    chip = EmulatedChip()
    at_once(chip, tables)
    chip.run(asked(tables[CARRIAGE])[1][-1] + AFTER)
    firsts = [chip.rises(STEP[axis])[0] for axis in tables]
    for axis, table in tables.items():
        edges = asked(table)[0][axis]
        late = [seen - edge for seen, edge in zip(chip.rises(STEP[axis]), edges, strict=True)]
        assert set(late) == {firsts[0] - edges[0]}
