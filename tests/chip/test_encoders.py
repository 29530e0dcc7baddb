"""The encoders' counts, read while they count."""

from random import Random

import pytest

from mesofw.board import pins
from mesofw.board.witness import RENEW_COUNTS, Witness
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.machine import AXES
from mesofw.core.motion import TICK_HZ
from tests.chip.emulated import EmulatedChip

PINS = {
    CARRIAGE: (pins.CARRIAGE_A, pins.CARRIAGE_B),
    PLUNGER: (pins.PLUNGER_A, pins.PLUNGER_B),
}
# A and B of the four quarters of a cycle, forwards.
QUARTERS = ((0, 0), (1, 0), (1, 1), (0, 1))
SETTLED = 60
# Cycles of a count fifty times as fast as an axis at top speed counts.
FASTEST = TICK_HZ // max(axis.speed_hz * axis.step_nm // axis.count_nm for axis in AXES) // 50


class Encoder:
    """Turns one encoder, count by count; `at` is where it is."""

    def __init__(self, chip: EmulatedChip, axis: int, at: int = 0) -> None:
        self._chip = chip
        self._axis = axis
        self.at = at
        self.turn(0)

    def turn(self, counts: int) -> None:
        """Go so many counts at once."""
        self.at += counts
        for pin, level in zip(PINS[self._axis], QUARTERS[self.at % 4], strict=True):
            self._chip.drive(pin, level)


@pytest.mark.parametrize("axis", [CARRIAGE, PLUNGER])
@pytest.mark.parametrize("start", range(4))
def test_every_count_to_and_fro_is_counted_from_anywhere(axis, start):
    chip = EmulatedChip()
    encoder = Encoder(chip, axis, start)
    witness = Witness(chip)
    chip.run(SETTLED)
    assert witness.counts[axis].read() == 0
    draw = Random(start)
    way = [1] * 9 + [-1] * 20 + [draw.choice((1, -1)) for _ in range(60)]
    for step in way:
        encoder.turn(step)
        chip.run(FASTEST)
        assert witness.counts[axis].read() == encoder.at - start
        assert witness.counts[1 - axis].read() == 0


def test_both_are_counted_at_once_with_none_lost_while_nobody_reads():
    chip = EmulatedChip()
    carriage, plunger = Encoder(chip, CARRIAGE), Encoder(chip, PLUNGER)
    witness = Witness(chip)
    for place in range(400):
        carriage.turn(1)
        chip.run(FASTEST // 2 + place % 3)
        plunger.turn(-1)
        chip.run(FASTEST // 2)
    chip.run(SETTLED)
    assert [counter.read() for counter in witness.counts] == [400, -400]


def test_a_broken_wire_does_not_count_on():
    chip = EmulatedChip()
    witness = Witness(chip)
    for level in (1, 0) * 30:
        chip.drive(pins.PLUNGER_A, level)
        chip.run(FASTEST)
    assert abs(witness.counts[PLUNGER].read()) <= 1
    assert witness.counts[CARRIAGE].read() == 0


def test_both_pins_at_once_count_as_nothing():
    chip = EmulatedChip()
    encoder = Encoder(chip, CARRIAGE)
    witness = Witness(chip)
    for _ in range(5):
        encoder.turn(2)
        chip.run(FASTEST)
    assert witness.counts[CARRIAGE].read() == 0


def test_zero_calls_the_present_place_0():
    chip = EmulatedChip()
    encoder = Encoder(chip, PLUNGER)
    witness = Witness(chip)
    for _ in range(7):
        encoder.turn(-1)
        chip.run(FASTEST)
    witness.zero(PLUNGER)
    chip.run(SETTLED)
    assert witness.counts[PLUNGER].read() == 0
    for _ in range(3):
        encoder.turn(-1)
        chip.run(FASTEST)
    assert witness.counts[PLUNGER].read() == -3


@pytest.mark.parametrize("words_before", [0, 1])
def test_a_counter_lasts_wherever_its_memory_is(words_before):
    chip = EmulatedChip()
    if words_before:
        chip.words(words_before)
    encoder = Encoder(chip, CARRIAGE)
    witness = Witness(chip)
    counter = witness.counts[CARRIAGE]
    encoder.turn(1)
    chip.run(FASTEST)
    # As if it had counted so far: the words as its state machine would have pushed them.
    machine = chip.blocks[1].machines[0]
    machine.y -= RENEW_COUNTS
    encoder.turn(1)
    chip.run(FASTEST)
    assert counter.read() == RENEW_COUNTS + 2
    witness.rest()
    assert machine.y == 0xFFFFFFFF
    assert counter.read() == RENEW_COUNTS + 2
    encoder.turn(1)
    chip.run(FASTEST)
    witness.rest()
    assert counter.read() == RENEW_COUNTS + 3


def test_a_closed_witness_writes_nothing():
    chip = EmulatedChip()
    encoder = Encoder(chip, CARRIAGE)
    witness = Witness(chip)
    witness.close()
    before = bytes(chip.mcu.sram)
    for _ in range(5):
        encoder.turn(1)
        chip.run(FASTEST)
    assert bytes(chip.mcu.sram) == before
