"""The door's board on a Raspberry Pi Pico, and what has to be looked at between the gun's steps."""

import gc
import io
import sys

from mesofw.board import crc, register_lines
from mesofw.board.fram import FRAM_BYTES
from mesofw.board.links import STEP_BYTES
from mesofw.board.trigger import Stop, Trigger
from mesofw.core import clock, door

# How often the shot's words in memory are compared with what was loaded, while they run.
INTACT_US = 20_000
# How often the temperatures are looked at.
HOT_US = 100_000
_REPORT_CHARS = 1_000
# What the link still has to send when the gun restarts is sent by then.
_ANSWERED_US = 300_000
_KNOB_TURNS = register_lines.KNOB_A | register_lines.KNOB_B


class PicoBoard:
    """`core.duties.Board` on `parts.Parts`. The loop calls `poll` until it says that the gun must
    be stepped."""

    hardware_verified = False
    between = None
    link_bytes = STEP_BYTES
    fram_bytes = FRAM_BYTES

    def __init__(self, parts, build: str, now_us: int, faulty: int = 0):
        """`faulty` are the parts that were found to fail before, as bits PART_…."""
        self._parts = parts
        self._now_us = now_us
        self.board_id = parts.board_id
        self.build = build
        self.fram_read = parts.fram.read
        self.fram_write = parts.fram.write
        self.write_crc = crc.write_crc
        self.open = parts.files.open
        self.remove = parts.files.remove
        self.files = parts.files.list
        self.free_bytes = parts.files.free_bytes
        self.link_read = parts.links.read
        self.link_write = parts.links.write
        self.show = parts.display.show
        self.put = parts.display.put
        self.signal = parts.signals.set
        self.stall = parts.drivers.stall
        self._trigger = Trigger(parts.pulses, parts.trigger)
        self._stop = Stop(parts.pulses, parts.stop)
        self._stops = 0
        # The stop was pressed between the last looks, however shortly.
        self._stopped = False
        self.fired_before = self._trigger.fired_before
        self._fired = 0
        self._watchdog = None
        self._rests = False
        self._looked = False
        self._leaving = False
        self._for_service = False
        self._leave_us = 0
        self._switches = 0
        self._faulty = faulty | (0 if parts.fram.present() else door.PART_JOURNAL)
        self._seen_faulty = self._faulty
        self._turns = 0
        self._phases = 0
        self._phases_done = 0
        self._moving = False
        self._watch_mn = 0
        self._peak_mn = 0
        self._intact_us = now_us
        self._report = b""
        self._feel(now_us)
        self._look()

    # Inputs.

    def sample(self, inputs) -> None:
        """Fill in the inputs as they are now."""
        parts = self._parts
        if not self._looked:
            self._look()
        self._looked = False
        self._notice()
        inputs.fired = self._fired
        lines = parts.lines.inputs
        switches = self._switches
        inputs.trigger = switches >> 8 & 1
        inputs.contact = switches >> 9 & 1
        inputs.stop = switches >> 10 & 1
        inputs.pedal = 1 if lines & register_lines.PEDAL else 0
        inputs.press = 1 if lines & register_lines.KNOB_PRESS else 0
        inputs.turns = parts.knob.turns
        inputs.seated = 1 if lines & register_lines.SEATED else 0
        inputs.carriage_home = 1 if lines & register_lines.CARRIAGE_HOME else 0
        inputs.plunger_home = 1 if lines & register_lines.PLUNGER_HOME else 0
        # Marks first: an axis whose phase is over has its last step counted.
        inputs.phases_done = self._phases_done = parts.pulses.phases_done()
        self.glance(inputs)
        inputs.force_peak_mn = self._peak_mn
        inputs.supply_mv = parts.analog.supply_mv()
        inputs.temperature_dc = self._hot_dc
        inputs.faulty = self._seen_faulty = self._faults()

    def glance(self, inputs) -> None:
        """Fill in steps, counts and force alone, as they are now."""
        # Nothing that Python does by itself comes between steps and counts: it would at a jump
        # only.
        witness = self._parts.witness
        inputs.carriage_steps = witness.steps[door.CARRIAGE].read()
        inputs.carriage_counts = witness.counts[door.CARRIAGE].read()
        inputs.plunger_steps = witness.steps[door.PLUNGER].read()
        inputs.plunger_counts = witness.counts[door.PLUNGER].read()
        inputs.force_mn = self._force()

    def poll(self, now_us: int) -> bool:
        """Look after everything for a moment; True where the gun must be stepped: an input changed,
        a phase ended, bytes came in, the force passed its limit."""
        parts = self._parts
        wake = self.between(now_us) if self.between else False
        if self._rests:
            self._tidy()
        self._now_us = now_us
        switches = self._switches
        stops = self._stop.times
        self._stopped = stops != self._stops
        self._stops = stops
        self._look()
        self._looked = True
        if clock.since_us(now_us, self._hot_us) >= HOT_US:
            self._feel(now_us)
        parts.signals.step(now_us)
        wake = self._notice() or wake or self._switches != switches
        wake = wake or parts.knob.turns != self._turns
        self._turns = parts.knob.turns
        if self._moving:
            wake = self._watch(now_us) or wake
        parts.drivers.step(now_us)
        parts.display.step(now_us)
        if self._faults() != self._seen_faulty:
            self._seen_faulty = self._faults()
            wake = True
        if self._leaving and clock.since_us(now_us, self._leave_us) >= 0:
            parts.restart(self._for_service)
        return parts.links.waiting() or wake

    def _feel(self, now_us: int) -> None:
        self._hot_us = now_us
        self._hot_dc = max(self._parts.analog.temperature_dc(), self._parts.drivers.hot_dc())

    def _look(self) -> None:
        parts = self._parts
        lines = parts.lines
        lines.exchange()
        parts.knob.update(
            bool(lines.inputs & register_lines.KNOB_A), bool(lines.inputs & register_lines.KNOB_B)
        )
        switches = lines.inputs & ~_KNOB_TURNS
        # A contact that closes pulls its pin down; the stop's opens, as a broken wire does.
        if not parts.trigger():
            switches |= 1 << 8
        if not parts.contact():
            switches |= 1 << 9
        if parts.stop() or self._stopped:
            switches |= 1 << 10
        self._switches = switches

    def _notice(self) -> bool:
        """Whether the trigger has started something since the last look."""
        if self._fired or not self._trigger.fired:
            return False
        self._fired = 1
        self._began()
        return True

    def _began(self) -> None:
        self._moving = True
        self._phases_done = 0
        self._peak_mn = 0
        self._intact_us = self._now_us
        self._parts.signals.again()

    def _watch(self, now_us: int) -> bool:
        """What goes on while a motion is under way."""
        pulses = self._parts.pulses
        done = pulses.phases_done()
        wake = done != self._phases_done
        self._phases_done = done
        self._moving = done < self._phases
        over = self._force() > self._watch_mn > 0
        if clock.since_us(now_us, self._intact_us) >= INTACT_US:
            self._intact_us = now_us
            if not pulses.intact():
                self.motion_stop()
                self._faulty |= door.PART_PULSES
        return wake or over

    def _force(self) -> int:
        force_mn = self._parts.analog.force_mn()
        self._peak_mn = max(self._peak_mn, force_mn)
        return force_mn

    def _faults(self) -> int:
        """The parts that fail, as bits PART_…. Drivers are silent, and rightly so, while the stop
        cuts their supply."""
        faulty = self._faulty
        if self._parts.drivers.bad() and not self._switches >> 10 & 1:
            faulty |= door.PART_DRIVER
        if not self._parts.display.present:
            faulty |= door.PART_DISPLAY
        return faulty

    # Motion.

    def motion_load(self, segments, phases, count: int) -> None:
        """Take the first `count` phases for the next start."""
        self._forget(False)
        self._parts.pulses.load(segments, phases, count)
        self._faulty &= ~door.PART_PULSES
        self._phases = count

    def motion_patch(self, phase: int, segment: int, pulses: int) -> None:
        """Set the pulses of one segment of a loaded phase."""
        self._parts.pulses.patch(segment, pulses)

    def motion_start(self) -> None:
        """Run the loaded phases."""
        self._forget(False)
        self._parts.pulses.start()
        if self._parts.stop():
            # Pressed while they were made ready, it froze them too soon.
            self._stop.opens(None)
        self._began()

    def motion_arm(self) -> None:
        """Have the trigger's next closing run the loaded phases."""
        self._forget(True)

    def motion_disarm(self) -> bool:
        """The trigger starts nothing any more; True where it has."""
        self._trigger.armed = False
        self._notice()
        return bool(self._fired)

    def _forget(self, armed: bool) -> None:
        self._trigger.arm(armed)
        self._fired = 0

    def motion_stop(self) -> None:
        """Freeze both axes within one pulse."""
        self._trigger.armed = False
        self._parts.pulses.stop()
        self._moving = False
        self._faulty &= ~door.PART_PULSES

    def motors(self, carriage: bool, plunger: bool) -> None:
        """Switch the drivers on or off, at once."""
        parts = self._parts
        parts.carriage_off(0 if carriage else 1)
        parts.lines.set(register_lines.PLUNGER_OFF, not plunger)
        parts.lines.exchange()

    def zero(self, axis: int) -> None:
        """Call the axis's present position 0."""
        self._parts.witness.zero(axis)

    def force_watch(self, limit_mn: int) -> None:
        """Wake the gun as soon as the force passes `limit_mn` in a motion; 0 ends it."""
        self._watch_mn = limit_mn

    # The rest.

    def free_heap(self) -> int:
        """Bytes of heap free after a collection."""
        gc.collect()
        return gc.mem_free()  # pyright: ignore[reportAttributeAccessIssue]

    def report(self, error: Exception) -> None:
        """Keep an exception's traceback until `tell` finds room for it on the link."""
        text = io.StringIO()
        sys.print_exception(error, text)  # pyright: ignore[reportAttributeAccessIssue]
        self._report = text.getvalue()[-_REPORT_CHARS:].encode()

    def tell(self) -> None:
        """Send on of the traceback what there is room for. Only where no reply is under way."""
        if self._report:
            self._report = self._report[self.link_write(self._report) :]

    def service(self) -> None:
        """Restart for service, once the host has had its answer."""
        self._for_service = True
        self.restart()

    def restart(self) -> None:
        """Start the gun anew, once the host has had its answer."""
        self._leaving = True
        self._leave_us = clock.add_us(self._now_us, _ANSWERED_US)

    def rest(self) -> None:
        """Have the loop tidy up once this step is over."""
        self._rests = True

    def _tidy(self) -> None:
        """Collect garbage, renew the counters, look whether the journal memory is there."""
        self._rests = False
        gc.collect()
        self._parts.witness.rest()
        if self._parts.fram.present():
            self._faulty &= ~door.PART_JOURNAL
        else:
            self._faulty |= door.PART_JOURNAL

    def watch_with(self, watchdog) -> None:
        """Feed this watchdog (`machine.WDT`) from now on."""
        self._watchdog = watchdog

    def feed(self) -> None:
        """Feed the watchdog, once it has been started."""
        if self._watchdog:
            self._watchdog.feed()
