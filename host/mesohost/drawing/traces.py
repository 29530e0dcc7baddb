"""Variables of a gun as they ran, one above the other on one scale of time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import MaxNLocator

from mesohost.drawing import scales, style
from mesohost.drawing.style import Panel, Target
from mesohost.drawing.thin import Floats

_WIDTH_IN = 10.0
_LEFT_IN, _RIGHT_IN, _TOP_IN, _FOOT_IN = 0.9, 0.2, 0.75, 0.5
_PANEL_IN, _BETWEEN_IN = 1.2, 0.42
_COLUMNS = 1_500


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable's course: its name, what it is, its unit (none for a whole number), its values,
    and what those from 0 on are called, where they are."""

    name: str
    meaning: str
    unit: str
    values: Sequence[float]
    called: Sequence[str] = ()


def draw_traces(
    at_s: Sequence[float],
    variables: Sequence[Variable],
    target: Target,
    *,
    title: str = "",
    facts: str = "",
    kind: str = "",
) -> None:
    """Draw each variable over the times `at_s`, which are in their order.

    Where there are more samples than dots, what is drawn is the least and the most of each column,
    so no peak is hidden. Raises ValueError for nothing to draw or a kind of file other than SVG and
    PNG, OSError where it cannot be written.
    """
    if not at_s or not variables:
        raise ValueError("there is no sample to draw")
    times = np.asarray(at_s, dtype=np.float64)
    high_in = len(variables) * (_PANEL_IN + _BETWEEN_IN) - _BETWEEN_IN + _TOP_IN + _FOOT_IN
    wide_in = _WIDTH_IN - _LEFT_IN - _RIGHT_IN
    with style.styled():
        picture = style.new_picture(_WIDTH_IN, high_in)
        style.write_at(picture, _LEFT_IN, 0.14, title, fontsize=11, fontweight="bold")
        right = 1 - _RIGHT_IN / _WIDTH_IN
        picture.text(right, 1 - 0.14 / high_in, facts, ha="right", va="top")
        for number, variable in enumerate(variables):
            above_in = _TOP_IN + number * (_PANEL_IN + _BETWEEN_IN)
            place = (_LEFT_IN, high_in - above_in - _PANEL_IN, wide_in, _PANEL_IN)
            panel = style.add_panel(picture, *place)
            shown = _thinned(times, np.asarray(variable.values, dtype=np.float64))
            panel.plot(*shown, color=style.BLUE, linewidth=1, drawstyle="steps-post")
            _scale(panel, variable)
            panel.set_title(style.fitted(f"{variable.name}: {variable.meaning}", wide_in))
            scales.time_axis(panel, float(times[0]), max(float(times[-1]), float(times[0]) + 1e-3))
            if number + 1 < len(variables):
                panel.set_xlabel("")
                panel.tick_params(axis="x", labelbottom=False)
        style.save(picture, target, kind)


def _scale(panel: Panel, variable: Variable) -> None:
    low, high = min(variable.values), max(variable.values)
    panel.set_ylabel(variable.unit)
    panel.margins(y=0.1)
    panel.yaxis.set_major_locator(MaxNLocator(4, integer=not variable.unit))
    if not variable.unit:
        panel.set_ylim(low - 1 - (high - low) / 10, high + 1 + (high - low) / 10)
    if variable.called:
        seen = sorted({int(value) for value in variable.values})
        panel.set_yticks(seen, [variable.called[value] for value in seen])


def _thinned(at_s: Floats, values: Floats) -> tuple[Floats, Floats]:
    """The first, last, lowest and highest value of each of `_COLUMNS` equal spans."""
    if len(at_s) <= 4 * _COLUMNS:
        return at_s, values
    scale = _COLUMNS / (at_s[-1] - at_s[0])
    column = np.minimum(((at_s - at_s[0]) * scale).astype(np.int64), _COLUMNS - 1)
    # Sorted by value within each column, a column's ends are its lowest and its highest.
    by_value = np.lexsort((values, column))
    edges = np.flatnonzero(np.diff(column))
    firsts = np.concatenate(([0], edges + 1))
    lasts = np.concatenate((edges, [len(column) - 1]))
    keep = np.unique(np.concatenate((firsts, lasts, by_value[firsts], by_value[lasts])))
    return at_s[keep], values[keep]
