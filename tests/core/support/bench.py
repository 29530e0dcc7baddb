"""A gun on a bench: a board whose axes, spring, stopper, skin and hands are in memory too.

Ideal mechanics without tolerances: what is commanded happens, unless a test says otherwise
(`slipping`, `blocked`, `jammed`). Every rule of motion that must always hold is watched; `broken`
lists what was not kept. Time passes from event to event, so nothing waits.
"""

from mesofw.core import states
from mesofw.core.clock import WRAP_US
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.gun import Gun
from mesofw.core.machine import AXES, TICKS_PER_US
from tests.core.support.board import MemoryBoard
from tests.core.support.program import CALIBRATION, step_fl

START_US = WRAP_US - 10_000_000
SPRING_US = 120_000
SHORTEST_US = 50
HOME_STEPS = (4, 80)
FRICTION_MN = 5_000
BLOCKED_MN_A_STEP = 200
# The calibration counts from where the home switches open.
FOOT_STEPS = HOME_STEPS[CARRIAGE] + CALIBRATION["foot_um"] * 1000 // AXES[CARRIAGE].step_nm
EMPTY_STEPS = HOME_STEPS[PLUNGER] + CALIBRATION["empty_um"] * 1000 // AXES[PLUNGER].step_nm
HALF_S = 500_000


class Bench(MemoryBoard):
    """One gun. `at` is where its axes are in steps from home, `given_steps` what the stopper moved,
    `shots_begun` and `shots_ended` how often the needle really went out for a shot, and came back.

    Switch it on with `on`; then use its hands: `set`, `click`, `turn`, `seat`, `unseat`, and let
    time pass with `run` or `until`.
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
        self.stopper = None
        self.given_steps = 0
        self.deepest = 0
        self.shots_begun = 0
        self.shots_ended = 0
        self.broken = []
        self._due_us = 0
        self._out = [0, 0]
        self._out_zero = [0, 0]
        self._at_zero = [0, 0]
        self._legs = []
        self._running = False
        self._leg = 0
        self._leg_us = 0
        self._leg_from = 0
        self._leg_done = 0
        self._shot = 0
        self._watch_mn = 0
        self._force_mn = 0
        self._pressing = False
        self._spring_us = -1
        self._driven = False

    # Power.

    def on(self):
        """Start the firmware on what memory and files hold."""
        self.gun = None
        self._refresh()
        self.gun = Gun(self, self._clock())
        self._due_us = self.now_us
        return self.gun

    def off(self):
        """The supply goes: motion ends, the spring takes the needle back."""
        self.gun = None
        self._running = False
        self.motors(False, False)
        self.now_us += 2 * SPRING_US
        self._spring_back()

    def _clock(self):
        return (START_US + self.now_us) & (WRAP_US - 1)

    # Time.

    def step(self, until_us):
        """Go to the next event not after `until_us` and step the gun; False where there was
        none."""
        due_us = self._due_us
        own_us = self._next_us()
        if own_us is not None and own_us < due_us:
            due_us = own_us
        if due_us > until_us:
            self._advance(until_us)
            return False
        self._advance(max(due_us, self.now_us))
        wait_us = self.gun.step(self._clock())
        assert wait_us >= 0
        self._due_us = self.now_us + max(wait_us, SHORTEST_US)
        return True

    def run(self, duration_us):
        """Let time pass."""
        until_us = self.now_us + duration_us
        while self.step(until_us):
            pass

    def until(self, state, limit_us=60_000_000):
        """Let time pass until the gun is in `state`."""
        until_us = self.now_us + limit_us
        while self.gun.state != state:
            if not self.step(until_us):
                raise AssertionError(
                    "waited for %s, the gun is in %s with trouble %d: %s %s"
                    % (
                        states.STATES[state],
                        states.STATES[self.gun.state],
                        self.gun.trouble,
                        self.screen,
                        self.errors,
                    )
                )

    def while_in(self, state, limit_us=60_000_000):
        """Let time pass while the gun is in `state`."""
        until_us = self.now_us + limit_us
        while self.gun.state == state:
            assert self.step(until_us), "still in %s" % states.STATES[state]

    # Hands.

    def set(self, name, value):
        """Set an input: a switch, the supply, the temperature."""
        setattr(self.now, name, value)
        if name == "stop" and value:
            self._running = False
            self._release()
        self._due_us = self.now_us

    def receive(self, data):
        """Bytes from the host."""
        self.to_gun.extend(data)
        self._due_us = self.now_us

    def click(self):
        """Press the knob once."""
        self.set("press", 1)
        self.run(60_000)
        self.set("press", 0)
        self.run(60_000)

    def turn(self, detents):
        """Turn the knob."""
        self.set("turns", self.now.turns + detents)
        self.run(60_000)

    def pull(self, duration_us=60_000):
        """Pull the trigger and let go."""
        self.set("trigger", 1)
        self.run(duration_us)
        self.set("trigger", 0)
        self.run(60_000)

    def seat(self, syringe="10 mL", fill_nl=5_000_000):
        """A filled syringe into the cradle."""
        self.stopper = EMPTY_STEPS - fill_nl * 1_000_000 // step_fl(syringe)
        self.set("seated", 1)
        self.run(HALF_S)

    def unseat(self):
        """The syringe out."""
        self.stopper = None
        self.set("seated", 0)
        self.run(HALF_S)

    def confirm(self):
        """Confirm the loaded program on the gun: two presses, and one for each warning."""
        for _ in range(2 + len(self.gun.session.program.warnings)):
            assert self.gun.state == states.IDLE
            self.click()
        assert self.gun.state == states.LOADING, self.screen

    def fit(self, syringe="10 mL", fill_nl=5_000_000):
        """From loading to priming: plunger home, old syringe out, a full one in, confirmed."""
        self.until(states.LOADING)
        while self._running or self.gun.inputs.plunger_steps:
            self.step(self.now_us + 60_000_000)
        if self.stopper is not None:
            self.unseat()
        self.run(HALF_S)
        self.seat(syringe, fill_nl)
        self.click()
        self.until(states.PRIMING)

    def prime(self):
        """One stroke, then the press that says a drop was seen."""
        self.pull()
        self.run(HALF_S)
        self.click()
        self.until(states.READY)

    def ready(self):
        """From power-on with a stored program to armed, the foot on the skin."""
        self.on()
        self.until(states.IDLE)
        self.confirm()
        self.fit()
        self.prime()
        self.set("contact", 1)
        self.run(HALF_S)

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
        if self._running:
            self.broken.append("started while moving")
        self._check_start()
        self._running = bool(self._legs)
        forward = any(axis == CARRIAGE and way > 0 for axis, way, _, _ in self._legs)
        self._shot = 1 if forward and self.gun.state == states.SHOOTING else 0
        self.shots_begun += self._shot
        self._force_mn = 0 if self.stopper is None else self._force_mn
        self.now.force_peak_mn = self._force_mn + self.force_offset_mn
        self._begin_leg(0)

    def _check_start(self):
        """Forward plunger motion: only in a state that allows it, and only where it may go."""
        state = self.gun.state
        for axis, direction, _, _ in self._legs:
            if axis == PLUNGER and direction > 0:
                if state not in states.FORWARD:
                    self.broken.append("plunger forward in " + states.STATES[state])
                if state == states.SHOOTING and not self.now.contact:
                    self.broken.append("shot without contact")
                if state != states.SHOOTING and self.now.contact:
                    self.broken.append("plunger forward on skin in " + states.STATES[state])
        if state not in (states.HOMING, states.SHOOTING):
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
        self._leg_done = 0
        self.now.phases_done = leg
        if leg == len(self._legs):
            self._running = False
            self.shots_ended += self._shot

    def _leg_ticks(self):
        return sum(max(1, pulses) * period for pulses, period in self._legs[self._leg][2])

    def _leg_end_us(self):
        return self._leg_us + -(-self._leg_ticks() // TICKS_PER_US)

    def _pulses_at(self, at_us):
        ticks = (at_us - self._leg_us) * TICKS_PER_US
        done = 0
        for pulses, period in self._legs[self._leg][2]:
            lasts = max(1, pulses) * period
            if ticks < lasts:
                return done + min(pulses, ticks // period)
            ticks -= lasts
            done += pulses
        return done

    def _time_of(self, pulse):
        """When the present leg's `pulse` is out, or None where it has no such pulse."""
        ticks = done = 0
        for pulses, period in self._legs[self._leg][2]:
            if pulse <= done + pulses:
                return self._leg_us + -(-(ticks + (pulse - done) * period) // TICKS_PER_US)
            ticks += max(1, pulses) * period
            done += pulses
        return None

    def _next_us(self):
        """When something that the firmware sees happens by itself."""
        if not self._running:
            return self._spring_us if self._spring_us > self.now_us else None
        next_us = self._leg_end_us()
        axis, direction, _, _ = self._legs[self._leg]
        if axis in (CARRIAGE, PLUNGER) and not self.slipping[axis]:
            marks = [HOME_STEPS[axis] if direction < 0 else HOME_STEPS[axis] + 1]
            if axis == PLUNGER and direction > 0 and self._watch_mn and self.stopper is not None:
                over_mn = self._watch_mn - FRICTION_MN - self.force_offset_mn
                more = max(1, -(-over_mn // BLOCKED_MN_A_STEP) + 1) if self.blocked else 1
                if self.blocked or over_mn <= 0:
                    marks.append(self.stopper + more)
            for mark in marks:
                pulse = (mark - self.at[axis]) * direction
                if pulse > 0:
                    at_us = self._time_of(pulse + self._leg_done)
                    if at_us is not None and self.now_us < at_us < next_us:
                        next_us = at_us
        return next_us

    def _advance(self, to_us):
        while self._running:
            end_us = self._leg_end_us()
            at_us = min(end_us, to_us)
            axis, direction, _, _ = self._legs[self._leg]
            if axis in (CARRIAGE, PLUNGER):
                pulses = self._pulses_at(at_us) - self._leg_done
                self._leg_done += pulses
                self._move(axis, pulses * direction)
            if end_us > to_us:
                break
            self.now_us = end_us
            self._begin_leg(self._leg + 1)
        self.now_us = max(to_us, self.now_us)
        if 0 <= self._spring_us <= self.now_us:
            self._spring_back()

    def _move(self, axis, steps):
        self._out[axis] += steps
        if self.slipping[axis]:
            return
        if axis == PLUNGER and steps < 0 and self.at[CARRIAGE] > FOOT_STEPS:
            self.broken.append("plunger back with the needle in")
        self.at[axis] += steps
        if axis == CARRIAGE:
            self.deepest = max(self.deepest, self.at[CARRIAGE])
        elif self.stopper is not None:
            self._press(steps)

    def _press(self, steps):
        over = self.at[PLUNGER] - self.stopper
        if over <= 0 or steps < 0:
            self._force_mn = over * BLOCKED_MN_A_STEP if over > 0 and self.blocked else 0
            return
        self._force_mn = FRICTION_MN
        if self.blocked:
            self._force_mn += over * BLOCKED_MN_A_STEP
        else:
            self.stopper += over
            self.given_steps += over

    def _refresh(self):
        now = self.now
        for axis, name in ((CARRIAGE, "carriage"), (PLUNGER, "plunger")):
            scale = AXES[axis]
            moved = self.at[axis] - self._at_zero[axis]
            setattr(now, name + "_home", 1 if self.at[axis] <= HOME_STEPS[axis] else 0)
            setattr(now, name + "_steps", self._out[axis] - self._out_zero[axis])
            setattr(now, name + "_counts", moved * scale.step_nm // scale.count_nm)
        now.force_mn = self._force_mn + self.force_offset_mn
        now.force_peak_mn = max(now.force_peak_mn, now.force_mn)
