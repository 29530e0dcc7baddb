"""A course at a glance: depth above, volume given below, zones shaded, happenings marked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import MaxNLocator

from mesohost.drawing import scales, style
from mesohost.drawing.style import Panel, Picture
from mesohost.drawing.thin import Course, thinned

_COLUMNS = 900
_DEPTH_SHARE = 0.52
_GAP_IN = 0.16
_CLOSE_IN = 0.014
_MARK_ROWS = 3
_LOW_SHARE = 0.5
_ROW_IN = 0.15
_LABEL_GAP_IN = 0.06


@dataclass(frozen=True, slots=True)
class CourseZone:
    """A zone's span of a session's time, in s. A zone may have several."""

    number: int
    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a time: a syringe change, or with `grave` what stopped the gun."""

    at_s: float
    text: str
    grave: bool = False


def paint_overview(
    picture: Picture,
    place: tuple[float, float, float, float],
    course: Course,
    zones: Sequence[CourseZone],
    marks: Sequence[Mark],
) -> None:
    """Paint into `place` (left, bottom, width, height of the axes, in inches)."""
    left, bottom, width, height = place
    upper = (height - _GAP_IN) * _DEPTH_SHARE
    lower = height - _GAP_IN - upper
    depth = style.add_panel(picture, left, bottom + lower + _GAP_IN, width, upper)
    volume = style.add_panel(picture, left, bottom, width, lower)
    start_s, end_s = _span(course, zones, marks)
    thin = thinned(course, _COLUMNS)
    _depth(depth, thin, _pitch_s(course) * width / (end_s - start_s))
    _volume(volume, thin)
    for panel in (depth, volume):
        scales.time_axis(panel, start_s, end_s)
    depth.set_xlabel("")
    depth.tick_params(axis="x", labelbottom=False)
    inches = width / (end_s - start_s)
    _zones((depth, volume), zones, end_s, inches)
    _marks((depth, volume), marks, thin, end_s, inches)
    if not len(course.at_s):
        depth.text(0.5, 0.5, "no shots", ha="center", va="center", transform=depth.transAxes)


def _span(
    course: Course, zones: Sequence[CourseZone], marks: Sequence[Mark]
) -> tuple[float, float]:
    times = [*course.at_s[:1].tolist(), *course.at_s[-1:].tolist()]
    times += [edge for zone in zones for edge in (zone.start_s, zone.end_s)]
    times += [mark.at_s for mark in marks]
    start_s, end_s = min(times, default=0.0), max(times, default=1.0)
    margin_s = (end_s - start_s) * 0.01 or 0.5
    return start_s - margin_s, end_s + margin_s


def _depth(panel: Panel, course: Course, pitch_in: float) -> None:
    depth_mm = course.depth_um / 1000
    deepest = float(depth_mm.max(initial=0)) or 1.0
    # Shots too close to be told apart become one area: gaps between them would be chance.
    line_pt = 0.7 if pitch_in > _CLOSE_IN else 1.6
    panel.fill_between(course.at_s, depth_mm, color=style.SKY, alpha=0.35, linewidth=0)
    panel.plot(course.at_s, depth_mm, color=style.BLUE, linewidth=line_pt)
    panel.axhline(0, color=style.INK, linewidth=1)
    panel.set_ylim(deepest * 1.12, -deepest * 0.06)
    panel.set_ylabel("needle depth (mm)")
    panel.yaxis.set_major_locator(MaxNLocator(6, steps=(1, 2, 2.5, 5, 10)))


def _volume(panel: Panel, course: Course) -> None:
    unit, one_nl = scales.volume_unit(float(course.given_nl.max(initial=0)))
    given = course.given_nl / one_nl
    most = max(float(given.max(initial=0)), 1.0 if unit == "µL" else 0.0)
    panel.plot(course.at_s, given, color=style.RED, linewidth=1.4)
    panel.set_ylim(0, most * 1.08)
    panel.set_ylabel(f"volume given ({unit})")
    panel.yaxis.set_major_locator(MaxNLocator(5, steps=(1, 2, 2.5, 5, 10)))


def _pitch_s(course: Course) -> float:
    """The usual time from one shot to the next."""
    begins = course.at_s[1:][(course.depth_um[:-1] <= 0) & (course.depth_um[1:] > 0)]
    return float(np.median(np.diff(begins))) if len(begins) > 1 else float("inf")


def _zones(
    panels: Sequence[Panel], zones: Sequence[CourseZone], end_s: float, in_per_s: float
) -> None:
    for index, zone in enumerate(zones):
        for panel in panels:
            # Every other zone is tinted, so that neighbours keep apart.
            if index % 2 == 0:
                panel.axvspan(zone.start_s, zone.end_s, color=style.PALE, linewidth=0, zorder=0)
            panel.axvline(zone.start_s, color="#c9d3dc", linewidth=0.8, zorder=0.5)
    free_s = float("-inf")
    for index, zone in enumerate(zones, 1):
        next_s = zones[index].start_s if index < len(zones) else end_s
        after_in = (next_s - zone.start_s) * in_per_s - _LABEL_GAP_IN
        before_in = (min(zone.end_s, end_s) - max(free_s, 0.0)) * in_per_s - _LABEL_GAP_IN
        text = f"{zone.number} {zone.name}".rstrip()
        leftwards = index == len(zones) and style.fitted(text, after_in) != text
        leftwards = leftwards and before_in > after_in
        label = style.fitted(text, before_in if leftwards else after_in)
        label = label or style.fitted(str(zone.number), after_in + _LABEL_GAP_IN)
        edge_s = zone.end_s if leftwards else zone.start_s
        free_s = zone.start_s + (style.width_in(label) + _LABEL_GAP_IN) / in_per_s
        panels[0].annotate(
            label, (edge_s, 1), (0 if leftwards else 2, 4), xycoords=("data", "axes fraction"),
            textcoords="offset points", fontsize=style.SMALL_PT, color=style.INK,
            ha="right" if leftwards else "left", annotation_clip=False,
        )  # fmt: skip


def _marks(
    panels: Sequence[Panel],
    marks: Sequence[Mark],
    course: Course,
    end_s: float,
    in_per_s: float,
) -> None:
    """A line for every mark, and its text in the lower panel where there is room for it.

    Texts stand above the volume's curve where that is low, else below it.
    """
    taken_s = {side: [float("-inf")] * _MARK_ROWS for side in (0, 1)}
    for mark in sorted(marks, key=lambda mark: mark.at_s):
        colour = style.RED if mark.grave else style.GREY
        for panel in panels:
            panel.axvline(mark.at_s, color=colour, linewidth=1.1, linestyle=(0, (4, 2)), zorder=3)
        width_s = (style.width_in(mark.text) + 0.12) / in_per_s
        leftwards = mark.at_s + width_s > end_s
        start_s = mark.at_s - width_s if leftwards else mark.at_s
        side = 1 if _share_given(course, start_s + width_s) < _LOW_SHARE else 0
        row = next((row for row in range(_MARK_ROWS) if taken_s[side][row] <= start_s), None)
        if row is None:
            continue
        taken_s[side][row] = start_s + width_s
        up_pt = 4 + row * _ROW_IN * 72
        panels[1].annotate(
            mark.text, (mark.at_s, side), (-4 if leftwards else 4, -up_pt if side else up_pt),
            xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=style.SMALL_PT,
            color=colour, ha="right" if leftwards else "left", va="top" if side else "bottom",
            zorder=4, bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.85},
        )  # fmt: skip


def _share_given(course: Course, at_s: float) -> float:
    """The share of all volume that was given by a time."""
    most = float(course.given_nl.max(initial=0))
    if not most:
        return 1.0
    index = int(np.searchsorted(course.at_s, at_s))
    return float(course.given_nl[min(index, len(course.given_nl) - 1)]) / most
