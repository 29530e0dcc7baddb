"""States in which nothing moves and the operator decides: idle, paused, fault."""

from mesofw.core import errors, fields, states
from mesofw.core.activity import Activity
from mesofw.core.door import PLUNGER
from mesofw.core.drive import DONE, STILL, TROUBLE
from mesofw.core.machine import AXES


class Idle(Activity):
    """A program is confirmed in two steps: title and patient, then totals. A turn goes back.

    What the program's soft limits call for is shown as a third page and logged as an override.
    """

    def enter(self, now_us: int) -> None:
        self.page = 0
        self._asked = None  # the engineer's question that is on the screen
        self.gun.seated_ok = False

    def step(self, now_us: int) -> None:
        gun = self.gun
        scanned = gun.session.program
        asking = gun.link.asking
        shown = asking is self._asked
        self._asked = asking
        if asking:
            # What is pressed as it comes is no answer to it: nobody has read it yet.
            if shown and (gun.turned or gun.press.went_on):
                asking.answer(not gun.turned)
                gun.wake_in(0)
            return
        if gun.turned:
            self.page = 0
        if not gun.press.went_on:
            return
        code = self._forbidden()
        if code:
            hint = "Switch off and on: the plunger goes home" if code == errors.NOT_NOW else ""
            gun.panel.refuse(code, hint)
            gun.log(errors.EVENT_REFUSED, code)
            return
        self.page += 1
        if self.page > 1 + len(scanned.warnings):
            gun.session.begin()
            for warning in scanned.warnings:
                gun.log(errors.EVENT_OVERRIDE, warning.code)
            gun.log(errors.EVENT_CONFIRMED, gun.session.program_id())
            gun.happen(states.CONFIRMED)

    def _forbidden(self) -> int:
        gun = self.gun
        if gun.session.program is None:
            return errors.NO_PROGRAM
        if gun.calibration is None:
            return gun.calibration_state
        if gun.training:
            # What is pushed into a syringe cannot be taken out by hands alone.
            if gun.inputs.plunger_steps > 0:
                return errors.NOT_NOW
        elif gun.commissioning is None:
            return errors.NOT_COMMISSIONED
        if not gun.log_room():
            return errors.LOG_FULL
        # Where no host has set the clock, today is 0, and expiry cannot be judged.
        return errors.EXPIRED if gun.session.program.expiry < gun.clock.today_ymd() else 0

    def lines(self) -> list:
        asking = self.gun.link.asking
        if asking:
            return asking.lines()
        session = self.gun.session
        program = session.program
        if program is None:
            if self.gun.slots.state == errors.SLOT_CORRUPT:
                return ["Program damaged", "", "mesogun load"]
            return ["No program", "", "mesogun load"]
        head = program.head
        if self.page == 0:
            title = head["title"]
            go_on = "Resume?" if session.open else "New session?"
            if self.gun.training:
                go_on = "Resume training?" if session.open else "New training?"
            patient = head["patient"]
            names = [title[:16], title[16:32], title[32:], patient[:16], patient[16:]]
            return [go_on] + [line for line in names if line] + ["", "Press: correct"]
        if self.page == 1:
            return [
                "zones: %d" % program.zones,
                "shots: %d" % program.shots,
                fields.show("total_nl", program.total_nl),
                syringes_text(program.syringes, head["syringe"]),
                needle_text(head["needle"], head["length_um"], head["pins"]),
                "done: %d" % session.shots if session.open else "",
                "" if self.gun.clock.epoch_s else "Expiry unknown",
                "Press: confirm",
            ]
        warning = program.warnings[self.page - 2]
        return [
            "Above soft limit",
            _limit(warning.code),
            warning.found,
            "",
            "Press: accept",
        ]


def _limit(code: int) -> str:
    """What a soft limit is on."""
    return {
        errors.BEYOND_SHOT_LIMIT: "shot limit",
        errors.BEYOND_ZONE_LIMIT: "zone limit",
        errors.BEYOND_SESSION_LIMIT: "session limit",
        errors.BEYOND_NEEDLE_LIFE: "needle life",
    }[code]


def syringes_text(count: int, name: str) -> str:
    """The syringe in a line, and how many of them the session takes where that is more than
    one."""
    return "%d syringes %s" % (count, name) if count > 1 else "syringe " + name


def needle_text(gauge: str, length_um: int, pins: int) -> str:
    """A needle in a line: gauge and length, and its pins where there are more than one."""
    return gauge + " " + fields.show("length_um", length_um) + (" x%d" % pins if pins > 1 else "")


def titled(gun, name: str) -> str:
    """A screen's title; in training it says so."""
    return "Training " + name.lower() if gun.training else name


class Paused(Activity):
    """Why it is paused, and a menu, turned and pressed: go on, change the syringe, end."""

    def enter(self, now_us: int) -> None:
        self._choice = 0

    def step(self, now_us: int) -> None:
        gun = self.gun
        self._choice = (self._choice + gun.turned) % len(_MENU)
        if gun.press.went_on:
            choose(gun, _MENU[self._choice][1])

    def lines(self) -> list:
        gun = self.gun
        zone = "Zone %d of %d" % (gun.session.zone + 1, gun.session.program.zones)
        # What is possible where a zone was refused takes more lines.
        why = wrap(gun.why)[:WHY_LINES]
        if len(why) < WHY_LINES:
            why = [zone] + why
        return [titled(gun, "Paused")] + why + menu(_MENU, self._choice)


def menu(rows: tuple, choice: int) -> list:
    """The first texts of the rows in lines, the chosen one marked."""
    return [("> " if index == choice else "  ") + rows[index][0] for index in range(len(rows))]


WHY_LINES = 4
OPERATOR, LEFT_IDLE, HOST, CONTACT, ZONE = range(5)
# Why the session is paused: as the screen says it, and the event.
WHY = (
    ("By operator", states.PAUSE),
    ("Left idle", states.PAUSE),
    ("By the host", states.PAUSE),
    ("Contact lost", states.PAUSE),
    ("Zone done", states.ZONE_FINISHED),
)


def pause(gun, why: int, code: int = 0) -> None:
    """Pause for one of WHY, recorded with `code` and the reason's place in WHY."""
    gun.why, event = WHY[why]
    gun.log(errors.EVENT_PAUSED, code, why)
    gun.happen(event)


_MENU = (("Go on", states.RESUME), ("Change syringe", states.CHANGE), ("End session", states.ENDED))


def choose(gun, event: int) -> None:
    """Carry out what the pause menu offers: RESUME, CHANGE or ENDED."""
    if event == states.ENDED:
        end_session(gun)
        return
    gun.log(errors.EVENT_RESUMED, event)
    if event == states.RESUME and not (gun.primed and gun.seated_ok):
        event = states.CHANGE
    gun.happen(event)


def end_session(gun) -> None:
    """The session is over, whole or not."""
    close_session(gun)
    gun.happen(states.ENDED)


# What is asked where a turn of the knob has chosen to end the session.
ENDING = ["End session?", "", "Press: end", "Turn: back"]


def close_session(gun) -> None:
    """Record that the session is over; it cannot be resumed."""
    gun.session.open = False
    gun.log(errors.EVENT_ENDED, gun.session.shots, gun.session.given_nl)


class Faulted(Activity):
    """Nothing moves; when the cause is gone, a press clears it and the axes are homed anew.

    The needle must be back within the spring's time, else the alarm says so.
    """

    def enter(self, now_us: int) -> None:
        self._since_ms = self.gun.clock.at_ms
        # Also where a needle that does not come back becomes the trouble that is shown.
        self._stays = self.gun.trouble in STAYS
        self._strokes = RELIEF_STROKES if self.gun.trouble == errors.OCCLUSION else 0

    def _relief_steps(self) -> int:
        """After an occlusion, with the needle out: the plunger's next stroke back, 0 for none. It
        goes back until it no longer presses on the stopper, and no further; nor further than where
        it met the stopper, whatever the force cell says."""
        gun = self.gun
        if not self._strokes or gun.inputs.force_mn <= 0:
            return 0
        # While priming no back-off is known yet.
        steps = gun.session.backoff_steps or RELIEF_STEPS
        return max(0, min(steps, gun.inputs.plunger_steps - gun.session.found_steps))

    def _not_retracted(self) -> None:
        """An alarm of its own, also where the one before was silenced."""
        gun = self.gun
        was = gun.trouble
        if was != errors.NOT_RETRACTED:
            gun.trouble = errors.NOT_RETRACTED
            gun.panel.alarm()
            # Where the journal fails, recording it would be the next failure.
            if was != errors.JOURNAL_FAILED:
                gun.log(errors.EVENT_FAULT, errors.NOT_RETRACTED)

    def step(self, now_us: int) -> None:
        gun = self.gun
        moved = gun.drive.step(now_us)
        if gun.drive.moving and gun.hazard() in errors.CUTS_DRIVERS:
            # What takes the drivers from any other way takes them from the way back too.
            moved = TROUBLE
        steps = self._relief_steps() if moved in (STILL, DONE) else 0
        if steps:
            self._strokes -= 1
            gun.drive.move(PLUNGER, -steps, AXES[PLUNGER].speed_hz, now_us)
        elif moved in (DONE, TROUBLE):
            self._strokes = 0
            gun.drive.release()
            self._since_ms = gun.clock.at_ms
        if not gun.drive.carriage_on and not gun.inputs.carriage_home:
            if gun.clock.at_ms - self._since_ms > RETRACT_MS:
                self._not_retracted()
            else:
                gun.wake_in(RETRACT_MS * 1000)
        if gun.press.went_on and not gun.drive.moving:
            code = gun.hazard() or (errors.TRIGGER_HELD if gun.trigger.on else 0)
            if code:
                gun.panel.refuse(code)
            elif not self._stays:
                gun.log(errors.EVENT_CLEARED, gun.trouble)
                gun.trouble = 0
                gun.happen(states.CLEARED)

    def lines(self) -> list:
        code = self.gun.trouble
        return ["STOPPED %d" % code] + wrap(errors.cause(code)) + [""] + wrap(errors.remedy(code))


RETRACT_MS = 200
RELIEF_STROKES = 50
RELIEF_STEPS = 400  # 0.1 mm
# What only a restart or an engineer mends.
STAYS = (
    errors.INTERNAL,
    errors.SELF_TEST,
    errors.SLOT_CORRUPT,
    errors.FIRMWARE_DAMAGED,
    errors.WATCHDOG_DEAD,
)


def wrap(text: str, columns: int = 16) -> list:
    """A text in lines of at most `columns` characters, cut between words."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > columns:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word[:columns]
    return lines
