"""What the log holds, what happens when it is full, and how its files wear the flash."""

from dataclasses import dataclass
from typing import Any

import msgspec

from mesofw.core import errors, records, states
from mesohost.gun import Gun
from mesohost.program import Program
from mesosim.operator import Operator
from mesosim.port import WorldPort
from mesosim.world import World
from tests.bench import programs
from tests.hunts.flash import PICO_BLOCKS, Flash, blank, start
from tests.hunts.truth import core_of, held, unpacked

ARCHIVE = "5a" * 16
# Records that the Pico's flash holds before a shot is refused, as docs/design.md says.
CAPACITY = 12_000
# Erases of the block that is erased most, in 1,000 shots at most.
WORST = 15
_IDLE_US = 30_000_000
_REST_US = 20_000_000
_RELEASE_US = 100_000
_ZONE_US = 1_500_000_000


@dataclass
class Filled:
    """A gun whose log is full: how many records it holds, shots it gave, and what it then said."""

    world: World
    room: int
    shots: int
    refused: int
    rows: dict[int, bytes]


@dataclass
class Wear:
    """Erases in all and of the block that was erased most, over so many shots."""

    shots: int
    erases: int
    most: int


def _bursts(shots: int) -> Program:
    whole, rest = divmod(shots, 1_000)
    zones = [1_000] * whole + ([rest] if rest else [])
    return programs.burst(*zones, depth_um=1_000, volume_nl=1_000, rate_per_min=240, syringe="1 mL")


def gun_of(world: World) -> Gun:
    gun = Gun(WorldPort(world))
    gun.hello()
    return gun


def _operator(world: World, program: Program) -> Operator:
    sections: Any = msgspec.to_builtins(program)
    operator = Operator(world, sections, sections["zones"])
    operator.hands.until("idle")
    gun_of(world).load(program.text)
    return operator


def room(world: World) -> int:
    """Records that ring and files can still take."""
    journal = core_of(world).journal
    return journal.room() + core_of(world).store.room()


def filled(blocks: int) -> Filled:
    """Shoot on a flash of so many blocks until the gun refuses another shot; nothing is pulled."""
    world = World(1)
    start(world, blank(blocks))
    world.run_for(_IDLE_US)
    free = room(world)
    # The operator is told no before the program is done.
    operator = _operator(world, _bursts(min(free + 1_000, 16_000)))
    operator.hands.confirm()
    for _ in range(blocks):
        if world.state == states.READY:
            operator.hands.place()
            operator.hands.set("trigger", 1)
            world.run_for(_RELEASE_US)
            world.run_while(lambda: world.state == states.SHOOTING, _ZONE_US)
            operator.hands.set("trigger", 0)
            operator.hands.lift()
            operator.hands.wait(_RELEASE_US)
            if _refused(world) == errors.LOG_FULL:
                break
        elif world.state == states.LOADING:
            operator.hands.fit("1 mL", "27G", 6_000)
        else:
            operator.hands.wait(1_000_000)
            operator.hands.click()
    shots = world.view.shots
    return Filled(world, free, shots, _refused(world), dict(held(core_of(world).journal)))


def _refused(world: World) -> int:
    """The code of the refusal that the log tells last, 0 where it tells of none."""
    for _, row in reversed(held(core_of(world).journal)):
        record = unpacked(row)
        if record.code == errors.EVENT_REFUSED and record.kind == records.EVENT:
            return record.a
    return 0


def wear(sessions: int, shots: int, blocks: int = PICO_BLOCKS) -> Wear:
    """Sessions of so many shots, each pulled and acknowledged after it."""
    world = World(1)
    flash: Flash = start(world, blank(blocks))
    world.run_for(_IDLE_US)
    before = flash.erases.copy()
    for _ in range(sessions):
        operator = _operator(world, _bursts(shots))
        operator.session()
        operator.hands.wait(_REST_US)
        gun = gun_of(world)
        gun.acknowledge(gun.status().last, ARCHIVE)
    spent = flash.erases - before
    return Wear(sessions * shots, sum(spent.values()), max(spent.values()))
