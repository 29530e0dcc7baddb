"""A zone's shot in numbers: steps, flow, wait, accelerations; and what forbids it.

What cannot be done is told with the part that limits it and the nearest that can be done.
"""

from mesofw.core import errors, motion
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.dose import FL_PER_NL
from mesofw.core.errors import Fault
from mesofw.core.fields import show
from mesofw.core.fit import OUT_LEAST_MM_S2, PPM, Fit
from mesofw.core.machine import AXES, TICKS_PER_US, ramps
from mesofw.core.modes import MODE

LONGEST_S = 300
DWELL_MAX_US = 10_000_000
FLOW_LEAST_NL_S = 1_000
# Between two shots: the result is written, the next intent, the inputs looked at.
RATE_MARGIN_US = 4_000
_CARRIAGE = "carriage motor"
_PLUNGER = "plunger motor"
_SET_FLOW = "the flow that is set"


class Aim:
    """One zone's shot with what is fitted. `take` works it out; the rest reads it."""

    def __init__(self):
        self.depth_steps = 0
        self.dose_steps = 0
        self.backoff_steps = 0
        self.flow_nl_s = 0
        self.flow_hz = 0
        self.dwell_us = 0
        self.out = (0, 0)
        self.press = (0, 0)
        self.lasts_us = 0  # from a shot's first edge to its last

    def take(self, zone: dict, fit: Fit, foot_um: int, step_pm: int, dose_steps: int):
        """Work out a shot of `zone`; gives None, or the Fault that forbids it.

        `foot_um` is the carriage's way from home to the foot, `step_pm` its true step in pm,
        `dose_steps` the plunger's steps without the make-up.
        """
        reach_um = foot_um + reach(zone)
        self.depth_steps = (reach_um * PPM + step_pm // 2) // step_pm
        self.dose_steps = dose_steps
        out_mm_s2 = fit.out_mm_s2(reach_um)
        self.out = (AXES[CARRIAGE].hz_s(out_mm_s2), ramps(CARRIAGE, True)[1])
        fault = _too_deep(zone, self.depth_steps, step_pm)
        if fault is None and out_mm_s2 < OUT_LEAST_MM_S2:
            fault = _too_many_pins(zone, fit, reach_um)
        fault = fault or _too_small(zone, fit)
        if fault:
            return fault
        if dose_steps:
            most = fit.most_flow_nl_s()
            if most < FLOW_LEAST_NL_S:
                return unsized(fit)
            press_hz_s = fit.press_hz_s()
            self.press = (press_hz_s, press_hz_s)
            self.backoff_steps = fit.backoff_steps
            decay_us = self._flows(zone, fit, most)
            if decay_us > DWELL_MAX_US:
                return self._stays(zone, fit, decay_us)
            self.dwell_us = max(decay_us, zone["dwell_ms"] * 1000)
        self.lasts_us = (self.moves_ticks() + self.dose_ticks()) // TICKS_PER_US
        return self._too_long(zone, fit) or self._too_fast(zone, fit)

    def _flows(self, zone: dict, fit: Fit, most: int) -> int:
        """Choose the flow; gives how long the pressure then takes to fall, in µs."""
        volume_nl = zone["volume_nl"]
        self.flow_nl_s = fit.best_flow_nl_s(volume_nl, min(most, zone["flow_nl_s"]))
        self.flow_hz = max(1, self.flow_nl_s * FL_PER_NL // fit.step_fl)
        # What the plunger really does: a short stroke never reaches its flow.
        steps = self.backoff_steps + self.dose_steps
        self.flow_hz = motion.cruise_speed(steps, self.flow_hz, *self.press)
        flow_nl_s = self.flow_hz * fit.step_fl // FL_PER_NL
        return fit.decay_us(max(1, flow_nl_s), volume_nl)

    def moves_ticks(self) -> int:
        """Ticks of the needle's way out and home."""
        speed_hz = AXES[CARRIAGE].speed_hz
        ticks = motion.move_ticks(self.depth_steps, speed_hz, *self.out)
        return ticks + motion.move_ticks(self.depth_steps, speed_hz, *ramps(CARRIAGE, False))

    def dose_ticks(self) -> int:
        """Ticks of dispensing, waiting and backing off."""
        if not self.dose_steps:
            return 0
        steps = self.backoff_steps + self.dose_steps
        ticks = motion.move_ticks(steps, self.flow_hz, *self.press)
        ticks += self.dwell_us * TICKS_PER_US
        if self.backoff_steps:
            ticks += motion.move_ticks(self.backoff_steps, AXES[PLUNGER].speed_hz, *self.press)
        return ticks

    def _too_long(self, zone: dict, fit: Fit):
        lasts_s = self.lasts_us // 1_000_000
        if lasts_s < LONGEST_S:
            return None
        # Moves and make-up take a smaller dose as long, and the wait even longer.
        most_nl = zone["volume_nl"] * LONGEST_S // (lasts_s + 1)
        longer_us = max(0, fit.decay_us(self.flow_nl_s, most_nl) - self.dwell_us)
        dose_us = self.dose_steps * 1_000_000 // self.flow_hz
        room_us = LONGEST_S * 1_000_000 - (self.lasts_us - dose_us) - longer_us
        most_nl = zone["volume_nl"] * room_us // dose_us // 1000 * 1000
        part = self._slowest(zone, fit)
        allowed = "up to %s, that is %s (limit: %s)" % (
            show("duration_s", LONGEST_S), show("volume_nl", most_nl), part)  # fmt: skip
        at = "flow" if part == _SET_FLOW else "volume"
        return Fault(at, errors.SHOT_TOO_LONG, show("duration_s", lasts_s), allowed)

    def _too_fast(self, zone: dict, fit: Fit):
        if not MODE[zone["mode"]].repeats:
            return None
        most = most_per_min(self.lasts_us)
        if zone["rate_per_min"] <= most:
            return None
        part = self._slowest(zone, fit)
        found = zone["rate_per_min"]
        if most:
            return _most("rate", errors.RATE_UNREACHABLE, "rate_per_min", found, most, part)
        lasts = show("duration_s", self.lasts_us // 1_000_000)
        allowed = "none: one shot takes %s (limit: %s)" % (lasts, part)
        return Fault("rate", errors.RATE_UNREACHABLE, show("rate_per_min", found), allowed)

    def _slowest(self, zone: dict, fit: Fit) -> str:
        """What takes most of a shot's time."""
        dose_ticks = self.dose_ticks()
        dwell_us = zone["dwell_ms"] * 1000
        if self.moves_ticks() > dose_ticks:
            return _CARRIAGE
        if dwell_us == self.dwell_us and 2 * dwell_us * TICKS_PER_US > dose_ticks:
            return "the dwell that is set"
        if self.flow_nl_s == zone["flow_nl_s"] and 2 * self.dwell_us * TICKS_PER_US < dose_ticks:
            return _SET_FLOW
        return _outlet(fit)

    def _stays(self, zone: dict, fit: Fit, decay_us: int) -> Fault:
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


def reach(zone: dict) -> int:
    """How far the needle comes out of the foot for a zone's depth, in µm: depth / sin(angle)."""
    angle_deg = zone["angle_deg"]
    return zone["depth_um"] if angle_deg == 90 else zone["depth_um"] * PPM // sin_ppm(angle_deg)


def too_short(zone: dict, length_um: int) -> Fault:
    """The Fault of a zone that reaches beyond the needle; where it is slanted, both the depth and
    the angle that would do."""
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


def sin_ppm(angle_deg: int) -> int:
    """The sine of 0 to 90 degrees in millionths, by its series."""
    turned = angle_deg * 3_141_592_654 // 180  # in nanoradians, so that millionths are exact
    square = turned * turned // 1_000_000_000
    term = total = turned
    for below in (6, 20, 42, 72, 110):
        term = -term * square // 1_000_000_000 // below
        total += term
    return min(PPM, (total + 500) // 1000)


def most_per_min(lasts_us: int) -> int:
    """How often a shot that lasts so long can be repeated."""
    return 60_000_000 // (lasts_us + RATE_MARGIN_US)


def _too_deep(zone: dict, depth_steps: int, step_pm: int):
    """The Fault of a zone beyond the carriage's travel; None where it is within."""
    over_steps = depth_steps - AXES[CARRIAGE].travel_steps
    if over_steps <= 0:
        return None
    depth_um = zone["depth_um"]
    # A step more, for steps are rounded.
    over_um = (over_steps + 1) * step_pm // PPM
    most_um = depth_um - over_um * sin_ppm(zone["angle_deg"]) // PPM - 1
    return _most("depth", errors.BEYOND_DEVICE, "depth_um", depth_um, most_um, "carriage")


def _too_small(zone: dict, fit: Fit):
    """The Fault of a dose that the syringe cannot measure out; None where it can, or none is
    given."""
    least_nl = fit.syringe.least_nl
    if not 0 < zone["volume_nl"] < least_nl:
        return None
    allowed = "%s or more from the %s syringe" % (show("volume_nl", least_nl), fit.syringe_name)
    return Fault("volume", errors.DOSE_TOO_SMALL, show("volume_nl", zone["volume_nl"]), allowed)


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


def unsized(fit: Fit):
    """The Fault where hardly anything passes what is fitted; None where a usable flow does."""
    if fit.most_flow_nl_s() >= FLOW_LEAST_NL_S:
        return None
    asked = fit.viscosity_upa_s
    most = _most_viscous(fit, lambda: fit.most_flow_nl_s() >= FLOW_LEAST_NL_S, 17)
    limit = "%s needle and %s" % (fit.needle_name, _pusher(fit))
    return _most("viscosity", errors.NOT_SIZED, "viscosity_upa_s", asked, most, limit)


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
