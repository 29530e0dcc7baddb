"""Runs on the chip as its `main`: `mesofw.board.boot.run`, but the loop that follows is watched."""

import gc
import sys
import time

import machine

from mesofw.board import boot


def run(bundle, in_force):
    """As `mesofw.board.boot.run`."""
    from mesofw.board import restarts

    if restarts.wanted_for_service(machine):
        return
    proven = restarts.watchdog_acts(machine, time.sleep_ms)
    del restarts
    boot.make_room()
    everywhere = sys.path[:]
    sys.path[:] = sys.path[:1]
    from mesofw.board import main as main

    sys.path[:] = everywhere
    from tests.whole_chip.on_chip import watched

    sys.path[:] = everywhere[:1]
    gc.threshold(-1)
    watched.main(proven, bundle, in_force)
