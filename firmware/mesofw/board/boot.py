"""From the loader to the gun's loop: what is done before the firmware is read in."""

import gc
import sys
import time

import machine

from mesofw.board import restarts

# Reading modules in scatters what lasts between what does not, unless it is collected so often.
THRESHOLD_BYTES = 8_192
_UNUSED = "rp2"


def run(bundle, in_force: bool) -> None:
    """Read the firmware in from its `bundle` (`loader.Bundle`) on a heap kept whole, then run it
    for ever; where the gun was left for service, leave the REPL to the engineer, with the drivers
    off. `in_force`: it is not there in place of a damaged one."""
    if restarts.wanted_for_service(machine):
        return
    sleep_ms = time.sleep_ms  # pyright: ignore[reportAttributeAccessIssue]
    proven = restarts.watchdog_acts(machine, sleep_ms)
    make_room()
    # Nothing of ours lies elsewhere, and to look there takes milliseconds an import.
    sys.path[:] = sys.path[:1]
    from mesofw.board import main

    # From here on nothing is collected but at rest.
    gc.threshold(-1)  # pyright: ignore[reportAttributeAccessIssue]
    main.main(proven, bundle, in_force)


def make_room() -> None:
    """Before the firmware is read in: let go of what MicroPython's own start has read in and nobody
    uses, and collect often, so that the heap stays whole."""
    import __main__

    sys.modules.pop(_UNUSED, None)
    if hasattr(__main__, _UNUSED):
        delattr(__main__, _UNUSED)
    gc.collect()
    gc.threshold(THRESHOLD_BYTES)  # pyright: ignore[reportAttributeAccessIssue]
