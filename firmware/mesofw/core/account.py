"""A shot's account: its intent before anything moves, what was reached, its result.

A whole shot is measured as the needle comes home and closed as the plunger backs off, so that the
next one need not wait for it.

Commanded, stepped and measured stand side by side in the record. In training nothing is stepped,
measured or given.
"""

from mesofw.core import dose, errors, records
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.machine import AXES
from mesofw.core.modes import MODES
from mesofw.core.shot import ADVANCE, DISPENSE

# A dose may be off by this much, or by a tenth of it where that is more.
OFF_NL = 1_000


def begin(gun, armed: bool = False) -> None:
    """Write the intent of the zone's next shot, begun or only `armed`. Raises OSError where it
    cannot be kept."""
    session = gun.session
    zone = session.zone_record
    record = gun.journal.record
    at = session.zone + 1
    if record.kind != records.SHOT or record.zone != at or record.session != session.number:
        # Right after a shot of the same zone all this is there already.
        record.boot = gun.memory.boot
        record.kind = records.SHOT
        record.zone = at
        record.session = session.number
        record.program = session.program_id()
        record.calibration = gun.calibration["id"]
        record.depth_um = zone["depth_um"]
        record.volume_nl = zone["volume_nl"]
        record.code = MODES.index(zone["mode"])
    record.at_ms = gun.clock.stamp_ms()
    record.shot = session.shots + 1
    record.zone_shots = session.zone_shots + 1
    record.a = record.b = 0
    gun.journal.begin(armed)


def take_dose(session) -> int:
    """Take the next shot's dose; by how many pulses the loaded dispense changes for it."""
    if session.table.dispense < 0:
        return 0
    extra = session.doser.next_steps() - session.doser.whole_steps
    change = extra - session.extra
    session.extra = extra
    return change


def stopped(gun) -> None:
    """What a stopped shot reached, read from the inputs as they are now."""
    inputs = gun.inputs
    drive = gun.drive
    steps, counts = inputs.carriage_steps, inputs.carriage_counts
    if drive.phase > ADVANCE:
        steps, counts = drive.reached_steps[CARRIAGE], drive.reached_counts[CARRIAGE]
    pushed, pushed_counts = inputs.plunger_steps, inputs.plunger_counts
    if drive.phase > DISPENSE:
        pushed, pushed_counts = drive.reached_steps[PLUNGER], drive.reached_counts[PLUNGER]
    _measure(gun, steps, counts, pushed, pushed_counts)


def finished(gun) -> None:
    """What a shot reached whose needle comes home, both forward phases over."""
    steps = gun.drive.reached_steps
    counts = gun.drive.reached_counts
    _measure(gun, steps[CARRIAGE], counts[CARRIAGE], steps[PLUNGER], counts[PLUNGER])


def _measure(gun, depth_steps, depth_counts, pushed_steps, pushed_counts) -> None:
    """Put what steps and counts of each axis mean into the record.

    Counts are taken as the way since the start, so that half a count stays off neither way.
    """
    record = gun.journal.record
    if gun.training:
        record.depth_stepped_um = record.depth_measured_um = 0
        record.volume_stepped_nl = record.volume_measured_nl = record.force_peak_mn = 0
        return
    drive = gun.drive
    axis = AXES[CARRIAGE]
    session = gun.session
    record.depth_stepped_um = session.depth_um(gun.calibration, depth_steps * axis.step_nm)
    way_nm = (depth_counts - drive.start_counts[CARRIAGE]) * axis.count_nm
    measured_nm = drive.start_steps[CARRIAGE] * axis.step_nm + way_nm
    record.depth_measured_um = session.depth_um(gun.calibration, measured_nm)
    axis = AXES[PLUNGER]
    backoff = session.backoff_steps
    pushed = pushed_steps - drive.start_steps[PLUNGER] - backoff
    way_nm = (pushed_counts - drive.start_counts[PLUNGER]) * axis.count_nm
    counted = way_nm // axis.step_nm - backoff
    step_fl = session.doser.step_fl
    record.volume_stepped_nl = dose.volume_nl(max(0, pushed), step_fl)
    record.volume_measured_nl = dose.volume_nl(max(0, counted), step_fl)
    record.force_peak_mn = max(0, gun.inputs.force_peak_mn)


def close(gun, flag: int, code: int) -> int:
    """Write the result, COMPLETE or PARTIAL, and count the shot and what it gave; `code` says what
    stopped it. Gives `code`, or DOSE_MISSED where the dose is off by too much."""
    record = gun.journal.record
    gun.board.force_watch(0)
    dry = gun.session.table.dispense < 0
    given_nl = record.volume_stepped_nl
    if flag == records.COMPLETE and not gun.training:
        given_nl = record.volume_nl
        off_nl = abs(record.volume_measured_nl - record.volume_nl)
        if not dry and off_nl > max(OFF_NL, record.volume_nl // 10):
            code = errors.DOSE_MISSED
    gun.long = True
    # Where writing the result fails it is closed once more, but counted once.
    if record.shot > gun.session.shots:
        gun.session.count(given_nl)
    record.end_ms = gun.clock.stamp_ms()
    record.volume_left_nl = gun.volume_left_nl()
    record.session_nl = gun.session.given_nl
    record.flags = flag | (records.DRY if dry else 0) | gun.record_flags()
    record.stopped = code
    gun.journal.end()
    gun.active_ms = gun.clock.at_ms
    return code
