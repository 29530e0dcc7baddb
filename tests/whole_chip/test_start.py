"""The firmware comes up on an emulated Pico by its own two lines, homes, and answers a host."""

import re

import pytest

from mesofw.core import door
from mesohost.gun import Gun
from mesosim.port import WorldPort
from tests.whole_chip import disk, figures
from tests.whole_chip.chip import Chip, with_firmware
from tests.whole_chip.worlds import on_chip

pytestmark = pytest.mark.timeout(600)

# What the next change may not pass unnoticed; what is to be reached stands in `make bench`.
NAMES_MOST = 20 * (1 + 2 + 4 + 8 + 16 + 32)
BOOT_MOST_US = 2_500_000


def test_the_production_main_homes_and_answers(possible: None) -> None:  # noqa: ARG001
    with on_chip(main=None) as made:
        world = made.world
        assert world.run_while(lambda: world.plant.screen[:1] != ["No program"], 8_000_000)
        # A light that has flashed is seen to be steady a moment later.
        assert world.run_while(lambda: world.plant.light != door.LIGHT_IDLE, 2_000_000)
        assert made.gun.pulses.seen > 100
        gun = Gun(WorldPort(world))
        told = gun.hello()
        assert told.build == disk.build_told()
        assert told.hardware_verified is False
        assert gun.health().faulty == 0
        assert made.gun.resets == 1, "at power-on the watchdog is tried"
        assert not world.board.errors


def test_the_self_test_has_passed_soon_after_the_reset(possible: None) -> None:  # noqa: ARG001
    assert 0 < figures.started().tested_us <= BOOT_MOST_US


def test_the_names_fit_into_six_tables(possible: None) -> None:  # noqa: ARG001
    """The seventh of MicroPython's, each twice the one before, would take 7.7 kB at once. A session
    brings no name that is not there by then."""
    code = (
        "import gc, micropython\n"
        "gc.collect()\n"
        "gc.threshold(8192)\n"
        "import mesofw.board.main\n"
        "mesofw.board.main.aside.read_once()\n"
        "micropython.qstr_info()\n"
    )
    with with_firmware() as chip:
        told = chip.run(code)
    found = re.search(r"n_pool=(\d+), n_qstr=(\d+)", told)
    assert found, told
    assert int(found[1]) <= 6
    assert int(found[2]) <= NAMES_MOST - 20


def test_every_module_of_the_firmware_can_be_read_in(chip: Chip) -> None:
    """All of them beside each other."""
    names = disk.modules()
    assert {"mesofw.core.gun", "mesofw.core.texts", "mesofw.board.pulses"} < set(names)
    code = "import gc\ngc.collect()\ngc.threshold(8192)\nfor name in %r:\n __import__(name)\n"
    assert chip.run(code % names + "print('all')") == "all\n"
