"""Doses commanded against doses measured: their sizes, and how far apart they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mesohost.drawing import style
from mesohost.drawing.style import Panel, Target
from mesohost.drawing.thin import Floats

_WIDTH_IN, _HEIGHT_IN = 10.0, 2.65
_LEFT_IN, _RIGHT_IN, _TOP_IN, _FOOT_IN = 0.72, 0.16, 0.42, 0.55
_BETWEEN_IN = 0.85
_BINS = 40


@dataclass(frozen=True, slots=True)
class Dose:
    """One complete shot's volume: commanded, measured at the plunger, and the deviation allowed."""

    commanded_nl: int
    measured_nl: int
    allowed_nl: int


def draw_doses(doses: Sequence[Dose], target: Target, *, kind: str = "") -> None:
    """Draw how often each dose was commanded and measured, and the shots' deviations.

    Deviations are shares of what each shot is allowed, so doses of all sizes share one picture.
    Raises ValueError for a kind of file other than SVG and PNG, OSError where it cannot be written.
    """
    panel_in = (_WIDTH_IN - _LEFT_IN - _RIGHT_IN - _BETWEEN_IN) / 2
    high_in = _HEIGHT_IN - _TOP_IN - _FOOT_IN
    commanded = np.array([dose.commanded_nl for dose in doses], dtype=np.float64) / 1000
    measured = np.array([dose.measured_nl for dose in doses], dtype=np.float64) / 1000
    allowed = np.array([dose.allowed_nl for dose in doses], dtype=np.float64) / 1000
    with style.styled():
        picture = style.new_picture(_WIDTH_IN, _HEIGHT_IN)
        left = style.add_panel(picture, _LEFT_IN, _FOOT_IN, panel_in, high_in)
        x = _LEFT_IN + panel_in + _BETWEEN_IN
        right = style.add_panel(picture, x, _FOOT_IN, panel_in, high_in)
        _sizes(left, commanded, measured)
        _deviations(right, (measured - commanded) / np.maximum(allowed, 1e-9) * 100)
        for panel in (left, right):
            panel.set_ylabel("shots")
            panel.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        style.save(picture, target, kind)


def _sizes(panel: Panel, commanded: Floats, measured: Floats) -> None:
    both = np.concatenate((commanded, measured))
    low, high = _around(both)
    edges = np.linspace(low, high, _BINS + 1)
    counts, _ = np.histogram(measured, edges)
    panel.stairs(counts, edges, fill=True, color=style.SKY, alpha=0.75)
    values, times = np.unique(commanded, return_counts=True)
    panel.vlines(values, 0, times, color=style.INK, linewidth=1.6)
    panel.plot(values, times, "o", color=style.INK, markersize=4)
    panel.set_xlim(low, high)
    panel.set_ylim(bottom=0)
    panel.margins(y=0.1)
    panel.set_xlabel("dose (µL)")
    _above(
        panel,
        Line2D([], [], color=style.INK, marker="o", markersize=4, label="commanded"),
        Patch(color=style.SKY, alpha=0.75, label="measured at the plunger"),
    )


def _deviations(panel: Panel, percent: Floats) -> None:
    most = max(float(np.abs(percent).max(initial=0)) * 1.1, 125.0)
    counts, edges = np.histogram(percent, np.linspace(-most, most, _BINS + 2))
    panel.axvspan(-100, 100, color=style.PALE, linewidth=0, zorder=0)
    panel.stairs(counts, edges, fill=True, color=style.SKY, alpha=0.75)
    panel.axvline(0, color=style.INK, linewidth=1)
    for edge in (-100, 100):
        panel.axvline(edge, color=style.RED, linewidth=1.2, linestyle=(0, (4, 2)))
    panel.set_xlim(-most, most)
    panel.set_ylim(bottom=0)
    panel.set_xlabel("deviation, measured − commanded (% of what is allowed)")
    _above(
        panel,
        Line2D(
            [],
            [],
            color=style.RED,
            linestyle=(0, (4, 2)),
            label="allowed: the larger of 1 µL and 5 %",
        ),
    )


def _above(panel: Panel, *handles: object) -> None:
    panel.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1.02), ncol=len(handles),
        borderaxespad=0, borderpad=0.2, handlelength=1.6, columnspacing=1.6,
    )  # fmt: skip


def _around(values: Floats) -> tuple[float, float]:
    """Limits that show all values, with a margin; a sensible span where all are the same."""
    low, high = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
    if low > high:
        return 0.0, 1.0
    margin = max((high - low) * 0.06, 0.5)
    return max(0.0, low - margin), high + margin
