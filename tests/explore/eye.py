"""Sees each step of the real gun with all that it asked of its board.

The gun runs unchanged; its board is a `Witness` that passes everything on and notes it, and the
`Body` tells where needle and plunger truly are, whatever the gun believes.
"""

from typing import Any

from mesofw.core import records, states
from mesofw.core.door import Inputs
from mesofw.core.gun import Gun
from mesofw.core.machine import AXES
from mesofw.core.records import RECORD_BYTES, Record
from tests.explore.seen import Body, Ghost, Legs, Past, Seen, Start, Thrown
from tests.explore.under_key import stored

CARRIAGE_AXIS, PLUNGER_AXIS = AXES


class Witness:
    """A board that passes all on to the real one and tells the eye. `stuck` overrules inputs by
    name; `throws` is the call that throws next."""

    def __init__(self, board: Any, eye: "Eye"):
        self._board = board
        self._eye = eye
        self._legs: list[tuple[int, int, int]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._board, name)

    def sample(self, inputs: Inputs) -> None:
        self._board.sample(inputs)
        for name, value in self._eye.stuck.items():
            setattr(inputs, name, value)
        if inputs.fired and self._eye.armed and self._eye.seen:
            self._eye.fired()

    def motion_arm(self) -> None:
        self._eye.note("arm")
        self._eye.armed = tuple(self._legs)
        self._board.motion_arm()

    def motion_disarm(self) -> bool:
        self._eye.note("disarm")
        fired = bool(self._board.motion_disarm())
        if not fired:
            self._eye.armed = ()
        elif self._eye.armed:
            # It has begun since the step looked.
            self._eye.fired()
        return fired

    def motion_load(self, segments: Any, phases: list[Any], count: int) -> None:
        self._eye.note("load")
        self._legs = [(phase.axis, phase.direction, phase.pulses) for phase in phases[:count]]
        self._board.motion_load(segments, phases, count)

    def motion_patch(self, phase: int, segment: int, pulses: int) -> None:
        self._eye.note("patch")
        axis, way, whole = self._legs[phase]
        self._legs[phase] = (axis, way, whole + 1)
        self._board.motion_patch(phase, segment, pulses)

    def motion_start(self) -> None:
        self._eye.note("start")
        self._eye.started(tuple(self._legs))
        self._board.motion_start()

    def motors(self, carriage: bool, plunger: bool) -> None:
        self._eye.note("motors")
        self._board.motors(carriage, plunger)

    def show(self, lines: list[str]) -> None:
        self._eye.note("show")
        self._board.show(lines)

    def signal(self, light: int, sound: int) -> None:
        self._eye.note("signal")
        self._board.signal(light, sound)

    def fram_write(self, address: int, data: Any) -> None:
        self._eye.note("fram_write")
        self._board.fram_write(address, data)

    def link_read(self, buffer: Any) -> int:
        self._eye.note("link_read")
        return int(self._board.link_read(buffer))

    def report(self, error: Exception) -> None:
        self._eye.note("report")
        self._board.report(error)

    def feed(self) -> None:
        self._eye.note("feed")
        self._board.feed()

    def service(self) -> None:
        self._eye.note("service")
        self._board.service()

    def restart(self) -> None:
        self._eye.note("restart")
        self._board.restart()


class Seeing(Gun):
    """The gun as it is; the eye is told of its steps and events."""

    def __init__(self, board: Any, now_us: int, eye: "Eye"):
        self.eye = eye
        super().__init__(Witness(board, eye), now_us)
        eye.born(self)

    def step(self, now_us: int) -> int:
        self.eye.before(self)
        wait_us = super().step(now_us)
        self.eye.after(self, wait_us)
        return wait_us

    def happen(self, event: int) -> bool:
        state = self.state
        self.eye.event(state, event, states.next_state(state, event) >= 0)
        return super().happen(event)

    def _broken(self, error: Exception) -> None:
        self.eye.seen.broke = True
        super()._broken(error)


class Eye:
    """Gathers what one step shows, and hands it to `judge` when the step is over."""

    def __init__(self, body: Body, judge: Any):
        self.body = body
        self.judge = judge
        self.past = Past()
        self.ghost = Ghost()
        self.stuck: dict[str, int] = {}
        self.throws = ""
        self.armed: Legs = ()  # what the board starts by itself
        self.memory_fails = False
        self._last = 0  # the last record that was read
        self.seen: Any = None

    def born(self, gun: Gun) -> None:
        """Power on: what this life has seen is nothing."""
        ghost = self.ghost
        ghost.presses = ghost.primed = 0
        ghost.floor = ghost.loaded = None
        ghost.fault_ms = -1
        ghost.asked = ghost.genuine = False
        ghost.stored, ghost.latest_s = stored(gun), gun.memory.latest_s
        self.armed = ()
        self.past = Past(states.BOOT, self.body.plunger(), self.body.tip_out(), False, 0)
        # What the start itself closed as interrupted is read with the rest.
        self.past.last = min(gun.journal.last, max(gun.journal.first() - 1, self._last))
        self.seen = Seen(gun, self.body, self.past, ghost)

    def note(self, call: str) -> None:
        seen = self.seen
        if seen is None:
            return
        seen.calls.append(call)
        if self.throws == call:
            self.throws = ""
            seen.threw = True
            raise Thrown(call)

    def started(self, legs: Legs) -> None:
        """The gun starts a motion."""
        gun = self.seen.gun
        pulled = gun.inputs.trigger or gun.inputs.pedal or gun.trigger.on
        self.armed = ()
        self.start(legs, gun.state, bool(pulled), bool(gun.inputs.contact))

    def fired(self) -> None:
        """The armed board has started by itself; the gun is told now."""
        legs, self.armed = self.armed, ()
        contact = self.body.late() or bool(self.seen.gun.inputs.contact)
        self.start(legs, states.SHOOTING, True, contact)

    def start(self, legs: Legs, state: int, pulled: bool, contact: bool) -> None:
        gun, body, ghost = self.seen.gun, self.body, self.ghost
        inputs = gun.inputs
        off_nm = (
            CARRIAGE_AXIS.lost_nm(inputs.carriage_steps, inputs.carriage_counts),
            PLUNGER_AXIS.lost_nm(inputs.plunger_steps, inputs.plunger_counts),
        )
        begun = Start(
            state, legs, contact, pulled, self._intent(gun), ghost.number, gun.homed,
            gun.primed and ghost.primed > 0, gun.calibration is not None,
            gun.commissioning is not None, body.tip_out(), body.plunger(), off_nm,
        )  # fmt: skip
        self.seen.starts.append(begun)
        ghost.legs = legs
        if begun.shot:
            ghost.number = begun.number
            ghost.started += 1
            ghost.shot_from = ghost.floor = begun.plunger
            ghost.pushed = 0

    def _intent(self, gun: Gun) -> int:
        """The number of the next record, where its intent lies whole in the journal memory."""
        journal = gun.journal
        buffer = bytearray(RECORD_BYTES)
        gun.board.fram_read(journal._slot(journal.last + 1), buffer)
        good = records.intent_good(buffer) and records.number(buffer) == journal.last + 1
        return journal.last + 1 if good else 0

    def event(self, state: int, event: int, done: bool) -> None:
        self.seen.events.append((state, event, done))

    def before(self, gun: Gun) -> None:
        seen = self.seen = Seen(gun, self.body, self.past, self.ghost)
        seen.memory_fails = self.memory_fails
        at = self.body.plunger()
        seen.moved = at - self.past.plunger
        ghost = self.ghost
        if self.past.state == states.PRIMING and seen.moved > 0:
            ghost.primed += seen.moved
        if self.past.state == states.SHOOTING:
            ghost.pushed = max(ghost.pushed, at - ghost.shot_from)

    def after(self, gun: Gun, wait_us: int) -> None:
        seen, ghost = self.seen, self.ghost
        seen.wait_us = wait_us
        turned = gun.turned and not ghost.asked
        if gun.state == states.IDLE and (turned or self.past.state != states.IDLE):
            ghost.presses = 0
        if gun.press.went_on and not (ghost.asked and gun.link.asking):
            ghost.presses += 1
        if ghost.asked and gun.press.went_on:
            ghost.allowed += 1
        if gun.turned:
            ghost.turned_ms = gun.clock.at_ms
        self._read(gun)
        if gun.state != states.FAULT:
            ghost.fault_ms = -1
        elif ghost.fault_ms < 0:
            ghost.fault_ms = gun.clock.at_ms
        for _, event, done in seen.events:
            if done and event == states.LOADED:
                ghost.primed = 0
                ghost.floor = ghost.loaded = self.body.plunger()
        if gun.state in (states.LOADING, states.HOMING, states.IDLE):
            ghost.floor = ghost.loaded = None
        if gun.state in (states.LOADING, states.HOMING, states.IDLE, states.FAULT):
            ghost.primed = 0
        body = self.body
        self.past = Past(
            gun.state, body.plunger(), body.tip_out(), body.running(), gun.journal.last
        )
        self._last = gun.journal.last
        self.judge(seen)
        ghost.stored, ghost.latest_s = stored(gun), gun.memory.latest_s
        asked = gun.link.asking is not None
        if ghost.asked and not asked:
            ghost.genuine = False
        ghost.asked = asked
        if not asked:
            ghost.allowed = 0

    def forget_records(self, gun: Gun) -> None:
        """The records begin anew: what was written to a dead memory is lost."""
        ghost = self.ghost
        ghost.chain = b""
        ghost.closed = ghost.started
        self.past.last = self._last = gun.journal.last

    def _read(self, gun: Gun) -> None:
        """The records that were closed in this step, each chained to the one before."""
        ghost, seen = self.ghost, self.seen
        buffer = bytearray(RECORD_BYTES)
        kept = list(self.body.broken())
        for number in range(self.past.last + 1, gun.journal.last + 1):
            if gun.journal.read(number, buffer) != 1 or not records.whole(buffer):
                seen.chained = False
                continue
            if ghost.chain and records.prev(buffer) != ghost.chain:
                seen.chained = False
            ghost.chain = records.digest(buffer)
            record = Record()
            records.unpack(buffer, record)
            seen.records.append(record)
            if record.kind == records.SHOT and not record.flags & records.TRAINING:
                ghost.closed += 1
        # Looking into the files is no deed of the gun.
        self.body.broken()[:] = kept
