"""The hunt for what adds up: shots without end on one gun, sessions, syringes and pulls between.

A drift is what plunger pulses, times a pulse's volume, and the remainder still owed differ by from
what the shots were to give. The pulses are counted by the plant, not by the firmware.
"""

import time
from dataclasses import dataclass
from typing import Any

import msgspec

from mesofw.core import states
from mesohost.gun import Gun
from mesohost.program import Program
from mesohost.records import Chain, decode
from mesosim.firmware import InProcess, Start
from mesosim.operator import Operator
from mesosim.port import WorldPort
from mesosim.world import World
from tests.bench import programs
from tests.hunts.truth import core_of

ARCHIVE = "50" * 16
FL_PER_NL = 1_000_000
# No whole number of steps, so that every shot leaves a remainder.
VOLUME_NL = 1_003
ZONE_SHOTS = 1_900
ZONES = 10
_IDLE_US = 30_000_000
_SETTLE_US = 3_000_000
# Before the log is full: it holds 12,000 records and more.
_PULL_EVERY = 6_000


@dataclass
class Soaked:
    """What came of it. `drift_fl` is the worst of all sessions, `free_b` the free heap by shots."""

    shots: int
    records: int
    drift_fl: int
    wrong: str
    seconds: float
    free_b: dict[int, int]


class _Counting(Operator):
    """An operator who counts the plunger's pulses of every stretch of shots."""

    delivered_fl = 0

    def _shoot(self) -> None:
        hands, world = self.hands, self.world
        hands.place()
        before = world.plant.step_counts()[1]
        step_fl = core_of(world).session.doser.step_fl
        hands.set("trigger", 1)
        armed = (states.READY, states.SHOOTING)
        world.run_while(lambda: world.state in armed, 3_600_000_000)
        # At once: from here on the plunger may go home for the next syringe.
        self.delivered_fl += (world.plant.step_counts()[1] - before) * step_fl
        hands.set("trigger", 0)
        hands.lift()
        hands.wait(_SETTLE_US)
        self._progress(world.view.shots)


class Soak:
    """One gun that shoots on and on. `look_at` are shots after which its free heap is noted."""

    def __init__(
        self,
        shots: int,
        start: Start = InProcess,
        look_at: tuple[int, ...] = (),
        zone_shots: int = ZONE_SHOTS,
    ):
        self._wanted = shots
        self._zone_shots = zone_shots
        self._start = start
        self._look_at = look_at
        self.world = World(1, start)
        self.world.run_for(_IDLE_US)
        self._gun = Gun(WorldPort(self.world))
        self._chain = Chain()
        self._free_b: dict[int, int] = {}
        self._done = self._recorded = self._kept_nl = 0

    def run(self, seconds: float = 1e9) -> Soaked:
        """Whole sessions until the shots are done, or so many seconds have passed."""
        began_s = time.monotonic()
        drift_fl, wrong, sessions = 0, "", 0
        while self._done < self._wanted and not wrong and time.monotonic() - began_s < seconds:
            program = _program(self._wanted - self._done, self._zone_shots)
            drift_fl = max(drift_fl, abs(self._session(program)))
            sessions += 1
            self._done += program.shots
            wrong = self._judged(sessions)
        spent_s = time.monotonic() - began_s
        self.world.switch_off()
        return Soaked(self._done, self._chain.number, drift_fl, wrong, spent_s, self._free_b)

    def _session(self, program: Program) -> int:
        """Carry a program out; the drift in fL."""
        sections: Any = msgspec.to_builtins(program)
        # The firmware's own objects are within reach in this process only.
        kind = _Counting if self._start is InProcess else Operator
        operator = kind(self.world, sections, sections["zones"], self._between)
        operator.hands.until("idle")
        self._gun.load(program.text)
        operator.session()
        self.world.run_for(_SETTLE_US)
        self._pull()
        if not isinstance(operator, _Counting):
            return 0
        owed_fl = core_of(self.world).session.doser.carry_fl
        return program.total_nl * FL_PER_NL - operator.delivered_fl - owed_fl

    def _between(self, shots: int) -> None:
        """After a zone or a syringe: pull what there is, and look at the heap."""
        if self.world.view.last - self._chain.number > _PULL_EVERY:
            self._pull()
        at = self._done + shots
        if at in self._look_at:
            self.world.run_for(_SETTLE_US)
            self._pull()
            self._gun.health()
            self._free_b[at] = self._gun.health().heap_free

    def _pull(self) -> None:
        """Take the new records, check them, and let the gun forget them."""
        for raw in self._gun.pull(self._chain.number + 1):
            broken = self._chain.judge(raw)
            if broken:
                raise RuntimeError(str(broken))
            self._chain.take(raw)
            record = decode(raw)
            if record.is_shot:
                self._recorded += 1
                self._kept_nl += record.given_most_nl
        if self._chain.number:
            self._gun.acknowledge(self._chain.number, ARCHIVE)

    def _judged(self, sessions: int) -> str:
        """What does not add up after a session."""
        facts = (
            ("records of shots: %d" % self._recorded, self._recorded == self._done),
            ("given: %d nL" % self._kept_nl, self._kept_nl == self._done * VOLUME_NL),
            ("session %d" % self._gun.status().session, self._gun.status().session == sessions),
            ("errors: %r" % self.world.board.errors[:1], not self.world.board.errors),
            ("trouble", self.world.view.trouble == 0),
        )  # fmt: skip
        return "; ".join(what for what, holds in facts if not holds)


def _program(left: int, zone_shots: int) -> Program:
    """The next session: as many shots as one may have, or what is left."""
    shots = min(left, zone_shots * ZONES)
    whole, rest = divmod(shots, zone_shots)
    zones = [zone_shots] * whole + ([rest] if rest else [])
    return programs.burst(
        *zones, depth_um=1_000, volume_nl=VOLUME_NL, rate_per_min=240, syringe="1 mL"
    )
