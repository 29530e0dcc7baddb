"""The world of one virtual gun: it owns time and goes from event to event.

An event is what happens by itself in the plant, the time that the firmware asked for, a hand's
action, or bytes from the host. The firmware's clock starts 10 s before it wraps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from mesofw.core import states
from mesofw.core.clock import WRAP_US
from mesosim.board import SERVICE, SimBoard
from mesosim.firmware import Firmware, InProcess, Start, View
from mesosim.plant import Plant
from mesosim.provision import build_hash, workshop_records
from mesosim.storage import Power
from mesosim.truth import Truth

START_US = WRAP_US - 10_000_000
_CLOCK_MASK = WRAP_US - 1
# The shortest time between two steps: about one pass of the loop on the board.
STEP_US = 50
# A gun that is to restart has so long for what its link still has to send.
LEAVING_US = 300_000
NEVER_US = 1 << 62
TRACE_US = 2_000
# The watchdog restarts the board so long after it was last fed.
WATCHDOG_US = 800_000
# From there until the firmware's first step (estimate, on the short side).
RESTART_US = 300_000


@dataclass
class Point:
    """Where needle and dose were at a time: for drawings."""

    at_us: int
    depth_um: float
    given_nl: float


class Pacer(Protocol):
    """Holds the world back until its time has come, or something from outside has."""

    def wait(self, due_us: int) -> int:
        """Return when `due_us` has come, or earlier; gives the virtual time that was reached."""
        ...


class World:
    """One gun in its world. `seed` says which gun; `start` how its firmware is run (default:
    here); `key` is the engineer's that it holds, 64 hex digits, empty for none."""

    def __init__(
        self,
        seed: int = 1,
        start: Start = InProcess,
        commissioned: bool = True,
        key: bytes = b"",
    ):
        self.truth = Truth.draw(seed)
        self.plant = Plant(self.truth)
        self.power = Power()
        self.board = SimBoard(self.plant, self.power, "5157%012x" % seed, build_hash())
        self.records = workshop_records(self.truth, seed) if commissioned else {}
        if key:
            self.records["key"] = key
        self._start = start
        self.now_us = 0
        self._due_us = 0
        self._hangs = False
        self._firmware: Firmware | None = None
        # The firmware's state, as `view` has it too.
        self.state = states.BOOT
        self.points: list[Point] | None = None
        self.pacer: Pacer | None = None
        self.switch_on()

    @property
    def view(self) -> View:
        """What can be seen of the firmware."""
        return self._firmware.view if self._firmware else View()

    @property
    def on(self) -> bool:
        """Whether the gun is switched on."""
        return self._firmware is not None

    @property
    def firmware(self) -> Firmware:
        """The running firmware. Raises RuntimeError while the gun is off."""
        if self._firmware is None:
            raise RuntimeError("the virtual gun is switched off")
        return self._firmware

    def switch_on(self) -> None:
        """Supply on: the firmware starts from what memory and files hold."""
        self.board.to_gun.clear()
        self.board.leaves_for = ""
        self._leaves_us = NEVER_US
        self._firmware = self._start(
            self.board, (START_US + self.now_us) & _CLOCK_MASK, self.records
        )
        self.state = self._firmware.state
        self._hangs = False
        self._due_us = self.now_us

    def switch_off(self) -> None:
        """Supply off at once: the spring takes the needle back, the firmware is gone."""
        if self._firmware:
            self._firmware.close()
        self.lose_firmware()
        self.board.fired_before = False

    def lose_firmware(self) -> None:
        """The firmware's process is gone by itself: drivers off, as its watchdog would see to."""
        self._firmware = None
        self.state = states.BOOT
        self.board.fired_before = bool(self.plant.arming.fired)
        self.plant.motion_stop()
        self.plant.motors(False, False)

    def touch(self) -> None:
        """An input has changed: the firmware runs now."""
        self.plant.changed()
        if not self._hangs:
            self._due_us = min(self._due_us, self.now_us)

    def hang(self) -> None:
        """The firmware does nothing any more, until its watchdog restarts the board."""
        self._hangs = True
        self._due_us = max(self.now_us, self.plant.fed_us + WATCHDOG_US)

    def _leave(self) -> None:
        """The board restarts, as the firmware asked for."""
        if self.board.leaves_for == SERVICE:
            # Its REPL is not emulated: the gun is there again when it is switched on.
            self.switch_off()
        else:
            self._bite()

    def _bite(self) -> None:
        if self._firmware:
            self._firmware.close()
        self.lose_firmware()
        self.switch_on()
        self._due_us = self.now_us + RESTART_US

    def step(self, until_us: int) -> bool:
        """Go to the next event, but not past `until_us`; False where there was none before it."""
        plant = self.plant
        due_us = self._due_us if self._firmware else until_us + 1
        own_us = plant.next_us()
        if own_us is not None and own_us < due_us:
            due_us = own_us
        if self.pacer:
            due_us = min(due_us, self.pacer.wait(min(due_us, until_us + 1)))
        if self.points is not None and plant.moving and due_us > self.now_us + TRACE_US:
            self._trace(min(due_us, until_us))
        if due_us > until_us:
            self.now_us = until_us
            plant.advance(until_us)
            return False
        if due_us > self.now_us:
            self.now_us = due_us
            plant.advance(due_us)
        if self._firmware and self._hangs:
            if self.now_us >= self._due_us:
                self._bite()
        elif self._firmware:
            wait_us = self._firmware.step((START_US + self.now_us) & _CLOCK_MASK)
            self.state = self._firmware.state
            if self.board.leaves_for:
                self._leaves_us = min(self._leaves_us, self.now_us + LEAVING_US)
                wait_us = min(wait_us, max(0, self._leaves_us - self.now_us))
                if self.now_us >= self._leaves_us:
                    self._leave()
                    return True
            if wait_us < STEP_US or self.board.to_gun:
                wait_us = STEP_US
            self._due_us = self.now_us + wait_us
        if self.points is not None:
            self._note()
        return True

    def _trace(self, until_us: int) -> None:
        """Points between two events, where something moves."""
        while self.now_us + TRACE_US < until_us:
            self.now_us += TRACE_US
            self.plant.advance(self.now_us)
            self._note()

    def _note(self) -> None:
        plant = self.plant
        if self.points is not None:
            self.points.append(Point(self.now_us, plant.depth_um(), plant.fluid_nl()))

    def run_until(self, until_us: int) -> None:
        """Let time pass until `until_us`."""
        while self.step(until_us):
            pass

    def run_for(self, duration_us: int) -> None:
        """Let `duration_us` pass."""
        self.run_until(self.now_us + duration_us)

    def run_while(self, condition: Callable[[], bool], limit_us: int) -> bool:
        """Let time pass while `condition()` holds; False where it still does after `limit_us`."""
        until_us = self.now_us + limit_us
        while condition():
            if not self.step(until_us):
                return not condition()
        return True
