"""A zone's shot as a timetable: advance, dispense, dwell, withdraw, back off.

Worked out when the zone is armed. Each dispense first makes up the back-off of the shot before, so
every shot starts and ends with the plunger backed off by the same steps.
"""

from mesofw.core import dose, motion, parts
from mesofw.core.aim import HOME, Aim
from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER, Phase
from mesofw.core.fit import Fit
from mesofw.core.machine import AXES, TICKS_PER_US, ramps
from mesofw.core.motion import Segments

ADVANCE, DISPENSE, DWELL, WITHDRAW, BACKOFF = range(5)
SEGMENTS_MAX = 200
PHASES_MAX = 5
# What one move takes, or a way back of two phases.
MOVE_SEGMENTS_MAX = 120
MOVE_PHASES_MAX = 2
# What a plan assumes of a gun whose calibration is not known, as on the host.
NOMINAL_FOOT_UM = 1_000
NOMINAL_STEP_PM = 5_000_000


class Timetable:
    """Phases and their segments, made once and reused. `count` phases are in use.

    `cruise` is the segment of the dispense in which one more pulse may go; `duration_us` the whole
    time from first to last edge.
    """

    def __init__(self, segments: int = SEGMENTS_MAX, phases: int = PHASES_MAX):
        self.segments = Segments(segments)
        self.phases = [Phase() for _ in range(phases)]
        self.clear()

    def clear(self) -> None:
        self.segments.clear()
        self.count = 0
        self.cruise = -1
        self.dispense = -1
        self.duration_us = 0

    def move(self, kind: int, axis: int, steps: int, speed_hz: int, ramps: tuple) -> None:
        """Append a phase that moves `axis` by `steps` (not 0), forward positive, at most at
        `speed_hz`, speeding up and slowing down by `ramps` in steps/s²."""
        speed_hz = min(speed_hz, AXES[axis].speed_hz)
        speed_hz = motion.cruise_speed(abs(steps), speed_hz, ramps[0], ramps[1])
        self.reach(kind, axis, steps, speed_hz, ramps)

    def reach(
        self, kind: int, axis: int, steps: int, speed_hz: int, ramps: tuple, at_once: bool = False
    ) -> int:
        """The same with the speed that the move reaches; gives the index of the segment at constant
        speed. `at_once`: it begins with its first pulse, not with the wait for it."""
        phase = self._phase(kind, axis, 1 if steps > 0 else -1)
        phase.pulses = abs(steps)
        if at_once:
            self.segments.add(1, motion.AT_ONCE_TICKS)
        cruise = motion.add_reached(self.segments, phase.pulses, speed_hz, ramps)
        if at_once:
            self.segments.begin_at_once(phase.first)
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
        self.count += 1
        self.duration_us = self.segments.ticks // TICKS_PER_US + self.count


def plan(table: Timetable, aim: Aim) -> None:
    """Fill `table` with one shot."""
    table.clear()
    table.reach(ADVANCE, CARRIAGE, aim.depth_steps, aim.out_hz, aim.out, True)
    if aim.dose_steps:
        table.dispense = table.count
        steps = aim.backoff_steps + aim.dose_steps
        table.cruise = table.reach(DISPENSE, PLUNGER, steps, aim.flow_hz, aim.press)
        if aim.dwell_us:
            table.pause(DWELL, aim.dwell_us)
    table.reach(WITHDRAW, CARRIAGE, -aim.depth_steps, aim.home_hz, HOME)
    if aim.dose_steps and aim.backoff_steps:
        table.reach(BACKOFF, PLUNGER, -aim.backoff_steps, aim.back_hz, aim.press)


def plan_recover(table: Timetable, carriage_steps: int, backoff_steps: int) -> None:
    """Fill `table` with the way back from a shot that was stopped: withdraw, then back off."""
    table.clear()
    for kind, axis, steps in (
        (WITHDRAW, CARRIAGE, carriage_steps),
        (BACKOFF, PLUNGER, backoff_steps),
    ):
        if steps > 0:
            table.move(kind, axis, -steps, AXES[axis].speed_hz, ramps(axis, False))


def nominal(head: dict) -> Fit:
    """The fit of a program's head on a gun with nominal scales: what can be said before a gun is at
    hand."""
    fit = Fit(head)
    fit.step_fl = dose.step_volume_fl(parts.bore_um2(head["syringe"]), AXES[PLUNGER].step_nm)
    fit.settle()
    return fit
