"""The body pictures of a report: each zone where it is, with the points done of those planned."""

from collections.abc import Sequence
from html import escape

import msgspec

from mesohost.clinic import areas
from mesohost.clinic.areas import Area, Region
from mesohost.report.clinicfacts import PlaceTaken
from mesohost.report.model import Report

# About how wide a character of a label is, in units of the pictures.
_CHARACTER = 4.4
_SKIN, _LINE = "#f6e9e0", "#a08d80"
_DONE, _PART, _NONE = "#2f6f9f", "#c77700", "#ffffff"


class Spot(msgspec.Struct, frozen=True):
    """A zone for the pictures: its number and name, its points done, and planned, where known."""

    number: int
    name: str
    done: int
    planned: int | None

    @property
    def count(self) -> str:
        """`50/60`: done of planned."""
        return str(self.done) if self.planned is None else f"{self.done}/{self.planned}"


def spots_of(report: Report) -> list[Spot]:
    """The zones of a report."""
    return [
        Spot(zone.number, zone.name, zone.done.shots, zone.planned.shots) for zone in report.zones
    ]


def body_pictures(spots: Sequence[Spot], places: Sequence[PlaceTaken]) -> dict[str, str]:
    """An `<svg>` element for each region that a zone is in, by the region's name."""
    by_area: dict[str, list[Spot]] = {}
    zones = {spot.name: spot for spot in spots}
    for place in places:
        if place.zone in zones and place.area in areas.everywhere():
            by_area.setdefault(place.area, []).append(zones[place.zone])
    regions = dict.fromkeys(areas.of_id(id).region for id in by_area)
    return {region: _picture(region, by_area) for region in areas.REGIONS if region in regions}


def off_pictures(spots: Sequence[Spot], places: Sequence[PlaceTaken]) -> list[Spot]:
    """The zones that no picture shows."""
    placed = {place.zone for place in places if place.area in areas.everywhere()}
    return [spot for spot in spots if spot.name not in placed]


def _picture(region: Region, by_area: dict[str, list[Spot]]) -> str:
    shown = areas.picture(region)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {shown.width:g} {shown.height:g}" '
        f'role="img" aria-label="Body picture: {region}">',
        f'<path d="{areas.path(shown.outline)}" fill="{_SKIN}" stroke="{_LINE}" '
        'stroke-width="1.5"/>',
    ]
    for area in areas.of_region(region):
        parts.append(_area(area, by_area.get(area.id, [])))
    labels = [
        _label(areas.of_id(id), zones)
        for id, zones in by_area.items()
        if areas.of_id(id).region == region
    ]
    return "".join([*parts, *labels, "</svg>"])


def _area(area: Area, zones: list[Spot]) -> str:
    path = areas.path(area.shape)
    if not zones:
        return f'<path d="{path}" fill="none" stroke="{_LINE}" stroke-width="0.4"/>'
    done = sum(zone.done for zone in zones)
    planned = sum(zone.planned or 0 for zone in zones)
    colour = _NONE if not done else _PART if done < planned else _DONE
    title = escape("; ".join(f"{zone.name}: {zone.count}" for zone in zones))
    return (
        f'<path d="{path}" fill="{colour}" fill-opacity="0.35" stroke="{colour}" '
        f'stroke-width="1"><title>{title}</title></path>'
    )


def _label(area: Area, zones: list[Spot]) -> str:
    """The zones' numbers in the middle of the area, and where it is wide enough their points."""
    x = sum(x for x, _ in area.shape) / len(area.shape)
    y = sum(y for _, y in area.shape) / len(area.shape)
    across = max(x for x, _ in area.shape) - min(x for x, _ in area.shape)
    lines = [f"{zone.number}: {zone.count}" for zone in zones]
    if across < max(map(len, lines)) * _CHARACTER:
        lines = [str(zone.number) for zone in zones]
    first = y - 4 * (len(lines) - 1) + 2.5
    return "".join(
        f'<text x="{x:g}" y="{first + 8 * row:g}" font-size="7.5" font-family="sans-serif" '
        f'font-weight="bold" text-anchor="middle" fill="#222">{escape(line)}</text>'
        for row, line in enumerate(lines)
    )
