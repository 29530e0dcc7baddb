"""What the gun keeps of its program: totals, limits, where each zone begins in the stored text; and
a zone read from there.

Whatever checks a program (`scan`) is read in for that only.
"""

import json
from array import array

from mesofw.core import aside, parts
from mesofw.core.fields import CHOICE, INT, TEXT, field
from mesofw.core.modes import MODES

SECTION_MAX_BYTES = 512  # a line of the text with its newline
SHOT_MAX_NL = 2_000_000
SHOTS_MAX = 2_000
RATE_MAX_PER_MIN = 600
FLOW_MIN_NL_S = 1_000
FLOW_MAX_NL_S = 500_000
# A program's purpose that is not the usual one.
TRAINING = "training"

ZONE = (
    field("name", TEXT, 1, 24),
    field("mode", CHOICE, choices=MODES),
    field("layer", CHOICE, choices=parts.LAYER_NAMES),
    field("depth_um", INT, 0, parts.DEPTH_MAX_UM),
    field("angle_deg", INT, 15, 90, default=90),
    field("volume_nl", INT, 0, SHOT_MAX_NL, default=0),
    field("shots", INT, 1, SHOTS_MAX),
    field("rate_per_min", INT, 1, RATE_MAX_PER_MIN, default=60),
    field("per_pull", INT, 0, SHOTS_MAX, default=0),
    field("flow_nl_s", INT, FLOW_MIN_NL_S, FLOW_MAX_NL_S, default=FLOW_MAX_NL_S),
    field("dwell_ms", INT, 0, 10_000, default=0),
)


class Loaded:
    """A program that has been checked: `faults` says what is wrong with it, `zone_at` where each
    zone's line begins, `limits` are the hard ones, `expiry` (yyyymmdd) is the last day on which all
    its products may be used."""

    def __init__(self, length: int):
        self.length = length
        self.sha256 = b""
        self.crc = 0
        self.faults = []
        self.warnings = []
        self.head = {}
        self.limits = {}
        self.zones = self.shots = self.total_nl = self.syringes = 0
        self.expiry = 0
        self.zone_at = array("I")


class Check:
    """The check of a program's text, for which its modules are read in and then let go of."""

    def __init__(self, file, length: int, today: int, piece_bytes: int = 0):
        """`length` bytes of `file`, `piece_bytes` in a step (0: as many as there is time for)."""
        self._let_go = [name for name in _FOR_CHECKS if not aside.held(name)]
        from mesofw.core import scan

        self._scan = scan.Scan(file, length, today, piece_bytes or scan.PIECE_BYTES)

    def step(self):
        """Check one piece; gives what was Loaded once it is whole, else None. Raises OSError where
        the file fails."""
        done = self._scan.step()
        if done:
            self.end()
        return done

    def end(self) -> None:
        """Nothing more is checked."""
        for name in self._let_go:
            aside.let_go(name)


_FOR_CHECKS = ("fillings", "program", "scan")


def read_zone(slots, offset: int) -> dict:
    """The zone whose line begins at `offset` of the newest program. Raises ValueError, OSError."""
    file = slots.open()
    try:
        file.seek(offset)
        buffer = bytearray(SECTION_MAX_BYTES)
        count = file.readinto(buffer)
    finally:
        file.close()
    zone = json.loads(bytes(buffer[:count]).split(b"\n")[0])
    if not isinstance(zone, dict) or zone.pop("kind", "") != "zone":
        raise ValueError("not a zone")
    return zone
