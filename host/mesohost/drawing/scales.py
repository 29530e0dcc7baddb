"""Units on the axes: the unit that suits what is shown, always written."""

from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from mesohost.drawing.style import Panel

_LONG_S = 180.0
_LARGE_NL = 1_000_000.0
_APART_S = (20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400)
_TICKS_MAX = 12


def volume_unit(most_nl: float) -> tuple[str, float]:
    """(unit, nl in one of it) for volumes up to `most_nl`."""
    return ("mL", 1_000_000.0) if most_nl >= _LARGE_NL else ("µL", 1000.0)


def volume_text(volume_nl: float) -> str:
    """A volume with its unit, to three digits: `5 µL`, `1.02 mL`."""
    unit, one_nl = volume_unit(volume_nl)
    return f"{volume_nl / one_nl:.3g} {unit}"


def duration_text(duration_s: float) -> str:
    """A duration with its unit: `182 ms`, `12.5 s`."""
    return f"{duration_s * 1000:.0f} ms" if duration_s < 1 else f"{duration_s:.3g} s"


def time_axis(panel: Panel, start_s: float, end_s: float) -> None:
    """A session's time along the foot of `panel`: in seconds, or min:s where it is long."""
    length_s = end_s - start_s
    panel.set_xlim(start_s, end_s)
    if length_s < _LONG_S:
        panel.set_xlabel("time (s)")
        panel.xaxis.set_major_locator(MaxNLocator(10))
        return
    apart_s = next((s for s in _APART_S if length_s / s <= _TICKS_MAX), length_s / _TICKS_MAX)
    panel.set_xlabel("time (min:s)")
    panel.xaxis.set_major_locator(MultipleLocator(apart_s))
    panel.xaxis.set_major_formatter(FuncFormatter(_minutes))


def _minutes(at_s: float, _: object) -> str:
    whole = round(at_s)
    return f"{whole // 60}:{whole % 60:02d}"
