"""The drivers' one wire, bit by bit, on the emulator's PIO."""

from itertools import pairwise
from pathlib import Path

import pytest

from mesofw.board import driver_wire, drivers, resources
from mesofw.board.driver_wire import BAUD, DriverWire
from mesofw.core.motion import TICK_HZ
from tests.board.chips.tmc2209 import Tmc2209
from tests.chip.assembler import assemble, sources
from tests.chip.emulated import EmulatedChip

PIN = resources.DRIVER_UART[3]
BIT = TICK_HZ / BAUD
# The divider of the state machine's clock is a whole number.
OFF = 0.005
EXCHANGE = drivers.EXCHANGE_US * TICK_HZ // 1_000_000


class Line:
    """Drivers on the emulated pin: they hear what it does and drive it in their turn."""

    def __init__(self, *chips: Tmc2209, faster: float = 1.0) -> None:
        self.chip = EmulatedChip()
        self.chip.drive(PIN, 1)
        self.chips = chips
        self.bit = BIT / faster
        self.wire = DriverWire(self.chip)

    def exchange(self, data: bytes, expected: int) -> bytes:
        """Send; what the wire took in return, in the time that an exchange has."""
        chip = self.chip
        begin = chip.cycle
        self.chip.edges.clear()
        self.wire.send(data, expected)
        sent = round(10 * len(data) * BIT)
        chip.run(sent + round(BIT))
        heard = self._heard(begin)
        back = b"".join(one.hear(heard) for one in self.chips)
        chip.run(round(8 * self.bit))
        for byte in back:
            for level in [0, *(byte >> bit & 1 for bit in range(8)), 1]:
                chip.drive(PIN, level)
                end = round((chip.cycle + self.bit) - chip.cycle)
                chip.run(end)
        chip.run(max(0, begin + EXCHANGE - chip.cycle))
        buffer = bytearray(8)
        return bytes(buffer[: self.wire.take(buffer)])

    def _heard(self, begin: int) -> bytes:
        """What a receiver makes of the pin's edges."""
        edges = [(cycle, level) for cycle, pin, level in self.chip.edges if pin == PIN]

        def level_at(cycle: float) -> int:
            return next((level for when, level in reversed(edges) if when <= cycle), 1)

        heard = bytearray()
        at: float = begin
        while True:
            start = next((when for when, level in edges if when >= at and not level), None)
            if start is None:
                return bytes(heard)
            bits = [level_at(start + (place + 1.5) * BIT) for place in range(9)]
            assert bits[8] == 1, "no stop bit"
            heard.append(sum(bit << place for place, bit in enumerate(bits[:8])))
            at = start + 9.5 * BIT


def test_each_word_is_what_its_line_says():
    source = Path(driver_wire.__file__).read_text(encoding="utf-8")
    (lines,) = sources(source).values()
    words = resources.DRIVER_UART[2]
    assert list(driver_wire.DRIVERS) == assemble(lines, 32 - words)
    assert len(driver_wire.DRIVERS) == words


def test_a_write_arrives_and_is_counted():
    driver = Tmc2209(0)
    line = Line(driver)
    settings = drivers.Driver(0).settings
    for data in settings:
        assert line.exchange(data, 0) == b""
    assert driver.writes == len(settings)


def test_a_request_brings_its_reply_whoever_else_is_on_the_wire():
    line = Line(Tmc2209(0), Tmc2209(1))
    ask = drivers.Driver(1).asks[drivers.tmc2209.IFCNT]
    line.chips[1].writes = 0xA7
    reply = line.exchange(ask, 8)
    assert drivers.tmc2209.answers(reply, drivers.tmc2209.IFCNT)
    assert reply[6] == 0xA7


@pytest.mark.parametrize("faster", [0.98, 1.02])
def test_a_driver_whose_clock_is_off_is_understood(faster: float):
    line = Line(Tmc2209(0), faster=faster)
    line.chips[0].writes = 0x5A
    reply = line.exchange(drivers.Driver(0).asks[drivers.tmc2209.IFCNT], 8)
    assert drivers.tmc2209.answers(reply, drivers.tmc2209.IFCNT)


def test_after_silence_the_next_exchange_is_right():
    line = Line(Tmc2209(0))
    ask = drivers.Driver(0).asks[drivers.tmc2209.IFCNT]
    line.chips[0].powered = False
    assert line.exchange(ask, 8) == b""
    line.chips[0].powered = True
    assert drivers.tmc2209.answers(line.exchange(ask, 8), drivers.tmc2209.IFCNT)


def test_after_half_a_reply_the_next_exchange_is_right():
    class Cut(Tmc2209):
        left = 5

        def hear(self, data: bytes) -> bytes:
            return super().hear(data)[: self.left]

    line = Line(Cut(0))
    ask = drivers.Driver(0).asks[drivers.tmc2209.IFCNT]
    assert len(line.exchange(ask, 8)) == 4
    Cut.left = 8
    assert drivers.tmc2209.answers(line.exchange(ask, 8), drivers.tmc2209.IFCNT)


def test_the_wire_is_driven_while_sending_only():
    line = Line(Tmc2209(0))
    gpio = line.chip.mcu.gpio[PIN]
    assert not gpio.output_enable
    line.wire.send(drivers.Driver(0).settings[0], 0)
    line.chip.run(round(40 * BIT))
    assert gpio.output_enable
    line.chip.run(round(42 * BIT))
    assert not gpio.output_enable


def test_a_bit_lasts_as_long_as_it_must():
    line = Line()
    line.wire.send(bytes((0x55,) * 8), 0)
    line.chip.run(round(90 * BIT))
    edges = [cycle for cycle, pin, _ in line.chip.edges if pin == PIN]
    assert len(edges) == 80
    lengths = {after - before for before, after in pairwise(edges)}
    assert len(lengths) == 1
    assert abs(lengths.pop() / BIT - 1) <= OFF
