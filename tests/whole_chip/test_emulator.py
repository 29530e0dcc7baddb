"""The emulator that the whole chip runs on, without an image: processor, PIO, DMA, and the chips on
the pins, which must behave as the models that the other tests use."""

import subprocess
from collections.abc import Iterator
from random import Random

import pytest

from mesofw.board import drivers, pins, tmc2209
from mesofw.board.driver_wire import DriverWire
from mesofw.board.fram import FRAM_BYTES, Fram
from mesofw.board.register_lines import PLUNGER_OFF, RegisterLines
from mesofw.board.shared_spi import SharedSpi
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.motion import TICK_HZ
from tests.board.chips.tmc2209 import Tmc2209
from tests.chip import moves, test_edges, test_encoders, test_stop
from tests.whole_chip import emulator, nodejs
from tests.whole_chip.bare_chip import BareChip

NODE_TESTS = sorted((emulator.SOURCES / "tests").glob("*.test.mjs"))
EXCHANGE = drivers.EXCHANGE_US * TICK_HZ // 1_000_000
SIO_OUT_SET, SIO_OUT_CLEAR, SIO_OE_SET, SIO_IN = 0xD0000014, 0xD0000018, 0xD0000024, 0xD0000004
IO_BANK, PADS = 0x40014000, 0x4001C000
SPI, SIO, PAD = 1, 5, 0x5A
SPI_BASE = 0x4003C000
CONTROL0, CONTROL1, DATA, PRESCALE = 0x00, 0x04, 0x08, 0x10
# Eight bits at a 14th of the clock, and the next instruction.
BYTE_CYCLES = 8 * 14 + 8

pytestmark = pytest.mark.skipif(bool(nodejs.missing()), reason=nodejs.missing() or "-")


@pytest.fixture
def chips(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BareChip]]:
    """Lets the tests of the PIO programs run on this emulator; the chips that they made."""
    made: list[BareChip] = []

    def one() -> BareChip:
        made.append(BareChip())
        return made[-1]

    for module in (moves, test_edges, test_encoders, test_stop):
        monkeypatch.setattr(module, "EmulatedChip", one)
    yield made
    for chip in made:
        chip.close()


@pytest.fixture
def chip() -> Iterator[BareChip]:
    """A chip whose processor sleeps."""
    bare = BareChip()
    yield bare
    bare.close()


@pytest.mark.parametrize("path", NODE_TESTS, ids=[path.stem for path in NODE_TESTS])
def test_in_node(path: object) -> None:
    emulator.install()
    done = subprocess.run(
        [*nodejs.node(), "--test", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# What tests/chip asks of the emulator in Python.

OTHERS = {
    "a shot": lambda: test_edges.test_no_edge_of_a_shot_is_off_by_a_cycle({}),
    "a dry shot": lambda: test_edges.test_no_edge_of_a_shot_is_off_by_a_cycle(
        {"mode": "dry", "volume_nl": 0}
    ),
    "directions": test_edges.test_each_phase_has_its_direction_before_its_edges,
    "patches": test_edges.test_a_patch_changes_the_pulses_of_its_segment_only,
    "both at once": test_edges.test_both_axes_are_exact_at_once_at_the_shortest_period,
    "a refused one": test_edges.test_of_a_timetable_that_is_refused_nothing_runs,
    "stops": lambda: test_stop.test_after_a_stop_at_any_moment_the_next_shot_is_right(1),
    "stops in any cycle": (
        test_stop.test_a_stop_in_any_cycle_of_a_few_pulses_counts_each_edge_once
    ),
    "a restart": test_stop.test_a_restart_of_python_stops_what_ran_before,
    "counts": lambda: test_encoders.test_every_count_to_and_fro_is_counted_from_anywhere(
        PLUNGER, 2
    ),
    "counts of both": (
        test_encoders.test_both_are_counted_at_once_with_none_lost_while_nobody_reads
    ),
}


@pytest.mark.usefixtures("chips")
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_asked_of_the_emulator_in_python_holds_here(other) -> None:
    other()


@pytest.mark.usefixtures("chips")
@pytest.mark.parametrize("name", ["one pulse each", "by turns", "pauses last", "every segment"])
def test_unusual_values_are_exact_here_too(name: str) -> None:
    test_edges.test_unusual_values_are_exact(test_edges.UNUSUAL[name])


# The chips on the pins.


def test_both_drivers_answer_as_their_model_does(chip: BareChip) -> None:
    wire = DriverWire(chip)
    models = [Tmc2209(CARRIAGE), Tmc2209(PLUNGER)]
    reply = bytearray(8)
    sent = []
    for axis in (CARRIAGE, PLUNGER):
        one = drivers.Driver(axis)
        sent += [*one.settings, *one.asks.values(), tmc2209.ask(axis, tmc2209.CHOPCONF)]
    # A damaged one, and one for nobody.
    sent += [b"\x05\x00\x02\x00", tmc2209.ask(3, tmc2209.IFCNT)]
    for data in sent:
        wire.send(data, 0 if len(data) == tmc2209.WRITE_BYTES else tmc2209.REPLY_BYTES)
        chip.run(EXCHANGE)
        expected = b"".join(model.hear(data) for model in models)
        assert bytes(reply[: wire.take(reply)]) == expected, data.hex()


class PinLine:
    """A pin as `machine.Pin` is called; it drives."""

    def __init__(self, chip: BareChip, number: int) -> None:
        self._chip = chip
        self._bit = 1 << number
        chip.store(PADS + 4 + 4 * number, 4, PAD)
        chip.store(IO_BANK + 4 + 8 * number, 4, SIO)
        chip.store(SIO_OE_SET, 4, self._bit)

    def __call__(self, level: int) -> None:
        self._chip.store(SIO_OUT_SET if level else SIO_OUT_CLEAR, 4, self._bit)


class SoftSpi:
    """`machine.SoftSPI` as MicroPython makes the bits: data out, clock, data in, clock back."""

    def __init__(self, chip: BareChip, miso: int, idle: int) -> None:
        self._chip = chip
        self._idle = idle
        self._miso = miso
        chip.store(PADS + 4 + 4 * miso, 4, PAD)
        self._clock = PinLine(chip, pins.FRAM_SCK)
        self._out = PinLine(chip, pins.FRAM_MOSI)
        self._clock(idle)

    def write(self, data: bytes) -> None:
        """Send, and forget what comes back."""
        for byte in data:
            self._shift(byte)

    def readinto(self, buffer: bytearray) -> None:
        """Fill with what comes back."""
        for place in range(len(buffer)):
            buffer[place] = self._shift(0)

    def write_readinto(self, data: bytes, buffer: bytearray) -> None:
        """Both."""
        for place, byte in enumerate(data):
            buffer[place] = self._shift(byte)

    def _shift(self, byte: int) -> int:
        told = 0
        for bit in range(7, -1, -1):
            self._out(byte >> bit & 1)
            self._clock(1 - self._idle)
            told = told << 1 | self._chip.load(SIO_IN, 4) >> self._miso & 1
            self._clock(self._idle)
        return told


@pytest.mark.parametrize("idle", [0, 1])
def test_the_journal_memory_keeps_what_it_is_given(chip: BareChip, idle: int) -> None:
    fram = Fram(SoftSpi(chip, pins.FRAM_MISO, idle), PinLine(chip, pins.FRAM_CS))
    assert fram.present()
    draw = Random(idle)
    kept = {}
    for address in (0, 77, FRAM_BYTES - 5):
        kept[address] = draw.randbytes(5)
        fram.write(address, kept[address])
    back = bytearray(5)
    for address, data in kept.items():
        fram.read(address, back)
        assert bytes(back) == data
        assert chip.emulator.fram()[address : address + 5] == data
    chip.emulator.set(fram_present=False)
    assert not fram.present()
    fram.write(0, b"lost!")
    chip.emulator.set(fram_present=True)
    fram.read(0, back)
    assert bytes(back) == kept[0]


class Number(int):
    """`machine.Pin`: which one, no more."""

    IN = 0

    def __new__(cls, number: int, *_: object) -> "Number":
        return super().__new__(cls, number)


class Block:
    """`machine` as far as the shared bus takes it: its SPI block, register by register."""

    Pin = Number

    def __init__(self, chip: BareChip) -> None:
        self._chip = chip

    def SPI(self, block: int, baudrate: int, **given: Number) -> "BlockSpi":
        chip = self._chip
        assert (block, baudrate) == (0, 10_000_000)
        chip.store(SPI_BASE + PRESCALE, 4, 2)
        chip.store(SPI_BASE + CONTROL0, 4, 7 | 6 << 8)
        chip.store(SPI_BASE + CONTROL1, 4, 2)
        for pin in given.values():
            chip.store(PADS + 4 + 4 * pin, 4, PAD)
            chip.store(IO_BANK + 4 + 8 * pin, 4, SPI)
        return BlockSpi(chip)


class BlockSpi(SoftSpi):
    """The SPI block, a byte at a time."""

    def __init__(self, chip: BareChip) -> None:
        self._chip = chip

    def _shift(self, byte: int) -> int:
        self._chip.store(SPI_BASE + DATA, 4, byte)
        self._chip.run(BYTE_CYCLES)
        return self._chip.load(SPI_BASE + DATA, 4)


def test_the_slow_lines_share_the_bus_with_the_memory(chip: BareChip) -> None:
    bus = SharedSpi(chip, Block(chip))
    fram = Fram(bus.spi, PinLine(chip, pins.FRAM_CS))
    lines = RegisterLines(bus.spi, PinLine(chip, pins.REGISTERS_LATCH), bus.hear_lines)
    back = bytearray(1)
    for given in (0x00, 0xFF, 0x5A, 0x81, 0x01, 0x80):
        chip.emulator.set(lines=given)
        fram.write(9, bytes((given ^ 0x33,)))
        lines.outputs = given ^ 0xC5
        lines.exchange()
        assert lines.inputs == ~given & 0xFF
        fram.read(9, back)
        chip.run(1)
        assert (back[0], chip.lines_out) == (given ^ 0x33, given ^ 0xC5)


def test_the_latchs_first_rise_puts_out_nothing_that_was_for_the_memory(chip: BareChip) -> None:
    bus = SharedSpi(chip, Block(chip))
    bus.spi.write(b"\x0f")
    RegisterLines(bus.spi, PinLine(chip, pins.REGISTERS_LATCH), bus.hear_lines)
    chip.run(1)
    assert chip.lines_out == PLUNGER_OFF


def test_a_refused_request_says_why(chip: BareChip) -> None:
    with pytest.raises(emulator.EmulatorError, match="no operation nonsense"):
        chip.emulator.ask("nonsense")
    chip.run(1)
