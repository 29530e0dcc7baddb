"""How all pictures look and how they are saved."""

import io
import os
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

Target = str | os.PathLike[str] | BinaryIO

# Axes and figures are handled as Any in this package: matplotlib's own types are partial.
Panel = Any
Picture = Any

# Colours of Okabe and Ito, which keep apart for colour-blind eyes.
BLUE = "#0072B2"
SKY = "#56B4E9"
GREEN = "#009E73"
AMBER = "#E69F00"
RED = "#D55E00"
PURPLE = "#CC79A7"
INK = "#222222"
GREY = "#6b6b6b"
PALE = "#eef2f6"
PAPER = "#ffffff"

TEXT_PT = 9.0
SMALL_PT = 8.0
PNG_DPI = 150
# A character of the widest of the fonts is this share of its size wide, on the average.
_CHARACTER_EM = 0.62

_CANVASES = {"svg": FigureCanvasSVG, "png": FigureCanvasAgg}
_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "png": {"Software": None},
}
_PARAMETERS: dict[str, Any] = {
    "svg.hashsalt": "mesogun",
    # Text stays text: it can be searched and read aloud, and needs no font file.
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": TEXT_PT,
    # A zone may be called "$1"; it is no formula.
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlesize": TEXT_PT,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.useoffset": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    "legend.fontsize": SMALL_PT,
    "legend.frameon": False,
    "path.simplify": True,
    "agg.path.chunksize": 0,
}


@contextmanager
def styled() -> Generator[None]:
    """The project's style, for what is drawn and saved within."""
    with cast(Any, mpl).rc_context(_PARAMETERS), warnings.catch_warnings():
        # A name in a script that the measuring font lacks is still written as text.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def new_picture(width_in: float, height_in: float) -> Picture:
    """An empty picture of a size in inches."""
    return Figure(figsize=(width_in, height_in), facecolor=PAPER)


def add_panel(
    picture: Picture, left_in: float, bottom_in: float, width_in: float, height_in: float
) -> Panel:
    """Axes at a place in inches from the picture's lower left corner."""
    across, up = picture.get_size_inches()
    return picture.add_axes((left_in / across, bottom_in / up, width_in / across, height_in / up))


def write_at(picture: Picture, left_in: float, top_in: float, text: str, **how: Any) -> None:
    """Text with its upper left corner at a place in inches from the picture's upper left corner."""
    across, up = picture.get_size_inches()
    picture.text(left_in / across, 1 - top_in / up, text, ha="left", va="top", **how)


def width_in(text: str, size_pt: float = SMALL_PT) -> float:
    """About how wide a text is, rather too wide than too narrow."""
    return len(text) * size_pt * _CHARACTER_EM / 72


def fitted(text: str, most_in: float, size_pt: float = SMALL_PT) -> str:
    """`text`, cut with an ellipsis to what fits into a width; empty where hardly anything would."""
    most = int(most_in / width_in("x", size_pt))
    if len(text) <= most:
        return text
    return text[: most - 1].rstrip() + "…" if most >= 6 else ""


def save(picture: Picture, target: Target, kind: str = "") -> None:
    """Write a picture to a file (`.svg` or `.png`) or a binary buffer (then `kind` says which).

    Raises ValueError for another kind, OSError where the file cannot be written.
    """
    if isinstance(target, str | os.PathLike):
        kind = kind or Path(target).suffix.lower().lstrip(".")
    kind = kind or "svg"
    if kind not in _CANVASES:
        raise ValueError(f"a picture is .svg or .png, not .{kind}")
    picture.set_dpi(PNG_DPI)  # SVG has no dots, and stays as it is
    canvas: Any = _CANVASES[kind](picture)
    whole = io.BytesIO()
    getattr(canvas, f"print_{kind}")(whole, metadata=_METADATA[kind])
    if isinstance(target, str | os.PathLike):
        Path(target).write_bytes(whole.getvalue())
    else:
        target.write(whole.getvalue())
