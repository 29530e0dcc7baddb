"""What an engineer may ask, as `requests` has it: name → (fields of its arguments, what is done).
Read in for one use (`aside`).

No request moves anything but `bench`, which is granted while calibrating only: under the engineer's
key, after a press at the gun.
"""

from mesofw.core import aside, settings
from mesofw.core.fields import CHOICE, INT, TEXT, field
from mesofw.core.machine import AXES
from mesofw.core.requests import NUMBER_MAX, seen

# All variables of a trace, with commas between.
NAMES_MAX = 240
_STORED = field("record", CHOICE, choices=settings.NAMES)
_MAC = field("mac", TEXT, 64, 64)
_STEPS_MAX = AXES[1].travel_steps


def _stage(requests, arguments: dict) -> dict:
    name, value = arguments["field"], arguments["value"]
    return {"staged": requests.key().stage(arguments["record"], name, value)}


def _trace(requests, arguments: dict):
    held = aside.held("trace")
    from mesofw.core import trace

    if not held:
        aside.let_go("trace")
    return trace.Trace(requests.gun, arguments)


TABLE = {
    "challenge": ((), lambda requests, _: {"challenge": requests.key().challenge()}),
    "stage": (
        (_STORED, field("field", TEXT, 1, 24), field("value", INT, 0, NUMBER_MAX)),
        _stage,
    ),
    "store": (
        (_STORED, _MAC),
        lambda requests, told: requests.key().store(told["record"], told["mac"]),
    ),
    "service": ((_MAC,), lambda requests, told: requests.key().service(told["mac"])),
    "calibrate": ((_MAC,), lambda requests, told: requests.key().calibrate(told["mac"])),
    "bench": (
        (
            field(
                "do", CHOICE, choices=("read", "home", "seek", "move", "hold", "release", "leave")
            ),
            field("axis", INT, 0, 1, default=0),
            field("steps", INT, -_STEPS_MAX, _STEPS_MAX, default=0),
            field("hz", INT, 0, 130_000, default=0),
        ),
        lambda requests, told: requests.gun.activity.bench(told),
    ),
    "inputs": ((), lambda requests, _: seen(requests.gun, [-1, -1], 0)),
    "trace": (
        (
            field("names", TEXT, 1, NAMES_MAX),
            field("period_us", INT, 100, 10_000_000),
            field("count", INT, 1, NUMBER_MAX),
        ),
        _trace,
    ),
}
