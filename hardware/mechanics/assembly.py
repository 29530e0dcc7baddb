"""Everything in its place, as a function of carriage, plunger and foot, and what clashes there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import product

from hardware.mechanics import envelopes, foot
from hardware.mechanics.layout import Layout
from hardware.mechanics.printed import BENCH, CARRIAGE, FIXED, FOOT, PLUNGER, printed
from hardware.mechanics.shapes import Solid, along

# Bought parts by name: envelope, group.
_BOUGHT: dict[str, tuple[Callable[[Layout], Solid], str]] = {
    "plunger motor": (envelopes.plunger_motor, CARRIAGE),
    "plunger encoder": (envelopes.plunger_encoder, CARRIAGE),
    "plunger screw": (envelopes.plunger_screw, CARRIAGE),
    "carriage nut": (envelopes.carriage_nut, CARRIAGE),
    "bushes": (envelopes.bushes, CARRIAGE),
    "guide tubes": (envelopes.guide_tubes, CARRIAGE),
    "plunger home switch": (envelopes.plunger_home, CARRIAGE),
    "seated switch": (envelopes.seated_switch, CARRIAGE),
    "plunger nut": (envelopes.plunger_nut, PLUNGER),
    "force cell": (envelopes.force_cell, PLUNGER),
    "rollers": (envelopes.rollers, PLUNGER),
    "carriage motor": (envelopes.carriage_motor, FIXED),
    "carriage encoder": (envelopes.carriage_encoder, FIXED),
    "carriage screw": (envelopes.carriage_screw, FIXED),
    "rods": (envelopes.rods, FIXED),
    "spring rod": (envelopes.spring_rod, FIXED),
    "foot springs": (envelopes.foot_springs, FIXED),
    "contact switch": (envelopes.contact_switch, FIXED),
    "carriage home switch": (envelopes.carriage_home, FIXED),
    "trigger": (envelopes.trigger, FIXED),
    "light": (envelopes.light, FIXED),
}
# What gives way by its nature: springs are drawn at one length.
_GIVES_WAY = frozenset({"foot springs", "spring"})
STEP_MM = 4.0
TOUCH_MM3 = 0.3


@dataclass(frozen=True)
class Item:
    """A part in its place at home; `plungers_mm` where the plunger may be while it is there."""

    key: str
    solid: Solid
    moves: str
    is_printed: bool
    syringe: str | None = None
    needle_mm: float | None = None
    plungers_mm: tuple[float, float] = (0.0, 1e9)


@dataclass(frozen=True)
class Clash:
    """Two parts in the same place, with the volume in mm³ and the places in mm."""

    one: str
    other: str
    volume_mm3: float
    carriage_mm: float
    plunger_mm: float

    def fault(self) -> str:
        """In words."""
        return (
            f"{self.one} and {self.other} clash by {self.volume_mm3:.1f} mm³ with the carriage at "
            f"{self.carriage_mm:g} mm and the plunger at {self.plunger_mm:g} mm, allowed are "
            f"{TOUCH_MM3:g} mm³; move one of them in hardware/mechanics/layout.py"
        )


def offset_mm(moves: str, carriage_mm: float, plunger_mm: float, foot_mm: float) -> float:
    """How far a group is moved along the axis; `foot_mm` is how far the foot stands out."""
    return {
        FIXED: 0.0,
        FOOT: -foot_mm,
        CARRIAGE: -carriage_mm,
        PLUNGER: -carriage_mm - plunger_mm,
    }[moves]


def items(layout: Layout) -> list[Item]:
    """All parts that are in the gun, those of every syringe and every needle."""
    found = [
        Item(
            part.key,
            part.make(layout),
            part.moves,
            True,
            part.syringe,
            part.needle_mm,
            layout.plungers_mm(part.syringe)
            if part.syringe and part.moves == PLUNGER
            else (0.0, 1e9),
        )
        for part in printed(layout)
        if part.moves != BENCH
    ]
    found += [Item(name, make(layout), moves, False) for name, (make, moves) in _BOUGHT.items()]
    found.append(Item("spring", envelopes.spring(layout), FIXED, False))
    found.append(Item("foot pins", foot.pins(layout), FIXED, False))
    for name in layout.bodies:
        found.append(Item(f"syringe {name}", envelopes.barrel(layout, name), CARRIAGE, False, name))
        found.append(
            Item(
                f"rod {name}",
                envelopes.plunger_rod(layout, name),
                PLUNGER,
                False,
                name,
                plungers_mm=layout.plungers_mm(name),
            )
        )
    for needle_mm in layout.needles_mm:
        made = partial(envelopes.needle, needle_mm=needle_mm)
        found.append(
            Item(f"needle {needle_mm:g} mm", made(layout), CARRIAGE, False, None, needle_mm)
        )
    return found


def fitted(all_items: Iterable[Item], syringe: str | None, needle_mm: float | None) -> list[Item]:
    """Those that are in the gun with one syringe and one needle."""
    return [
        item
        for item in all_items
        if item.syringe in (None, syringe) and item.needle_mm in (None, needle_mm)
    ]


def at(item: Item, carriage_mm: float, plunger_mm: float, foot_mm: float = 0.0) -> Solid:
    """An item's solid with the axes at their places; a rod stays within its syringe."""
    low, high = item.plungers_mm
    held = min(max(plunger_mm, low), high)
    return along(item.solid, offset_mm(item.moves, carriage_mm, held, foot_mm))


def _places(most_mm: float, low_mm: float = 0.0) -> list[float]:
    count = max(1, round((most_mm - low_mm) / STEP_MM))
    return [low_mm + (most_mm - low_mm) * index / count for index in range(count + 1)]


def clashes(layout: Layout, all_items: list[Item]) -> list[Clash]:
    """All pairs over all places that both can be in, each relative place once; both ends of every
    way are among them."""
    found: list[Clash] = []
    boxes = [item.solid.bounding_box() for item in all_items]
    for index, one in enumerate(all_items):
        for later in range(index + 1, len(all_items)):
            other = all_items[later]
            if not _together(one, other):
                continue
            clash = _clash(layout, one, other, boxes[index], boxes[later])
            if clash:
                found.append(clash)
    return found


def _together(one: Item, other: Item) -> bool:
    if {one.key, other.key} & _GIVES_WAY:
        return False
    syringes = {one.syringe, other.syringe} - {None}
    needles = {one.needle_mm, other.needle_mm} - {None}
    return len(syringes) < 2 and len(needles) < 2


def _thinned(offsets: list[float]) -> list[float]:
    """Both ends, and between them no two much closer than a step."""
    kept = offsets[:1]
    for by in offsets[1:]:
        if by - kept[-1] >= 0.9 * STEP_MM or by == offsets[-1]:
            kept.append(by)
    return kept


def _clash(layout: Layout, one: Item, other: Item, box: Solid, other_box: Solid) -> Clash | None:
    if any(
        getattr(box.min, axis) >= getattr(other_box.max, axis)
        or getattr(other_box.min, axis) >= getattr(box.max, axis)
        for axis in ("X", "Y")
    ):
        return None
    tips = [item.needle_mm for item in (one, other) if item.needle_mm is not None]
    carriage = _places(layout.reach_mm(tips[0]) if tips else layout.travel_mm)
    low = max(one.plungers_mm[0], other.plungers_mm[0])
    high = min(one.plungers_mm[1], other.plungers_mm[1], layout.plunger_travel_mm)
    places: dict[float, tuple[float, float]] = {}
    for c, p, f in product(carriage, _places(high, low), (0.0, layout.foot_way_mm)):
        by = offset_mm(other.moves, c, p, f) - offset_mm(one.moves, c, p, f)
        places.setdefault(round(by, 3), (c, p))
    worst: Clash | None = None
    for by in _thinned(sorted(places)):
        c, p = places[by]
        if other_box.max.Z + by <= box.min.Z or other_box.min.Z + by >= box.max.Z:
            continue
        common = one.solid & along(other.solid, by)
        volume = sum(part.volume for part in common.solids()) if common else 0.0
        if volume > TOUCH_MM3 and (worst is None or volume > worst.volume_mm3):
            worst = Clash(one.key, other.key, volume, c, p)
    return worst
