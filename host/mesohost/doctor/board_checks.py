"""The gun at rest: its self-test, parts, supply, memories, temperature, force, switches."""

from mesofw.core import door, errors
from mesofw.core.fields import show
from mesohost.doctor import faults
from mesohost.doctor.case import Case
from mesohost.doctor.model import Cause, Finding, because, failed, judged, ok

ROOM_LEAST = 1_000
RING_LEAST = 64
SUPPLY_MV = (faults.SUPPLY_LEAST_MV, 28_000)
TEMPERATURE_DC = (50, 500)
FORCE_ZERO_MN = 500
# What is open while nobody touches the gun, and what the switch is called.
OPEN_AT_REST = (
    ("trigger", "trigger"),
    ("pedal", "pedal"),
    ("press", "knob"),
    ("contact", "foot's contact"),
    ("stop", "emergency stop"),
)
_FIRST_FAILING = (
    door.PART_DRIVER, door.PART_JOURNAL, door.PART_PULSES, door.PART_FIRMWARE,
    door.PART_WATCHDOG, door.PART_DISPLAY,
)  # fmt: skip

SELF_TEST = (Cause("the gun waits for somebody", "read its screen and follow it", ("waits",)),)
PARTS = (Cause("the part that is named does not answer", "see to its plug"),)
STORAGE = (
    Cause("the log was not pulled for long", "pull it: mesogun pull", ("room",)),
    Cause("other files fill the board's flash", "remove them by mpremote, or flash a blank board"),
)
JOURNAL = faults.FAULTS[errors.JOURNAL_FAILED]
SUPPLY = (
    *faults.FAULTS[errors.SUPPLY_LOST],
    Cause("the supply gives too much", "use one of 24 V", ("high",)),
)
TEMPERATURE = (
    Cause("the gun has just worked, or lies in the sun", "let it cool down", ("high",)),
    Cause("the thermistor's wire is broken or shorted", "see to its plug", ("low",)),
)
FORCE = (
    Cause("something presses on the cell, or a syringe is seated", "take the syringe out"),
    Cause("the cell is overloaded or its plug is off", "see to its plug; exchange the cell"),
)
SWITCHES_OPEN = (
    Cause(
        "somebody touches it, or it sticks",
        "let it go and see that it springs back",
    ),
    Cause("its wire is shorted to ground", "see to its plug and wire"),
)


def self_test(case: Case) -> Finding:
    """Whether the gun has come up and stands ready."""
    status = case.at_rest()
    if status.trouble:
        said = f"stopped: {errors.cause(status.trouble)} ({errors.name(status.trouble)})"
        return because(said, faults.causes(status.trouble, case.seen()))
    if status.state != "idle":
        return failed(f"{status.state}", "waits")
    return ok("passed, homed, idle")


def parts(case: Case) -> Finding:
    """What the gun itself finds to fail."""
    health = case.health = case.gun.health()
    failing = [bit for bit in _FIRST_FAILING if health.faulty & bit]
    if not failing:
        return ok("none fails", faulty=0)
    seen = case.seen()
    causes: list[Cause] = []
    for bit in failing:
        known = faults.PARTS[bit][1]
        code = errors.DRIVER_SILENT if bit == door.PART_DRIVER else 0
        causes += faults.causes(code, seen) if code else known
    named = ", ".join(faults.PARTS[bit][0] for bit in failing)
    return because(f"fails: {named}", tuple(causes), faulty=health.faulty)


def storage(case: Case) -> Finding:
    """Room for records in the files."""
    room = (case.health or case.gun.health()).store_room
    return judged(room >= ROOM_LEAST, f"room for {room} records", "room", records=room)


def journal(case: Case) -> Finding:
    """The journal memory."""
    health = case.health or case.gun.health()
    trouble = case.gun.status().trouble
    silent = health.faulty & door.PART_JOURNAL or trouble == errors.JOURNAL_FAILED
    if silent:
        return failed("it does not answer")
    room = health.ring_room
    return judged(room >= RING_LEAST, f"answers, room for {room} records", "room", records=room)


def supply(case: Case) -> Finding:
    """The motors' supply."""
    found = case.seen().supply_mv
    low, high = SUPPLY_MV
    return judged(low <= found <= high, show("supply_mv", found),
                  "high" if found > high else "low", supply_mv=found)  # fmt: skip


def temperature(case: Case) -> Finding:
    """The hottest of board and drivers."""
    found = case.seen().temperature_dc
    low, high = TEMPERATURE_DC
    return judged(low <= found <= high, show("temperature_dc", found),
                  "high" if found > high else "low", temperature_dc=found)  # fmt: skip


def force(case: Case) -> Finding:
    """The force cell with nothing on it."""
    found = case.seen().force_mn
    return judged(abs(found) <= FORCE_ZERO_MN, show("force_mn", found), force_mn=found)


def switches(case: Case) -> Finding:
    """Every switch while nobody touches the gun."""
    seen = case.seen()
    closed = [said for name, said in OPEN_AT_REST if seen.closed(name)]
    if closed == ["emergency stop"]:
        return because("closed: emergency stop", faults.FAULTS[errors.ESTOP])
    if closed:
        return failed(f"closed: {', '.join(closed)}")
    if not seen.closed("carriage_home"):
        causes = faults.filled(faults.FAULTS[errors.HOME_NOT_FOUND], axis="carriage")
        return because("open: the carriage's home switch", causes)
    return ok("all open, the carriage at home")
