"""Figures of calibrations over time, each in a panel of its own, with their 95 % intervals."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.ticker import FuncFormatter, MaxNLocator

from mesohost.drawing import style
from mesohost.drawing.style import Panel, Target

PANELS_MAX = 8
_WIDTH_IN = 8.0
_LEFT_IN, _RIGHT_IN, _TOP_IN, _FOOT_IN = 1.1, 0.3, 0.45, 0.5
_PANEL_IN, _BETWEEN_IN = 1.3, 0.75
_DAYS_AROUND = 20


@dataclass(frozen=True, slots=True)
class DriftPoint:
    """A day (ISO), a value, and its 95 % interval, which is the value itself where none is
    known."""

    day: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Drift:
    """One figure's course, oldest first."""

    title: str
    unit: str
    points: tuple[DriftPoint, ...]


def draw_drift(drifts: Sequence[Drift], target: Target, *, kind: str = "") -> None:
    """Draw the first PANELS_MAX courses, one above the other on one scale of time.

    Raises ValueError for nothing to draw or a kind of file other than SVG and PNG, OSError where
    it cannot be written.
    """
    shown = drifts[:PANELS_MAX]
    if not shown:
        raise ValueError("there is no figure to draw")
    days = [_number(point.day) for drift in shown for point in drift.points]
    high_in = len(shown) * (_PANEL_IN + _BETWEEN_IN) - _BETWEEN_IN + _TOP_IN + _FOOT_IN
    with style.styled():
        picture = style.new_picture(_WIDTH_IN, high_in)
        wide_in = _WIDTH_IN - _LEFT_IN - _RIGHT_IN
        for number, drift in enumerate(shown):
            above_in = _TOP_IN + number * (_PANEL_IN + _BETWEEN_IN)
            bottom_in = high_in - above_in - _PANEL_IN
            panel = style.add_panel(picture, _LEFT_IN, bottom_in, wide_in, _PANEL_IN)
            panel.set_xlim(min(days) - _DAYS_AROUND, max(days) + _DAYS_AROUND)
            _course(panel, drift)
        style.save(picture, target, kind)


def _course(panel: Panel, drift: Drift) -> None:
    at = [_number(point.day) for point in drift.points]
    values = [point.value for point in drift.points]
    off = [[point.value - point.low for point in drift.points],
           [point.high - point.value for point in drift.points]]  # fmt: skip
    panel.errorbar(
        at, values, yerr=off, color=style.BLUE, marker="o", markersize=4, capsize=3, linewidth=1.2
    )
    panel.set_title(drift.title)
    panel.set_ylabel(drift.unit)
    panel.margins(y=0.2)
    panel.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    panel.xaxis.set_major_formatter(FuncFormatter(_day))
    panel.yaxis.set_major_locator(MaxNLocator(4))


def _number(day: str) -> int:
    return datetime.date.fromisoformat(day).toordinal()


def _day(number: float, _: object) -> str:
    return datetime.date.fromordinal(max(1, round(number))).isoformat()
