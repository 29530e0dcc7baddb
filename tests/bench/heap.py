"""The heap of the firmware on MicroPython over a long session, and the records that it leaves.

The heap is looked at where the session pauses after a zone: nothing moves, records are stored away,
garbage is collected.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from mesohost.gun import Gun
from mesosim.operator import Operator
from mesosim.port import WorldPort
from mesosim.process import in_folder, interpreter
from mesosim.world import World
from tests.bench import programs
from tests.bench.place import Place
from tests.bench.rows import HIGHER, LOWER, Row, Unavailable

HEAP_KB = 384
# Pauses come after 100, 1,000 and 10,000 shots; the last shot keeps the session open there.
_ZONES = (100, 900, 2_000, 2_000, 2_000, 2_000, 1_000, 1)
_EARLY, _MIDDLE, _LATE = 100, 1_000, 10_000
_SETTLE_US = 3_000_000
_STORE_US = 30_000_000


@dataclass
class Used:
    """A gun after its session: where its memory is, its records, free heap in bytes by shots."""

    folder: Path
    records: int
    free_b: dict[int, int]


def used_gun(place: Place) -> Used:
    """A gun that has done 10,001 shots of 1 µL. Raises Unavailable where there is no
    MicroPython."""
    if interpreter() is None:
        raise Unavailable("it takes MicroPython")
    program = programs.burst(
        *_ZONES, depth_um=1_000, volume_nl=1_000, rate_per_min=240, syringe="1 mL"
    )
    folder = place.fresh()
    world = World(start=in_folder(folder))
    try:
        gun = Gun(WorldPort(world))
        free_b: dict[int, int] = {}

        def look(shots: int) -> None:
            if shots in (_EARLY, _MIDDLE, _LATE):
                free_b[shots] = _free_b(operator, gun)

        sections = msgspec.to_builtins(program)
        operator = Operator(world, sections, sections["zones"], look)
        operator.hands.until("idle")
        gun.load(program.text)
        operator.session()
        operator.hands.wait(_STORE_US)
        return Used(folder, gun.status().last, free_b)
    finally:
        world.switch_off()


def _free_b(operator: Operator, gun: Gun) -> int:
    """Free heap at rest, in bytes. Asked twice: the first answer replaces another kind of reply."""
    operator.hands.wait(_SETTLE_US)
    gun.health()
    return gun.health().heap_free


def heap_free_kb(place: Place) -> list[Row]:
    """Free after 1,000 shots."""
    free_kb = place.once(used_gun).free_b[_MIDDLE] / 1024
    note = f"of {HEAP_KB} kB (1,024 bytes), after {_MIDDLE:,} shots"
    return [Row("heap_free_kb", free_kb, "kB", HIGHER, reach=150, note=note)]


def heap_growth_b(place: Place) -> list[Row]:
    """What is held more after 10,000 shots than after 100."""
    free_b = place.once(used_gun).free_b
    note = f"from shot {_EARLY} to shot {_LATE:,}; words of 8 bytes, the Pico's have 4"
    grown_b = free_b[_EARLY] - free_b[_LATE]
    return [Row("heap_growth_b", grown_b, "B", LOWER, reach=256, note=note)]
