# pyright: strict
"""A shot's time, and what one combination of syringe, needle and fluid allows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mesosim.physics import moves, needle, screw, skin, spring, stepper, syringe
from mesosim.physics.gun import Gun, Needle, Syringe
from mesosim.physics.moves import Axis, Limits
from mesosim.physics.needle import Tube

GRAVITY_M_S2 = 9.81


@dataclass(frozen=True)
class Fit:
    """What is fitted: syringe, needle with its free length in mm and pins, viscosity in mPa·s;
    `off` -1 or 1 for the smallest or widest bore."""

    syringe: Syringe
    needle: Needle
    viscosity_mpa_s: float
    length_mm: float = 4.0
    off: int = 0
    pins: int = 1


@dataclass(frozen=True)
class Flow:
    """The highest steady flow of a combination, and what limits it."""

    flow_nl_s: float
    limit: str


@dataclass(frozen=True)
class Cycle:
    """The times of one shot in s, in sequence, and the flow that makes it shortest."""

    advance_s: float
    dispense_s: float
    dwell_s: float
    withdraw_s: float
    back_off_s: float
    turnaround_s: float
    flow_nl_s: float
    back_off_nl: float

    @property
    def whole_s(self) -> float:
        """All of them."""
        moving = self.advance_s + self.dispense_s + self.dwell_s
        return moving + self.withdraw_s + self.back_off_s + self.turnaround_s

    @property
    def per_min(self) -> float:
        """Shots a minute."""
        return 60 / self.whole_s


def carriage(gun: Gun, fitted: Syringe) -> Axis:
    """The carriage with a filled syringe on it."""
    return gun.axis("carriage", gun.riding_g(fitted))


def advance_load(gun: Gun, fitted: Syringe, puncture_n: float, up: bool) -> moves.Load:
    """Force against the needle's way out: spring, weight where it points up, guides, puncture."""
    weight_n = gun.riding_g(fitted) * 1e-3 * GRAVITY_M_S2 * (1 if up else -1)
    still_n = weight_n + gun.number("carriage", "guide_friction_n")
    foot_mm = gun.number("carriage", "foot_mm")
    back = gun.spring

    def load(at_mm: float) -> float:
        return back.force_n(at_mm) + still_n + (puncture_n if at_mm >= foot_mm else 0.0)

    return load


def advance(gun: Gun, fitted: Syringe, puncture_n: float, travel_mm: float) -> Limits:
    """Limits of the carriage towards the skin: speeding up as the torque with its margin allows
    against spring, weight, guides and puncture, as far out as it speeds up.

    a = (push - load) / (mass + J / arm² · efficiency), from the screw's torque equation.
    """
    speed = gun.number("carriage", "speed_mm_s")
    down = gun.number("carriage", "advance_m_s2", "down")
    axis = carriage(gun, fitted)
    push_n = moves.push_n(axis, speed, gun.number("process", "torque_margin"))
    mover = axis.screw
    turning_g = screw.reflected_g(axis.inertia_gcm2, mover.lead_mm) * screw.efficiency(mover)
    load = advance_load(gun, fitted, puncture_n, True)
    at_mm, accel = travel_mm, 0.0
    for _ in range(20):
        at_n = load(max(at_mm, gun.number("carriage", "foot_mm")))
        accel = max(0.0, (push_n - at_n) / (axis.mass_g + turning_g) * 1e3)
        if accel == 0.0:
            break
        at_mm = min(travel_mm * down / (accel + down), speed * speed / (2e3 * accel))
    return Limits(speed, accel, down)


def withdraw_load(gun: Gun, fitted: Syringe, from_mm: float, up: bool) -> moves.Load:
    """Force against the needle's way home: the spring helps, weight helps where it points up."""
    weight_n = gun.riding_g(fitted) * 1e-3 * GRAVITY_M_S2 * (-1 if up else 1)
    still_n = weight_n + gun.number("carriage", "guide_friction_n")
    drag_n = gun.number("carriage", "skin_drag_n")
    foot_mm = gun.number("carriage", "foot_mm")
    back = gun.spring

    def load(done_mm: float) -> float:
        at_mm = from_mm - done_mm
        return still_n - back.force_n(at_mm) + (drag_n if at_mm >= foot_mm else 0.0)

    return load


def carriage_margin(
    gun: Gun, fitted: Syringe, puncture_n: float, travel_mm: float, limits: Limits
) -> float:
    """Least torque margin of both ways, the needle up or down; `limits` are those of the way
    out."""
    axis = carriage(gun, fitted)
    found = math.inf
    for up in (False, True):
        out = advance_load(gun, fitted, puncture_n, up)
        home = withdraw_load(gun, fitted, travel_mm, up)
        found = min(
            found,
            moves.least_margin(axis, limits, travel_mm, out)[0],
            moves.least_margin(axis, gun.withdraw(), travel_mm, home)[0],
        )
    return found


def return_s(gun: Gun, fitted: Syringe, depth_mm: float) -> float:
    """Time in which the spring alone brings the needle home, pointing down, motor unpowered."""
    mover = gun.screw("carriage")
    axis = carriage(gun, fitted)
    drag_n = spring.detent_n(mover, gun.number("carriage", "motor", "detent_mnm"))
    drag_n += gun.riding_g(fitted) * 1e-3 * GRAVITY_M_S2
    drag_n += gun.number("carriage", "guide_friction_n") + gun.number("carriage", "skin_drag_n")
    mass_g = spring.effective_g(mover, axis.mass_g, axis.inertia_gcm2)
    travel_mm = gun.number("carriage", "foot_mm") + depth_mm
    return spring.return_s(gun.spring, travel_mm, mass_g, drag_n)


def carriage_push_n(gun: Gun) -> float:
    """Force that the carriage keeps at its top speed with its margin."""
    speed = gun.number("carriage", "speed_mm_s")
    return moves.push_n(gun.axis("carriage", 0.0), speed, gun.number("process", "torque_margin"))


def plunger_push_n(gun: Gun, speed_mm_s: float) -> float:
    """Force that the plunger keeps at a speed with its margin, inside the force cell's range."""
    axis = gun.axis("plunger", 0.0)
    push_n = moves.push_n(axis, speed_mm_s, gun.number("process", "torque_margin"))
    return min(push_n, gun.number("force_cell", "range_n"))


def plunger_margin(gun: Gun, fit: Fit, flow_nl_s: float) -> float:
    """Least torque margin of the plunger as it ramps up: the stopper breaks loose at once, the
    pressure comes as the swept volume is stored."""
    area = syringe.area_mm2(fit.syringe.barrel.bore_um)
    bar = needle.pressure_bar(tube(gun, fit), fit.viscosity_mpa_s, flow_nl_s)
    compliance = compliance_nl_bar(fit.syringe)

    def load(at_mm: float) -> float:
        built = min(bar, at_mm * 1000 * area / compliance)
        return syringe.force_n(built, fit.syringe.barrel.bore_um, fit.syringe.break_n)

    drive = gun.plunger(fit.syringe)
    speed = min(drive.speed_mm_s, flow_nl_s / area / 1000)
    stored_mm = bar * compliance / area / 1000
    length_mm = 2 * stored_mm + 4 * speed**2 / drive.up_m_s2 / 2e3
    limits = Limits(speed, drive.up_m_s2, drive.down_m_s2)
    return moves.least_margin(gun.axis("plunger", 0.0), limits, length_mm, load)[0]


def compliance_nl_bar(fitted: Syringe, full: float = 1.0) -> float:
    """What gives way in a syringe and its drive, in nl/bar; full, the most, unless said."""
    return syringe.compliance_nl_bar(fitted.barrel, full, fitted.drive_n_mm)


def tube(gun: Gun, fit: Fit) -> Tube:
    """The tube of what is fitted."""
    return gun.tube(fit.needle, fit.length_mm, fit.pins, fit.off)


def highest_flow(gun: Gun, fit: Fit) -> Flow:
    """The highest steady flow under the syringe's pressure, plunger speed and plunger force.

    Re above 2000 is no limit but a flag: the dose is the plunger's, only the pressure is in doubt.
    """
    bore_um = fit.syringe.barrel.bore_um
    area = syringe.area_mm2(bore_um)
    way = tube(gun, fit)
    best = Flow(
        needle.flow_nl_s(way, fit.viscosity_mpa_s, fit.syringe.pressure_bar), "pressure in syringe"
    )
    by_speed = gun.number("plunger", "speed_mm_s") * 1000 * area
    if by_speed < best.flow_nl_s:
        best = Flow(by_speed, "plunger speed")

    def has_force(flow_nl_s: float) -> bool:
        bar = needle.pressure_bar(way, fit.viscosity_mpa_s, flow_nl_s)
        needed_n = syringe.force_n(bar, bore_um, fit.syringe.break_n)
        return needed_n <= plunger_push_n(gun, flow_nl_s / area / 1000)

    if has_force(best.flow_nl_s):
        return best
    low, high = 0.0, best.flow_nl_s
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if has_force(middle) else (low, middle)
    return Flow(low, "plunger motor")


def smallest_nl(gun: Gun, fitted: Syringe) -> float:
    """The smallest dose whose spread is within 5 %, in nl.

    Both ends of a stroke may be off by the motor's step error, the encoder knows no better than a
    count, and what the stopper takes up before it lets go varies by a share.
    """
    lead_mm = gun.number("plunger", "lead_mm")
    error_um = 2 * stepper.step_error_um(
        lead_mm, gun.number("plunger", "motor", "step_error_share")
    )
    error_um += lead_mm * 1000 / gun.number("plunger", "encoder_counts_turn")
    spread_nl = error_um * syringe.area_mm2(fitted.barrel.bore_um)
    spread_nl += gun.number("plunger", "stick_spread") * syringe.stick_nl(
        fitted.barrel.bore_um, fitted.break_n, fitted.glide_n, fitted.drive_n_mm
    )
    return spread_nl / gun.number("process", "dose_share")


def smallest_dose_nl(gun: Gun, fitted: Syringe) -> float:
    """The smallest dose that a syringe is supported for, whole tenths of a µL, 1 µL at least."""
    return max(1000.0, -(-smallest_nl(gun, fitted) // 100) * 100)


def worst_plunger_margin(gun: Gun, fitted: Syringe, viscosities_mpa_s: Sequence[float]) -> float:
    """Least margin of the plunger over all needles and viscosities, each at its highest flow."""
    fits = [Fit(fitted, item, value) for item in gun.needles for value in viscosities_mpa_s]
    return min(plunger_margin(gun, fit, highest_flow(gun, fit).flow_nl_s) for fit in fits)


def play_nl(gun: Gun, fitted: Syringe) -> float:
    """Plunger volume between the stopper's going forward and going back: twice its friction over
    the drive's stiffness, and the nut's play."""
    play_um = 2000 * fitted.glide_n / fitted.drive_n_mm
    play_um += gun.number("plunger", "screw", "backlash_um")
    return play_um * syringe.area_mm2(fitted.barrel.bore_um)


def stop_bar(gun: Gun, fit: Fit, dose_nl: float, flow_nl_s: float) -> float:
    """Pressure as the plunger comes to rest after pushing a dose: C dp/dt = sweep - Q over its
    ramps and its cruise, by the midpoint method."""
    way = tube(gun, fit)
    compliance = compliance_nl_bar(fit.syringe)
    area = syringe.area_mm2(fit.syringe.barrel.bore_um)
    ramp_s = flow_nl_s / area / 1000 / gun.plunger(fit.syringe).up_m_s2 / 1000
    cruise_s = max(0.0, dose_nl / flow_nl_s - ramp_s)

    def change(bar: float, sweep_nl_s: float) -> float:
        out = needle.flow_nl_s(way, fit.viscosity_mpa_s, max(0.0, bar))
        return (sweep_nl_s - out) / compliance

    bar = 0.0
    for lasts_s, rate_from, rate_to, parts in (
        (ramp_s, 0.0, flow_nl_s, 20),
        (cruise_s, flow_nl_s, flow_nl_s, 80),
        (ramp_s, flow_nl_s, 0.0, 20),
    ):
        step_s = lasts_s / parts
        for part in range(parts):
            sweep = rate_from + (rate_to - rate_from) * (part + 0.5) / parts
            middle = bar + change(bar, sweep) * step_s / 2
            bar += change(middle, sweep) * step_s
    return max(0.0, bar)


def at_flow(gun: Gun, fit: Fit, depth_mm: float, dose_nl: float, flow_nl_s: float) -> Cycle:
    """A shot at a flow: the phases one after the other, dwelling until 1 % of the dose is left.

    The back-off takes most of the stopper's play; each dispense first makes it up.
    """
    area = syringe.area_mm2(fit.syringe.barrel.bore_um)
    way = tube(gun, fit)
    travel_mm = gun.number("carriage", "foot_mm") + depth_mm
    drive = gun.plunger(fit.syringe)
    back_off_nl = gun.number("process", "play_share") * play_nl(gun, fit.syringe)
    stroke_mm = (back_off_nl + dose_nl) / area / 1000
    pressing = Limits(
        min(drive.speed_mm_s, flow_nl_s / area / 1000), drive.up_m_s2, drive.down_m_s2
    )
    # A short stroke never reaches the flow.
    flow_nl_s = moves.peak_mm_s(pressing, stroke_mm) * area * 1000
    start_bar = stop_bar(gun, fit, dose_nl, flow_nl_s)
    start_nl_s = needle.flow_nl_s(way, fit.viscosity_mpa_s, start_bar)
    left_nl = gun.number("process", "residual_share") * dose_nl
    puncture_n = skin.puncture_n(fit.needle.outer_um, fit.pins)
    out = advance(gun, fit.syringe, puncture_n, travel_mm)
    return Cycle(
        moves.duration_s(out, travel_mm) if out.up_m_s2 else math.inf,
        moves.duration_s(pressing, stroke_mm),
        syringe.decay_s(
            way, fit.viscosity_mpa_s, start_nl_s, compliance_nl_bar(fit.syringe), left_nl
        ),
        moves.duration_s(gun.withdraw(), travel_mm),
        moves.duration_s(drive, back_off_nl / area / 1000),
        gun.number("process", "turnaround_ms") / 1000,
        flow_nl_s,
        back_off_nl,
    )


def shortest(gun: Gun, fit: Fit, depth_mm: float, dose_nl: float) -> Cycle:
    """The shortest shot: more flow dispenses sooner but leaves more pressure to wait for."""
    most = highest_flow(gun, fit).flow_nl_s
    tried = (at_flow(gun, fit, depth_mm, dose_nl, most * part / 40) for part in range(2, 41))
    return min(tried, key=lambda cycle: cycle.whole_s)


def refusal(gun: Gun, fit: Fit) -> str:
    """Why a combination is refused, naming the limiting part; empty where it is supported."""
    flow = highest_flow(gun, fit)
    if flow.flow_nl_s < gun.number("process", "flow_least_nl_s"):
        return f"{fit.needle.name} and {flow.limit}"
    dose_nl = max(10_000.0, smallest_dose_nl(gun, fit.syringe))
    if shortest(gun, fit, 0.0, dose_nl).dwell_s > gun.number("process", "dwell_most_s"):
        return f"{fit.needle.name} and the {fit.syringe.name} syringe's stopper: pressure stays"
    return ""
