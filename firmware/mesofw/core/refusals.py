"""Why a shot cannot be: each with the part that limits it and the nearest that can be done.

Read in only when something is refused, through `aim.refused`.
"""

from mesofw.core import errors
from mesofw.core.aim import (
    DWELL_MAX_US,
    FLOW_LEAST_NL_S,
    LONGEST_S,
    Aim,
    most_per_min,
    reach,
    sin_ppm,
)
from mesofw.core.door import CARRIAGE
from mesofw.core.errors import Fault
from mesofw.core.fields import show
from mesofw.core.fit import OUT_LEAST_MM_S2, PPM, Fit
from mesofw.core.machine import AXES, TICKS_PER_US

_CARRIAGE = "carriage motor"
_PLUNGER = "plunger motor"
_SET_FLOW = "the flow that is set"


def _too_short(zone: dict, length_um: int) -> Fault:
    """Beyond the needle; where it is slanted, both the depth and the angle that would do."""
    depth_um = zone["depth_um"]
    angle_deg = zone["angle_deg"]
    most_um = length_um * sin_ppm(angle_deg) // 10_000_000 * 10 + 10
    while reach({"depth_um": most_um, "angle_deg": angle_deg}) > length_um:
        most_um -= 10
    found = show("depth_um", depth_um)
    allowed = "up to " + show("depth_um", most_um)
    if angle_deg < 90:
        slant = " at " + show("angle_deg", angle_deg)
        found += slant + ", that is %s of needle" % show("depth_um", reach(zone))
        allowed += slant
    if angle_deg < 90 and depth_um <= length_um:
        while reach({"depth_um": depth_um, "angle_deg": angle_deg}) > length_um:
            angle_deg += 1
        allowed += ", or an angle of " + show("angle_deg", angle_deg)
    return Fault("depth", errors.BEYOND_NEEDLE, found, allowed)


def _too_deep(zone: dict, depth_steps: int, step_pm: int) -> Fault:
    """Beyond the carriage's travel."""
    depth_um = zone["depth_um"]
    # A step more, for steps are rounded.
    over_steps = depth_steps - AXES[CARRIAGE].travel_steps + 1
    over_um = over_steps * step_pm // PPM
    most_um = depth_um - over_um * sin_ppm(zone["angle_deg"]) // PPM - 1
    return _most("depth", errors.BEYOND_DEVICE, "depth_um", depth_um, most_um, "carriage")


def _too_many_pins(zone: dict, fit: Fit, reach_um: int) -> Fault:
    found = fit.pins
    pins = found
    while pins > 0:
        pins -= 1
        fit.pins = pins
        if fit.out_mm_s2(reach_um) >= OUT_LEAST_MM_S2:
            break
    fit.pins = found
    depth = show("depth_um", zone["depth_um"])
    allowed = "up to %d at %s (limit: %s)" % (pins, depth, _CARRIAGE)
    return Fault("needle.pins", errors.PUNCTURE_TOO_HARD, str(found), allowed)


def _too_small(zone: dict, fit: Fit) -> Fault:
    least = show("volume_nl", fit.syringe.least_nl)
    allowed = "%s or more from the %s syringe" % (least, fit.syringe_name)
    return Fault("volume", errors.DOSE_TOO_SMALL, show("volume_nl", zone["volume_nl"]), allowed)


def _unsized(fit: Fit) -> Fault:
    """Hardly anything passes what is fitted."""
    asked = fit.viscosity_upa_s
    most = _most_viscous(fit, lambda: fit.most_flow_nl_s() >= FLOW_LEAST_NL_S, 17)
    limit = "%s needle and %s" % (fit.needle_name, _pusher(fit))
    return _most("viscosity", errors.NOT_SIZED, "viscosity_upa_s", asked, most, limit)


def _stays(zone: dict, fit: Fit, decay_us: int) -> Fault:
    volume_nl = zone["volume_nl"]

    def falls() -> bool:
        # At the highest flow, after which the pressure takes longest.
        most = min(fit.most_flow_nl_s(), zone["flow_nl_s"])
        return most > 0 and fit.decay_us(most, volume_nl) <= DWELL_MAX_US

    # The gun has no time for more: each takes it milliseconds.
    most = _most_viscous(fit, falls, 8)
    wait, most = show("dwell_ms", DWELL_MAX_US // 1000), show("viscosity_upa_s", most)
    allowed = "up to %s, at up to %s (limit: %s)" % (wait, most, _outlet(fit))
    found = "a wait of " + show("dwell_ms", decay_us // 100_000 * 100)
    return Fault("volume", errors.PRESSURE_STAYS, found, allowed)


def _too_long(aim: Aim, zone: dict, fit: Fit) -> Fault:
    lasts_s = aim.lasts_us // 1_000_000
    # Moves and make-up take a smaller dose as long, and the wait even longer.
    most_nl = zone["volume_nl"] * LONGEST_S // (lasts_s + 1)
    longer_us = max(0, fit.decay_us(aim.flow_nl_s, most_nl) - aim.dwell_us)
    dose_us = aim.dose_steps * 1_000_000 // aim.flow_hz
    room_us = LONGEST_S * 1_000_000 - (aim.lasts_us - dose_us) - longer_us
    most_nl = zone["volume_nl"] * room_us // dose_us // 1000 * 1000
    part = _slowest(aim, zone, fit)
    allowed = "up to %s, that is %s (limit: %s)" % (
        show("duration_s", LONGEST_S), show("volume_nl", most_nl), part)  # fmt: skip
    at = "flow" if part == _SET_FLOW else "volume"
    return Fault(at, errors.SHOT_TOO_LONG, show("duration_s", lasts_s), allowed)


def _too_slow(aim: Aim, zone: dict, fit: Fit) -> Fault:
    most = most_per_min(aim.lasts_us)
    part = _slowest(aim, zone, fit)
    found = zone["rate_per_min"]
    if most:
        return _most("rate", errors.RATE_UNREACHABLE, "rate_per_min", found, most, part)
    lasts = show("duration_s", aim.lasts_us // 1_000_000)
    allowed = "none: one shot takes %s (limit: %s)" % (lasts, part)
    return Fault("rate", errors.RATE_UNREACHABLE, show("rate_per_min", found), allowed)


# code: what builds its Fault
BUILD = {
    errors.BEYOND_NEEDLE: _too_short,
    errors.BEYOND_DEVICE: _too_deep,
    errors.PUNCTURE_TOO_HARD: _too_many_pins,
    errors.DOSE_TOO_SMALL: _too_small,
    errors.NOT_SIZED: _unsized,
    errors.PRESSURE_STAYS: _stays,
    errors.SHOT_TOO_LONG: _too_long,
    errors.RATE_UNREACHABLE: _too_slow,
}


def _slowest(aim: Aim, zone: dict, fit: Fit) -> str:
    """What takes most of a shot's time."""
    dose_ticks = aim.dose_ticks()
    dwell_us = zone["dwell_ms"] * 1000
    if aim.moves_ticks() > dose_ticks:
        return _CARRIAGE
    if dwell_us == aim.dwell_us and 2 * dwell_us * TICKS_PER_US > dose_ticks:
        return "the dwell that is set"
    if aim.flow_nl_s == zone["flow_nl_s"] and 2 * aim.dwell_us * TICKS_PER_US < dose_ticks:
        return _SET_FLOW
    return _outlet(fit)


def _most_viscous(fit: Fit, possible, halvings: int) -> int:
    """A viscosity below the fit's own at which `possible()` holds, in whole 10 µPa·s: the highest,
    to where halving the range so often leads."""
    asked = fit.viscosity_upa_s
    low, high = 0, asked
    for _ in range(halvings):
        middle = (low + high) // 2
        fit.learn(middle, fit.scale_ppm)
        if possible():
            low = middle
        else:
            high = middle
    fit.learn(asked, fit.scale_ppm)
    return low // 10 * 10


def _outlet(fit: Fit) -> str:
    """What lets the fluid out slowly: the needle against what gives way in the syringe."""
    return "%s needle on %s syringe" % (fit.needle_name, fit.syringe_name)


def _pusher(fit: Fit) -> str:
    """What bounds the pressure: the seal at 3 bar, else the motor."""
    return "syringe seal" if fit.syringe.pressure_mbar >= 3_000 else _PLUNGER


def _most(at: str, code: int, name: str, found: int, most: int, part: str) -> Fault:
    allowed = "up to %s (limit: %s)" % (show(name, most), part)
    return Fault(at, code, show(name, found), allowed)
