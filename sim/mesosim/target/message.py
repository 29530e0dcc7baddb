"""The one message a step between the world and a firmware process, for both ends.

World to firmware: `INPUTS` as 32-bit numbers, then `link_bytes` bytes from the host. Firmware to
world: `OUTPUTS` as 32-bit numbers, then `op_bytes` bytes of operations. An operation is a byte
`OP_…`, two bytes of length, and its payload (little-endian).
"""

# `power_budget` is how many bytes may still be stored before power is lost, -1 for no end;
# `stall_…` is StallGuard's lowest reading of each axis, until OP_STALL takes it.
INPUTS = (
    "now_us", "link_bytes", "link_room", "power_budget", "stall_0", "stall_1", "trigger", "pedal",
    "press", "turns", "contact", "seated", "stop", "carriage_home", "plunger_home",
    "carriage_steps", "plunger_steps", "carriage_counts", "plunger_counts", "phases_done",
    "force_mn", "force_peak_mn", "supply_mv", "temperature_dc", "faulty", "fired",
)  # fmt: skip
FIRST_SAMPLED = 6
OUTPUTS = (
    "wait_us", "op_bytes", "state", "trouble", "zone", "zone_left", "shots", "given_nl", "left_nl",
    "last",
)  # fmt: skip
FIRST_VIEWED = 2
INPUT_BYTES = 4 * len(INPUTS)
OUTPUT_BYTES = 4 * len(OUTPUTS)
LINK_BYTES = 4096

(
    OP_LOAD, OP_PATCH, OP_START, OP_STOP, OP_MOTORS, OP_ZERO, OP_WATCH, OP_LINK, OP_SHOW, OP_SIGNAL,
    OP_FEED, OP_REPORT, OP_SERVICE, OP_ARM, OP_DISARM, OP_RESTART, OP_STALL,
) = range(17)  # fmt: skip

LEG = "<bbH"  # axis, direction, number of segments, each of which follows as SEGMENT
SEGMENT = "<II"  # pulses, period in ticks
PATCH = "<BHI"  # leg, segment within the leg, pulses
EXIT_POWER_LOST = 77
