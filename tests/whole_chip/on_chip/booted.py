"""Runs on the chip as its `main`: `mesofw.board.boot.run`, but the loop that follows is watched."""

import gc
import time

import machine

from mesofw.board import boot, restarts


def run():
    """As `mesofw.board.boot.run`."""
    if restarts.wanted_for_service(machine):
        return
    proven = restarts.watchdog_acts(machine, time.sleep_ms)
    boot.make_room()
    from tests.whole_chip.on_chip import watched

    gc.threshold(-1)
    watched.main(proven)
