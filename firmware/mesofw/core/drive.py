"""Runs motions through the board and watches them: planned, stepped and measured must agree.

One motion at a time: a timetable (a shot, a way back) or a single move (homing, stopper, priming).
Forward plunger motion is started only where the caller's state allows it. In training a motion is
played: it takes its time, but the board hears nothing of it.
"""

from mesofw.core import clock, errors, motion
from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER
from mesofw.core.machine import AXES, TICKS_PER_US, ramps
from mesofw.core.shot import BACKOFF, MOVE_PHASES_MAX, MOVE_SEGMENTS_MAX, Timetable

STILL, MOVING, DONE, TROUBLE = range(4)
_CARRIAGE, _PLUNGER = AXES
LATE_US = 50_000
LOOK_US = 20_000


class Drive:
    """`step` tells how the motion stands: STILL, MOVING, DONE (this step) or TROUBLE with `code`.

    `table` is for what is planned on the spot: single moves and ways back; only while nothing
    moves. `forward_allowed` is set by the gun with each state. `start_steps` and `start_counts` are
    where each axis stood, `reached_steps` and `reached_counts` where its last forward phase brought
    it; `phase` is the kind of the phase that runs, or ran when the motion ended. While `playing`
    nothing moves, and `played` is where the axes would be.
    """

    def __init__(self, board, inputs):
        self._board = board
        self._inputs = inputs
        self.table = Timetable(MOVE_SEGMENTS_MAX, MOVE_PHASES_MAX)
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
        self.playing = False
        self.played = [0, 0]
        self._seen_us = 0
        self._phase_end_us = 0

    @property
    def moving(self) -> bool:
        return self._running is not None

    @property
    def backs_off(self) -> bool:
        """Whether the plunger is being backed off, the needle out."""
        return self.phase == BACKOFF and self._running is not None

    def at(self, axis: int) -> int:
        """Where an axis is in steps from home; played, where its last phase brought it."""
        if self.playing:
            return self.played[axis]
        inputs = self._inputs
        return inputs.carriage_steps if axis == CARRIAGE else inputs.plunger_steps

    def pushed(self) -> int:
        """By how many steps the plunger is further forward than where the motion began."""
        return max(0, self.at(PLUNGER) - self.start_steps[PLUNGER])

    def due_us(self, now_us: int) -> int:
        """µs until a played phase ends, which no board tells of; -1 where none is played."""
        if not self.playing or not self.moving:
            return -1
        return max(0, clock.since_us(self._phase_end_us, now_us))

    def move(self, axis: int, steps: int, speed_hz: int, now_us: int) -> None:
        """Start one move of `steps` (not 0), forward positive."""
        self.table.clear()
        self.table.move(0, axis, steps, speed_hz, ramps(axis, steps > 0))
        self.run(now_us)

    def run(self, now_us: int) -> None:
        """Load and start what is planned in `table`."""
        self.load(self.table)
        self.start(self.table, now_us)

    def load(self, table: Timetable) -> None:
        """Hand a timetable to the board; `start` may then run it any number of times."""
        if not self.playing:
            self._board.motion_load(table.segments, table.phases, table.count)

    def arm(self, table: Timetable, extra: int) -> None:
        """Have the board start the loaded timetable as the trigger closes, as `start` would do;
        then call `started`."""
        self._prepare(table, extra)
        self._board.motion_arm()

    def start(self, table: Timetable, now_us: int, extra: int = 0) -> None:
        """Run the loaded timetable, its dispense `extra` pulses longer or shorter than before.

        Raises ValueError where it would push the plunger in a state that forbids it.
        """
        if not self.forward_allowed:
            for index in range(table.count):
                phase = table.phases[index]
                if phase.axis == PLUNGER and phase.direction > 0:
                    raise ValueError("no forward plunger motion in this state")
        self._prepare(table, extra)
        if not self.playing:
            self._board.motion_start()
        self.started(table, now_us)

    def _prepare(self, table: Timetable, extra: int) -> None:
        if extra:
            phase = table.phases[table.dispense]
            phase.pulses += extra
            pulses = table.segments.data[2 * table.cruise] + extra
            table.segments.data[2 * table.cruise] = pulses
            if not self.playing:
                self._board.motion_patch(table.dispense, table.cruise, pulses)
        inputs = self._inputs
        for axis in (CARRIAGE, PLUNGER):
            steps = self.at(axis)
            self.start_steps[axis] = self._expected[axis] = self.reached_steps[axis] = steps
        self.start_counts[CARRIAGE] = inputs.carriage_counts
        self.start_counts[PLUNGER] = inputs.plunger_counts
        if not self.playing:
            if not self.carriage_on:
                self._board.motors(True, True)
            self.carriage_on = True

    def started(self, table: Timetable, now_us: int) -> None:
        """The timetable runs from now on."""
        self._phases_seen = 0
        self.phase = table.phases[0].kind
        self._running = table
        self._seen_us = now_us
        if self.playing:
            self._phase_end_us = clock.add_us(now_us, _lasts_us(table, 0))
            return
        self._deadline_us = -1
        # What was sampled may be from before the start.
        self._inputs.phases_done = 0
        self._inputs.force_peak_mn = 0

    def stop(self) -> None:
        """Freeze; the inputs' step counters are read anew."""
        if self.playing:
            self._play_part()
        else:
            self._board.motion_stop()
            self._board.sample(self._inputs)
        self._running = None

    def release(self) -> None:
        """Cut the drivers: the spring withdraws the needle, the plunger stays."""
        self._board.motion_stop()
        self._board.motors(False, False)
        self.carriage_on = False
        self.playing = False
        self._running = None

    def step(self, now_us: int) -> int:
        """Look at the motion; checks each phase as it ends."""
        table = self._running
        if table is None:
            return STILL
        if self.playing:
            return self._play(table, now_us)
        code = self._lost()
        while not code and self._phases_seen < self._inputs.phases_done:
            code = self._phase_ended(table.phases[self._phases_seen])
        if not code and self._phases_seen == table.count:
            self._running = None
            return DONE
        if not code:
            self.phase = table.phases[self._phases_seen].kind
        if self._deadline_us < 0:
            # It began at the end of a step that may have been long: its time counts from here.
            self._deadline_us = clock.add_us(now_us, table.duration_us + LATE_US)
        if not code and clock.since_us(now_us, self._deadline_us) > 0:
            code = errors.MOTION_LATE
        if code:
            self.code = code
            return TROUBLE
        return MOVING

    def _lost(self) -> int:
        inputs = self._inputs
        axis = _CARRIAGE
        if axis.lost_nm(inputs.carriage_steps, inputs.carriage_counts) > axis.tolerance_nm:
            return errors.CARRIAGE_LOST
        axis = _PLUNGER
        if axis.lost_nm(inputs.plunger_steps, inputs.plunger_counts) > axis.tolerance_nm:
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
        if axis == CARRIAGE:
            steps, counts = inputs.carriage_steps, inputs.carriage_counts
        else:
            steps, counts = inputs.plunger_steps, inputs.plunger_counts
        self._expected[axis] += phase.direction * phase.pulses
        if self._phases_seen == inputs.phases_done and steps != self._expected[axis]:
            return errors.CARRIAGE_LOST if axis == CARRIAGE else errors.PLUNGER_LOST
        if phase.direction > 0:
            # An axis that has gone on since was as far from its encoder then as it is now.
            on_nm = (self._expected[axis] - steps) * AXES[axis].step_nm
            self.reached_steps[axis] = self._expected[axis]
            self.reached_counts[axis] = counts + on_nm // AXES[axis].count_nm
        return 0

    def _play(self, table: Timetable, now_us: int) -> int:
        """The same without motion: each phase ends when its time is over."""
        self._seen_us = now_us
        while clock.since_us(self._phase_end_us, now_us) <= 0:
            phase = table.phases[self._phases_seen]
            self._move_played(phase.axis, phase.direction * phase.pulses)
            self._phases_seen += 1
            if self._phases_seen == table.count:
                self._running = None
                return DONE
            lasts_us = _lasts_us(table, self._phases_seen)
            self._phase_end_us = clock.add_us(self._phase_end_us, lasts_us)
        self.phase = table.phases[self._phases_seen].kind
        return MOVING

    def _play_part(self) -> None:
        """A played phase is stopped: it came as far as its time did when it was last looked at."""
        table = self._running
        if table is None:
            return
        phase = table.phases[self._phases_seen]
        lasts_us = _lasts_us(table, self._phases_seen)
        done_us = max(0, lasts_us - clock.since_us(self._phase_end_us, self._seen_us))
        self._move_played(phase.axis, phase.direction * (phase.pulses * done_us // lasts_us))

    def _move_played(self, axis: int, steps: int) -> None:
        if axis != NEITHER:
            self.played[axis] += steps


def _lasts_us(table: Timetable, index: int) -> int:
    phase = table.phases[index]
    return motion.duration_ticks(table.segments, phase.first, phase.count) // TICKS_PER_US + 1
