"""Priming until a drop shows, and what else the plunger does by hand: jog, purge, retract."""

from mesofw.core import clock, dose, errors, states
from mesofw.core.activity import Activity
from mesofw.core.door import PLUNGER
from mesofw.core.drive import DONE, TROUBLE
from mesofw.core.machine import AXES
from mesofw.core.waiting import ENDING, end_session, menu, titled

LISTEN_US = 5_000
SETTLE_LEAST_US = 100_000
SETTLE_MOST_US = 3_000_000
# A purge presses with this part of the highest pressure, in strokes of at most this time each.
PURGE_PART = 3
PURGE_S = 60

PRIME, JOG, PURGE, RETRACT, END = range(5)
# What a turn of the knob chooses: its name and what the operator does for it.
MENU = (
    ("Prime", ("Hold: prime", "")),
    ("Jog", ("Pull: one small", "stroke")),
    ("Purge", ("Hold: empty the", "syringe")),
    ("Retract", ("Press: plunger", "goes home")),
    ("End session", ("", "")),
)


class Priming(Activity):
    """Strokes while the trigger is held and the foot is free; a press says that a drop shows.

    Before the first shot the plunger backs off, so that every shot begins backed off. A turn of the
    knob chooses another of MENU. All that is pushed counts as primed.
    """

    def enter(self, now_us: int) -> None:
        gun = self.gun
        fit = gun.session.fit
        self._choice = PRIME
        self._primed_nl = 0
        self._backing = False
        self._released = not gun.trigger.on
        self._flow_nl_s = fit.prime_flow_nl_s()
        self._purge_nl_s = fit.flow_nl_s(fit.syringe.pressure_mbar * 1_000_000 // PURGE_PART)
        self._stroke_nl = max(gun.settings["prime_nl"], fit.learning_nl(self._flow_nl_s))
        self._steps = 0  # of the stroke that runs
        self._felt_mn = 0  # the force while the stroke flows
        self._pushing_mn = 0  # that of the last whole stroke
        self._rested_mn = 0  # the force when its pressure has gone
        self._settled_us = now_us  # when that is
        self._settling = False
        self._seen = False  # a press came before the stroke had told what it can
        self._learned = False  # whether a whole stroke has told of needle and stopper

    def step(self, now_us: int) -> None:
        gun = self.gun
        moved = gun.drive.step(now_us)
        if moved == TROUBLE:
            gun.stop(gun.drive.code)
        elif gun.inputs.force_mn > gun.session.force_mn(gun.settings):
            gun.stop(errors.OCCLUSION)
        elif moved == DONE:
            self._stroke_done(now_us)
        elif gun.drive.moving:
            self._note_press()
            self._watch()
        else:
            self._choose()
            if self._settling:
                self._note_press()
                self._settle(now_us)
            else:
                self._hands(now_us)

    def _note_press(self) -> None:
        """A press that says that a drop shows counts once the stroke has told what it can."""
        if self.gun.press.went_on and self._choice == PRIME:
            self._seen = True

    def _watch(self) -> None:
        """While a stroke runs: the foot touches skin, or the hand lets go of a purge."""
        gun = self.gun
        if gun.inputs.contact and not self._backing:
            self._break_off()
            gun.panel.refuse(errors.NOT_NOW, "Lift the gun")
        elif self._choice == PURGE and not gun.trigger.on:
            self._break_off()
        else:
            self._listen()

    def _listen(self) -> None:
        """Keep the force of the stroke's middle, where fluid flows evenly."""
        gun = self.gun
        done = gun.inputs.plunger_steps - gun.drive.start_steps[PLUNGER]
        middle = 2 * self._steps < 3 * done and 8 * done < 7 * self._steps
        if middle and self._choice == PRIME:
            self._felt_mn = gun.inputs.force_mn
        gun.wake_in(LISTEN_US)

    def _break_off(self) -> None:
        """In mid-stroke flow stops at once; what was pushed counts."""
        gun = self.gun
        gun.drive.stop()
        gun.board.force_watch(0)
        self._seen = False
        self._count(dose.volume_nl(gun.drive.pushed(), gun.session.doser.step_fl))
        gun.wake_in(0)

    def _count(self, pushed_nl: int) -> None:
        """So much was pushed; what was not priming is recorded at once."""
        self._primed_nl += pushed_nl
        if self._choice != PRIME:
            self.gun.log(errors.EVENT_MOVED, self._choice, pushed_nl)

    def _stroke_done(self, now_us: int) -> None:
        gun = self.gun
        gun.board.force_watch(0)
        gun.wake_in(0)
        if self._backing:
            gun.primed = True
            gun.log(errors.EVENT_PRIMED, self._primed_nl, gun.volume_left_nl())
            gun.happen(states.PRIMED)
            return
        self._count(dose.volume_nl(self._steps, gun.session.doser.step_fl))
        if self._choice == PRIME:
            # Three times what a nominal needle takes: one at the end of its tolerance is slower.
            wait_us = 3 * gun.session.fit.decay_us(self._flow_nl_s, self._stroke_nl)
            wait_us = min(max(wait_us, SETTLE_LEAST_US), SETTLE_MOST_US)
            self._settled_us = clock.add_us(now_us, wait_us)
            self._settling = True
        elif self._choice == PURGE and not self._purge_steps():
            self._change()

    def _settle(self, now_us: int) -> None:
        """After a stroke: what is left of the force is the stopper's friction."""
        left_us = clock.since_us(self._settled_us, now_us)
        if left_us > 0:
            self.gun.wake_in(left_us)
            return
        self._settling = False
        self._learned = True
        self._pushing_mn = self._felt_mn
        self._rested_mn = self.gun.inputs.force_mn
        self.gun.wake_in(0)
        if self._seen:
            self._seen = False
            self._drop_seen(now_us)

    def _choose(self) -> None:
        gun = self.gun
        # A trigger that was held before asks for nothing.
        self._released = self._released or not gun.trigger.on
        if gun.turned:
            self._choice = (self._choice + gun.turned) % len(MENU)
            self._released = not gun.trigger.on

    def _hands(self, now_us: int) -> None:
        gun = self.gun
        if gun.press.went_on:
            self._pressed(now_us)
        elif gun.trigger.on and self._released and not gun.inputs.contact:
            self._push(now_us)

    def _pressed(self, now_us: int) -> None:
        if self._choice == PRIME and self._learned:
            self._drop_seen(now_us)
        elif self._choice == RETRACT:
            self._change()
        elif self._choice == END:
            if self._primed_nl:
                self.gun.log(errors.EVENT_MOVED, END, self._primed_nl)
            end_session(self.gun)

    def _push(self, now_us: int) -> None:
        """One stroke of what is chosen; where the syringe does not hold it, it is changed."""
        gun = self.gun
        step_fl = gun.session.doser.step_fl
        if self._choice == PURGE:
            steps = self._purge_steps()
        elif self._choice in (PRIME, JOG):
            volume_nl = gun.session.fit.syringe.least_nl
            if self._choice == PRIME:
                volume_nl = self._stroke_nl
            steps = dose.steps_for(volume_nl, step_fl)
            steps = steps if gun.volume_left_nl() >= volume_nl else 0
        else:
            return
        # A jog wants a pull of its own.
        self._released = self._choice != JOG
        if not steps:
            self._change()
            return
        self._steps = steps
        gun.board.force_watch(gun.session.force_mn(gun.settings))
        flow_nl_s = self._purge_nl_s if self._choice == PURGE else self._flow_nl_s
        speed_hz = max(1, dose.steps_for(flow_nl_s, step_fl))
        gun.drive.move(PLUNGER, steps, speed_hz, now_us)

    def _purge_steps(self) -> int:
        """The plunger's steps of a purge's next stroke; 0 when the syringe is empty."""
        gun = self.gun
        volume_nl = min(gun.volume_left_nl(), PURGE_S * self._purge_nl_s)
        return volume_nl * dose.FL_PER_NL // gun.session.doser.step_fl

    def _change(self) -> None:
        """The plunger goes home and the syringe is changed; what was primed is told with it."""
        gun = self.gun
        gun.log(errors.EVENT_RESUMED, states.CHANGE, self._primed_nl)
        gun.happen(states.CHANGE)

    def _drop_seen(self, now_us: int) -> None:
        """What the last stroke told of needle and stopper is taken, then the plunger backs off."""
        gun = self.gun
        fit = gun.session.fit
        if not gun.training:
            pushed_mn = self._pushing_mn - self._rested_mn
            if not fit.resists(max(0, pushed_mn), self._flow_nl_s):
                gun.stop(errors.NEEDLE_WRONG)
                return
            fit.rubs(self._rested_mn)
        fit.settle()
        self._backing = True
        gun.drive.move(PLUNGER, -fit.backoff_steps, AXES[PLUNGER].speed_hz, now_us)

    def abandon(self, code: int, now_us: int) -> None:
        super().abandon(code, now_us)
        self.gun.board.force_watch(0)

    def lines(self) -> list:
        if self._choice == END:
            return ENDING
        title = titled(self.gun, "Priming")
        if self._choice != PRIME:
            return [title] + menu(MENU, self._choice) + list(MENU[self._choice][1])
        if self._settling:
            return [title, "", "Pressure falls", "Drop seen?", "Press: go on"]
        if self._learned:
            return [title, "", "Hold: more", "Drop seen?", "Press: go on"]
        return [title, "", "Needle up, foot", "free: hold the", "trigger"]
