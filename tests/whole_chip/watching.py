"""What the loop on the chip notes after each step of the gun, and where: `on_chip/watched.py`."""

import re
import struct
from dataclasses import dataclass

from tests.whole_chip.on_chip.noted import NAMES

# What it says before its first step.
SAID = re.compile(rb"noted at ([0-9a-f]{8})\r?\n")
FORMAT = "<%di" % len(NAMES)
BYTES = struct.calcsize(FORMAT)


@dataclass
class Watched:
    """The notes, in the order of `noted.NAMES`."""

    state: int = 0
    trouble: int = 0
    zone: int = 0
    zone_left: int = 0
    shots: int = 0
    given_nl: int = 0
    left_nl: int = 0
    last: int = 0
    steps: int = 0
    step_us: int = 0
    step_max_us: int = 0
    step_max_state: int = 0
    words_at: int = 0
    words_halves: int = 0
    tested_us: int = 0
    asks: int = 0
    alloc_b: int = 0
    alloc_max_b: int = 0
    alloc_shots: int = 0
    late_us: int = 0


assert tuple(Watched.__dataclass_fields__) == NAMES
