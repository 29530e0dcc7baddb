"""The gun's firmware on the Pico: builds the board, then steps the gun for ever."""

import gc
import os
import time

import machine
import micropython

from mesofw.board.chip import Chip
from mesofw.board.files import Files
from mesofw.board.parts import Parts
from mesofw.board.pico import PicoBoard
from mesofw.board.usb_link import UsbLink
from mesofw.core import aside, clock, door
from mesofw.core.gun import Gun

FOLDER = "/gun"
# The watchdog bites after 800 ms without a healthy step, so one is made at least so often.
WATCHDOG_MS = 800
LONGEST_WAIT_US = 200_000
_CTRL_C = 3
# Drivers that have not answered by then are silent.
START_US = 500_000


def start(board, parts, ticks_us) -> Gun:
    """The gun, once the drivers are set up or known to be silent. `ticks_us()` is the time."""
    began_us = ticks_us()
    while not parts.drivers.known():
        now_us = ticks_us()
        if clock.since_us(now_us, began_us) > START_US:
            break
        parts.drivers.step(now_us)
    aside.read_once()
    gc.collect()
    gun = Gun(board, ticks_us())
    gc.collect()
    return gun


def turn(gun, board, ticks_us) -> None:
    """One step of the gun, and what is looked after until the next."""
    began_us = ticks_us()
    wait_us = min(gun.step(began_us), LONGEST_WAIT_US)
    if not gun.link.busy and not gun.link.full:
        board.tell()
    while True:
        now_us = ticks_us()
        if board.poll(now_us) or clock.since_us(now_us, began_us) >= wait_us:
            return


def bring_up(watchdog_proven: bool, bundle, in_force: bool) -> tuple:
    """(gun, board), ready to be stepped. The firmware was read in from `bundle`, which is the one
    `in_force` or another in its place."""
    ticks_us = time.ticks_us  # pyright: ignore[reportAttributeAccessIssue]
    now_us = ticks_us()
    try:
        os.mkdir(FOLDER)
    except OSError:
        pass
    faulty = 0 if watchdog_proven else door.PART_WATCHDOG
    if not in_force:
        faulty |= door.PART_FIRMWARE
    parts = Parts(Chip(), machine, UsbLink(), Files(FOLDER), now_us)
    board = PicoBoard(parts, bundle.build, now_us, faulty)
    gun = start(board, parts, ticks_us)
    bundle.rest()
    if in_force:
        board.watch_with(machine.WDT(timeout=WATCHDOG_MS))
    else:
        # Nothing moves, and whoever mends it gets in without the engineer's key.
        micropython.kbd_intr(_CTRL_C)
    return gun, board


def main(watchdog_proven: bool, bundle, in_force: bool) -> None:
    """Runs until the power goes, or the watchdog bites. Where another firmware than that in force
    runs, Ctrl-C leaves for service."""
    gun, board = bring_up(watchdog_proven, bundle, in_force)
    ticks_us = time.ticks_us  # pyright: ignore[reportAttributeAccessIssue]
    try:
        while True:
            turn(gun, board, ticks_us)
    except KeyboardInterrupt:
        board.service()
