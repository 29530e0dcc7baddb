"""Any fit and any zone: a shot that can be done, or the fault that says why not."""

from mesofw.core import errors, motion, shot
from mesofw.core.aim import DWELL_MAX_US, LONGEST_S, Aim
from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER
from mesofw.core.dose import FL_PER_NL
from mesofw.core.machine import AXES, TICK_HZ, ramps
from mesofw.core.modes import MODE
from mesofw.core.program import PROGRAM, ZONE
from mesofw.core.shot import ADVANCE, BACKOFF, SEGMENTS_MAX, WITHDRAW, Timetable, plan


def take(head, zone, gun):
    """A zone aimed at with what is fitted and what `gun` has learned and holds: [scale_ppm,
    friction in mN, compliance_ppm, filled_nl, foot_um, step_pm].

    Gives [place, code, found, allowed] of the fault, or [duration_us, segments, …] of the plan.
    """
    fit = _fitted(head, gun)
    zone = _whole(ZONE, zone)
    before = _state(fit)
    aim, fault = _aimed(fit, zone, gun)
    assert _state(fit) == before
    if fault:
        _nearest_is_taken(head, zone, gun, fault)
        assert errors.known(fault.code) and 200 <= fault.code < 300
        assert fault.at and fault.found and fault.allowed
        return [fault.at, fault.code, fault.found, fault.allowed]
    _can_be_done(aim, zone, fit)
    table = Timetable()
    plan(table, aim)
    _goes_and_comes_back(table, aim)
    _keeps_ramps(table, aim)
    return [table.duration_us, table.segments.count, aim.flow_hz, aim.dwell_us, aim.depth_steps]


# What a fault's `allowed` is the nearest of: the field, what stands before it, units in one shown.
_NEAREST = {
    errors.RATE_UNREACHABLE: ("rate_per_min", "up to ", 1),
    errors.DOSE_TOO_SMALL: ("volume_nl", "", 1_000),
    errors.BEYOND_DEVICE: ("depth_um", "up to ", 1_000),
    errors.SHOT_TOO_LONG: ("volume_nl", "that is ", 1_000),
    errors.PUNCTURE_TOO_HARD: ("pins", "up to ", 1),
    errors.NOT_SIZED: ("viscosity_upa_s", "up to ", 1_000),
    errors.PRESSURE_STAYS: ("viscosity_upa_s", "at up to ", 1_000),
}


def _nearest_is_taken(head, zone, gun, fault):
    """With what `allowed` names there may be another fault, but not this one."""
    name, after, scale = _NEAREST[fault.code]
    if fault.allowed.startswith("none"):
        return
    text = fault.allowed[fault.allowed.index(after) + len(after) :]
    value = int(float(text.split(" ")[0]) * scale + 0.5)
    if name == "rate_per_min" or value:
        head, zone = dict(head), dict(zone)
        (zone if name in zone else head)[name] = value
        again = _aimed(_fitted(head, gun), zone, gun)[1]
        assert again is None or again.code != fault.code, (fault.allowed, again.allowed)


def _fitted(head, gun):
    head = _whole(PROGRAM, head)
    fit = shot.nominal(head)
    fit.learn(head["viscosity_upa_s"], gun[0])
    fit.rubs(gun[1])
    fit.compliance_ppm = gun[2]
    fit.filled_nl = gun[3]
    fit.settle()
    return fit


def _aimed(fit, zone, gun):
    aim = Aim()
    dose_steps = zone["volume_nl"] * FL_PER_NL // fit.step_fl
    return aim, aim.take(zone, fit, gun[4], gun[5], dose_steps)


def _can_be_done(aim, zone, fit):
    assert 0 < aim.depth_steps <= AXES[CARRIAGE].travel_steps
    lasts_us = aim.lasts_us
    assert lasts_us < LONGEST_S * 1_000_000
    if MODE[zone["mode"]].repeats:
        assert lasts_us * zone["rate_per_min"] < 60_000_000
    if not aim.dose_steps:
        return
    assert zone["volume_nl"] >= fit.syringe.least_nl
    assert 0 < aim.flow_nl_s <= zone["flow_nl_s"]
    assert 0 < aim.flow_hz <= AXES[PLUNGER].speed_hz
    limit_nbar = fit.syringe.pressure_mbar * 1_000_000
    assert fit.pressure_nbar(aim.flow_nl_s) <= limit_nbar + limit_nbar // 500
    assert zone["dwell_ms"] * 1_000 <= aim.dwell_us <= DWELL_MAX_US
    assert aim.backoff_steps == fit.backoff_steps >= 0


def _goes_and_comes_back(table, aim):
    """The axes end where they began but for the dose; back only with the needle out."""
    assert table.segments.count <= SEGMENTS_MAX
    moved = [0, 0]
    data = table.segments.data
    out = True
    for phase in table.phases[: table.count]:
        pulses = sum(data[2 * row] for row in range(phase.first, phase.first + phase.count))
        assert pulses == phase.pulses
        if phase.axis == NEITHER:
            continue
        assert phase.axis != PLUNGER or (phase.direction > 0) == out
        assert phase.direction > 0 or phase.kind in (WITHDRAW, BACKOFF)
        out = out and phase.kind != WITHDRAW
        moved[phase.axis] += phase.direction * pulses
    assert moved == [0, aim.dose_steps]
    # Each phase is rounded up to a whole microsecond, each pause and each move to a tick.
    off_us = table.duration_us - aim.lasts_us
    assert -2 <= off_us <= 2 * table.count + table.segments.count, off_us


def _keeps_ramps(table, aim):
    """No segment is faster than its axis, and none follows another by more than its ramp."""
    data = table.segments.data
    for phase in table.phases[: table.count]:
        if phase.axis == NEITHER:
            continue
        top_hz = AXES[phase.axis].speed_hz
        accel = aim.press if phase.axis == PLUNGER else aim.out
        if phase.kind == WITHDRAW:
            accel = ramps(CARRIAGE, False)
        most = max(accel)
        before_s = before_hz = 0.0
        # The first pulse of the way out comes at once, after no period of the move's.
        first = phase.first + (phase.kind == ADVANCE)
        for row in range(first, phase.first + phase.count):
            period_s = data[2 * row + 1] / TICK_HZ
            lasts_s = data[2 * row] * period_s
            assert data[2 * row + 1] >= motion.TICK_HZ // top_hz
            if before_s:
                change_hz = abs(1.0 / period_s - before_hz)
                rounding = 1.0 / lasts_s + 1.0 / before_s
                assert change_hz <= most * (lasts_s + before_s) / 2.0 + rounding
            before_s, before_hz = lasts_s, 1.0 / period_s


def _state(fit):
    return [fit.pins, fit.viscosity_upa_s, fit.scale_ppm, fit.friction_mn, fit.backoff_steps,
            fit.filled_nl, fit.pressure_nbar(10_000)]  # fmt: skip


def _whole(table, record):
    whole = {field.name: field.default for field in table}
    whole.update(record)
    return whole


CASES = {"take": take}
