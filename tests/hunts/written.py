"""A session written down in parts: what each part stored, from which memories it began."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from mesofw.core import errors, settings
from mesofw.core.slots import FileSlots
from mesohost.gun import Gun
from mesohost.program import Program
from mesosim.operator import Operator
from mesosim.port import WorldPort
from mesosim.world import World
from tests.bench import programs
from tests.hunts.flash import blank, start
from tests.hunts.tape import Images, Tape, Write
from tests.hunts.truth import Truth, core_of

# Small, for they are copied and read for each cut: a ring of 64 records, and room for 1,300 in
# files above the reserve.
BLOCKS = 64
FRAM_BYTES = 128 + 64 * 96
ARCHIVE = "a5" * 16
_IDLE_US = 30_000_000
_REST_US = 3_000_000


@dataclass
class Part:
    """One part of the session."""

    name: str
    start: Images
    writes: list[Write]


class Writer:
    """Carries a session out on one virtual gun and writes it down."""

    def __init__(self, seed: int = 1):
        self.world = World(seed)
        self.images = blank(BLOCKS, FRAM_BYTES)
        self.tape = Tape()
        self.truth = Truth(self.world)
        self.tape.look = self.truth.look
        self.parts: list[Part] = []
        start(self.world, self.images, self.tape)
        core = core_of(self.world)
        self.truth.settings = (core.settings["force_mn"],)
        self.truth.calibrations = (core.calibration["id"],)
        self._operator: Operator | None = None
        self.world.run_for(_IDLE_US)

    @property
    def gun(self) -> Gun:
        """A host at the gun."""
        gun = Gun(WorldPort(self.world))
        gun.hello()
        return gun

    @property
    def operator(self) -> Operator:
        """The operator of the program that was loaded last."""
        assert self._operator
        return self._operator

    def part(self, name: str, act: Callable[[], object]) -> None:
        """Carry out and write down."""
        began = self.images.copy()
        self.tape.part, self.tape.on, self.tape.writes = name, True, []
        act()
        self.tape.on = False
        self.truth.collect()
        self.parts.append(Part(name, began, self.tape.writes))

    def restart(self) -> None:
        """Power off in whatever is done, and on; until the gun is idle and has tidied up."""
        self.world.switch_off()
        for switch in ("trigger", "contact"):
            setattr(self.world.plant, switch, 0)
        start(self.world, self.images, self.tape)
        self.rest()

    def rest(self) -> None:
        """Wait until the gun is idle and its records are moved."""
        self.operator.hands.until("idle")
        self.world.run_for(_REST_US)

    def load(self, program: Program) -> None:
        """Send a program."""
        sections = msgspec.to_builtins(program)
        self._operator = Operator(self.world, sections, sections["zones"])
        self.operator.hands.until("idle")
        gun = self.gun
        self.truth.during("programs", program.text, lambda: gun.load(program.text))

    def settle(self) -> None:
        """An engineer stores settings and calibration; they count from the next start on."""
        core = core_of(self.world)
        changed = dict(core.settings)
        changed["force_mn"] -= 1
        self.truth.during("settings", changed["force_mn"], lambda: self._store("settings", changed))
        changed = dict(core.calibration)
        changed["id"] += 1
        self.truth.during(
            "calibrations", changed["id"], lambda: self._store("calibration", changed)
        )
        self.restart()

    def _store(self, name: str, record: dict[str, Any]) -> None:
        FileSlots(core_of(self.world).board, name).store(settings.encode(record))

    def acknowledge(self) -> None:
        """An archive says that it holds all."""
        gun = self.gun
        last = gun.status().last
        assert len(list(gun.pull(gun.hello().first))) > 0
        self.truth.during("acknowledged", last, lambda: gun.acknowledge(last, ARCHIVE))

    def fill(self, last: int) -> None:
        """Events without number, until the record `last`; they are not written down."""
        core = core_of(self.world)
        while core.journal.last < last:
            core.log(errors.EVENT_ALERT, core.journal.last)
            if core.journal.room() < 40:
                self.world.run_for(_REST_US)
        self.truth.collect()


def whole_session() -> tuple[list[Part], dict[int, bytes]]:
    """Everything that a gun stores in its life, and all its records."""
    writer = Writer()
    world = writer.world
    first = programs.burst(3, 2, depth_um=2_000, volume_nl=10_000, rate_per_min=120)
    second = programs.burst(4, depth_um=1_000, volume_nl=2_000, rate_per_min=240, syringe="1 mL")
    writer.part("upload", lambda: writer.load(first))
    writer.part("settings and calibration", writer.settle)
    writer.part("whole session", lambda: (writer.operator.session(), writer.rest()))
    writer.part("clock and acknowledgement", lambda: _host(writer))
    capacity = core_of(world).journal.capacity
    writer.fill(core_of(world).journal.last // capacity * capacity + capacity - 12)
    writer.part("over the ring's end", lambda: (writer.operator.session(), writer.rest()))
    writer.part("broken off in mid-shot", lambda: _stopped(writer, first, lift=False))
    writer.part("resumed", lambda: (writer.operator.session(), writer.rest()))
    writer.fill(500)
    writer.part("a new file", lambda: writer.fill(530))
    writer.part("files forgotten", writer.acknowledge)
    writer.part("partial shot and fault", lambda: _stopped(writer, first, lift=True))
    writer.part("another program", lambda: writer.load(second))
    writer.part("paused while armed", lambda: _paused(writer, second))
    writer.part("its session", lambda: (writer.operator.session(), writer.rest()))
    return writer.parts, writer.truth.rows


def _host(writer: Writer) -> None:
    writer.gun.clock(lambda: 1_800_000_000.0)
    writer.rest()
    writer.acknowledge()


def _paused(writer: Writer, program: Program) -> None:
    """Ready to fire, but paused by the operator, by the host, and left for power to go."""
    hands = writer.operator.hands
    hands.confirm()
    hands.fit(program.syringe, program.needle, program.length_um)
    for pause in (hands.click, writer.gun.pause):
        hands.place()
        hands.wait(1_000_000)
        pause()
        hands.until("paused")
        hands.click()
        hands.until("ready")
        hands.lift()
    hands.place()
    hands.wait(1_000_000)
    writer.restart()


def _stopped(writer: Writer, program: Program, lift: bool) -> None:
    """Two shots, then in the third the foot is lifted or the syringe taken, or power goes."""
    world, hands = writer.world, writer.operator.hands
    hands.confirm()
    zone = program.zones[0]
    hands.fit(program.syringe, program.needle, program.length_um)
    hands.place()
    hands.set("trigger", 1)
    deep = lambda: world.plant.depth_um() < zone.depth_um - 1  # noqa: E731
    for _ in range(3):
        world.run_while(deep, 5_000_000)
        world.run_while(lambda: not deep(), 5_000_000)
    world.run_while(deep, 5_000_000)
    if not lift:
        writer.restart()
        return
    hands.lift()
    world.run_for(1_000_000)
    hands.set("trigger", 0)
    hands.unseat()
    hands.seat(program.syringe, 3_000_000, program.needle, program.length_um)
    world.run_for(1_000_000)
    hands.click()
    world.run_for(_IDLE_US)
