"""A zone's shot in numbers: steps, flow, wait, accelerations; and whether anything forbids it."""

from mesofw.core import aside, errors, motion
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.dose import FL_PER_NL
from mesofw.core.errors import Fault
from mesofw.core.fit import OUT_LEAST_MM_S2, PPM, Fit
from mesofw.core.machine import AXES, TICKS_PER_US, ramps
from mesofw.core.modes import MODE

LONGEST_S = 300
DWELL_MAX_US = 10_000_000
FLOW_LEAST_NL_S = 1_000
# Between two shots, on average: core takes 2.0 ms to look and to write the next intent, and half a
# watching step of 0.8 ms until it sees the end (both on the emulated RP2040 with MicroPython 1.28);
# the journal's wire and reading the inputs 0.6 ms (estimate); and half as much again, since the
# emulator has no flash cache that misses. A late one holds up no other: shots are due by the clock.
RATE_MARGIN_US = 4_500
_OUT_DOWN_HZ_S = ramps(CARRIAGE, True)[1]
HOME = ramps(CARRIAGE, False)


class Aim:
    """One zone's shot with what is fitted. `take` works it out; the rest reads it."""

    def __init__(self):
        self.depth_steps = 0
        self.dose_steps = 0
        self.backoff_steps = 0
        self.flow_nl_s = 0
        # The speeds that the moves reach: out, home, dispensing, backing off.
        self.out_hz = 0
        self.home_hz = 0
        self.flow_hz = 0
        self.back_hz = 0
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
        self.out = (AXES[CARRIAGE].hz_s(out_mm_s2), _OUT_DOWN_HZ_S)
        if self.depth_steps > AXES[CARRIAGE].travel_steps:
            return refused(errors.BEYOND_DEVICE, zone, self.depth_steps, step_pm)
        if out_mm_s2 < OUT_LEAST_MM_S2:
            return refused(errors.PUNCTURE_TOO_HARD, zone, fit, reach_um)
        if 0 < zone["volume_nl"] < fit.syringe.least_nl:
            return refused(errors.DOSE_TOO_SMALL, zone, fit)
        if dose_steps:
            most = fit.most_flow_nl_s()
            if most < FLOW_LEAST_NL_S:
                return unsized(fit)
            press_hz_s = fit.press_hz_s()
            self.press = (press_hz_s, press_hz_s)
            self.backoff_steps = fit.backoff_steps
            decay_us = self._flows(zone, fit, most)
            if decay_us > DWELL_MAX_US:
                return refused(errors.PRESSURE_STAYS, zone, fit, decay_us)
            self.dwell_us = max(decay_us, zone["dwell_ms"] * 1000)
        self._moves()
        self.lasts_us = (self.moves_ticks() + self.dose_ticks()) // TICKS_PER_US
        if self.lasts_us >= LONGEST_S * 1_000_000:
            return refused(errors.SHOT_TOO_LONG, self, zone, fit)
        if MODE[zone["mode"]].repeats and zone["rate_per_min"] > most_per_min(self.lasts_us):
            return refused(errors.RATE_UNREACHABLE, self, zone, fit)
        return None

    def _flows(self, zone: dict, fit: Fit, most: int) -> int:
        """Choose the flow; gives how long the pressure then takes to fall, in µs."""
        volume_nl = zone["volume_nl"]
        self.flow_nl_s = fit.best_flow_nl_s(volume_nl, min(most, zone["flow_nl_s"]))
        self.flow_hz = max(1, self.flow_nl_s * FL_PER_NL // fit.step_fl)
        # What the plunger really does: a short stroke never reaches its flow.
        steps = self.backoff_steps + self.dose_steps
        self.flow_hz = motion.cruise_speed(steps, self.flow_hz, self.press[0], self.press[1])
        flow_nl_s = self.flow_hz * fit.step_fl // FL_PER_NL
        return fit.decay_us(max(1, flow_nl_s), volume_nl)

    def _moves(self) -> None:
        """Work out what speeds the other moves reach."""
        speed_hz = AXES[CARRIAGE].speed_hz
        self.out_hz = motion.cruise_speed(self.depth_steps, speed_hz, self.out[0], self.out[1])
        self.home_hz = motion.cruise_speed(self.depth_steps, speed_hz, HOME[0], HOME[1])
        if self.backoff_steps:
            speed_hz = AXES[PLUNGER].speed_hz
            self.back_hz = motion.cruise_speed(
                self.backoff_steps, speed_hz, self.press[0], self.press[1]
            )

    def moves_ticks(self) -> int:
        """Ticks of the needle's way out and home."""
        ticks = motion.reached_ticks(self.depth_steps, self.out_hz, self.out)
        ticks -= motion.at_once_saves_ticks(self.out[0])
        return ticks + motion.reached_ticks(self.depth_steps, self.home_hz, HOME)

    def dose_ticks(self) -> int:
        """Ticks of dispensing, waiting and backing off."""
        if not self.dose_steps:
            return 0
        steps = self.backoff_steps + self.dose_steps
        ticks = motion.reached_ticks(steps, self.flow_hz, self.press)
        ticks += self.dwell_us * TICKS_PER_US
        if self.backoff_steps:
            ticks += motion.reached_ticks(self.backoff_steps, self.back_hz, self.press)
        return ticks


def reach(zone: dict) -> int:
    """How far the needle comes out of the foot for a zone's depth, in µm: depth / sin(angle)."""
    angle_deg = zone["angle_deg"]
    return zone["depth_um"] if angle_deg == 90 else zone["depth_um"] * PPM // sin_ppm(angle_deg)


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


def unsized(fit: Fit):
    """The Fault where hardly anything passes what is fitted; None where a usable flow does."""
    if fit.most_flow_nl_s() >= FLOW_LEAST_NL_S:
        return None
    return refused(errors.NOT_SIZED, fit)


def refused(code: int, *about) -> Fault:
    """The Fault of a code, as `refusals` builds it out of what it wants to know.

    That module is read in for this only. Where there is no memory for it, it stays refused.
    """
    held = aside.held("refusals")
    try:
        from mesofw.core import refusals

        return refusals.BUILD[code](*about)
    except MemoryError:
        return Fault("", code)
    finally:
        if not held:
            aside.let_go("refusals")
