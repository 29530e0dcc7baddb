"""A zone's shot as a timetable: advance, dispense, dwell, withdraw, back off.

Worked out when the zone is armed. Each dispense first makes up the back-off of the shot before, so
every shot starts and ends with the plunger backed off by the same steps.
"""

from mesofw.core import dose, errors, motion, parts
from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER, Phase
from mesofw.core.errors import Fault
from mesofw.core.fields import show
from mesofw.core.machine import AXES, TICKS_PER_US
from mesofw.core.motion import Segments

ADVANCE, DISPENSE, DWELL, WITHDRAW, BACKOFF = range(5)
SEGMENTS_MAX = 200
PHASES_MAX = 5
LONGEST_S = 300
# What a plan assumes of a gun whose calibration is not known, as on the host.
NOMINAL_FOOT_UM = 1_000
NOMINAL_BACKOFF_NL = 2_000


class Timetable:
    """Phases and their segments, made once and reused. `count` phases are in use.

    `cruise` is the segment of the dispense in which one more pulse may go; `duration_us` the whole
    time from first to last edge.
    """

    def __init__(self):
        self.segments = Segments(SEGMENTS_MAX)
        self.phases = [Phase() for _ in range(PHASES_MAX)]
        self.clear()

    def clear(self) -> None:
        self.segments.clear()
        self.count = 0
        self.cruise = -1
        self.dispense = -1
        self.duration_us = 0

    def move(self, kind: int, axis: int, steps: int, speed_hz: int) -> int:
        """Append a phase that moves `axis` by `steps` (not 0), forward positive, at most at
        `speed_hz`; gives the index of the segment at constant speed."""
        limits = AXES[axis]
        phase = self._phase(kind, axis, 1 if steps > 0 else -1)
        phase.pulses = abs(steps)
        cruise = motion.add_move(
            self.segments, phase.pulses, min(speed_hz, limits.speed_hz), limits.accel_hz_s
        )
        self._close(phase)
        return cruise

    def pause(self, kind: int, duration_us: int) -> None:
        """Append a phase in which nothing moves."""
        phase = self._phase(kind, NEITHER, 1)
        phase.pulses = 0
        motion.add_pause(self.segments, duration_us * TICKS_PER_US)
        self._close(phase)

    def _phase(self, kind: int, axis: int, direction: int) -> Phase:
        phase = self.phases[self.count]
        phase.kind = kind
        phase.axis = axis
        phase.direction = direction
        phase.first = self.segments.count
        return phase

    def _close(self, phase: Phase) -> None:
        phase.count = self.segments.count - phase.first
        ticks = motion.duration_ticks(self.segments, phase.first, phase.count)
        self.duration_us += ticks // TICKS_PER_US + 1
        self.count += 1


def plan(table: Timetable, zone: dict, depth_steps: int, dose_steps: int, backoff_steps: int,
         step_fl: int):  # fmt: skip
    """Fill `table` with one shot of `zone`; gives None, or the Fault that forbids it.

    `depth_steps` carriage steps to the depth, `dose_steps` plunger steps without the make-up,
    `step_fl` the volume of one of them.
    """
    table.clear()
    fault = forbidden(zone, depth_steps, dose_steps, backoff_steps, step_fl)
    if fault:
        return fault
    carriage, plunger = AXES
    table.move(ADVANCE, CARRIAGE, depth_steps, carriage.speed_hz)
    if dose_steps:
        table.dispense = table.count
        steps = backoff_steps + dose_steps
        table.cruise = table.move(DISPENSE, PLUNGER, steps, _flow_hz(zone, step_fl))
        if zone["dwell_ms"]:
            table.pause(DWELL, zone["dwell_ms"] * 1000)
    table.move(WITHDRAW, CARRIAGE, -depth_steps, carriage.speed_hz)
    if dose_steps and backoff_steps:
        table.move(BACKOFF, PLUNGER, -backoff_steps, plunger.speed_hz)
    return None


def forbidden(zone: dict, depth_steps: int, dose_steps: int, backoff_steps: int, step_fl: int):
    """What the machine cannot do of a shot, as a Fault with the nearest that it can; None where it
    can do all of it."""
    carriage, plunger = AXES
    over_um = (depth_steps - carriage.travel_steps) * carriage.step_nm // 1000
    if over_um > 0:
        most_um = zone["depth_um"] - over_um
        return _fault("depth", errors.BEYOND_DEVICE, "depth_um", zone["depth_um"], most_um)
    if dose_steps and _flow_hz(zone, step_fl) > plunger.speed_hz:
        most = plunger.speed_hz * step_fl // 1_000_000
        return _fault("flow", errors.FLOW_UNREACHABLE, "flow_nl_s", zone["flow_nl_s"], most)
    lasts_us = shot_us(zone, depth_steps, dose_steps, backoff_steps, step_fl)
    if lasts_us > LONGEST_S * 1_000_000:
        found_s = lasts_us // 1_000_000
        return _fault("flow", errors.SHOT_TOO_LONG, "duration_s", found_s, LONGEST_S)
    most = most_per_min(lasts_us)
    if zone["mode"] != "single" and zone["rate_per_min"] > most:
        return _fault("rate", errors.RATE_UNREACHABLE, "rate_per_min", zone["rate_per_min"], most)
    return None


def shot_us(zone: dict, depth_steps: int, dose_steps: int, backoff_steps: int, step_fl: int) -> int:
    """How long one shot lasts, from its first edge to its last, without planning it."""
    carriage, plunger = AXES
    ticks = 2 * motion.move_ticks(depth_steps, carriage.speed_hz, carriage.accel_hz_s)
    if dose_steps:
        steps = backoff_steps + dose_steps
        ticks += motion.move_ticks(steps, _flow_hz(zone, step_fl), plunger.accel_hz_s)
        ticks += zone["dwell_ms"] * 1000 * TICKS_PER_US
        if backoff_steps:
            ticks += motion.move_ticks(backoff_steps, plunger.speed_hz, plunger.accel_hz_s)
    return ticks // TICKS_PER_US


def most_per_min(lasts_us: int) -> int:
    """How often a shot that lasts so long can be repeated."""
    return 60_000_000 // (lasts_us + RATE_MARGIN_US)


def nominal(head: dict, zone: dict) -> tuple:
    """(depth steps, dose steps, back-off steps, volume of a step in fl) of a gun with nominal
    scales: what can be said before a gun is at hand."""
    step_fl = dose.step_volume_fl(parts.bore_um2(head["syringe"]), AXES[PLUNGER].step_nm)
    depth_steps = (NOMINAL_FOOT_UM + zone["depth_um"]) * 1000 // AXES[CARRIAGE].step_nm
    dose_steps = zone["volume_nl"] * dose.FL_PER_NL // step_fl
    return depth_steps, dose_steps, dose.steps_for(NOMINAL_BACKOFF_NL, step_fl), step_fl


def _flow_hz(zone: dict, step_fl: int) -> int:
    return max(1, zone["flow_nl_s"] * 1_000_000 // step_fl)


# Between two shots of a burst: the result is written, the next intent, the inputs looked at.
RATE_MARGIN_US = 4_000


def _fault(at: str, code: int, name: str, found: int, most: int) -> Fault:
    return Fault(at, code, show(name, found), "up to " + show(name, most))


def plan_recover(table: Timetable, carriage_steps: int, backoff_steps: int) -> None:
    """Fill `table` with the way back from a shot that was stopped: withdraw, then back off."""
    table.clear()
    if carriage_steps > 0:
        table.move(WITHDRAW, CARRIAGE, -carriage_steps, AXES[CARRIAGE].speed_hz)
    if backoff_steps > 0:
        table.move(BACKOFF, PLUNGER, -backoff_steps, AXES[PLUNGER].speed_hz)
