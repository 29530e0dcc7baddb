"""Which limits a program comes near to: its own, its needle's and syringe's, the gun's."""

from dataclasses import dataclass
from typing import Any

import msgspec

from mesofw.core import aim, dose, fields, parts, shot
from mesofw.core.modes import MODE
from mesofw.core.program import LIMITS, ingredient_ug
from mesohost.program import Program
from mesohost.program.model import Zone

# From this share of a limit on, it counts as near.
NEAR_PERCENT = 80
_aim: Any = aim
_shot: Any = shot
_LIMITS: Any = LIMITS


@dataclass(frozen=True)
class Near:
    """A limit that comes near: what it is, what is used of it, what it allows, in percent."""

    what: str
    used: str
    limit: str
    percent: int


def near_limits(program: Program, force_mn: int, force_limit_mn: int) -> list[Near]:
    """Every limit of which NEAR_PERCENT or more is used, the nearest first.

    `force_mn` is the plunger's highest force, `force_limit_mn` what counts as an occlusion.
    """
    rows: list[tuple[str, str, int, int]] = []
    needle_shots = program.fillings.needle_shots
    for kind, limits in (("hard", program.hard), ("soft", program.soft)):
        rows.append((f"session ({kind} limit)", "session_nl", program.total_nl, limits.session_nl))
        rows.append((f"needle ({kind} limit)", "needle_shots", needle_shots, limits.needle_shots))
        for number, zone in enumerate(program.zones, 1):
            place = f"zone {number} {zone.name}"
            rows.append((f"{place}: zone ({kind} limit)", "zone_nl", zone.total_nl, limits.zone_nl))
            rows.append(
                (f"{place}: shot ({kind} limit)", "shot_nl", zone.volume_nl, limits.shot_nl)
            )
    for number, zone in enumerate(program.zones, 1):
        rows.extend(_zone_rows(program, zone, f"zone {number} {zone.name}"))
    for product in program.products:
        for ingredient in product.ingredients:
            strength = ingredient.strength_ug_ml
            given_ug = ingredient_ug(program.total_nl, product.share_ppm, strength)
            rows.append(
                (f"ingredient {ingredient.name}", "limit_ug", given_ug, ingredient.limit_ug)
            )
    rows.append(("plunger force", "force_mn", force_mn, force_limit_mn))
    near = [
        Near(what, fields.show(name, used), fields.show(name, most), round(100 * used / most))
        for what, name, used, most in rows
        if used * 100 >= most * NEAR_PERCENT and _is_set(name, most)
    ]
    return sorted(near, key=lambda one: -one.percent)


def _is_set(name: str, most: int) -> bool:
    """Whether a limit was chosen; the widest that a program may have limits nothing."""
    return all(most != limit.default for limit in _LIMITS if limit.name == name)


def _zone_rows(program: Program, zone: Zone, place: str) -> list[tuple[str, str, int, int]]:
    record = msgspec.to_builtins(zone)
    layer_um = parts.LAYERS[zone.layer]
    slant = zone.angle_deg < 90
    reach = f"reach at {fields.show('angle_deg', zone.angle_deg)}" if slant else "depth"
    rows = [
        (f"{place}: depth (layer {zone.layer})", "depth_um", zone.depth_um, layer_um),
        (f"{place}: {reach} (needle)", "depth_um", _aim.reach(record), program.length_um),
    ]
    if MODE[zone.mode].repeats:
        fit = _shot.nominal(msgspec.to_builtins(program))
        taken = _aim.Aim()
        steps = zone.volume_nl * dose.FL_PER_NL // fit.step_fl
        taken.take(record, fit, _shot.NOMINAL_FOOT_UM, _shot.NOMINAL_STEP_PM, steps)
        most = _aim.most_per_min(taken.lasts_us)
        rows.append((f"{place}: rate (gun)", "rate_per_min", zone.rate_per_min, most))
    return rows
