"""Which limits a program comes near to: its own, its needle's and syringe's, the gun's."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from mesofw.core import aim, dose, fields, parts, shot
from mesofw.core.modes import MODE
from mesofw.core.program import LIMITS, ingredient_ug
from mesohost.program import Program
from mesohost.program.model import Limits, Zone

# From this share of a limit on, it counts as near.
NEAR_PERCENT = 80
_aim: Any = aim
_shot: Any = shot
_LIMITS: Any = LIMITS


# The kinds of limits, as other languages name them.
KINDS = (
    "session", "needle", "zone", "shot", "layer", "length", "rate", "ingredient", "force",
)  # fmt: skip


@dataclass(frozen=True)
class Near:
    """A limit that comes near: what it is, what is used of it, what it allows, in percent.

    The same for other languages: `kind` of KINDS, `field` with what is `used_value` of
    `limit_value` in its unit, `of` the zone's or ingredient's name or empty, `strict` says whether
    it is one of the program's `hard` or `soft` ones, and is empty for others.
    """

    what: str
    used: str
    limit: str
    percent: int
    kind: str = ""
    field: str = ""
    used_value: int = 0
    limit_value: int = 0
    of: str = ""
    strict: str = ""


class _Row(NamedTuple):
    """A limit, near or not; see `Near`."""

    what: str
    field: str
    used: int
    most: int
    kind: str
    of: str = ""
    strict: str = ""


def near_limits(program: Program, force_mn: int, force_limit_mn: int) -> list[Near]:
    """Every limit of which NEAR_PERCENT or more is used, the nearest first.

    `force_mn` is the plunger's highest force, `force_limit_mn` what counts as an occlusion.
    """
    rows: list[_Row] = []
    for strict, limits in (("hard", program.hard), ("soft", program.soft)):
        rows.extend(_limit_rows(program, limits, strict))
    for number, zone in enumerate(program.zones, 1):
        rows.extend(_zone_rows(program, zone, f"zone {number} {zone.name}"))
    for product in program.products:
        for one in product.ingredients:
            given_ug = ingredient_ug(program.total_nl, product.share_ppm, one.strength_ug_ml)
            what = f"ingredient {one.name}"
            rows.append(_Row(what, "limit_ug", given_ug, one.limit_ug, "ingredient", one.name))
    rows.append(_Row("plunger force", "force_mn", force_mn, force_limit_mn, "force"))
    near = [
        _near(row)
        for row in rows
        if row.used * 100 >= row.most * NEAR_PERCENT and _is_set(row.field, row.most)
    ]
    return sorted(near, key=lambda one: -one.percent)


def _near(row: _Row) -> Near:
    return Near(
        row.what, fields.show(row.field, row.used), fields.show(row.field, row.most),
        round(100 * row.used / row.most), row.kind, row.field, row.used, row.most, row.of,
        row.strict,
    )  # fmt: skip


def _limit_rows(program: Program, limits: Limits, strict: str) -> list[_Row]:
    """The program's own limits."""
    shots, said = program.fillings.needle_shots, f"({strict} limit)"
    rows = [
        _Row(f"session {said}", "session_nl", program.total_nl, limits.session_nl, "session", "",
             strict),
        _Row(f"needle {said}", "needle_shots", shots, limits.needle_shots, "needle", "", strict),
    ]  # fmt: skip
    for number, zone in enumerate(program.zones, 1):
        place, of = f"zone {number} {zone.name}", zone.name
        rows += [
            _Row(f"{place}: zone {said}", "zone_nl", zone.total_nl, limits.zone_nl, "zone", of,
                 strict),
            _Row(f"{place}: shot {said}", "shot_nl", zone.volume_nl, limits.shot_nl, "shot", of,
                 strict),
        ]  # fmt: skip
    return rows


def _is_set(name: str, most: int) -> bool:
    """Whether a limit was chosen; the widest that a program may have limits nothing."""
    return all(most != limit.default for limit in _LIMITS if limit.name == name)


def _zone_rows(program: Program, zone: Zone, place: str) -> list[_Row]:
    record = msgspec.to_builtins(zone)
    layer_um = parts.LAYERS[zone.layer]
    slant = zone.angle_deg < 90
    reach = f"reach at {fields.show('angle_deg', zone.angle_deg)}" if slant else "depth"
    rows = [
        _Row(f"{place}: depth (layer {zone.layer})", "depth_um", zone.depth_um, layer_um, "layer",
             zone.name),
        _Row(f"{place}: {reach} (needle)", "depth_um", _aim.reach(record), program.length_um,
             "length", zone.name),
    ]  # fmt: skip
    if MODE[zone.mode].repeats:
        fit = _shot.nominal(msgspec.to_builtins(program))
        taken = _aim.Aim()
        steps = zone.volume_nl * dose.FL_PER_NL // fit.step_fl
        taken.take(record, fit, _shot.NOMINAL_FOOT_UM, _shot.NOMINAL_STEP_PM, steps)
        most = _aim.most_per_min(taken.lasts_us)
        what = f"{place}: rate (gun)"
        rows.append(_Row(what, "rate_per_min", zone.rate_per_min, most, "rate", zone.name))
    return rows
