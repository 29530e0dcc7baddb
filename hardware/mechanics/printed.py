"""The printed parts: what each is made by, what it moves with, how it is laid for printing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hardware.mechanics import bench_parts, body, carriage, cradle, foot, pusher
from hardware.mechanics.layout import Layout
from hardware.mechanics.shapes import Solid, on_the_bed

FIXED, FOOT, CARRIAGE, PLUNGER, BENCH = "fixed", "foot", "carriage", "plunger", "bench"

# PA12 sintered by laser: 0.93 g/cm³ and walls from 0.7 mm by the data sheet of EOS PA 2200
# (estimate: as remembered); solid through and through, and 3 % for what the powder adds to a wall.
DENSITY_G_MM3 = 0.93e-3
GROWTH = 1.03
LEAST_WALL_MM = 0.7
BED_MM = (220.0, 220.0, 250.0)


@dataclass(frozen=True)
class Printed:
    """A printed part; `moves` is the group it moves with, `syringe` or `needle_mm` what it is for.

    `turn` turns it about x, y, z in degrees for printing.
    """

    key: str
    make: Callable[[Layout], Solid]
    moves: str
    syringe: str | None = None
    needle_mm: float | None = None
    turn: tuple[float, float, float] = (0.0, 0.0, 0.0)
    single_use: bool = False


def slug(syringe: str) -> str:
    """`10 mL` as it stands in a file's name."""
    return syringe.replace(" ", "").lower()


def printed(layout: Layout) -> list[Printed]:
    """All printed parts of a layout."""
    upright = (90.0, 0.0, 0.0)
    flat = (-90.0, 0.0, 0.0)
    found = [
        Printed("body", _body, FIXED, turn=upright),
        Printed("cover", body.cover, FIXED, turn=flat),
        Printed("front-cap", body.front_cap, FIXED),
        Printed("grip", body.grip, FIXED, turn=upright),
        Printed("trigger-button", body.trigger_button, FIXED),
        Printed("foot-sleeve", foot.sleeve, FOOT),
        Printed("carriage", carriage.carriage, CARRIAGE),
        Printed("rear-plate", carriage.rear_plate, CARRIAGE),
        Printed("guard", foot.guard, CARRIAGE, single_use=True),
        Printed("pusher", pusher.pusher, PLUNGER, turn=(180.0, 0.0, 0.0)),
        Printed("gauge-cap", cradle.gauge_cap, BENCH),
        Printed("depth-block", bench_parts.depth_block, BENCH),
        Printed("stand-ring", bench_parts.stand_ring, BENCH),
        Printed("stand-fork", bench_parts.stand_fork, BENCH),
    ]
    for needle_mm in layout.needles_mm:
        made = partial(foot.tip, needle_mm=needle_mm)
        found.append(Printed(f"foot-tip-{needle_mm:g}mm", made, FOOT, needle_mm=needle_mm))
    for syringe in layout.bodies:
        for key, maker, moves in (
            ("cradle", cradle.cradle, CARRIAGE),
            ("seat-shuttle", cradle.shuttle, CARRIAGE),
            ("rod-cap", cradle.cap, PLUNGER),
        ):
            made = partial(maker, syringe=syringe)
            found.append(Printed(f"{key}-{slug(syringe)}", made, moves, syringe, turn=upright))
    return found


def _body(layout: Layout) -> Solid:
    return body.body(layout) - body.opening(layout)


def laid(part: Printed, solid: Solid) -> Solid:
    """The part as it lies on the print bed."""
    return on_the_bed(solid, part.turn)


def mass_g(solid: Solid) -> float:
    """A printed solid's mass."""
    return solid.volume * DENSITY_G_MM3 * GROWTH
