"""The journal memory on its bus: what is written is there, whole or as a prefix."""

import pytest

from mesofw.board.fram import FRAM_BYTES, Fram
from tests.board.chips import fram as chip
from tests.board.chips.bus import Bus, Spi


def memory() -> tuple[Fram, chip.Fram]:
    held = chip.Fram()
    return Fram(Spi(Bus([held]), held), held.select), held


def test_what_is_written_is_read_back_and_nothing_else_changes():
    fram, held = memory()
    fram.write(0x1234, b"abcdef")
    buffer = bytearray(8)
    fram.read(0x1233, buffer)
    assert bytes(buffer) == b"\0abcdef\0"
    assert sum(held.memory) == sum(b"abcdef")


def test_it_is_as_large_as_the_chip_and_its_ends_can_be_used():
    fram, held = memory()
    assert FRAM_BYTES == chip.BYTES
    fram.write(0, b"first")
    fram.write(FRAM_BYTES - 4, b"last")
    assert held.memory[:5] == b"first"
    assert held.memory[-4:] == b"last"


@pytest.mark.parametrize("address", [-1, FRAM_BYTES - 3, FRAM_BYTES])
def test_nothing_wraps_at_the_ends(address: int):
    fram, held = memory()
    with pytest.raises(ValueError, match="outside"):
        fram.write(address, b"last")
    with pytest.raises(ValueError, match="outside"):
        fram.read(address, bytearray(4))
    assert not any(held.memory)


def test_writing_nothing_writes_nothing():
    fram, held = memory()
    fram.write(5, b"")
    # Nothing is enabled either: what comes next is no write by chance.
    assert not held._enabled
    assert not any(held.memory)


def test_no_write_leaves_the_memory_open_for_the_next():
    fram, held = memory()
    fram.write(0, b"abc")
    assert not held._enabled


@pytest.mark.parametrize("bytes_left", range(5))
def test_a_power_cut_leaves_a_prefix(bytes_left: int):
    fram, held = memory()
    held.budget = bytes_left
    fram.write(0, b"abcd")
    assert held.memory[:4] == b"abcd"[:bytes_left] + bytes(4 - bytes_left)


def test_a_memory_that_is_not_there_is_told():
    fram, held = memory()
    assert fram.present()
    held.there = False
    assert not fram.present()
    fram.write(0, b"lost")
    held.there = True
    assert fram.present()
    assert not any(held.memory)


def test_a_line_that_is_stuck_is_no_memory():
    for level in (0x00, 0xFF):

        class Stuck(chip.Fram):
            driven = level

            def shift(self, _byte: int) -> int:
                return self.driven

        held = Stuck()
        assert not Fram(Spi(Bus([held]), held), held.select).present()
