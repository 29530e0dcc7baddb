"""The way in for the Pico's own `main.py`, which holds two lines:

from mesofw.board.boot import run
run()
"""

import gc
import sys
import time

import machine

from mesofw.board import restarts

# Reading modules in scatters what lasts between what does not, unless it is collected so often.
THRESHOLD_BYTES = 8_192
_UNUSED = "rp2"


def run() -> None:
    """Read the firmware in on a heap kept whole, then run it for ever; where the gun was left for
    service, leave the REPL to the engineer, with the drivers off."""
    if restarts.wanted_for_service(machine):
        return
    sleep_ms = time.sleep_ms  # pyright: ignore[reportAttributeAccessIssue]
    proven = restarts.watchdog_acts(machine, sleep_ms)
    make_room()
    from mesofw.board import main

    # From here on nothing is collected but at rest.
    gc.threshold(-1)  # pyright: ignore[reportAttributeAccessIssue]
    main.main(proven)


def make_room() -> None:
    """Before the firmware is read in: let go of what MicroPython's own start has read in and nobody
    uses, and collect often, so that the heap stays whole."""
    import __main__

    sys.modules.pop(_UNUSED, None)
    if hasattr(__main__, _UNUSED):
        delattr(__main__, _UNUSED)
    gc.collect()
    gc.threshold(THRESHOLD_BYTES)  # pyright: ignore[reportAttributeAccessIssue]
