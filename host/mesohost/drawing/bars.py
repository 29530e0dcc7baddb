"""Planned against done, zone by zone, as bars: shots on the left, volume on the right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mesohost.drawing import scales, style
from mesohost.drawing.style import Panel, Target

ROWS_MAX = 40
_WIDTH_IN = 10.0
_LEFT_IN, _RIGHT_IN, _TOP_IN, _FOOT_IN = 2.15, 1.5, 0.5, 0.55
_BETWEEN_IN = 1.05
_ROW_IN = 0.3

# (name, colour, hatch) of the parts of a bar, from the left.
_PARTS = (
    ("complete", style.BLUE, ""),
    ("partial", style.AMBER, "////"),
    ("uncertain (at most)", style.RED, "xxxx"),
)


@dataclass(frozen=True, slots=True)
class ZoneBar:
    """A zone's shots and volumes; what was planned is None where it is not known.

    `shots` and `volumes_nl` are those of complete, partial and uncertain shots, in this order.
    """

    name: str
    planned_shots: int | None
    shots: tuple[int, int, int]
    planned_nl: int | None
    volumes_nl: tuple[int, int, int]


def draw_zones(bars: Sequence[ZoneBar], target: Target, *, kind: str = "") -> None:
    """Draw the first ROWS_MAX zones, in their order from above.

    Raises ValueError for a kind of file other than SVG and PNG, OSError where it cannot be written.
    """
    shown = bars[:ROWS_MAX]
    panel_in = (_WIDTH_IN - _LEFT_IN - _RIGHT_IN - _BETWEEN_IN) / 2
    rows_in = _ROW_IN * max(len(shown), 1)
    most_nl = max((max(sum(bar.volumes_nl), bar.planned_nl or 0) for bar in shown), default=0)
    unit, one_nl = scales.volume_unit(most_nl)
    with style.styled():
        picture = style.new_picture(_WIDTH_IN, _TOP_IN + rows_in + _FOOT_IN)
        left = style.add_panel(picture, _LEFT_IN, _FOOT_IN, panel_in, rows_in)
        x = _LEFT_IN + panel_in + _BETWEEN_IN
        right = style.add_panel(picture, x, _FOOT_IN, panel_in, rows_in)
        shots = [bar.shots for bar in shown]
        _panel(left, [bar.planned_shots for bar in shown], shots, 1,
               lambda row: _shots_text(shown[row]))  # fmt: skip
        volumes_nl = [bar.volumes_nl for bar in shown]
        _panel(right, [bar.planned_nl for bar in shown], volumes_nl, one_nl,
               lambda row: _volume_text(shown[row], one_nl))  # fmt: skip
        left.set_xlabel("shots")
        left.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        right.set_xlabel(f"volume, measured at the plunger ({unit})")
        right.xaxis.set_major_locator(MaxNLocator(6))
        left.set_yticklabels([style.fitted(bar.name, _LEFT_IN - 0.2) for bar in shown])
        right.set_yticklabels([])
        _legend(picture)
        if len(bars) > ROWS_MAX:
            more = f"first {ROWS_MAX} of {len(bars)} zones"
            style.write_at(picture, 0.1, 0.14, more, color=style.GREY)
        style.save(picture, target, kind)


def _panel(
    panel: Panel,
    planned: Sequence[int | None],
    done: Sequence[tuple[int, int, int]],
    scale: float,
    write: Callable[[int], str],
) -> None:
    rows = range(len(done))
    starts = [0.0] * len(done)
    for part, (_, colour, hatch) in enumerate(_PARTS):
        widths = [values[part] / scale for values in done]
        panel.barh(rows, widths, 0.52, starts, color=colour, hatch=hatch, edgecolor=style.PAPER,
                   linewidth=0, zorder=2)  # fmt: skip
        starts = [start + width for start, width in zip(starts, widths, strict=True)]
    edges = [(value or 0) / scale for value in planned]
    panel.barh(rows, edges, 0.74, facecolor="none", edgecolor=style.INK, linewidth=1, zorder=3)
    for row in rows:
        end = max(starts[row], edges[row])
        panel.annotate(
            write(row), (end, row), (5, 0), textcoords="offset points",
            va="center", fontsize=style.SMALL_PT, annotation_clip=False,
        )  # fmt: skip
    panel.set_ylim(len(done) - 0.4, -0.6)
    panel.set_xlim(0, max([*starts, *edges, 1e-9]) * 1.02)
    panel.set_yticks(list(rows))
    panel.tick_params(axis="y", length=0)


def _shots_text(bar: ZoneBar) -> str:
    of = "" if bar.planned_shots is None else f" of {bar.planned_shots}"
    return f"{sum(bar.shots)}{of}"


def _volume_text(bar: ZoneBar, one_nl: float) -> str:
    """What was given: a range where some of it is uncertain."""
    *certain_nl, uncertain_nl = bar.volumes_nl
    given_nl = sum(certain_nl)
    if not (given_nl or uncertain_nl or bar.planned_nl):
        return "no fluid"
    text = _number(given_nl / one_nl)
    if uncertain_nl:
        text += f" to {_number((given_nl + uncertain_nl) / one_nl)}"
    return text if bar.planned_nl is None else f"{text} of {_number(bar.planned_nl / one_nl)}"


def _number(value: float) -> str:
    return f"{value:.4g}" if value < 1000 else f"{value:.0f}"


def _legend(picture: style.Picture) -> None:
    up = float(picture.get_size_inches()[1])
    planned = Patch(facecolor="none", edgecolor=style.INK, linewidth=1, label="planned")
    parts = [Patch(facecolor=colour, hatch=hatch, edgecolor=style.PAPER, linewidth=0, label=name)
             for name, colour, hatch in _PARTS]  # fmt: skip
    picture.legend(
        handles=[planned, *parts], loc="upper left", ncol=4, borderaxespad=0, borderpad=0,
        bbox_to_anchor=(_LEFT_IN / _WIDTH_IN, 1 - 0.16 / up), handlelength=1.6, columnspacing=1.8,
    )  # fmt: skip
