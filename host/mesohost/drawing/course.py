"""The course of a session over time, with single shots large enough to be read."""

from collections.abc import Sequence

from mesohost.drawing import scales, shapes, style
from mesohost.drawing.overview import CourseZone, Mark, paint_overview
from mesohost.drawing.style import Target
from mesohost.drawing.thin import Point, course_of, shots_of

__all__ = ["CourseZone", "Mark", "draw_course"]

_WIDTH_IN = 10.0
_LEFT_IN, _RIGHT_IN, _TOP_IN = 0.72, 0.16, 0.74
_OVERVIEW_IN = 3.7
_FOOT_IN = 0.5
_SHAPES_IN = 2.0
_SHAPES_HEAD_IN = 0.85


def draw_course(
    points: Sequence[Point],
    zones: Sequence[CourseZone],
    target: Target,
    *,
    marks: Sequence[Mark] = (),
    title: str = "",
    facts: str = "",
    shots: bool = True,
    kind: str = "",
) -> None:
    """Draw needle depth and volume given over time, and below one shot of each kind (`shots`).

    `points` are `(at_s, depth_um, fluid_nl)` in the order of time: depth from the skin downwards,
    and all fluid that has left the needle; given is what left it in the skin. `target` is a path
    (`.svg`, `.png`) or a binary buffer with `kind` "svg" or "png". `facts` stand at the right of
    the title; left out, they are counted from the points. Points may be many: what is drawn is
    bounded, and no shot is hidden.
    Raises ValueError for another kind of file, OSError where it cannot be written.
    """
    course = course_of(points)
    singles = shots_of(course)
    shown = shapes.typical(singles, zones) if shots else []
    below_in = _SHAPES_HEAD_IN + _SHAPES_IN + _FOOT_IN if shown else 0.0
    height_in = _TOP_IN + _OVERVIEW_IN + _FOOT_IN + below_in
    width_in = _WIDTH_IN - _LEFT_IN - _RIGHT_IN
    given_nl = float(course.given_nl.max(initial=0))
    count = "1 shot" if len(singles) == 1 else f"{len(singles)} shots"
    facts = facts or f"{count}, {scales.volume_text(given_nl)} given"
    with style.styled():
        picture = style.new_picture(_WIDTH_IN, height_in)
        heading = style.fitted(title, width_in - 3.2, 11)
        style.write_at(picture, _LEFT_IN, 0.14, heading, fontsize=11, fontweight="bold")
        picture.text(1 - _RIGHT_IN / _WIDTH_IN, 1 - 0.14 / height_in, facts, ha="right", va="top")
        place = (_LEFT_IN, below_in + _FOOT_IN, width_in, _OVERVIEW_IN)
        paint_overview(picture, place, course, zones, marks)
        if shown:
            top_in = _TOP_IN + _OVERVIEW_IN + _FOOT_IN + 0.12
            style.write_at(picture, _LEFT_IN, top_in, "Single shots", fontweight="bold")
            shapes.phase_legend(picture, _WIDTH_IN - _RIGHT_IN, top_in)
            shapes.paint_shapes(picture, (_LEFT_IN, _FOOT_IN, width_in, _SHAPES_IN), shown)
        style.save(picture, target, kind)
