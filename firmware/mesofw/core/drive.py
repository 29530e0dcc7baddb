"""Runs motions through the board and watches them: planned, stepped and measured must agree.

One motion at a time: a timetable (a shot, a way back) or a single move (homing, stopper, priming).
Forward plunger motion is started only where the caller's state allows it.
"""

from mesofw.core import clock, errors
from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER
from mesofw.core.machine import AXES
from mesofw.core.shot import Timetable

STILL, MOVING, DONE, TROUBLE = range(4)
LATE_US = 50_000
LOOK_US = 20_000


class Drive:
    """`step` tells how the motion stands: STILL, MOVING, DONE (this step) or TROUBLE with `code`.

    `forward_allowed` is set by the gun with each state. `start_steps` and
    `start_counts` are where each axis stood,
    `reached_steps` and `reached_counts` where its last forward phase brought it; `phase` is the
    kind of the phase that runs, or ran when the motion ended.
    """

    def __init__(self, board, inputs):
        self._board = board
        self._inputs = inputs
        self._table = Timetable()
        self._running = None
        self._phases_seen = 0
        self._deadline_us = 0
        self._expected = [0, 0]
        self.start_steps = [0, 0]
        self.start_counts = [0, 0]
        self.reached_steps = [0, 0]
        self.reached_counts = [0, 0]
        self.forward_allowed = False
        self.code = 0
        self.carriage_on = False
        self.phase = -1

    @property
    def moving(self) -> bool:
        return self._running is not None

    def move(self, axis: int, steps: int, speed_hz: int, now_us: int) -> None:
        """Start one move of `steps` (not 0), forward positive."""
        self._table.clear()
        self._table.move(0, axis, steps, speed_hz)
        self.load(self._table)
        self.start(self._table, now_us)

    def load(self, table: Timetable) -> None:
        """Hand a timetable to the board; `start` may then run it any number of times."""
        self._board.motion_load(table.segments, table.phases, table.count)

    def start(self, table: Timetable, now_us: int, extra: int = 0) -> None:
        """Run the loaded timetable, its dispense `extra` pulses longer or shorter than before.

        Raises ValueError where it would push the plunger in a state that forbids it.
        """
        if not self.forward_allowed:
            for index in range(table.count):
                phase = table.phases[index]
                if phase.axis == PLUNGER and phase.direction > 0:
                    raise ValueError("no forward plunger motion in this state")
        if extra:
            phase = table.phases[table.dispense]
            phase.pulses += extra
            pulses = table.segments.data[2 * table.cruise] + extra
            table.segments.data[2 * table.cruise] = pulses
            self._board.motion_patch(table.dispense, table.cruise, pulses)
        self.carriage_on = True
        self._board.motors(True, True)
        for axis, steps in (
            (CARRIAGE, self._inputs.carriage_steps),
            (PLUNGER, self._inputs.plunger_steps),
        ):
            self.start_steps[axis] = self._expected[axis] = self.reached_steps[axis] = steps
        self.start_counts[CARRIAGE] = self._inputs.carriage_counts
        self.start_counts[PLUNGER] = self._inputs.plunger_counts
        self._phases_seen = 0
        self.phase = table.phases[0].kind
        self._running = table
        self._deadline_us = clock.add_us(now_us, table.duration_us + LATE_US)
        self._board.motion_start()
        self._inputs.phases_done = 0
        self._inputs.force_peak_mn = 0

    def stop(self) -> None:
        """Freeze; the inputs' step counters are read anew."""
        self._board.motion_stop()
        self._board.sample(self._inputs)
        self._running = None

    def release(self) -> None:
        """Cut the drivers: the spring withdraws the needle, the plunger stays."""
        self._board.motion_stop()
        self._board.motors(False, False)
        self.carriage_on = False
        self._running = None

    def step(self, now_us: int) -> int:
        """Look at the motion; checks each phase as it ends."""
        table = self._running
        if table is None:
            return STILL
        code = self._lost()
        while not code and self._phases_seen < self._inputs.phases_done:
            code = self._phase_ended(table.phases[self._phases_seen])
        if not code and self._phases_seen == table.count:
            self._running = None
            return DONE
        if not code:
            self.phase = table.phases[self._phases_seen].kind
        if not code and clock.since_us(now_us, self._deadline_us) > 0:
            code = errors.MOTION_LATE
        if code:
            self.code = code
            return TROUBLE
        return MOVING

    def _lost(self) -> int:
        inputs = self._inputs
        carriage = AXES[CARRIAGE]
        if carriage.lost_nm(inputs.carriage_steps, inputs.carriage_counts) > carriage.tolerance_nm:
            return errors.CARRIAGE_LOST
        plunger = AXES[PLUNGER]
        if plunger.lost_nm(inputs.plunger_steps, inputs.plunger_counts) > plunger.tolerance_nm:
            return errors.PLUNGER_LOST
        return 0

    def _phase_ended(self, phase) -> int:
        """Planned against stepped. Two phases of one axis never follow each other, so the axis
        whose phase ended last stands still now."""
        self._phases_seen += 1
        axis = phase.axis
        if axis == NEITHER:
            return 0
        inputs = self._inputs
        steps = inputs.carriage_steps if axis == CARRIAGE else inputs.plunger_steps
        self._expected[axis] += phase.direction * phase.pulses
        if phase.direction > 0:
            self.reached_steps[axis] = steps
            self.reached_counts[axis] = (
                inputs.carriage_counts if axis == CARRIAGE else inputs.plunger_counts
            )
        if self._phases_seen == inputs.phases_done and steps != self._expected[axis]:
            return errors.CARRIAGE_LOST if axis == CARRIAGE else errors.PLUNGER_LOST
        return 0
