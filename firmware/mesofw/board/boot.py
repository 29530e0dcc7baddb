"""The way in for the Pico's own `main.py`, which holds two lines:

from mesofw.board.boot import run
run()
"""

import gc

# Reading modules in scatters what lasts between what does not, unless it is collected so often.
THRESHOLD_BYTES = 8_192


def run() -> None:
    """Read the firmware in on a heap kept whole, then run it for ever."""
    gc.collect()
    gc.threshold(THRESHOLD_BYTES)  # pyright: ignore[reportAttributeAccessIssue]
    from mesofw.board import main

    # From here on nothing is collected but at rest.
    gc.threshold(-1)  # pyright: ignore[reportAttributeAccessIssue]
    main.main()
