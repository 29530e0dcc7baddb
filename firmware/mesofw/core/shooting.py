"""Armed and shooting: the trigger, the interlocks, the shot's phases, how shots follow on."""

from mesofw.core import account, clock, errors, records, resting, shot, states, waiting
from mesofw.core.activity import Activity
from mesofw.core.door import CARRIAGE, SCREEN_COLUMNS
from mesofw.core.drive import DONE, LOOK_US, TROUBLE
from mesofw.core.modes import MODE
from mesofw.core.switches import STUCK_MS

FINISHED_WHEN_PAUSED_US = 500_000
# A shot that is later than this begins the rate anew: what is lost is not made up for in haste.
LATE_US = 20_000
# Drawing takes the RP2040 6.4 ms at 125 MHz (on the emulated chip): a shot that is due sooner does
# not wait for it. As the shot begins there is time: the needle has not left the foot yet.
DRAWN_US = 8_000
MINUTE_US = 60_000_000
# From this many shots left in the syringe on, light and sound say so.
LOW_SHOTS = 5
# What a syringe holds in µL, and the shots that it has, to the right in so many columns.
COUNT_COLUMNS = 5


class Ready(Activity):
    """Armed: the zone is planned, the trigger is looked at, a press pauses, idleness disarms."""

    def enter(self, now_us: int) -> None:
        gun = self.gun
        self._alerted = False
        if not gun.session.planned:
            fault = gun.session.arm(gun.calibration, gun.settings, gun.volume_left_nl())
            if fault:
                gun.panel.refuse(fault.code, fault.allowed)
                gun.log(errors.EVENT_REFUSED, fault.code)
                gun.why = fault.allowed
                gun.happen(states.PAUSE)
                return
            gun.log(errors.EVENT_ZONE, gun.session.zone + 1, gun.session.zone_left())
            # Planning has taken memory.
            gun.link.used = resting.USED_MOST
        gun.drive.load(gun.session.table)

    def step(self, now_us: int) -> None:
        gun = self.gun
        if gun.press.went_on:
            waiting.pause(gun, waiting.OPERATOR)
        elif gun.trigger.went_on:
            code = states.first_missing(gun.needs())
            if not code:
                gun.happen(states.FIRED)
                return
            gun.panel.refuse(code)
            gun.log(errors.EVENT_REFUSED, code)
            if code == errors.VOLUME_SHORT:
                gun.happen(states.EMPTIED)
        else:
            gun.arming.step()
            self._watch_idleness()

    def pause(self) -> None:
        waiting.pause(self.gun, waiting.HOST)

    def _watch_idleness(self) -> None:
        gun = self.gun
        idle_ms = gun.clock.at_ms - gun.active_ms
        if idle_ms >= gun.settings["disarm_s"] * 1000:
            if not gun.arming.off():
                waiting.pause(gun, waiting.LEFT_IDLE, 1)
        elif idle_ms >= gun.settings["alert_s"] * 1000 and not self._alerted:
            self._alerted = True
            gun.panel.changed()
            gun.log(errors.EVENT_ALERT)

    @property
    def alerted(self) -> bool:
        """Whether the gun was left armed and idle."""
        return self._alerted

    def lines(self) -> list:
        return zone_lines(self.gun, "Ready")


class Shooting(Activity):
    """Fires, watches and records; repeats while held where the zone's mode does so."""

    def enter(self, now_us: int) -> None:
        self._why = -1  # why to pause once the needle is out, of `waiting.WHY`
        self._stopped = 0
        self._recovering = self._waiting = self._measured = False
        self._over = False  # the motion is, but not closed yet
        self._fired = 0  # shots of this pull
        self._force_mn = self.gun.session.force_mn(self.gun.settings)
        self._mode = MODE[self.gun.session.zone_record["mode"]]
        self._due_us = now_us
        self._rest = 0
        if self.gun.inputs.fired:
            self.gun.arming.begun(now_us)
            self._follow(now_us)
        else:
            self._fire(now_us)

    def _fire(self, now_us: int) -> None:
        gun = self.gun
        session = gun.session
        if self._recovering:
            self._recovering = False
            gun.drive.load(session.table)
        account.begin(gun)
        change = account.take_dose(session)
        gun.board.force_watch(self._force_mn)
        gun.drive.start(session.table, now_us, change)
        self._follow(now_us)

    def _follow(self, now_us: int) -> None:
        """A shot has begun."""
        self._plan_next(now_us)
        self._waiting = False
        self._measured = False
        self._over = False
        self._stopped = 0
        self._fired += 1
        self.hurried = True
        self.gun.wake_in(LOOK_US)

    def _plan_next(self, now_us: int) -> None:
        """The next shot is due a period after this one was, to the microsecond on average."""
        if clock.since_us(now_us, self._due_us) > LATE_US:
            self._due_us = now_us
        rate = self.gun.session.zone_record["rate_per_min"]
        self._due_us = clock.add_us(self._due_us, (MINUTE_US + self._rest) // rate)
        self._rest = (MINUTE_US + self._rest) % rate

    def step(self, now_us: int) -> None:
        gun = self.gun
        if gun.press.went_on:
            self._why = waiting.OPERATOR
        calm = not self.hurried
        self.hurried = False
        if self._waiting:
            if calm and clock.since_us(self._due_us, now_us) <= 0:
                # What is due begins in a step that has nothing else to do.
                self.hurried = True
                gun.wake_in(0)
            else:
                self._next(now_us)
            return
        if self._over:
            self._ended(now_us)
            return
        moved = gun.drive.step(now_us)
        code = gun.drive.code if moved == TROUBLE else self._hazard()
        if code:
            self._interrupt(code, now_us)
        elif moved == DONE:
            if calm and gun.journal.open:
                # Closed in the next step, whose time the link leaves for it.
                self._over = self.hurried = True
                gun.wake_in(0)
            else:
                self._ended(now_us)
            return
        elif (self._why >= 0 or self._let_go()) and self._needle_in() and self._long():
            self._interrupt(0, now_us)
        elif gun.drive.phase >= shot.WITHDRAW and not self._recovering:
            self._reached(calm)
        gun.wake_in(LOOK_US)

    def _reached(self, calm: bool) -> None:
        """The needle comes home, or is out: measure the shot, then close it in the back-off, in a
        step whose time the link has left for it."""
        gun = self.gun
        if not self._measured:
            self._measured = True
            account.finished(gun)
        if gun.drive.backs_off:
            self.hurried = True
            if gun.journal.open:
                if calm:
                    gun.wake_in(0)
                else:
                    self._close(records.COMPLETE)

    def pause(self) -> None:
        self._why = waiting.HOST

    def _needle_in(self) -> bool:
        return not self._recovering and self.gun.drive.phase < shot.WITHDRAW

    def _long(self) -> bool:
        return self.gun.session.table.duration_us > FINISHED_WHEN_PAUSED_US

    def _let_go(self) -> bool:
        """Whether the hand that keeps the needle in has let go of the trigger."""
        return self._mode.stays and not (self.gun.trigger.on or self.gun.grip.on)

    def _hazard(self) -> int:
        gun = self.gun
        if gun.inputs.force_peak_mn > self._force_mn and not gun.training:
            return errors.OCCLUSION
        if not gun.contact.on and self._needle_in():
            return errors.CONTACT_LOST
        return 0

    def _interrupt(self, code: int, now_us: int) -> None:
        """Stop flow at once; lost contact, a pause and letting go withdraw, all else is a fault.

        On a sliding hand lost contact ends the shot only.
        """
        if code not in (0, errors.CONTACT_LOST):
            self.gun.stop(code)
            return
        self.gun.drive.stop()
        self._stopped = code
        if code and not self._mode.slides:
            self._why = waiting.CONTACT
        self._withdraw(now_us)

    def _withdraw(self, now_us: int) -> None:
        gun = self.gun
        account.stopped(gun)
        back_steps = min(gun.drive.pushed(), gun.session.backoff_steps)
        shot.plan_recover(gun.drive.table, gun.drive.at(CARRIAGE), back_steps)
        if gun.drive.table.count:
            self._recovering = True
            gun.drive.run(now_us)
        else:
            self._close(records.PARTIAL)
            self._next(now_us)

    def _ended(self, now_us: int) -> None:
        self._over = False
        if self._recovering:
            self._close(records.PARTIAL)
        elif self.gun.journal.open:
            if not self._measured:
                account.finished(self.gun)
            self._close(records.COMPLETE)
        self._next(now_us)

    def _close(self, flag: int) -> None:
        self._stopped = account.close(self.gun, flag, self._stopped)

    def _next(self, now_us: int) -> None:
        """After a shot: fault, pause, next zone, next syringe, or the next shot when it is due."""
        gun = self.gun
        session = gun.session
        if self._stopped == errors.DOSE_MISSED:
            gun.stop(self._stopped)
        elif session.zone_left() <= 0:
            self._zone_finished()
        elif self._why >= 0:
            waiting.pause(gun, self._why, self._stopped)
        elif not self._mode.repeats or not gun.trigger.on or self._fired == self._per_pull():
            gun.happen(states.RELEASED)
        else:
            self._repeat(now_us)

    def _per_pull(self) -> int:
        """Shots that one pull gives; 0 for as long as it is held."""
        return self.gun.session.zone_record["per_pull"]

    def _repeat(self, now_us: int) -> None:
        gun = self.gun
        left_us = max(0, clock.since_us(self._due_us, now_us))
        if left_us or not self._waiting:
            # One that is due already begins in a step of its own.
            self._waiting = True
            self.hurried = left_us <= DRAWN_US
            gun.wake_in(left_us if self.hurried else left_us - DRAWN_US)
            return
        code = states.first_missing(gun.needs())
        if not code:
            self._fire(now_us)
        elif code == errors.VOLUME_SHORT:
            gun.log(errors.EVENT_REFUSED, code)
            gun.panel.refuse(code)
            gun.happen(states.EMPTIED)
        elif code == errors.LOG_FULL and gun.store.room() > gun.journal.unmoved() + 8:
            gun.wake_in(0)  # the ring is being moved
        else:
            if code == errors.NO_CONTACT:
                if gun.clock.at_ms - gun.active_ms < STUCK_MS:
                    return
                # Held for so long without contact, it is stuck or forgotten.
                code = errors.TRIGGER_HELD
            gun.log(errors.EVENT_REFUSED, code)
            gun.panel.refuse(code)
            gun.happen(states.RELEASED)

    def _zone_finished(self) -> None:
        if self.gun.session.next_zone():
            waiting.pause(self.gun, waiting.ZONE)
        else:
            waiting.end_session(self.gun)

    def abandon(self, code: int, now_us: int) -> None:
        gun = self.gun
        gun.board.force_watch(0)
        super().abandon(code, now_us)
        if gun.journal.open:
            whole = self._over and not self._recovering
            self._stopped = 0 if whole else code
            if whole and not self._measured:
                account.finished(gun)
            elif not whole and not self._recovering:
                account.stopped(gun)
            self._close(records.COMPLETE if whole else records.PARTIAL)

    def lines(self) -> list:
        return zone_lines(self.gun, "Shooting")


def zone_lines(gun, title: str) -> list:
    """What the operator needs at a glance: zone, depth, dose, shots left, volume left."""
    session = gun.session
    zone = session.zone_record
    if zone is None:
        return [title]
    if len(title) + len(zone["mode"]) >= SCREEN_COLUMNS:
        title = "Shot"
    lines = ["Training"] if gun.training else []
    lines.append(title + " " + zone["mode"])
    lines += session.zone_texts
    lines += [
        "left %*d of %d" % (digits(zone["shots"]), session.zone_left(), zone["shots"]),
        "holds %*d µL" % (COUNT_COLUMNS, gun.volume_left_nl() // 1000),
        syringe_line(gun),
    ]
    if MODE[zone["mode"]].stays:
        lines.append("Hold to its end")
    return lines


def syringe_line(gun) -> str:
    """How many more shots the syringe can give; empty in a dry zone."""
    shots = gun.shots_left()
    if shots < 0:
        return ""
    if shots > LOW_SHOTS:
        return "%*d more shots" % (COUNT_COLUMNS, shots)
    return "LOW: %d more" % shots


def digits(number: int) -> int:
    """How many digits a number >= 0 has."""
    count = 1
    while number > 9:
        number //= 10
        count += 1
    return count
