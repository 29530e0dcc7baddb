"""The bench gun's mechanics: axes, spring, stopper and needle behind the door, in memory.

Ideal, without tolerances: what is commanded happens, unless a test says otherwise. A flow's
pressure rises with what is pushed into a full syringe; after the stroke it is gone in `settles_us`.
"""

from mesofw.core import dose, parts, states
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.machine import AXES, TICK_HZ, TICKS_PER_US
from tests.core.support import fluid
from tests.core.support.board import MemoryBoard
from tests.core.support.program import CALIBRATION, head, step_fl

SPRING_US = 120_000
HOME_STEPS = (4, 80)
BLOCKED_MN_A_STEP = 200
# The calibration counts from where the home switches open.
FOOT_STEPS = HOME_STEPS[CARRIAGE] + CALIBRATION["foot_um"] * 1000 // AXES[CARRIAGE].step_nm
EMPTY_STEPS = HOME_STEPS[PLUNGER] + CALIBRATION["empty_um"] * 1000 // AXES[PLUNGER].step_nm


class Mechanics(MemoryBoard):
    """`at` is where the axes are in steps from home, `stopper` where the stopper is, None without a
    syringe; `given_steps` what it moved, `shots_begun` and `shots_ended` how often the needle
    really went out for a shot, and came back. `broken` lists what was not kept of the rules of
    motion that must always hold.

    To make it less than ideal: `slipping`, `blocked`, `jammed`, `force_offset_mn`; `really`, what
    is on it where that is not what the program's head names; `resists`, its needle's pressure over
    the nominal; `friction_mn` of the stopper.
    """

    def __init__(self, fram_bytes=4096):
        super().__init__(fram_bytes)
        self.gun = None
        self.now_us = 0
        self.at = [0, 400]
        self.slipping = [False, False]
        self.blocked = False
        self.jammed = False
        self.force_offset_mn = 0
        self.really = {}
        self.resists = 1.0
        self.settles_us = 10_000
        self.friction_mn = 0
        self.syringe = ""
        self.stopper = None
        self.given_steps = 0
        self.deepest = 0
        self.shots_begun = 0
        self.shots_ended = 0
        self.broken = []
        self._out = [0, 0]
        self._out_zero = [0, 0]
        self._at_zero = [0, 0]
        self._legs = []
        self._running = False
        self._leg = 0
        self._leg_us = 0
        self._leg_done = 0
        self._leg_row = 0
        self._leg_mn = ()
        self._leg_pushed = 0
        self._shot = 0
        self._needle_out = False
        self._watch_mn = 0
        self._rise_mn = 0
        self._rubs_mn = 0
        self._flow_mn = 0
        self._flow_us = 0
        self._spring_us = -1
        self._driven = False

    def put_in(self, syringe, fill_nl):
        """A filled syringe is in the cradle."""
        self.syringe = syringe
        self.stopper = EMPTY_STEPS - dose.steps_for(fill_nl, step_fl(syringe))
        self._rise_mn = fluid.rise_mn(syringe, step_fl(syringe) / 1e6)
        self._rubs_mn = self._flow_mn = 0
        self._press_back()

    def take_out(self):
        """No syringe is in the cradle."""
        self.stopper = None
        self._rubs_mn = self._flow_mn = 0
        self._press_back()

    def glides_mn(self):
        """The stopper's friction: a tenth above the usual unless `friction_mn` is set."""
        return self.friction_mn or parts.SYRINGES[self.syringe].glide_mn * 11 // 10

    def asked(self):
        """The head of the gun's program."""
        program = self.gun.session.program
        return program.head if program else head()

    def flow_force_mn(self, flow_nl_s):
        """The force of the pressure behind what is really fitted, at a flow."""
        fitted = dict(self.asked())
        fitted.update(self.really)
        return int(self.resists * fluid.force_mn(fitted, self.syringe, flow_nl_s))

    # The door: motion.

    def sample(self, inputs):
        self._refresh()
        super().sample(inputs)

    def motion_load(self, segments, phases, count):
        if self._running:
            self.broken.append("loaded while moving")
        data = segments.data
        self._legs = []
        for index in range(count):
            phase = phases[index]
            rows = range(phase.first, phase.first + phase.count)
            pairs = [(data[2 * row], data[2 * row + 1]) for row in rows]
            self._legs.append([phase.axis, phase.direction, pairs, phase.first])

    def motion_patch(self, phase, segment, pulses):
        if self._running:
            self.broken.append("patched while moving")
        leg = self._legs[phase]
        leg[2][segment - leg[3]] = (pulses, leg[2][segment - leg[3]][1])

    def motion_start(self):
        self._start(self.gun.state)

    def _start(self, state):
        if self._running:
            self.broken.append("started while moving")
        self._check_start(state)
        self._running = bool(self._legs)
        forward = any(axis == CARRIAGE and way > 0 for axis, way, _, _ in self._legs)
        self._shot = 1 if forward and state == states.SHOOTING else 0
        self._needle_out = False
        self.now.force_peak_mn = 0
        self._begin_leg(0)
        self._refresh()

    def _check_start(self, state):
        """Forward plunger motion: only in a state that allows it, and only where it may go."""
        for axis, direction, _, _ in self._legs:
            if axis == PLUNGER and direction > 0:
                if state not in states.FORWARD:
                    self.broken.append("plunger forward in " + states.STATES[state])
                if state == states.SHOOTING and not self.now.contact:
                    self.broken.append("shot without contact")
                if state != states.SHOOTING and self.now.contact:
                    self.broken.append("plunger forward on skin in " + states.STATES[state])
        if state not in (states.HOMING, states.SHOOTING, states.CALIBRATING):
            if any(axis == CARRIAGE and direction > 0 for axis, direction, _, _ in self._legs):
                self.broken.append("needle forward in " + states.STATES[state])

    def motion_stop(self):
        self._advance(self.now_us)
        self._running = False

    def motors(self, carriage, plunger):
        if self._driven and not carriage:
            self._release()
        elif carriage:
            if self._spring_us >= 0 and self.now_us >= self._spring_us:
                self._spring_back()
            self._spring_us = -1
        self._driven = carriage

    def zero(self, axis):
        self._out_zero[axis] = self._out[axis]
        self._at_zero[axis] = self.at[axis]

    def force_watch(self, limit_mn):
        self._watch_mn = limit_mn

    def open(self, name, mode):
        if self.gun and self._running:
            self.broken.append("file opened while moving: " + name)
        if self.gun and self.at[CARRIAGE] > FOOT_STEPS:
            self.broken.append("file opened with the needle in: " + name)
        return super().open(name, mode)

    # Mechanics.

    def _release(self):
        if self._spring_us < 0 and self.at[CARRIAGE] > 0:
            self._spring_us = self.now_us + SPRING_US

    def _spring_back(self):
        self._spring_us = -1
        if not self.jammed:
            self.at[CARRIAGE] = 0

    def _begin_leg(self, leg):
        self._leg = leg
        self._leg_us = self.now_us
        self._leg_done = self._leg_row = self._leg_pushed = 0
        self.now.phases_done = leg
        if leg and self._legs[leg - 1][:2] == [CARRIAGE, -1]:
            self.shots_ended += self._shot
        self._running = leg < len(self._legs)
        self._press_back()

    def _press_back(self):
        """The fluid's force in each row of the present leg; also where a syringe is put in or taken
        out in the middle of it."""
        self._leg_mn = ()
        if not self._running or self.stopper is None:
            return
        axis, direction, rows, _ = self._legs[self._leg]
        if axis == PLUNGER and direction > 0:
            step_nl = step_fl(self.syringe) / 1e6
            self._leg_mn = [self.flow_force_mn(step_nl * TICK_HZ / period) for _, period in rows]

    def _leg_ticks(self):
        return sum(max(1, pulses) * period for pulses, period in self._legs[self._leg][2])

    def _leg_end_us(self):
        return self._leg_us + -(-self._leg_ticks() // TICKS_PER_US)

    def _pulses_at(self, at_us):
        """(pulses of the present leg that are out, the row that they have come to)."""
        ticks = (at_us - self._leg_us) * TICKS_PER_US
        done = row = 0
        rows = self._legs[self._leg][2]
        for row in range(len(rows)):
            pulses, period = rows[row]
            lasts = max(1, pulses) * period
            if ticks < lasts:
                return done + min(pulses, ticks // period), row
            ticks -= lasts
            done += pulses
        return done, row

    def _time_of(self, pulse):
        """When the present leg's `pulse` is out, or None where it has no such pulse."""
        ticks = done = 0
        for pulses, period in self._legs[self._leg][2]:
            if pulse <= done + pulses:
                return self._leg_us + -(-(ticks + (pulse - done) * period) // TICKS_PER_US)
            ticks += max(1, pulses) * period
            done += pulses
        return None

    def next_us(self):
        """When something that the firmware sees happens by itself; None for never."""
        if not self._running:
            return self._spring_us if self._spring_us > self.now_us else None
        next_us = self._leg_end_us()
        axis, direction, _, _ = self._legs[self._leg]
        if axis in (CARRIAGE, PLUNGER) and not self.slipping[axis]:
            switch = HOME_STEPS[axis] if direction < 0 else HOME_STEPS[axis] + 1
            pulses = [(switch - self.at[axis]) * direction + self._leg_done]
            if self._leg_mn and self._watch_mn:
                pulses.append(self._watched_pulse())
            for pulse in pulses:
                if pulse > self._leg_done:
                    at_us = self._time_of(pulse)
                    if at_us is not None and self.now_us < at_us < next_us:
                        next_us = at_us
        return next_us

    def _watched_pulse(self):
        """The pulse of the present leg at which the force is above what is watched; 0: none."""
        room_mn = self._watch_mn - self.glides_mn() - self.force_offset_mn
        base = self._leg_done + self.stopper - self.at[PLUNGER] - self._leg_pushed
        if self.blocked:
            return base + self._leg_pushed + max(1, -(-room_mn // BLOCKED_MN_A_STEP) + 1)
        done = 0
        rows = self._legs[self._leg][2]
        for row in range(len(rows)):
            first = max(base, done, self._leg_done) + 1
            done += rows[row][0]
            if room_mn > 0:
                first = max(first, base + int(room_mn / self._rise_mn) + 1)
            if first <= done and self._leg_mn[row] >= room_mn:
                return first
        return 0

    def _advance(self, to_us):
        while self._running:
            end_us = self._leg_end_us()
            at_us = min(end_us, to_us)
            axis, direction, _, _ = self._legs[self._leg]
            if axis in (CARRIAGE, PLUNGER):
                done, row = self._pulses_at(at_us)
                pulses = done - self._leg_done
                self._leg_done = done
                self._move(axis, pulses * direction, at_us, row)
                self._leg_row = row
            if end_us > to_us:
                break
            self.now_us = end_us
            self._begin_leg(self._leg + 1)
        self.now_us = max(to_us, self.now_us)
        if 0 <= self._spring_us <= self.now_us:
            self._spring_back()

    def _move(self, axis, steps, at_us, row):
        self._out[axis] += steps
        if self.slipping[axis]:
            return
        if axis == PLUNGER and steps < 0 and self.at[CARRIAGE] > FOOT_STEPS:
            self.broken.append("plunger back with the needle in")
        self.at[axis] += steps
        if axis == CARRIAGE:
            self.deepest = max(self.deepest, self.at[CARRIAGE])
            if self.at[CARRIAGE] > FOOT_STEPS and not self._needle_out:
                self._needle_out = True
                self.shots_begun += self._shot
        elif self.stopper is not None and steps:
            self._press(steps, at_us, row)

    def _press(self, steps, at_us, row):
        """The plunger moved by `steps`, up to a row of its leg."""
        over = self.at[PLUNGER] - self.stopper
        if over <= 0 or steps < 0:
            self._rubs_mn = over * BLOCKED_MN_A_STEP if over > 0 and self.blocked else 0
            self._flow_mn = 0
            return
        self._rubs_mn = self.glides_mn()
        if self.blocked:
            self._rubs_mn += over * BLOCKED_MN_A_STEP
            self._flow_mn = 0
            return
        self.stopper += over
        self.given_steps += over
        self._leg_pushed += over
        risen_mn = int(self._leg_pushed * self._rise_mn)
        peak_mn = min(max(self._leg_mn[self._leg_row : row + 1]), risen_mn)
        peak_mn += self._rubs_mn + self.force_offset_mn
        self.now.force_peak_mn = max(self.now.force_peak_mn, peak_mn)
        self._flow_mn = min(self._leg_mn[row], risen_mn)
        self._flow_us = at_us

    def _pressure_mn(self):
        """What the pressure of the flow before still makes of the force."""
        if self._running and self._leg_mn:
            return self._flow_mn
        left_us = self._flow_us + self.settles_us - self.now_us
        return self._flow_mn * left_us // self.settles_us if left_us > 0 else 0

    def _refresh(self):
        now = self.now
        for axis, name in ((CARRIAGE, "carriage"), (PLUNGER, "plunger")):
            scale = AXES[axis]
            moved = self.at[axis] - self._at_zero[axis]
            setattr(now, name + "_home", 1 if self.at[axis] <= HOME_STEPS[axis] else 0)
            setattr(now, name + "_steps", self._out[axis] - self._out_zero[axis])
            setattr(now, name + "_counts", moved * scale.step_nm // scale.count_nm)
        now.force_mn = self._rubs_mn + self._pressure_mn() + self.force_offset_mn
        now.force_peak_mn = max(now.force_peak_mn, now.force_mn)
