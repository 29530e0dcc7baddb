"""The firmware comes up on a whole emulated Pico under a real MicroPython, with memory to spare."""

import pytest

from tests.whole_chip import disk, figures
from tests.whole_chip.chip import Chip

# Emulated, a second of the chip's takes about forty.
pytestmark = pytest.mark.timeout(600)

# What the next change may not fall below unnoticed; what is to be reached stands in `make bench`.
FREE_LEAST_B = 60 * 1024
BOOT_MOST_US = 3_000_000


@pytest.fixture(scope="module")
def start(chip: Chip) -> figures.Start:
    """The gun brought up on it, once."""
    return figures.start(chip)


def test_the_gun_passes_its_self_test_and_goes_home(start: figures.Start) -> None:
    assert (start.state, start.errors) == ("homing", "[]")


def test_it_does_so_within_three_seconds_of_the_reset(start: figures.Start) -> None:
    assert 0 < start.read_us < start.tested_us <= BOOT_MOST_US


def test_memory_is_left(start: figures.Start) -> None:
    assert start.free_b >= FREE_LEAST_B


def test_every_module_of_the_firmware_can_be_read_in(chip: Chip, start: figures.Start) -> None:
    """All of them beside each other and beside the gun."""
    assert start.free_b
    names = disk.modules()
    assert {"mesofw.core.gun", "mesofw.core.texts", "mesofw.board.pulses"} < set(names)
    code = "import gc\ngc.collect()\ngc.threshold(8192)\nfor name in %r:\n __import__(name)\n"
    assert chip.run(code % names + "print('all')") == "all\n"
