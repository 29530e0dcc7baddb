"""The gun: one `step` looks at what came in, decides, acts, and says when it must run next."""

from mesofw.core import (
    activities,
    clock,
    dose,
    errors,
    interlocks,
    records,
    resting,
    settings,
    shot,
    states,
)
from mesofw.core.door import CARRIAGE, PLUNGER, Inputs
from mesofw.core.drive import Drive
from mesofw.core.holds import left_steps
from mesofw.core.journal import Journal
from mesofw.core.link import LONG_PIECE, SHORT_PIECE, Link
from mesofw.core.loaded import TRAINING
from mesofw.core.memory import Memory
from mesofw.core.panel import Panel
from mesofw.core.requests import Requests
from mesofw.core.resting import Arming
from mesofw.core.session import Session
from mesofw.core.slots import FileSlots
from mesofw.core.store import Store
from mesofw.core.switches import Settled, Switch

PORT_WAIT_US = 20_000
LONGEST_WAIT_US = 1_000_000
# The spring withdraws the needle within 200 ms, with something to spare.
SPRING_MS = 500
# Events that may wait for a shot's end.
LATER_MAX = 4
# Requests that an armed gun cannot carry out: they write files, take memory and time, or end it.
_DISARM = ("acknowledge", "health", "inputs", "pause", "trace")


class Gun:
    """The whole gun behind one board. Call `step` as `duties.Board` says, with a time that
    may wrap."""

    def __init__(self, board, now_us: int):
        self.board = board
        self.clock = clock.Clock(now_us)
        self.inputs = Inputs()
        board.sample(self.inputs)
        self.state = states.BOOT
        self.trouble = 0
        self.homed = False
        self.primed = False
        self.seated_ok = False
        self.empty_steps = 0
        self.active_ms = 0
        self.why = ""  # why the session is paused, as the screen says it
        self.tidied_ms = 0
        self._let_go_ms = -SPRING_MS
        self._later = []  # events of a shot that is still open
        self.long = False  # this step has been a long one already
        self._undrawn = False  # the panel was left for the next step
        self.drive = Drive(board, self.inputs)
        self.trigger = Switch()
        self.grip = Settled()  # the trigger once more, but a short gap is no letting go
        self.press = Switch()
        self.contact = Switch()
        self.seat = Settled()
        self._levels = -1  # those of the switches that ask for no further look
        self.turned = 0
        self._turns = self.inputs.turns
        self._wait_us = 0
        self.memory = Memory(board)
        self.slots = FileSlots(board, "program")
        self.settings_slots = FileSlots(board, "settings")
        stored = settings.decode(settings.SETTINGS, self.settings_slots.load() or b"{}")
        if stored is None:
            # Whole, but no settings: defaults, the widest limits, must not take their place unseen.
            self.settings_slots.state = errors.SLOT_CORRUPT
        self.settings = stored or settings.defaults(settings.SETTINGS)
        self.calibration, state = settings.stored(board, "calibration")
        # Why there is no calibration: none was ever made, or what is stored is damaged.
        damaged = state == errors.SLOT_CORRUPT
        self.calibration_state = errors.SLOT_CORRUPT if damaged else errors.NOT_CALIBRATED
        self.commissioning, _ = settings.stored(board, "commissioning")
        self.store = Store(board)
        self.journal = Journal(board, self.store, self.memory.ring_address)
        self.session = Session(self.slots)
        self.arming = Arming(self)
        self.panel = Panel(self)
        self._requests = Requests(self)
        self.link = Link(board, self._asked, self._requests.data)
        self._activities = activities.Activities(self)
        self.activity = self._activities[states.BOOT]
        self.memory.count_boot()

    def step(self, now_us: int) -> int:
        """One step at the wrapped time `now_us`; gives the µs until it must run again at the
        latest.

        Never blocks, never raises: an error of the firmware's own stops the motion, cuts the
        drivers and becomes the fault `internal`, and the watchdog is not fed in that step.
        """
        self._wait_us = LONGEST_WAIT_US
        try:
            self._look(now_us)
            self.long = self.link.worked = False
            # What has just been pulled is answered before all else.
            pulled = self.trigger.went_on or (self.inputs.fired and self.arming.on)
            if pulled or self.press.went_on:
                self.arming.off()
            if self.state not in (states.BOOT, states.FAULT):
                code = self.hazard()
                if code:
                    self.stop(code)
            if not (self.activity.hurried or pulled or self._undrawn):
                self.link.step()
            if self.link.busy:
                self._wait_us = 0
            elif self.link.full:
                self.wake_in(PORT_WAIT_US)
            if self.trigger.went_on and self.state not in states.TRIGGER_ACTS:
                # A trigger pulled where it does nothing is told and recorded.
                self.panel.refuse(errors.WRONG_STATE)
                self.log(errors.EVENT_REFUSED, errors.WRONG_STATE)
            self.activity.step(self.clock.now_us)
            if self.drive.playing:
                self.wake_in(self.drive.due_us(self.clock.now_us))
            while self._later and not self.journal.open:
                self.log(*self._later.pop(0))
            resting.rest(self)
            self._draw(pulled)
            self.board.feed()
        except Exception as error:
            self._broken(error)
            self.report(error)
        return self._wait_us

    def _draw(self, pulled) -> None:
        """Bring the panel up to date; where steps have to be short, not in one with much else."""
        self.panel.step()
        long = pulled or self.long or (self.link.worked and not self._undrawn)
        self._undrawn = long = bool(long and self.state in states.COUNTING)
        if not long and not self.activity.hurried:
            long = self.panel.show()
        if long:
            self.wake_in(0)

    def _asked(self, name, arguments):
        """A request's reply, or a job that gives it."""
        if name in _DISARM:
            self.arming.off()
        return self._requests.handle(name, arguments)

    def report(self, error: Exception) -> None:
        """Have an error's traceback written; nothing may come of it: memory may be short."""
        try:
            self.board.report(error)
        except Exception:
            pass

    def wake_in(self, wait_us: int) -> None:
        """Ask to be run again in `wait_us` at the latest."""
        if 0 <= wait_us < self._wait_us:
            self._wait_us = wait_us

    def _look(self, now_us: int) -> None:
        inputs = self.inputs
        self.board.sample(inputs)
        self.clock.tick(now_us)
        pulled = inputs.trigger | inputs.pedal
        levels = pulled | inputs.press << 1 | inputs.contact << 2 | inputs.seated << 3
        self.turned = inputs.turns - self._turns
        if self.turned or levels != self._levels:
            self._turns = inputs.turns
            self.panel.changed()
            self.wake_in(self.trigger.update(pulled, now_us))
            self.wake_in(self.grip.update(pulled, now_us))
            self.wake_in(self.press.update(inputs.press, now_us))
            self.wake_in(self.contact.update(inputs.contact, now_us))
            self.wake_in(self.seat.update(inputs.seated, now_us))
            self._levels = levels if self._wait_us == LONGEST_WAIT_US else -1
            if self.trigger.went_on or self.trigger.went_off or self.press.went_on or self.turned:
                self.active_ms = self.clock.at_ms

    def pulled(self) -> None:
        """The board saw the trigger close."""
        self.trigger.update(1, self.clock.now_us)
        self._levels = -1

    def hazard(self) -> int:
        """The fault that the inputs show in any state, or 0."""
        inputs = self.inputs
        if inputs.stop:
            return errors.ESTOP
        if inputs.supply_mv < self.settings["supply_mv"]:
            return errors.SUPPLY_LOST
        if inputs.temperature_dc > self.settings["temperature_dc"]:
            return errors.OVERHEATED
        if inputs.faulty & interlocks.PARTS_NEEDED:
            return interlocks.part_fault(inputs.faulty)
        if self.seated_ok and not self.seat.on:
            return errors.SYRINGE_OUT
        return 0

    def happen(self, event: int) -> bool:
        """Take the transition that the table has for `event`; False where it has none."""
        state = states.next_state(self.state, event)
        if state < 0:
            return False
        self.state = state
        self.drive.forward_allowed = state in states.FORWARD
        self.link.piece = SHORT_PIECE if state in states.COUNTING else LONG_PIECE
        self.drive.playing = self.training and state in states.PLAYED
        self.activity = self._activities[state]
        self.active_ms = self.clock.at_ms
        self.activity.enter(self.clock.now_us)
        self.wake_in(0)
        return True

    def stop(self, code: int) -> None:
        """A fault: flow stops, records are closed, the needle comes back: by its motor where that
        can be trusted, else by its spring."""
        self._let_go_ms = self.clock.at_ms
        self.arming.off()
        self.activity.abandon(code, self.clock.now_us)
        by_motor = self.homed and code not in errors.CUTS_DRIVERS
        self.panel.alarm()
        self.trouble = code
        self.homed = self.primed = False
        # A syringe that popped out is asked for; after any other fault it may be taken out.
        self.seated_ok = self.seated_ok and code == errors.SYRINGE_OUT
        self.log(errors.EVENT_FAULT, code)
        self.happen(states.TROUBLE)
        if by_motor and self.inputs.carriage_steps > 0:
            # No further back than the stopped shot went forward: it began backed off.
            pushed = max(0, self.inputs.plunger_steps - self.drive.start_steps[PLUNGER])
            back_steps = min(pushed, self.session.backoff_steps)
            shot.plan_recover(self.drive.table, self.inputs.carriage_steps, back_steps)
            self.drive.run(self.clock.now_us)
        else:
            self.drive.release()

    def _broken(self, error: Exception) -> None:
        self.drive.release()
        self.link.drop()
        self._let_go_ms = self.clock.at_ms
        stored = isinstance(error, OSError) and error.args and errors.known(error.args[0])
        self.trouble = error.args[0] if stored else errors.INTERNAL
        if self.state != states.FAULT:
            self._record_broken()
        self.homed = self.primed = False
        self.state = states.FAULT
        self.drive.forward_allowed = False
        self.activity = self._activities[states.FAULT]
        self.activity.enter(self.clock.now_us)
        self.panel.alarm()
        self.wake_in(0)

    def _record_broken(self) -> None:
        """Close and record what still can be; where that fails too, the next start tells."""
        try:
            try:
                self.arming.off()
            finally:
                self.activity.abandon(self.trouble, self.clock.now_us)
            self.log(errors.EVENT_FAULT, self.trouble)
        except Exception as error:
            self.report(error)

    def log(self, code: int, a: int = 0, b: int = 0) -> None:
        """Record an event with the session's counts as they stand; during a shot, right after
        it."""
        self.arming.off()
        if self.journal.open:
            if len(self._later) < LATER_MAX:
                self._later.append((code, a, b))
            return
        if self.journal.room() < 2 and resting.still(self):
            resting.move_records(self)
        if self.journal.room() > 0:
            self.fill(self.journal.record)
            self.journal.event(self.clock.stamp_ms(), code, a, b)

    def fill(self, record) -> None:
        """The fields that every record carries."""
        session = self.session
        record.boot = self.memory.boot
        record.session = session.number
        record.zone = session.zone + 1 if session.open else 0
        record.zone_shots = session.zone_shots
        record.shot = session.shots
        record.session_nl = session.given_nl
        record.program = session.program_id()
        record.calibration = self.calibration["id"] if self.calibration else 0
        record.volume_left_nl = self.volume_left_nl()
        record.flags = self.record_flags()

    def record_flags(self) -> int:
        """The flags that every record carries."""
        flags = records.OPEN_SESSION if self.session.open else 0
        return flags | records.TRAINING if self.training else flags

    @property
    def training(self) -> bool:
        """Whether the program is one for training: all that it asks for happens but motion."""
        loaded = self.session.program
        return loaded is not None and loaded.head["purpose"] == TRAINING

    def moving(self) -> bool:
        """Whether anything moves or the needle may be out of its guard."""
        if self.drive.moving:
            return True
        if self.homed:
            return self.inputs.carriage_steps > 0
        # Where a fault let go of the needle, the spring takes its time.
        let_go_ms = self.clock.at_ms - self._let_go_ms
        freed = let_go_ms < SPRING_MS or self.state == states.CALIBRATING
        return freed and not self.inputs.carriage_home

    def volume_left_nl(self) -> int:
        """What the syringe still holds, by the plunger's steps; 0 where no stopper was found."""
        doser = self.session.doser
        if not self.empty_steps or not doser:
            return 0
        return dose.whole_nl(left_steps(self), doser.step_fl)

    def shots_left(self) -> int:
        """Whole shots of this zone that the syringe still holds; -1 where it gives no fluid."""
        zone = self.session.zone_record
        if zone is None or not zone["volume_nl"]:
            return -1
        return self.volume_left_nl() // zone["volume_nl"]

    def log_room(self) -> bool:
        """Whether another shot's record and the events around it can be kept."""
        unmoved = self.journal.unmoved()
        return self.journal.capacity - unmoved > 4 and self.store.room() > unmoved + 8

    def needs(self) -> int:
        """The bits of `states.NEEDS` that hold now."""
        return interlocks.held(self)

    def zero(self, axis: int) -> None:
        """The axis is at its home: steps and counts are 0 there."""
        self.board.zero(axis)
        self.drive.played[axis] = 0
        if axis == CARRIAGE:
            self.inputs.carriage_steps = self.inputs.carriage_counts = 0
        elif axis == PLUNGER:
            self.inputs.plunger_steps = self.inputs.plunger_counts = 0
