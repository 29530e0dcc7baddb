"""Syringe and needle: fitting them, and finding the stopper by force."""

from mesofw.core import dose, errors, parts, states
from mesofw.core.activity import Activity
from mesofw.core.door import PLUNGER
from mesofw.core.drive import DONE, TROUBLE
from mesofw.core.machine import AXES
from mesofw.core.waiting import ENDING, end_session, needle_text, titled

SEEK_HZ = 32_000  # 8 mm/s
# A stopper further back than this share of the nominal volume is in another syringe.
FULLEST_PERCENT = 112

# 1 mm from its home the plunger's switch is open, or it never was at home.
LEFT_HOME_STEPS = 4_000

TAKE_OUT, SEAT, CONFIRM, SEEK = range(4)


class Loading(Activity):
    """The plunger goes home; the old syringe comes out, a new one in, a new needle on; confirmed by
    a press; then the plunger seeks the stopper. Contact must be open while it does.

    A turn of the knob asks whether to end the session.
    """

    def enter(self, now_us: int) -> None:
        gun = self.gun
        self._leaving = False
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
            steps = gun.drive.at(PLUNGER)
            if steps > 0:
                gun.drive.move(PLUNGER, -steps, AXES[PLUNGER].speed_hz, now_us)
            else:
                self._hands(now_us)

    def _hands(self, now_us: int) -> None:
        gun = self.gun
        if self._leave():
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

    def _leave(self) -> bool:
        """Whether the operator is about to end the session; a turn goes in and out of it."""
        gun = self.gun
        if gun.turned:
            self._leaving = not self._leaving
        elif self._leaving and gun.press.went_on:
            end_session(gun)
        return self._leaving

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
        steps = self._empty - gun.drive.at(PLUNGER)
        if gun.training:
            # No force tells where a stopper is: the syringe counts as full.
            steps -= dose.steps_for(self._nominal_nl(), gun.session.doser.step_fl)
        gun.drive.move(PLUNGER, steps, SEEK_HZ, now_us)

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
        elif moved == DONE and gun.training:
            self._found()
        elif gun.inputs.plunger_home and gun.inputs.plunger_steps > LEFT_HOME_STEPS:
            gun.stop(errors.HOME_STUCK)
        elif moved == DONE:
            gun.stop(errors.STOPPER_NOT_FOUND)

    def _nominal_nl(self) -> int:
        return parts.SYRINGES[self.gun.session.program.head["syringe"]].volume_nl

    def _found(self) -> None:
        gun = self.gun
        gun.empty_steps = self._empty
        gun.session.found_steps = gun.drive.at(PLUNGER)
        volume_nl = gun.volume_left_nl()
        if volume_nl > self._nominal_nl() * FULLEST_PERCENT // 100:
            gun.stop(errors.SYRINGE_WRONG)
            return
        gun.log(errors.EVENT_LOADED, volume_nl)
        gun.happen(states.LOADED)

    def abandon(self, code: int, now_us: int) -> None:
        super().abandon(code, now_us)
        self.gun.board.force_watch(0)

    def lines(self) -> list:
        if self._leaving:
            return ENDING
        gun = self.gun
        head = gun.session.program.head
        needle = ["New needle", needle_text(head["needle"], head["length_um"], head["pins"])]
        asked = ["New needle on?", needle[1]]
        if gun.training:
            needle = ["Training:", "no needle"]
            asked = ["No needle on?", ""]
        tasks = (
            ["Take out the", "syringe"],
            ["Seat syringe", head["syringe"]] + needle + ["", "Turn: end"],
            asked + ["", "Press: go on", "Turn: end"],
            ["Finding stopper"],
        )
        return [titled(gun, "Loading"), ""] + tasks[self._task]
