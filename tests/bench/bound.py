"""The lower bound of a shot's cycle, worked out from `hardware/gun.toml` without core's planner.

Bang-bang moves under the limits of speed, acceleration and torque, integrated step by step over the
way; the flow that makes dispensing and waiting shortest, with the pressure integrated over time;
the phases one after the other.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from mesosim.physics import cycle, needle, screw, skin, syringe
from mesosim.physics.cycle import Fit
from mesosim.physics.gun import Gun
from mesosim.physics.moves import Limits

_PLACES = 4_000
_FLOWS = 60
_PARTS = 400


@dataclass(frozen=True)
class Bound:
    """Times in s of one shot's phases, and the flow in nl/s that they belong to."""

    advance_s: float
    dispense_s: float
    dwell_s: float
    withdraw_s: float
    back_off_s: float
    flow_nl_s: float

    @property
    def whole_s(self) -> float:
        """All of them."""
        moves_s = self.advance_s + self.withdraw_s + self.back_off_s
        return moves_s + self.dispense_s + self.dwell_s


def lower_bound(gun: Gun, fit: Fit, depth_mm: float, dose_nl: float) -> Bound:
    """No shot of this depth and dose is shorter with these parts, phases in sequence."""
    travel_mm = gun.number("carriage", "foot_mm") + depth_mm
    drive = gun.plunger(fit.syringe)
    area = syringe.area_mm2(fit.syringe.barrel.bore_um)
    back_off_mm = gun.number("process", "play_share") * cycle.play_nl(gun, fit.syringe) / area / 1e3
    stroke_mm = dose_nl / area / 1e3 + back_off_mm
    most = cycle.highest_flow(gun, fit).flow_nl_s
    best = Bound(0, math.inf, 0, 0, 0, 0)
    for part in range(1, _FLOWS + 1):
        flow_nl_s = most * part / _FLOWS
        pressing = Limits(flow_nl_s / area / 1e3, drive.up_m_s2, drive.down_m_s2)
        dispense_s = _least_s(stroke_mm, pressing, None)
        tried = Bound(0, dispense_s, _dwell_s(gun, fit, dose_nl, flow_nl_s), 0, 0, flow_nl_s)
        if tried.dispense_s + tried.dwell_s < best.dispense_s + best.dwell_s:
            best = tried
    return Bound(
        _advance_s(gun, fit, travel_mm),
        best.dispense_s,
        best.dwell_s,
        _least_s(travel_mm, gun.withdraw(), None),
        _least_s(back_off_mm, drive, None),
        best.flow_nl_s,
    )


def _advance_s(gun: Gun, fit: Fit, travel_mm: float) -> float:
    """The way out: at each place as fast as torque and its margin leave against what resists
    there, slowing down at the limit."""
    puncture_n = skin.puncture_n(fit.needle.outer_um, fit.pins)
    limits = cycle.advance(gun, fit.syringe, puncture_n, travel_mm)
    load = cycle.advance_load(gun, fit.syringe, puncture_n, True)
    axis = cycle.carriage(gun, fit.syringe)
    turning_g = screw.reflected_g(axis.inertia_gcm2, axis.screw.lead_mm)
    moved_g = axis.mass_g + turning_g * screw.efficiency(axis.screw)
    push_n = cycle.carriage_push_n(gun)

    def up_m_s2(at_mm: float) -> float:
        return (push_n - load(at_mm)) / moved_g * 1e3

    return _least_s(travel_mm, limits, up_m_s2)


def _least_s(length_mm: float, limits: Limits, up_m_s2: Callable[[float], float] | None) -> float:
    """The time of the fastest move from rest to rest: v² grows by 2 a dx on the way out, and must
    be able to fall to 0 by the end; dt = dx / mean speed."""
    step_mm = length_mm / _PLACES
    squares = [0.0]
    for place in range(_PLACES):
        up = up_m_s2((place + 0.5) * step_mm) if up_m_s2 else limits.up_m_s2
        ahead = squares[-1] + 2e3 * up * step_mm
        left_mm = length_mm - (place + 1) * step_mm
        squares.append(max(0.0, min(ahead, limits.speed_mm_s**2, 2e3 * limits.down_m_s2 * left_mm)))
    speeds = [math.sqrt(square) for square in squares]
    return sum(2 * step_mm / (speeds[place] + speeds[place + 1]) for place in range(_PLACES))


def _dwell_s(gun: Gun, fit: Fit, dose_nl: float, flow_nl_s: float) -> float:
    """From the plunger's stop until 1 % of the dose is still to come: C dp/dt = sweep - Q(p) over
    ramp, cruise, ramp and wait, by the midpoint method."""
    way = cycle.tube(gun, fit)
    compliance = cycle.compliance_nl_bar(fit.syringe)
    area = syringe.area_mm2(fit.syringe.barrel.bore_um)
    accel_nl_s2 = gun.plunger(fit.syringe).up_m_s2 * 1e6 * area
    # A short stroke never reaches the flow.
    flow_nl_s = min(flow_nl_s, math.sqrt(dose_nl * accel_nl_s2))
    ramp_s = flow_nl_s / accel_nl_s2
    cruise_s = max(0.0, dose_nl / flow_nl_s - ramp_s)

    def change(stored_nl: float, sweep: float) -> float:
        bar = max(0.0, stored_nl) / compliance
        return sweep - needle.flow_nl_s(way, fit.viscosity_mpa_s, bar)

    stored_nl = 0.0
    for lasts_s, begins, ends in (
        (ramp_s, 0.0, flow_nl_s),
        (cruise_s, flow_nl_s, flow_nl_s),
        (ramp_s, flow_nl_s, 0.0),
    ):
        step_s = lasts_s / _PARTS
        for part in range(_PARTS):
            sweep = begins + (ends - begins) * (part + 0.5) / _PARTS
            middle = stored_nl + change(stored_nl, sweep) * step_s / 2
            stored_nl += change(middle, sweep) * step_s
    left_nl = gun.number("process", "residual_share") * dose_nl
    waited_s = 0.0
    while stored_nl > left_nl:
        # Each step lets a two-hundredth of what is stored flow out.
        step_s = -stored_nl / 200 / change(stored_nl, 0.0)
        middle = stored_nl + change(stored_nl, 0.0) * step_s / 2
        stored_nl += change(middle, 0.0) * step_s
        waited_s += step_s
    return waited_s
