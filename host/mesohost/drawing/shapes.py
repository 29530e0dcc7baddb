"""Single shots, large: how each kind of shot advances, dispenses, dwells and withdraws."""

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mesohost.drawing import scales, style
from mesohost.drawing.overview import CourseZone
from mesohost.drawing.style import Panel, Picture
from mesohost.drawing.thin import Course

SHAPES_MAX = 3
_COLUMNS_LEAST = 2
_GAP_IN = 0.1
_BETWEEN_IN = 0.72
# Of a shot's highest flow, what still counts as dispensing.
_LEAST_FLOW = 0.1
_IN_SECONDS_MS = 2_000

ADVANCE, DISPENSE, DWELL, WITHDRAW = range(4)
# (name, tint)
_PHASES = (
    ("advance", "#cfe6f5"),
    ("dispense", "#fbdcae"),
    ("dwell", "#e4e4e4"),
    ("withdraw", "#ecd3e3"),
)


def typical(shots: Sequence[Course], zones: Sequence[CourseZone]) -> list[tuple[str, Course]]:
    """(zone's name, first shot) of the first zones whose shots differ in depth or volume."""
    found: list[tuple[str, Course]] = []
    seen: set[tuple[int, int]] = set()
    begins = [float(shot.at_s[0]) for shot in shots]
    for zone in zones or (CourseZone(0, "", -np.inf, np.inf),):
        first = int(np.searchsorted(begins, zone.start_s))
        if first == len(shots) or begins[first] > zone.end_s:
            continue
        shot = shots[first]
        kind = (round(float(shot.depth_um.max()) / 20), round(_given_nl(shot) / 200))
        if kind not in seen and len(found) < SHAPES_MAX:
            found.append((zone.name, shot))
        seen.add(kind)
    return found


def paint_shapes(
    picture: Picture,
    place: tuple[float, float, float, float],
    shapes: Sequence[tuple[str, Course]],
) -> None:
    """Paint each of `shapes` into its column of `place` (left, bottom, width, height in inches)."""
    left, bottom, width, height = place
    columns = max(len(shapes), _COLUMNS_LEAST)
    column_in = (width - _BETWEEN_IN * (columns - 1)) / columns
    lower = (height - _GAP_IN) * 0.42
    for number, (name, shot) in enumerate(shapes):
        x = left + number * (column_in + _BETWEEN_IN)
        upper = height - _GAP_IN - lower
        depth = style.add_panel(picture, x, bottom + lower + _GAP_IN, column_in, upper)
        volume = style.add_panel(picture, x, bottom, column_in, lower)
        _shape(depth, volume, shot, named=number == 0)
        facts = f"{_depth_text(shot)}, {_volume_text(shot)}, {_duration_text(shot)}"
        title = f"{style.fitted(name, column_in, style.TEXT_PT)}\n{facts}" if name else facts
        depth.set_title(title, fontweight="normal", fontsize=style.SMALL_PT, pad=4)


def phase_legend(picture: Picture, right_in: float, top_in: float) -> None:
    """The phases' tints by name, with the upper right corner at a place in inches from the top."""
    across, up = picture.get_size_inches()
    patches = [Patch(facecolor=tint, edgecolor=style.GREY, linewidth=0.4, label=name)
               for name, tint in _PHASES]  # fmt: skip
    picture.legend(
        handles=patches, loc="upper right", ncol=len(patches), borderaxespad=0, borderpad=0,
        bbox_to_anchor=(right_in / across, 1 - top_in / up), handlelength=1.2, columnspacing=1.4,
    )  # fmt: skip


def _shape(depth: Panel, volume: Panel, shot: Course, *, named: bool) -> None:
    at_ms = (shot.at_s - shot.at_s[0]) * 1000
    one_ms, unit_of_time = (1000.0, "s") if at_ms[-1] >= _IN_SECONDS_MS else (1.0, "ms")
    at = at_ms / one_ms
    deepest = float(shot.depth_um.max()) / 1000
    given_nl = shot.given_nl - shot.given_nl[0]
    unit, one_nl = scales.volume_unit(float(given_nl.max()))
    most = max(float(given_nl.max()) / one_nl, 1.0 if unit == "µL" else 0.0)
    for start_ms, end_ms, phase in _phases(shot, at_ms.tolist()):
        for panel in (depth, volume):
            panel.axvspan(
                start_ms / one_ms, end_ms / one_ms, color=_PHASES[phase][1], linewidth=0, zorder=0
            )
    depth.plot(at, shot.depth_um / 1000, color=style.BLUE, linewidth=1.6)
    depth.axhline(0, color=style.INK, linewidth=1)
    depth.set_ylim(deepest * 1.12, -deepest * 0.06)
    volume.plot(at, given_nl / one_nl, color=style.RED, linewidth=1.6)
    volume.set_ylim(-most * 0.06, most * 1.15)
    for panel in (depth, volume):
        panel.set_xlim(0, float(at[-1]))
        panel.xaxis.set_major_locator(MaxNLocator(5))
        panel.yaxis.set_major_locator(MaxNLocator(5, steps=(1, 2, 2.5, 5, 10)))
    depth.tick_params(axis="x", labelbottom=False)
    volume.set_xlabel(f"time in the shot ({unit_of_time})")
    if named:
        depth.set_ylabel("depth (mm)")
    volume.set_ylabel(f"given ({unit})" if named or unit == "mL" else "")


def _phases(shot: Course, at_ms: list[float]) -> list[tuple[float, float, int]]:
    """(start, end, phase) of a shot, neighbours of the same phase joined, in ms.

    A still needle dispenses until next to nothing flows: at first the plunger only builds pressure.
    """
    depth_slack = float(shot.depth_um.max()) * 0.002
    deeper, given = np.diff(shot.depth_um), np.diff(shot.given_nl)
    flow = given / np.maximum(np.diff(shot.at_s), 1e-9)
    flows = np.flatnonzero(flow > max(float(flow.max(initial=0)) * _LEAST_FLOW, 1e-6))
    last_flow = int(flows[-1]) if len(flows) else -1
    spans: list[tuple[float, float, int]] = []
    for index, down in enumerate(deeper.tolist()):
        phase = DISPENSE if index <= last_flow else DWELL
        if abs(down) > depth_slack:
            phase = ADVANCE if down > 0 else WITHDRAW
        start = at_ms[index]
        if spans and spans[-1][2] == phase:
            start = spans.pop()[0]
        spans.append((start, at_ms[index + 1], phase))
    return spans


def _given_nl(shot: Course) -> float:
    return float(shot.given_nl[-1] - shot.given_nl[0])


def _depth_text(shot: Course) -> str:
    return f"{float(shot.depth_um.max()) / 1000:.3g} mm"


def _volume_text(shot: Course) -> str:
    given_nl = _given_nl(shot)
    return scales.volume_text(given_nl) if given_nl > 0 else "no fluid"


def _duration_text(shot: Course) -> str:
    return scales.duration_text(float(shot.at_s[-1] - shot.at_s[0]))
