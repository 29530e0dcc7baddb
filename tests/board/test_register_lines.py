"""The slow lines: what is set is put out, what is closed is seen, on a bus with others."""

from hardware import consistency, design, pinmap
from mesofw.board import register_lines
from mesofw.board.fram import Fram
from mesofw.board.register_lines import RegisterLines
from tests.board.chips import fram as chip
from tests.board.chips.bus import Bus, Spi
from tests.board.chips.shift_registers import Hc165, Hc595, Latch


class Board:
    """The registers on one bus with the journal memory."""

    def __init__(self) -> None:
        self.inputs, self.outputs, self.held = Hc165(), Hc595(), chip.Fram()
        bus = Bus([self.held, self.inputs, self.outputs])
        self.spi = Spi(bus, self.held)
        latch = Latch((self.inputs, self.outputs))
        self.lines = RegisterLines(self.spi, latch, self._hear)
        self.fram = Fram(self.spi, self.held.select)

    def _hear(self, lines: bool) -> None:
        self.spi.heard = self.inputs if lines else self.held


def test_each_line_is_the_one_of_the_guns_file_and_of_the_schematic():
    assert list(consistency.register_lines(design.load())) == []
    for names in pinmap.LINES.values():
        for name in names:
            assert getattr(register_lines, name).bit_count() == 1, name


def test_every_output_follows_its_bit_alone():
    board = Board()
    for bit in range(8):
        board.lines.outputs = 1 << bit
        board.lines.exchange()
        assert board.outputs.pins == 1 << bit


def test_every_contact_is_seen_as_it_is_and_a_broken_wire_as_open():
    board = Board()
    board.lines.exchange()
    assert board.lines.inputs == 0
    for bit in range(8):
        board.inputs.pins = 0xFF & ~(1 << bit)
        board.lines.exchange()
        assert board.lines.inputs == 1 << bit
    board.inputs.pins = 0xFF
    board.lines.exchange()
    assert board.lines.inputs == 0


def test_the_plunger_holds_nothing_before_it_is_told_to():
    board = Board()
    board.lines.exchange()
    assert board.outputs.pins == register_lines.PLUNGER_OFF


def test_what_goes_over_the_bus_to_the_memory_is_never_put_out():
    board = Board()
    board.lines.outputs = register_lines.GREEN
    for number in range(50):
        board.fram.write(3 * number, bytes((number, 0xFF, 0x55)))
        board.fram.read(0, bytearray(5))
        board.lines.exchange()
    assert set(board.outputs.seen) == {register_lines.GREEN}


def test_what_goes_to_the_registers_never_reaches_the_memory():
    board = Board()
    for number in range(256):
        board.lines.outputs = number
        board.lines.exchange()
    assert not any(board.held.memory)


def test_lines_are_set_and_cleared_one_by_one():
    lines = Board().lines
    lines.outputs = 0
    lines.set(register_lines.RED | register_lines.BLUE, True)
    lines.set(register_lines.RED, False)
    assert lines.outputs == register_lines.BLUE
