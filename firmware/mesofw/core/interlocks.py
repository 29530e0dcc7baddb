"""What a shot needs, looked at on the gun itself: one bit for each of `states.NEEDS`; and the parts
that the gun cannot do without."""

from mesofw.core import errors, holds, states
from mesofw.core.door import (
    PART_DRIVER,
    PART_FIRMWARE,
    PART_JOURNAL,
    PART_PULSES,
    PART_WATCHDOG,
)

_PART_FAULTS = (
    (PART_DRIVER, errors.DRIVER_SILENT),
    (PART_JOURNAL, errors.JOURNAL_FAILED),
    (PART_PULSES, errors.PULSES_DAMAGED),
    (PART_FIRMWARE, errors.FIRMWARE_DAMAGED),
    (PART_WATCHDOG, errors.WATCHDOG_DEAD),
)
PARTS_NEEDED = PART_DRIVER | PART_JOURNAL | PART_PULSES | PART_FIRMWARE | PART_WATCHDOG


def part_fault(faulty: int) -> int:
    """The fault of the first of PARTS_NEEDED that is among the failing ones, or 0."""
    for part, code in _PART_FAULTS:
        if faulty & part:
            return code
    return 0


def held(gun) -> int:
    """The bits of `states.NEEDS` that hold now."""
    session = gun.session
    inputs = gun.inputs
    armed = session.planned
    return _bits(
        not inputs.stop,
        inputs.supply_mv >= gun.settings["supply_mv"],
        gun.state in (states.READY, states.SHOOTING),
        gun.homed,
        gun.calibration is not None,
        gun.commissioning is not None or gun.training,
        bool(inputs.seated) and gun.seated_ok,
        gun.primed,
        armed and session.zone_left() > 0,
        armed and session.within_limits(gun.settings),
        armed and holds.whole_shot(gun),
        gun.log_room(),
        # A switch that has just closed is deaf for a while: the foot may be off again.
        gun.contact.on and bool(inputs.contact),
    )


def _bits(
    stop_free, supply_good, state_ready, homed, calibrated, commissioned, seated, primed,
    zone_left, within_limits, volume, log_room, contact,
):  # fmt: skip
    # No table is looped over: this is asked before each shot and while armed, and takes no memory.
    bits = stop_free | supply_good << 1 | state_ready << 2 | homed << 3 | calibrated << 4
    bits |= commissioned << 5 | seated << 6 | primed << 7 | zone_left << 8 | within_limits << 9
    return bits | volume << 10 | log_room << 11 | contact << 12
