"""Syringe and needle: fitting them, finding the stopper by force, priming until a drop shows."""

from mesofw.core import dose, errors, parts, states
from mesofw.core.activity import Activity
from mesofw.core.door import PLUNGER
from mesofw.core.drive import DONE, TROUBLE
from mesofw.core.machine import AXES
from mesofw.core.waiting import end_session, needle_text

SEEK_HZ = 32_000  # 8 mm/s
PRIME_NL_S = 50_000
# A stopper further back than this share of the nominal volume is in another syringe.
FULLEST_PERCENT = 112

TAKE_OUT, SEAT, CONFIRM, SEEK = range(4)


class Fitting(Activity):
    """What loading and priming share: a turn of the knob asks whether to end the session."""

    def enter(self, now_us: int) -> None:
        self._leaving = False

    def leave(self) -> bool:
        """Whether the operator is about to end the session; a turn goes in and out of it."""
        gun = self.gun
        if gun.turned:
            self._leaving = not self._leaving
        elif self._leaving and gun.press.went_on:
            end_session(gun)
        return self._leaving

    def lines(self) -> list:
        if self._leaving:
            return ["End session?", "", "Press: end", "Turn: back"]
        return self.tasks()

    def tasks(self) -> list:
        """What the operator is to do now."""
        return []

    def abandon(self, code: int, now_us: int) -> None:
        super().abandon(code, now_us)
        self.gun.board.force_watch(0)


class Loading(Fitting):
    """The plunger goes home; the old syringe comes out, a new one in, a new needle on; confirmed by
    a press; then the plunger seeks the stopper. Contact must be open while it does."""

    def enter(self, now_us: int) -> None:
        super().enter(now_us)
        gun = self.gun
        self._task = TAKE_OUT
        gun.primed = False
        gun.seated_ok = False
        gun.empty_steps = 0

    def step(self, now_us: int) -> None:
        gun = self.gun
        moved = gun.drive.step(now_us)
        if moved == TROUBLE:
            gun.stop(gun.drive.code)
        elif self._task == SEEK:
            self._seek(moved, now_us)
        elif not gun.drive.moving:
            if gun.inputs.plunger_steps > 0:
                limits = AXES[PLUNGER]
                gun.drive.move(PLUNGER, -gun.inputs.plunger_steps, limits.speed_hz, now_us)
            else:
                self._hands(now_us)

    def _hands(self, now_us: int) -> None:
        gun = self.gun
        if self.leave():
            return
        if self._task == TAKE_OUT and not gun.inputs.seated:
            self._task = SEAT
        elif self._task == SEAT and gun.inputs.seated:
            self._task = CONFIRM
        elif self._task == CONFIRM:
            if not gun.inputs.seated:
                self._task = SEAT
            elif gun.press.went_on:
                self._start(now_us)

    def _start(self, now_us: int) -> None:
        gun = self.gun
        if gun.inputs.contact:
            gun.panel.refuse(errors.NOT_NOW, "Lift the gun")
            return
        if gun.inputs.force_mn >= gun.settings["contact_mn"]:
            gun.stop(errors.FORCE_CELL)
            return
        gun.seated_ok = True
        gun.session.fit_syringe(gun.calibration)
        self._task = SEEK
        gun.board.force_watch(gun.settings["contact_mn"])
        reach_um = gun.calibration["empty_um"]
        self._empty = reach_um * 1000 // AXES[PLUNGER].step_nm
        gun.drive.move(PLUNGER, self._empty - gun.inputs.plunger_steps, SEEK_HZ, now_us)

    def _seek(self, moved: int, now_us: int) -> None:
        gun = self.gun
        if gun.inputs.force_mn >= gun.settings["contact_mn"]:
            gun.drive.stop()
            gun.board.force_watch(0)
            self._found()
        elif gun.inputs.contact:
            gun.drive.stop()
            gun.board.force_watch(0)
            self._task = CONFIRM
            gun.seated_ok = False
            gun.panel.refuse(errors.NOT_NOW, "Lift the gun")
        elif moved == DONE:
            gun.stop(errors.STOPPER_NOT_FOUND)

    def _found(self) -> None:
        gun = self.gun
        gun.empty_steps = self._empty
        volume_nl = gun.volume_left_nl()
        nominal_nl = parts.SYRINGES[gun.session.program.head["syringe"]][1]
        if volume_nl > nominal_nl * FULLEST_PERCENT // 100:
            gun.stop(errors.SYRINGE_WRONG)
            return
        gun.log(errors.EVENT_LOADED, volume_nl)
        gun.happen(states.LOADED)

    def tasks(self) -> list:
        head = self.gun.session.program.head
        needle = needle_text(head["needle"], head["length_um"], head["pins"])
        tasks = (
            ["Take out the", "syringe"],
            ["Seat syringe", head["syringe"], "New needle", needle, "", "Turn: end"],
            ["New needle on?", needle, "", "Press: go on", "Turn: end"],
            ["Finding stopper"],
        )
        return ["Loading", ""] + tasks[self._task]


class Priming(Fitting):
    """Strokes while the trigger is held and the foot is free; a press says that a drop shows.

    Before the first shot the plunger backs off, so that every shot begins backed off.
    """

    def enter(self, now_us: int) -> None:
        super().enter(now_us)
        self._primed_nl = 0
        self._backing = False
        self._released = not self.gun.trigger.on

    def step(self, now_us: int) -> None:
        gun = self.gun
        moved = gun.drive.step(now_us)
        if moved == TROUBLE:
            gun.stop(gun.drive.code)
        elif gun.inputs.force_mn > gun.settings["force_mn"]:
            gun.stop(errors.OCCLUSION)
        elif moved == DONE:
            self._stroke_done()
        elif not gun.drive.moving:
            self._hands(now_us)
        elif gun.inputs.contact and not self._backing:
            self._touched()

    def _touched(self) -> None:
        """The foot touches skin in mid-stroke: flow stops at once, what was pushed counts."""
        gun = self.gun
        gun.drive.stop()
        gun.board.force_watch(0)
        pushed = gun.inputs.plunger_steps - gun.drive.start_steps[PLUNGER]
        self._primed_nl += dose.volume_nl(max(0, pushed), gun.session.doser.step_fl)
        gun.panel.refuse(errors.NOT_NOW, "Lift the gun")

    def _stroke_done(self) -> None:
        gun = self.gun
        gun.board.force_watch(0)
        if self._backing:
            gun.primed = True
            gun.log(errors.EVENT_PRIMED, self._primed_nl, gun.volume_left_nl())
            gun.happen(states.PRIMED)
        else:
            self._primed_nl += gun.settings["prime_nl"]
            gun.wake_in(0)

    def _hands(self, now_us: int) -> None:
        gun = self.gun
        session = gun.session
        if self.leave():
            return
        # A trigger that was held before asks for nothing.
        self._released = self._released or not gun.trigger.on
        if gun.press.went_on and self._primed_nl:
            self._backing = True
            if session.backoff_steps:
                limits = AXES[PLUNGER]
                gun.drive.move(PLUNGER, -session.backoff_steps, limits.speed_hz, now_us)
            else:
                self._stroke_done()
        elif gun.trigger.on and self._released and not gun.inputs.contact:
            stroke_nl = gun.settings["prime_nl"]
            if gun.volume_left_nl() < stroke_nl:
                gun.happen(states.CHANGE)
                return
            steps = dose.steps_for(stroke_nl, session.doser.step_fl)
            speed_hz = PRIME_NL_S * 1_000_000 // session.doser.step_fl
            gun.board.force_watch(gun.settings["force_mn"])
            gun.drive.move(PLUNGER, steps, speed_hz, now_us)

    def tasks(self) -> list:
        if self._primed_nl:
            return ["Priming", "", "Hold: more", "Drop seen?", "Press: go on"]
        return ["Priming", "", "Needle up, foot", "free: hold the", "trigger"]
