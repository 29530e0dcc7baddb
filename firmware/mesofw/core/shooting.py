"""Armed and shooting: the trigger, the interlocks, the shot's phases, its record."""

from mesofw.core import clock, dose, errors, fields, records, shot, states
from mesofw.core.activity import Activity
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.drive import DONE, LOOK_US, TROUBLE
from mesofw.core.machine import AXES
from mesofw.core.program import MODES, REPEATS_FIRE
from mesofw.core.switches import STUCK_MS
from mesofw.core.waiting import end_session

FINISHED_WHEN_PAUSED_US = 500_000
# From this many shots left in the syringe on, light and sound say so.
LOW_SHOTS = 5


class Ready(Activity):
    """Armed: the zone is planned, the trigger is looked at, a press pauses, idleness disarms."""

    def enter(self, now_us: int) -> None:
        gun = self.gun
        self._alerted = False
        if not gun.session.planned:
            fault = gun.session.arm(gun.calibration, gun.settings)
            if fault:
                gun.panel.refuse(fault.code)
                gun.log(errors.EVENT_REFUSED, fault.code)
                gun.happen(states.PAUSE)
                return
            gun.log(errors.EVENT_ZONE, gun.session.zone + 1, gun.session.zone_left())
        gun.drive.load(gun.session.table)

    def step(self, now_us: int) -> None:
        gun = self.gun
        if gun.press.went_on:
            self.pause()
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
            self._watch_idleness()

    def pause(self) -> None:
        self.gun.log(errors.EVENT_PAUSED)
        self.gun.happen(states.PAUSE)

    def _watch_idleness(self) -> None:
        gun = self.gun
        idle_ms = gun.clock.at_ms - gun.active_ms
        if idle_ms >= gun.settings["disarm_s"] * 1000:
            gun.log(errors.EVENT_PAUSED, 1)
            gun.happen(states.PAUSE)
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
        self._pause = False
        self._stopped = 0
        self._recovering = False
        self._fire(now_us)

    def _fire(self, now_us: int) -> None:
        gun = self.gun
        session = gun.session
        zone = session.zone_record
        self._due_us = clock.add_us(now_us, 60_000_000 // zone["rate_per_min"])
        self._waiting = False
        record = gun.journal.record
        self._before = session.given_nl
        gun.fill(record)
        record.kind = records.SHOT
        record.at_ms = gun.clock.stamp_ms()
        record.shot = session.shots + 1
        record.zone_shots = session.zone_shots + 1
        record.depth_um = zone["depth_um"]
        record.volume_nl = zone["volume_nl"]
        record.code = MODES.index(zone["mode"])
        gun.journal.begin()
        change = 0
        if session.table.dispense >= 0:
            extra = session.doser.next_steps() - session.doser.whole_steps
            change = extra - session.extra
            session.extra = extra
        gun.board.force_watch(gun.settings["force_mn"])
        gun.drive.start(session.table, now_us, change)
        gun.wake_in(LOOK_US)

    def step(self, now_us: int) -> None:
        gun = self.gun
        if gun.press.went_on:
            self.pause()
        if self._waiting:
            self._next(now_us)
            return
        moved = gun.drive.step(now_us)
        gun.wake_in(LOOK_US)
        code = gun.drive.code if moved == TROUBLE else self._hazard()
        if code:
            self._interrupt(code, now_us)
        elif moved == DONE:
            self._ended(now_us)
        elif self._pause and self._needle_in() and self._long():
            self._interrupt(0, now_us)

    def pause(self) -> None:
        self._pause = True

    def _needle_in(self) -> bool:
        return not self._recovering and self.gun.drive.phase < shot.WITHDRAW

    def _long(self) -> bool:
        return self.gun.session.table.duration_us > FINISHED_WHEN_PAUSED_US

    def _hazard(self) -> int:
        gun = self.gun
        if gun.inputs.force_peak_mn > gun.settings["force_mn"]:
            return errors.OCCLUSION
        if not gun.contact.on and self._needle_in():
            return errors.CONTACT_LOST
        return 0

    def _interrupt(self, code: int, now_us: int) -> None:
        """Stop flow at once; lost contact and a pause withdraw and pause, all else is a fault."""
        if code not in (0, errors.CONTACT_LOST):
            self.gun.stop(code)
            return
        self.gun.drive.stop()
        self._stopped = code
        self._pause = True
        self._withdraw(now_us)

    def _withdraw(self, now_us: int) -> None:
        gun = self.gun
        pushed = max(0, gun.inputs.plunger_steps - gun.drive.start_steps[PLUNGER])
        self._stop_reached()
        back_steps = min(pushed, gun.session.backoff_steps)
        shot.plan_recover(gun.recovery, gun.inputs.carriage_steps, back_steps)
        if gun.recovery.count:
            self._recovering = True
            gun.drive.load(gun.recovery)
            gun.drive.start(gun.recovery, now_us)
        else:
            self._close(records.PARTIAL)
            self._next(now_us)

    def _stop_reached(self) -> None:
        """What the stopped shot reached, read from the inputs as they are now."""
        gun = self.gun
        inputs = gun.inputs
        reached = self._deepest() if gun.drive.phase > shot.ADVANCE else (
            inputs.carriage_steps, inputs.carriage_counts)  # fmt: skip
        self._measure(reached, (inputs.plunger_steps, inputs.plunger_counts))

    def _deepest(self) -> tuple:
        drive = self.gun.drive
        return drive.reached_steps[CARRIAGE], drive.reached_counts[CARRIAGE]

    def _measure(self, carriage: tuple, plunger: tuple) -> None:
        """Put what (steps, counts) of each axis mean into the record.

        Counts are taken as the way since the start, so that half a count stays off neither way.
        """
        gun = self.gun
        record = gun.journal.record
        drive = gun.drive
        axis = AXES[CARRIAGE]
        depth_um = gun.session.depth_um
        record.depth_stepped_um = depth_um(gun.calibration, carriage[0] * axis.step_nm)
        way_nm = (carriage[1] - drive.start_counts[CARRIAGE]) * axis.count_nm
        measured_nm = drive.start_steps[CARRIAGE] * axis.step_nm + way_nm
        record.depth_measured_um = depth_um(gun.calibration, measured_nm)
        backoff = gun.session.backoff_steps
        pushed = plunger[0] - drive.start_steps[PLUNGER] - backoff
        way_nm = (plunger[1] - drive.start_counts[PLUNGER]) * AXES[PLUNGER].count_nm
        counted = way_nm // AXES[PLUNGER].step_nm - backoff
        step_fl = gun.session.doser.step_fl
        record.volume_stepped_nl = dose.volume_nl(max(0, pushed), step_fl)
        record.volume_measured_nl = dose.volume_nl(max(0, counted), step_fl)
        record.force_peak_mn = max(0, gun.inputs.force_peak_mn)

    def _ended(self, now_us: int) -> None:
        gun = self.gun
        if self._recovering:
            self._close(records.PARTIAL)
        else:
            drive = gun.drive
            self._measure(
                self._deepest(), (drive.reached_steps[PLUNGER], drive.reached_counts[PLUNGER])
            )
            self._close(records.COMPLETE)
        self._next(now_us)

    def _close(self, flag: int) -> None:
        """Write the result and count the shot, and what it gave."""
        gun = self.gun
        record = gun.journal.record
        gun.board.force_watch(0)
        dry = gun.session.table.dispense < 0
        if flag == records.COMPLETE:
            given_nl = record.volume_nl
            off_nl = abs(record.volume_measured_nl - record.volume_nl)
            if not dry and off_nl > max(1_000, record.volume_nl // 10):
                self._stopped = errors.DOSE_MISSED
        else:
            given_nl = record.volume_stepped_nl
        gun.session.count(given_nl)
        record.end_ms = gun.clock.stamp_ms()
        record.volume_left_nl = gun.volume_left_nl()
        record.session_nl = gun.session.given_nl
        record.flags = flag | (records.DRY if dry else 0) | records.OPEN_SESSION
        record.stopped = self._stopped
        record.a = record.b = 0
        gun.journal.end()
        gun.active_ms = gun.clock.at_ms
        gun.wake_in(0)

    def _next(self, now_us: int) -> None:
        """After a shot: fault, pause, next zone, next syringe, or the next shot when it is due."""
        gun = self.gun
        session = gun.session
        if self._stopped == errors.DOSE_MISSED:
            gun.stop(self._stopped)
        elif session.zone_left() <= 0:
            self._zone_finished()
        elif self._pause:
            gun.log(errors.EVENT_PAUSED, self._stopped)
            gun.happen(states.PAUSE)
        elif session.zone_record["mode"] not in REPEATS_FIRE or not gun.trigger.on:
            gun.happen(states.RELEASED)
        else:
            self._repeat(now_us)

    def _repeat(self, now_us: int) -> None:
        gun = self.gun
        self._waiting = True
        left_us = clock.since_us(self._due_us, now_us)
        if left_us > 0:
            gun.wake_in(left_us)
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
        gun = self.gun
        if gun.session.next_zone():
            gun.log(errors.EVENT_PAUSED)
            gun.happen(states.ZONE_FINISHED)
        else:
            end_session(gun)

    def abandon(self, code: int, now_us: int) -> None:
        gun = self.gun
        gun.board.force_watch(0)
        super().abandon(code, now_us)
        if gun.journal.open:
            self._stopped = code
            if not self._recovering:
                self._stop_reached()
            self._close(records.PARTIAL)

    def lines(self) -> list:
        return zone_lines(self.gun, "Shooting")


def zone_lines(gun, title: str) -> list:
    """What the operator needs at a glance: zone, depth, dose, shots left, volume left."""
    session = gun.session
    zone = session.zone_record
    if zone is None:
        return [title]
    dose_text = fields.show("volume_nl", zone["volume_nl"]) if zone["volume_nl"] else "dry"
    return [
        "%s %s" % (title, zone["mode"]),
        zone["name"][:16],
        fields.show("depth_um", zone["depth_um"]) + "  " + dose_text,
        "left %d of %d" % (session.zone_left(), zone["shots"]),
        "holds " + fields.show("volume_nl", gun.volume_left_nl() // 1000 * 1000),
        syringe_line(gun),
    ]


def syringe_line(gun) -> str:
    """How many more shots the syringe can give; empty in a dry zone."""
    shots = gun.shots_left()
    if shots < 0:
        return ""
    return "%d more shots" % shots if shots > LOW_SHOTS else "LOW: %d more" % shots
