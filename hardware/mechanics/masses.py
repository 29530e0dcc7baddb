"""What rides, what stands still, and where the handpiece balances: printed volumes, `bought.csv`
and the parts that gun.toml states."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hardware.mechanics.assembly import Item, fitted
from hardware.mechanics.body import GRIP_Z_MM
from hardware.mechanics.layout import BODIES
from hardware.mechanics.printed import CARRIAGE, FIXED, FOOT, PLUNGER, mass_g
from hardware.mechanics.shapes import Solid, centre_mm
from mesosim.physics.gun import Gun, Syringe

BOUGHT_FILE = Path(__file__).with_name("bought.csv")
RIDING = frozenset({CARRIAGE, PLUNGER})
# An encoder on its board of 19 × 19 × 1.2 mm with chip, plug and magnet (estimate: from volumes).
ENCODER_G = 1.7
# Envelopes whose mass stands where they are: `bought.csv` by key or gun.toml by path.
_PLACED = {
    "plunger motor": "plunger.motor",
    "plunger screw": "plunger.screw",
    "carriage motor": "carriage.motor",
    "carriage screw": "carriage.screw",
    "spring": "carriage.spring",
}


@dataclass(frozen=True)
class Mass:
    """A part's mass in g, the group it moves with, its centre in mm where it is known."""

    key: str
    mass_g: float
    moves: str
    centre_mm: tuple[float, float, float] | None = None


def bought() -> list[dict[str, str]]:
    """The rows of `bought.csv`."""
    with BOUGHT_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cost_eur() -> float:
    """What the mechanics' bought parts cost, beyond what gun.toml's tables name."""
    return sum(int(row["quantity"]) * float(row["unit_eur"]) for row in bought())


def masses(gun: Gun, all_items: Iterable[Item], syringe: str) -> list[Mass]:
    """All that the handpiece is made of with a syringe's cradle, without the syringe; with the
    longest foot's tip."""
    longest = max(gun.part("needle")["lengths_mm"])
    here = fitted(all_items, syringe, longest)
    found = [
        Mass(item.key, mass_g(item.solid), item.moves, centre_mm(item.solid))
        for item in here
        if item.is_printed
    ]
    places = {item.key: item for item in here}
    rows = {row["key"]: row for row in bought()}
    nut_g = float(rows["carriage-nut"]["mass_g"])
    for key, path in _PLACED.items():
        whole_g = gun.number(*path.split("."), "mass_g")
        whole_g -= nut_g if key == "carriage screw" else 0.0
        found.append(_placed(places[key], whole_g))
    found.append(_placed(places["plunger encoder"], ENCODER_G))
    found.append(_placed(places["carriage encoder"], ENCODER_G))
    found.append(_placed(places["force cell"], gun.number("handpiece", "riding_g", "force_cell")))
    found.append(
        _placed(places[f"needle {longest:g} mm"], gun.number("handpiece", "riding_g", "needle"))
    )
    found.append(
        _placed(places["trigger"], gun.number("handpiece", "fixed_g", "trigger_and_light"))
    )
    found += [
        Mass(key, int(row["quantity"]) * float(row["mass_g"]), row["moves"])
        for key, row in rows.items()
    ]
    return found


def _placed(item: Item, grams: float) -> Mass:
    return Mass(item.key, grams, item.moves, centre_mm(item.solid))


def riding_g(found: Iterable[Mass]) -> float:
    """What the carriage moves, without the syringe."""
    return sum(part.mass_g for part in found if part.moves in RIDING)


def handpiece_g(found: Iterable[Mass]) -> float:
    """All of it, without the syringe."""
    return sum(part.mass_g for part in found)


def budget_g(gun: Gun) -> float:
    """What gun.toml counts as riding, without the syringe."""
    fitted_one = gun.syringes[0]
    return gun.riding_g(fitted_one) - fitted_one.filled_g


def balance_mm(found: Iterable[Mass], fitted_one: Syringe, syringe: Solid) -> tuple[float, float]:
    """(behind the grip's middle, above the needle's axis) in mm of the centre of mass with a filled
    syringe, at home; parts of `bought.csv` are taken to lie where the rest of their group does."""
    placed = [(part.mass_g, part.centre_mm, part.moves) for part in found]
    placed.append((fitted_one.filled_g, centre_mm(syringe), CARRIAGE))
    known = [(grams, centre) for grams, centre, _ in placed if centre is not None]
    groups: Mapping[str, list[float]] = {
        group: [0.0, 0.0, 0.0] for group in (FIXED, FOOT, CARRIAGE, PLUNGER)
    }
    for grams, centre, moves in placed:
        if centre is not None:
            groups[moves][0] += grams
            groups[moves][1] += grams * centre[1]
            groups[moves][2] += grams * centre[2]
    for grams, centre, moves in placed:
        if centre is None and grams:
            total, high, along = groups[moves]
            known.append((grams, (0.0, high / total, along / total)))
    total = sum(grams for grams, _ in known)
    y = sum(grams * centre[1] for grams, centre in known) / total
    z = sum(grams * centre[2] for grams, centre in known) / total
    return z - GRIP_Z_MM, y


def faults(gun: Gun, all_items: list[Item]) -> list[str]:
    """What is too heavy, naming the syringe's cradle, the mass and what is allowed."""
    found: list[str] = []
    limit_g = gun.number("handpiece", "mass_limit_g")
    for syringe in BODIES:
        parts = masses(gun, all_items, syringe)
        rides, whole = riding_g(parts), handpiece_g(parts)
        if rides > budget_g(gun):
            found.append(
                f"riding mass with the {syringe} cradle: {rides:.1f} g, allowed are "
                f"{budget_g(gun):.1f} g by hardware/gun.toml; thin the carriage, pusher or cradle"
            )
        if whole > limit_g:
            found.append(
                f"handpiece with the {syringe} cradle: {whole:.1f} g, allowed are {limit_g:.0f} g; "
                "thin the body or the grip"
            )
    return found
