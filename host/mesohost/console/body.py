"""The body pictures of `mesohost.clinic.areas` as paths of SVG, with rounded lines."""

from collections.abc import Sequence

from mesohost.clinic import areas
from mesohost.clinic.areas import Area, Point, Region
from mesohost.console.catalogue import Texts
from mesohost.troubles import ClinicTrouble

# How far a line bends before it comes to a point: 0 is straight.
_BEND = 0.17


def path(points: Sequence[Point]) -> str:
    """A closed line through points (a Catmull-Rom spline), as the `d` of an SVG's path."""
    count = len(points)
    told = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for at in range(count):
        before, here, there, after = (points[(at + by) % count] for by in (-1, 0, 1, 2))
        near = [here[axis] + (there[axis] - before[axis]) * _BEND for axis in (0, 1)]
        far = [there[axis] - (after[axis] - here[axis]) * _BEND for axis in (0, 1)]
        numbers = (*near, *far, *there)
        told.append("C" + " ".join(f"{number:.1f}" for number in numbers))
    return "".join(told) + "Z"


def name(texts: Texts, area: Area) -> str:
    """What a zone is called in a language; in English where neither catalogue nor data know."""
    if texts.has(area.key):
        return texts(area.key)
    return str(getattr(area, texts.code, area.en))


def region_of(area: str) -> Region:
    """The picture on which a zone is; the face where there is no such zone."""
    try:
        return areas.of_id(area).region
    except ClinicTrouble:
        return "face"
