"""What a gun's faults and failing parts come from: by code and by bit, the likeliest cause first.

A fault alone often has several causes; what the gun's inputs show beside it tells them apart.
"""

from collections.abc import Mapping

from mesofw.core import door, errors
from mesofw.core.machine import AXES
from mesohost.answers import Seen
from mesohost.doctor.model import Cause, ranked

SUPPLY_LEAST_MV = 21_000

_DRIVER = (
    Cause(
        "the motors have no supply",
        "plug in the 24 V supply and see to its fuse",
        ("supply",),
    ),
    Cause(
        "the emergency stop is pressed, which cuts the drivers' supply",
        "turn it free and clear the fault at the gun",
        ("stop",),
    ),
    Cause(
        "a driver's plug, its address pins or the drivers' one-wire line",
        "see that both drivers sit in their plugs, carriage at address 0, plunger at 1",
        ("plug",),
    ),
    Cause("a driver or its motor has a short", "unplug the motors in turn; exchange the driver"),
)
_ENCODER = (
    Cause(
        "the {axis}'s encoder counts nothing: its plug, its magnet or a wire",
        "see to the encoder's plug and to the magnet on the shaft",
        ("dead",),
    ),
    Cause(
        "the {axis}'s encoder counts backwards: its wires A and B are exchanged",
        "exchange A and B at the encoder's plug",
        ("reversed",),
    ),
    Cause(
        "the {axis} loses steps: it is stiff, something jams it, or its motor has too little "
        "current",
        "move it by hand with the gun off: it has to run freely; see to the motor's plug",
        ("slips",),
    ),
    Cause(
        "the motor's two coils are exchanged or one is open",
        "see to the motor's plug: both coils have a few ohms",
    ),
)
_SWITCH = (
    Cause(
        "the {axis}'s home switch never closes: its plug, its light or its flag",
        "push the {axis} onto its end by hand, and look whether the switch closes then: "
        "mesogun shell, and inputs",
        ("open",),
    ),
    Cause(
        "the {axis} does not reach its end: something stands in its way",
        "clear the way; it has to run freely by hand",
    ),
)
SPRING = (
    Cause(
        "something drags on the carriage: its guide is dry or dirty, a cable pulls",
        "clean and grease the guide; see to the cable's way",
        ("slow", "out"),
    ),
    Cause("the spring is weak, or off its hook", "see to the spring; exchange it", ("slow", "out")),
)
_PRESSED = "the {switch} reads pressed while nobody touches it: it sticks, or its wire is shorted"

# A fault's causes; {axis} and {switch} are filled in by what the inputs show.
FAULTS: Mapping[int, tuple[Cause, ...]] = {
    errors.ESTOP: (
        Cause(
            "the emergency stop is pressed, or its sensing wire is broken",
            "turn it free, then confirm at the gun; if it stays: see to the stop's second contact",
        ),
    ),
    errors.SUPPLY_LOST: (
        Cause("the motors have no supply", "plug in the 24 V supply and see to its fuse"),
        Cause("the supply gives way under load", "use one of 24 V and 2.5 A"),
    ),
    errors.OVERHEATED: (
        Cause("board or drivers are hot", "let the gun cool down"),
        Cause("the temperature sensor's wire is broken", "see to the thermistor's plug"),
    ),
    errors.SENSOR_BROKEN: (
        Cause(
            "the temperature sensor's wire is broken or shorted",
            "see to the thermistor's plug",
            ("temperature",),
        ),
        Cause("the supply's divider is broken", "see to the board", ("supply",)),
    ),
    errors.HOME_NOT_FOUND: _SWITCH,
    errors.HOME_STUCK: (
        Cause(
            "the carriage's home switch does not open: it sticks, or its wire is shorted",
            "see to the switch's plug and to its flag",
        ),
        Cause("the carriage does not move off its end", "it has to run freely by hand"),
    ),
    errors.NOT_RETRACTED: (_SWITCH[0], *SPRING),
    errors.BENCH_TOUCHED: (
        Cause(
            "something touched the foot while an axis moved, or its contact is broken",
            "lift the gun off everything, clear the fault by a press of its knob, and run the "
            "command again",
        ),
    ),
    errors.CARRIAGE_LOST: _ENCODER,
    errors.PLUNGER_LOST: _ENCODER,
    errors.DRIVER_SILENT: _DRIVER,
    errors.TRIGGER_HELD: (
        Cause(_PRESSED, "let it go; see to the {switch}'s plug", ("trigger", "pedal", "knob")),
    ),
    errors.FORCE_CELL: (
        Cause("something presses on the force cell", "take the syringe out and restart the gun"),
        Cause("the force cell has no supply, or its wire is broken", "see to the cell's plug"),
    ),
    errors.JOURNAL_FAILED: (
        Cause(
            "the journal memory (FRAM) is not there or does not answer",
            "see to its plug and to the bus that it shares with the slow lines",
        ),
        Cause("the journal memory is broken", "exchange the FRAM; its records are lost"),
    ),
    errors.STORE_FAILED: (
        Cause("the flash is full", "pull the log: mesogun pull"),
        Cause("the journal memory does not answer", "see to the plug of the FRAM"),
        Cause("the board's flash is worn or broken", "exchange the Pico"),
    ),
    errors.SLOT_CORRUPT: (
        Cause(
            "what the gun stored is damaged, in both of its copies",
            "store it again: mesogun settings apply FILE --key FILE, or calibrate anew",
        ),
    ),
    errors.FIRMWARE_DAMAGED: (
        Cause("the firmware's file is not whole", "put it onto the gun anew: mesogun flash"),
    ),
    errors.WATCHDOG_DEAD: (Cause("the board's watchdog does not reset it", "exchange the Pico"),),
    errors.PULSES_DAMAGED: (
        Cause("memory was damaged in a motion: noise, or the board", "clear it at the gun"),
    ),
}
# Parts that the gun finds to fail (`health`'s `faulty`): what it is called, and why it fails.
PARTS: Mapping[int, tuple[str, tuple[Cause, ...]]] = {
    door.PART_DRIVER: ("a motor driver", _DRIVER),
    door.PART_JOURNAL: ("the journal memory", FAULTS[errors.JOURNAL_FAILED]),
    door.PART_PULSES: ("the pulses' plan", FAULTS[errors.PULSES_DAMAGED]),
    door.PART_DISPLAY: (
        "the display",
        (Cause("the display does not answer", "see to its plug; the gun works without it"),),
    ),
    door.PART_FIRMWARE: ("the firmware's files", FAULTS[errors.FIRMWARE_DAMAGED]),
    door.PART_WATCHDOG: ("the watchdog", FAULTS[errors.WATCHDOG_DEAD]),
}


def causes(code: int, seen: Seen | None, followed_before: bool = False) -> tuple[Cause, ...]:
    """Why a gun stopped with `code`, the likeliest first; `seen` is what its inputs show now, None
    where they cannot be read. `followed_before`: both encoders were just seen to follow."""
    sign, words = signs(code, seen) if seen else ("", {})
    if sign == "dead" and followed_before:
        sign = "slips"  # what counts nothing stood still
    known = FAULTS.get(code) or (Cause(errors.cause(code), errors.remedy(code)),)
    return filled(ranked(known, sign), **words)


def filled(
    causes: tuple[Cause, ...], axis: str = "axis", switch: str = "switch"
) -> tuple[Cause, ...]:
    """Causes with the axis and the switch that they are of."""
    words = {"axis": axis, "switch": switch}
    return tuple(Cause(one.what.format(**words), one.do.format(**words), one.on) for one in causes)


def signs(code: int, seen: Seen) -> tuple[str, dict[str, str]]:
    """(the sign that tells a fault's causes apart, what to fill into their words)."""
    if code in (errors.CARRIAGE_LOST, errors.PLUNGER_LOST):
        axis = door.CARRIAGE if code == errors.CARRIAGE_LOST else door.PLUNGER
        return followed(axis, seen.steps[axis], seen.counts[axis]), {"axis": AXES[axis].name}
    if code == errors.HOME_NOT_FOUND:
        axis = door.PLUNGER if seen.closed("carriage_home") else door.CARRIAGE
        return "open", {"axis": AXES[axis].name}
    if code in (errors.DRIVER_SILENT, errors.SUPPLY_LOST):
        low = seen.supply_mv < SUPPLY_LEAST_MV
        return "supply" if low else "stop" if seen.closed("stop") else "plug", {}
    if code == errors.NOT_RETRACTED:
        off_nm = abs(seen.counts[door.CARRIAGE]) * AXES[door.CARRIAGE].count_nm
        return "open" if off_nm <= _AT_HOME_NM else "out", {"axis": AXES[door.CARRIAGE].name}
    if code == errors.TRIGGER_HELD:
        held = [said for name, said in _HELD if seen.closed(name)]
        return (held[0], {"switch": held[0]}) if held else ("", {})
    if code == errors.SENSOR_BROKEN:
        return "supply" if not 0 <= seen.supply_mv <= 32_000 else "temperature", {}
    return "", {}


# An encoder that says so much at the most says that the carriage is back.
_AT_HOME_NM = AXES[door.CARRIAGE].tolerance_nm
_HELD = (("trigger", "trigger"), ("pedal", "pedal"), ("press", "knob"))


def followed(axis: int, steps: int, counts: int) -> str:
    """How an axis's encoder followed its steps: "" as it should, `dead`, `reversed`, `slips`."""
    line = AXES[axis]
    if line.lost_nm(steps, counts) <= line.tolerance_nm:
        return ""
    wanted = steps * line.step_nm // line.count_nm
    if abs(counts) * 20 <= abs(wanted):
        return "dead"
    return "reversed" if counts * wanted < 0 else "slips"
