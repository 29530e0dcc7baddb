"""A sheet as a drawing for people, from the very tables that the netlist is made of."""

import xml.etree.ElementTree as ElementTree
from functools import partial
from pathlib import Path

import schemdraw
from schemdraw import elements as elm

from hardware.electronics import layout
from hardware.electronics.layout import DROP, LEAD, PIN, STEP, STUB
from hardware.electronics.model import GROUNDS, HANDPIECE, RAILS, Part, Pin, Sheet

schemdraw.use("svg")

_SYMBOLS = {
    "resistor": elm.ResistorIEC,
    "capacitor": elm.Capacitor,
    "polar": elm.Capacitor2,
    "schottky": elm.Schottky,
    "zener": elm.Zener,
    "tvs": elm.DiodeTVS,
    "fuse": elm.FuseIEC,
    "polyfuse": elm.FuseIEC,
    "ntc": elm.Thermistor,
    "contact_nc": partial(elm.Button, nc=True),
    "contact_no": elm.Button,
}
_INK, _RAIL, _GROUND, _NET, _PART = "#222222", "#b03020", "#555555", "#1a5276", "#111111"
_SMALL, _TEXT, _TITLE = 9, 10, 15


def _color(net: str) -> str:
    return _GROUND if net in GROUNDS else _RAIL if net in RAILS else _NET


class _Sheet:
    def __init__(self):
        self.drawing = schemdraw.Drawing(show=False)
        self.drawing.config(fontsize=_TEXT, lw=1.4, color=_INK, font="DejaVu Sans", margin=0.4,
                            bgcolor="white")  # fmt: skip

    def text(self, x, y, text, align="left", size=_TEXT, color=_INK, valign="center") -> None:
        # The library stands texts off their place by this much, both ways.
        label = elm.Label().at((x - 0.1, y - 0.1)).theta(0)
        self.drawing.add(label.label(text, halign=align, valign=valign, fontsize=size, color=color))

    def line(self, start, end) -> None:
        self.drawing.add(elm.Line().at(start).to(end))

    def net(self, x, y, net, align="left") -> None:
        self.text(x + (0.1 if align == "left" else -0.1), y, net, align, color=_color(net))

    def two(self, part: Part, start, end, forward: bool) -> None:
        """A part between two points; `forward`: its first pin is at the first of them."""
        if not forward:
            start, end = end, start
        self.drawing.add(_SYMBOLS[part.shape]().endpoints(start, end))

    def row(self, row: layout.Row, x: float, y: float) -> None:
        y -= row.up
        x += row.before
        self.net(x, y, row.nodes[0].net, "right")
        self.line((x, y), (x + LEAD, y))
        x += LEAD
        for place, node in enumerate(row.nodes):
            if 0 < place < len(row.series):
                # Between two parts: beside what hangs on it, else between their symbols.
                hangs = node.down or node.up
                at, align = (x + 0.3, "left") if hangs else (x + node.width / 2, "center")
                self.text(at, y + 0.25, node.net, align, _SMALL, _color(node.net))
            x = self.node(node, x, y)
            if place < len(row.series):
                part = row.series[place]
                self.two(part, (x, y), (x + STEP, y), part.nets[0] == node.net)
                self.text(x + STEP / 2, y + 0.5, part.ref, "center", _SMALL, _PART)
                self.text(x + STEP / 2, y - 0.62, part.value, "center", _SMALL)
                x += STEP
        if row.series:
            self.line((x, y), (x + LEAD, y))
            self.net(x + LEAD, y, row.nodes[-1].net)

    def node(self, node: layout.Node, x: float, y: float) -> float:
        if not node.width:
            return x
        self.line((x, y), (x + node.width, y))
        for parts, way in ((node.down, -1), (node.up, 1)):
            at = x + 0.15
            for part in parts:
                end = y + way * DROP
                self.drawing.add(elm.Dot(radius=0.06).at((at, y)))
                self.two(part, (at, y), (at, end), part.nets[0] == node.net)
                # The first hanging part's text stands clear of the symbol.
                self.text(at + 0.42, y + way * DROP / 2 + 0.2, part.ref, "left", _SMALL, _PART)
                self.text(at + 0.42, y + way * DROP / 2 - 0.2, part.value, "left", _SMALL)
                other = layout.other_net(part, node.net)
                if other == "GND":
                    self.drawing.add(elm.Ground().at((at, end)).theta(0))
                else:
                    self.text(at, end + way * 0.25, other, "center", color=_color(other))
                at += layout.hang(part)
        return x + node.width

    def box(self, item: layout.Box, x: float, y: float) -> None:
        part = item.part
        left, right = item.sides
        x += item.before
        height = PIN * max(len(left), len(right)) + 0.2
        top = y - 1.0
        self.drawing.add(
            elm.Rect(corner1=(0, 0), corner2=(item.body, -height)).at((x, top)).theta(0)
        )
        place = " (handpiece)" if part.place == HANDPIECE and part.shape == "connector" else ""
        self.text(x, top + 0.62, part.ref + place, color=_PART)
        self.text(x, top + 0.25, part.value, size=_SMALL)
        for pins, edge, way in ((left, x, -1), (right, x + item.body, 1)):
            for row, pin in enumerate(pins):
                self.pin(pin, edge, top - 0.1 - PIN * (row + 0.5), way, part.shape == "connector")

    def pin(self, pin: Pin, x: float, y: float, way: int, bare: bool) -> None:
        inward = "left" if way < 0 else "right"
        if bare:
            self.text(x - way * 0.15, y, pin.number, inward, _SMALL)
        else:
            self.text(x - way * 0.12, y, pin.name, inward, _SMALL)
            if pin.number != pin.name:
                self.text(x + way * 0.08, y + 0.16, pin.number, "right" if way < 0 else "left", 7,
                          _GROUND)  # fmt: skip
        end = x + way * STUB
        self.line((x, y), (end, y))
        if pin.net:
            self.net(end, y, pin.net, "right" if way < 0 else "left")
        else:
            self.text(end, y, "×", "center", color=_GROUND)

    def transistor(self, item: layout.Transistor, x: float, y: float) -> None:
        part = item.part
        gate = part.net("G")
        upper, lower = ("S", "D") if part.shape == "pmos" else ("D", "S")
        x += layout.LETTER * len(gate) + 0.3
        symbol = elm.PMos() if part.shape == "pmos" else elm.NMos()
        middle = y - (1.2 if part.shape == "pmos" else 1.8)
        anchors = self.drawing.add(symbol.theta(0).anchor("gate").at((x, middle))).absanchors
        self.net(x, middle, gate, "right")
        first, second = ("source", "drain") if part.shape == "pmos" else ("drain", "source")
        for anchor, pin, lift in ((first, upper, 0.25), (second, lower, -0.25)):
            point = anchors[anchor]
            net = part.net(pin)
            self.text(point[0], point[1] + lift, net, "center", color=_color(net))
        at = max(anchors["source"][0], anchors["drain"][0]) + 0.3
        self.text(at, y - 1.3, part.ref, color=_PART)
        self.text(at, y - 1.7, part.value, size=_SMALL)


def svg(sheet: Sheet) -> bytes:
    """The sheet's picture."""
    made = _Sheet()
    page = layout.page(sheet)
    made.text(0, 1.2, sheet.title, size=_TITLE, color=_PART)
    made.text(page.width, 1.2, f"hardware/electronics/{sheet.name}.py", "right", _SMALL, _GROUND)
    draws = {layout.Box: made.box, layout.Row: made.row, layout.Transistor: made.transistor}
    for placed in page.placed:
        draws[type(placed.item)](placed.item, placed.x, placed.y)
    # Other libraries give this namespace a prefix of theirs.
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    return made.drawing.get_imagedata("svg")


def write(sheet: Sheet, folder: Path) -> Path:
    """Write the sheet's picture; where it is. No more than 200 kB."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{sheet.name}.svg"
    path.write_bytes(svg(sheet))
    return path
