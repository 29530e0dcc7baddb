"""A stop freezes both axes at once, the counters stay exact, and the next shot is right."""

from collections.abc import Callable
from random import Random

import pytest

from mesofw.board import pins, registers
from mesofw.board.pulses import Pulses
from mesofw.board.trigger import Stop
from mesofw.board.witness import Witness
from mesofw.core.door import CARRIAGE, PLUNGER
from tests.chip.emulated import EmulatedChip
from tests.chip.moves import AFTER, DIR, STEP, asked, errors, shot, timetable

AXES = (CARRIAGE, PLUNGER)
LONG = 2_000_000


def counted() -> tuple[EmulatedChip, Pulses, Witness]:
    """A chip with pulses and their counters; the encoders stand still and are not looked at."""
    chip = EmulatedChip()
    witness = Witness(chip)
    for counter in witness.counts:
        counter.close()
    return chip, Pulses(chip), witness


class StopPin:
    """MicroPython's pin of the stop: `rises` is what the processor does as its level does."""

    IRQ_RISING = 8

    def __init__(self, chip: EmulatedChip):
        self._chip = chip
        chip.window(registers.PADS_BASE + 4 + 4 * pins.STOP, 1)[0] = registers.PAD_READ
        chip.drive(pins.STOP, 0)

    def irq(self, handler: Callable[[object], None], trigger: int, hard: bool) -> None:
        assert trigger == self.IRQ_RISING
        assert hard
        self._handler = handler

    def rises(self, level: int = 1) -> None:
        """The level rises, and is at `level` when the interrupt looks."""
        self._chip.drive(pins.STOP, level)
        self._handler(self)


def seen(chip: EmulatedChip, axis: int) -> int:
    """Where the edges on the pins have brought an axis."""
    at = level = 0
    for _, pin, now in chip.edges:
        if pin == DIR[axis]:
            level = now
        elif pin == STEP[axis] and now:
            at += 1 if level else -1
    return at


def test_the_counters_follow_a_shot():
    chip, pulses, witness = counted()
    table = shot()
    pulses.load(table.segments, table.phases, table.count)
    pulses.start()
    for end in asked(table)[1]:
        for cycle in (end - 3_000_000, end + AFTER):
            chip.run(max(0, cycle - chip.cycle))
            for axis in AXES:
                assert witness.steps[axis].read() == seen(chip, axis)
    legs = [phase for phase in table.phases[: table.count] if phase.axis == PLUNGER]
    assert witness.steps[CARRIAGE].read() == 0
    assert witness.steps[PLUNGER].read() == sum(leg.direction * leg.pulses for leg in legs)


# The moments are fractions of a shot's time: in every phase, and before and after all.
@pytest.mark.parametrize("seed", range(4))
def test_after_a_stop_at_any_moment_the_next_shot_is_right(seed):
    draw = Random(seed)
    chip, pulses, witness = counted()
    table = shot(depth_um=500, volume_nl=3_000, dwell_ms=1)
    ends = asked(table)[1]
    pulses.load(table.segments, table.phases, table.count)
    for _ in range(4):
        phase = draw.randrange(len(ends))
        pulses.start()
        chip.run(ends[phase] - draw.choice((1, 40, 1_000, 100_000)) + draw.randrange(60))
        pulses.stop()
        edges = len([edge for edge in chip.edges if edge[1] in STEP.values() and edge[2]])
        done = pulses.phases_done()
        assert done in (phase, phase + 1)
        chip.run(LONG)
        assert len([edge for edge in chip.edges if edge[1] in STEP.values() and edge[2]]) == edges
        assert pulses.phases_done() == done
        for axis in AXES:
            assert witness.steps[axis].read() == seen(chip, axis)
            assert chip.level(STEP[axis]) == 0
    since = chip.cycle
    pulses.start()
    assert pulses.phases_done() == 0
    chip.run(ends[-1] + AFTER)
    assert set(errors(chip, table, since)) == {0}
    assert pulses.phases_done() == table.count
    for axis in AXES:
        assert witness.steps[axis].read() == seen(chip, axis)


def test_a_stop_in_any_cycle_of_a_few_pulses_counts_each_edge_once():
    table = timetable((CARRIAGE, 1, [(2, 60), (1, 53)]), (PLUNGER, -1, [(3, 51)]))
    chip, pulses, witness = counted()
    pulses.load(table.segments, table.phases, table.count)
    for cycles in range(420):
        pulses.start()
        chip.run(cycles)
        pulses.stop()
        chip.run(AFTER)
        for axis in AXES:
            assert witness.steps[axis].read() == seen(chip, axis), cycles


def test_the_stop_button_freezes_in_any_cycle_and_the_next_shot_is_right():
    table = timetable((CARRIAGE, 1, [(2, 60), (1, 53)]), (PLUNGER, -1, [(3, 51)]))
    chip, pulses, witness = counted()
    pin = StopPin(chip)
    stop = Stop(pulses, pin)
    pulses.load(table.segments, table.phases, table.count)
    for cycles in range(0, 420, 3):
        pulses.start()
        chip.run(cycles)
        pin.rises()
        edges = len(chip.edges)
        chip.run(AFTER)
        # What is started before the gun has seen the stop stays frozen too.
        pulses.start()
        chip.run(AFTER)
        assert len(chip.edges) == edges, cycles
        for axis in AXES:
            assert witness.steps[axis].read() == seen(chip, axis), cycles
        pulses.stop()
        chip.drive(pins.STOP, 0)
    assert stop.times == 140
    since = chip.cycle
    pulses.start()
    chip.run(asked(table)[1][-1] + AFTER)
    assert set(errors(chip, table, since)) == {0}


def test_a_glitch_on_the_stops_wire_moves_no_edge():
    table = shot()
    chip, pulses, _ = counted()
    pin = StopPin(chip)
    stop = Stop(pulses, pin)
    pulses.load(table.segments, table.phases, table.count)
    pulses.start()
    chip.run(3_000_000)
    pin.rises(0)
    chip.run(asked(table)[1][-1] + AFTER)
    assert set(errors(chip, table, 0)) == {0}
    assert stop.times == 0


def test_a_stop_at_rest_does_no_harm():
    chip, pulses, _ = counted()
    table = shot()
    pulses.stop()
    pulses.load(table.segments, table.phases, table.count)
    pulses.stop()
    pulses.stop()
    since = chip.cycle
    pulses.start()
    chip.run(asked(table)[1][-1] + AFTER)
    assert set(errors(chip, table, since)) == {0}


def test_a_restart_of_python_stops_what_ran_before():
    chip, pulses, _ = counted()
    table = shot()
    pulses.load(table.segments, table.phases, table.count)
    pulses.start()
    chip.run(3_000_000)
    again = Pulses(chip)
    edges = len(chip.edges)
    chip.run(LONG)
    assert len(chip.edges) == edges
    again.load(table.segments, table.phases, table.count)
    since = chip.cycle
    again.start()
    chip.run(asked(table)[1][-1] + AFTER)
    assert set(errors(chip, table, since)) == {0}


def test_closed_pulses_are_not_started():
    chip, pulses, _ = counted()
    table = shot()
    pulses.load(table.segments, table.phases, table.count)
    pulses.close()
    pulses.start()
    chip.run(LONG)
    assert not [edge for edge in chip.edges if edge[1] in STEP.values()]
