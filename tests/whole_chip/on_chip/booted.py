"""Runs on the chip as its `main`: `mesofw.board.boot.run`, but the loop that follows is watched."""

import gc
import time

import machine

from mesofw.board import boot


def run():
    """As `mesofw.board.boot.run`."""
    from mesofw.board import restarts

    if restarts.wanted_for_service(machine):
        return
    proven = restarts.watchdog_acts(machine, time.sleep_ms)
    del restarts
    boot.make_room()
    from tests.whole_chip.on_chip import watched

    gc.threshold(-1)
    watched.main(proven)
