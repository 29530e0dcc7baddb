"""The wiring's picture, by WireViz."""

import re
from pathlib import Path

from wireviz.wireviz import parse

from hardware import wiring


def svg() -> str:
    """The picture. Raises what WireViz raises for a file that it cannot read."""
    return parse(wiring.FILE, return_types="svg")


def texts(picture: str) -> list[str]:
    """What a picture says, in order: where things stand in it depends on Graphviz's version."""
    return sorted(re.findall(r"<text[^>]*>([^<]*)</text>", picture))


def write(folder: Path) -> Path:
    """Write the picture; where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "wiring.svg"
    path.write_text(svg(), encoding="utf-8")
    return path
