"""Body regions and the zones on them, and how many points an area takes.

The pictures are data (`areas.toml`): each zone has an id, the key of its name (`area.ID`), how
sensitive it is, and its shape in its region's picture.
"""

import math
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from mesohost.clinic.refusing import ClinicTrouble

Region = Literal["front", "back", "face", "scalp"]
REGIONS: tuple[Region, ...] = ("front", "back", "face", "scalp")
Sensitivity = Literal["normal", "sensitive", "most"]
Point = tuple[float, float]
_LEFT, _RIGHT = ("left", "gauche"), ("right", "droite")
# DOMAIN.md: spacings go from 1 mm (epidermic) to 30 mm (Italian intradermal).
SPACING_MIN_UM, SPACING_MAX_UM = 1_000, 30_000
AREA_MAX_MM2 = 200_000


class Picture(msgspec.Struct, frozen=True):
    """A region's picture: as wide and high as told, its outline a closed line."""

    region: Region
    width: float
    height: float
    outline: tuple[Point, ...]


class Area(msgspec.Struct, frozen=True):
    """A zone of the body. `side` is the patient's, empty for a zone across the middle."""

    id: str
    region: Region
    side: str
    en: str
    fr: str
    sensitivity: Sensitivity
    shape: tuple[Point, ...]

    @property
    def key(self) -> str:
        """The key of its name in catalogues."""
        return f"area.{self.id}"


class Grid(msgspec.Struct, frozen=True):
    """What an area takes at a spacing: `points`, one in the middle of each square of the grid;
    `with_edges` would also stand on the edge all round; `total_nl` at `volume_nl` a point."""

    points: int
    with_edges: int
    volume_nl: int

    @property
    def total_nl(self) -> int:
        """What all points get."""
        return self.points * self.volume_nl


def grid(area_mm2: int, spacing_um: int, volume_nl: int = 0) -> Grid:
    """The points of an area at a spacing, each `volume_nl`.

    A point belongs to the square of skin around it, so an area takes area / spacing² points: 10 ×
    10 cm at 1 cm take 100. Rows that begin and end on the edge would make it 121, but two zones
    that meet would then be treated twice where they meet, and small ones too densely. Raises
    ClinicTrouble for figures that no zone has.
    """
    if not 0 < area_mm2 <= AREA_MAX_MM2:
        raise ClinicTrouble(f"an area has more than 0 and up to {AREA_MAX_MM2 // 100} cm²")
    if not SPACING_MIN_UM <= spacing_um <= SPACING_MAX_UM:
        raise ClinicTrouble(f"a spacing is {SPACING_MIN_UM // 1000} to {SPACING_MAX_UM // 1000} mm")
    rows = math.sqrt(area_mm2) * 1000 / spacing_um
    points = max(1, round(area_mm2 * 1_000_000 / spacing_um**2))
    return Grid(points, max(points, (math.floor(rows + 1e-9) + 1) ** 2), volume_nl)


def path(shape: Sequence[Point]) -> str:
    """A closed line as an SVG path with round corners: its points pull the line, which goes through
    the middles between them."""
    middles = [
        ((x + more_x) / 2, (y + more_y) / 2)
        for (x, y), (more_x, more_y) in zip(shape, (*shape[1:], shape[0]), strict=True)
    ]
    start_x, start_y = middles[-1]
    curves = (
        f"Q{x:g} {y:g} {end_x:g} {end_y:g}"
        for (x, y), (end_x, end_y) in zip(shape, middles, strict=True)
    )
    return f"M{start_x:g} {start_y:g}{''.join(curves)}Z"


def picture(region: Region) -> Picture:
    """The picture of a region."""
    return _pictures()[region]


def of_region(region: Region) -> tuple[Area, ...]:
    """The zones of a region."""
    return tuple(area for area in everywhere().values() if area.region == region)


def of_id(id: str) -> Area:
    """The zone of an id. Raises ClinicTrouble where there is none."""
    found = everywhere().get(id)
    if found is None:
        raise ClinicTrouble(f"there is no zone {id!r} on the body pictures")
    return found


@cache
def everywhere() -> dict[str, Area]:
    """All zones by their ids, in the order of the data."""
    zones: dict[str, Area] = {}
    for told in _data()["zones"]:
        sides: tuple[tuple[str, str] | None, ...] = (None,)
        if told.get("both"):
            sides = (_LEFT, _RIGHT)
        for side in sides:
            area = _area(told, side)
            zones[area.id] = area
    return zones


def _area(told: dict[str, Any], side: tuple[str, str] | None) -> Area:
    """A zone as it is written, or one of the two that it stands for. Mirrored is the right one."""
    shape = tuple((float(x), float(y)) for x, y in told["shape"])
    if side is _RIGHT:
        width = picture(told["region"]).width
        shape = tuple((width - x, y) for x, y in reversed(shape))
    en, fr = side or ("", "")
    return Area(
        id="_".join(filter(None, (told["id"], en))),
        region=told["region"],
        side=en,
        en=", ".join(filter(None, (told["en"], en))),
        fr=", ".join(filter(None, (told["fr"], fr))),
        sensitivity=told["sensitivity"],
        shape=shape,
    )


@cache
def _pictures() -> dict[Region, Picture]:
    """The outlines are written for one half and mirrored for the other."""
    pictures: dict[Region, Picture] = {}
    for region in REGIONS:
        told = _data()["regions"][region]
        half = [(float(x), float(y)) for x, y in told["outline"]]
        width = float(told["width"])
        other = [(width - x, y) for x, y in reversed(half) if x != width / 2]
        pictures[region] = Picture(region, width, float(told["height"]), (*half, *other))
    return pictures


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("areas.toml").read_text(encoding="utf-8"))
