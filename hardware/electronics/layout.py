"""Where the parts of a sheet stand: boxes as they are listed, rows of two-terminal parts below.

Lengths are in the drawing's units; y goes up.
"""

from dataclasses import dataclass, field, replace

from hardware.electronics.model import GROUNDS, RAILS, Part, Sheet

PIN = 0.62  # from pin to pin of a box
STUB = 0.5
LETTER = 0.155  # the width of a net's letter
NAME = 0.15  # and of a pin's
STEP = 2.5  # a part in a row
HANG = 1.3  # from one hanging part to the next, with a value of no letters
DROP = 1.9  # how far it hangs
LEAD = 0.5
GAP = 1.0
PAGE = 33.0


def hang(part: Part) -> float:
    """How much room a hanging part takes, with its text on the right."""
    return HANG + LETTER * max(len(part.ref), len(part.value) - 2)


@dataclass(frozen=True)
class Node:
    """A net of a row and what hangs on it, down to grounds, up to supplies."""

    net: str
    down: tuple[Part, ...]
    up: tuple[Part, ...]
    named: float = 0.0

    @property
    def width(self) -> float:
        """How long the row is drawn at this net: at least as its name between two parts needs."""
        return max(sum(map(hang, self.down)), sum(map(hang, self.up)), self.named)


@dataclass(frozen=True)
class Row:
    """Parts in series, with the node before each and the one behind the last."""

    nodes: tuple[Node, ...]
    series: tuple[Part, ...]

    @property
    def up(self) -> float:
        """Height above the line."""
        return DROP + 0.6 if any(node.up for node in self.nodes) else 0.7

    @property
    def down(self) -> float:
        """Height below the line."""
        return DROP + 0.6 if any(node.down for node in self.nodes) else 0.7

    @property
    def before(self) -> float:
        """Width of the first net's name."""
        return LETTER * len(self.nodes[0].net) + 0.2

    @property
    def behind(self) -> float:
        """Width of the last net's name."""
        return LETTER * len(self.nodes[-1].net) + 0.2 if self.series else 0.4

    @property
    def width(self) -> float:
        """All of it."""
        inner = STEP * len(self.series) + sum(node.width for node in self.nodes)
        return self.before + LEAD + inner + LEAD + self.behind

    @property
    def height(self) -> float:
        """All of it."""
        return self.up + self.down + 0.2


@dataclass(frozen=True)
class Box:
    """A part with named pins on two sides."""

    part: Part

    @property
    def sides(self):
        """Pins on the left, pins on the right."""
        left = self.part.left if self.part.shape == "box" else len(self.part.pins)
        return self.part.pins[:left], self.part.pins[left:]

    @property
    def body(self) -> float:
        """Width of the rectangle."""
        left, right = (max((len(pin.name) for pin in side), default=0) for side in self.sides)
        inside = 0.0 if self.part.shape == "connector" else NAME * (left + right) + 0.7
        return max(inside, 1.2)

    @property
    def before(self) -> float:
        """Width of the nets' names on the left."""
        return self._beside(0)

    @property
    def width(self) -> float:
        """All of it, with the part's name above."""
        named = LETTER * max(len(self.part.ref) + 1, len(self.part.value))
        return self.before + max(self.body + self._beside(1), named)

    @property
    def height(self) -> float:
        """All of it."""
        return PIN * max(len(side) for side in self.sides) + 1.3

    def _beside(self, side: int) -> float:
        pins = self.sides[side]
        return STUB + LETTER * max(len(pin.net) for pin in pins) + 0.2 if pins else 0.1


@dataclass(frozen=True)
class Transistor:
    """A field-effect transistor with its three nets."""

    part: Part
    before: float = 0.0

    @property
    def width(self) -> float:
        """All of it."""
        longest = max(LETTER * len(net) for net in self.part.nets)
        return LETTER * len(self.part.net("G")) + 1.2 + max(longest, 1.8)

    @property
    def height(self) -> float:
        """All of it."""
        return 3.0


Item = Box | Row | Transistor


@dataclass
class Placed:
    """An item with the place of its upper left corner."""

    item: Item
    x: float
    y: float


@dataclass
class Page:
    """All items of a sheet, and how large it is."""

    placed: list[Placed] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def _is_two(part: Part) -> bool:
    return len(part.pins) == 2 and part.shape not in ("box", "connector")


def other_net(part: Part, net: str) -> str:
    """Where a part of two terminals leads from a net."""
    first, second = part.nets
    return second if first == net else first


def contact(sheet: Sheet, name: str) -> Part:
    """A pair of a switch's pins as a part of two terminals. Raises StopIteration where the sheet
    has no such switch or pin."""
    ref, numbers = name.split(":")
    part = next(part for part in sheet.parts if part.ref == ref)
    pins = (next(pin for pin in part.pins if pin.number == one) for one in numbers.split("-"))
    closed = "contact_nc" if "NC" in part.value else "contact_no"
    return replace(part, ref=name, value="", pins=tuple(pins), shape=closed)


def rows(sheet: Sheet) -> list[Row]:
    """The sheet's rows: its paths, then one for each part that none of them took. Raises ValueError
    for a path whose next part is not on its net."""
    left = [part for part in sheet.parts if _is_two(part)]
    left += [contact(sheet, name) for name in sheet.contacts]
    by_ref = {part.ref: part for part in left}
    for path in sheet.paths:
        for ref in path[1:]:
            left.remove(by_ref[ref])
    found: list[Row] = []
    for path in sheet.paths:
        nets, series = [path[0]], tuple(by_ref[ref] for ref in path[1:])
        for part in series:
            if nets[-1] not in part.nets:
                raise ValueError(f"{sheet.name}: {part.ref} is not on {nets[-1]}: {path}")
            nets.append(other_net(part, nets[-1]))
        nodes = [_node(net, left, bool(series)) for net in nets]
        for place in range(1, len(series)):
            nodes[place] = replace(nodes[place], named=LETTER * len(nets[place]) - 0.9)
        found.append(Row(tuple(nodes), series))
    while left:
        part = left[0]
        left = left[1:]
        nets = part.nets
        found.append(Row(tuple(Node(net, (), ()) for net in nets), (part,)))
    return found


def _node(net: str, left: list[Part], in_series: bool) -> Node:
    """What hangs on a net; it is taken out of `left`. On a rail that a path passes, nothing hangs
    but what leads to ground."""
    hanging = [part for part in left if net in part.nets and other_net(part, net) in RAILS]
    if net == "GND":
        hanging = []
    down = tuple(part for part in hanging if other_net(part, net) in GROUNDS)
    up = tuple(
        part
        for part in hanging
        if part not in down and (net not in RAILS or not in_series)
    )  # fmt: skip
    for part in (*down, *up):
        left.remove(part)
    return Node(net, down, up)


def page(sheet: Sheet) -> Page:
    """The items on shelves, from the top; what is low stands one upon the other."""
    drawn = {name.split(":")[0] for name in sheet.contacts}
    others = [part for part in sheet.parts if not _is_two(part) and part.ref not in drawn]
    boxes = [Box(part) for part in others if part.shape in ("box", "connector")]
    small = [Transistor(part) for part in others if part.shape in ("nmos", "pmos")]
    made = Page()
    for group in (boxes, [*small, *rows(sheet)]):
        _shelve(made, sorted(group, key=lambda item: -item.height))
    return made


def _shelve(made: Page, items: list[Item]) -> None:
    """Put items, the highest first, on shelves below what is there."""
    while items:
        shelf, left = items[0].height, list[Item]()
        # The column that is being filled: where it begins, how far down and how wide it is.
        x, y, wide = 0.0, 0.0, 0.0
        for item in items:
            new = y + item.height > shelf + 0.01
            at = x + wide + GAP if new else x
            if at and at + item.width > PAGE:
                left.append(item)
                continue
            x, y, wide = (at, 0.0, 0.0) if new else (x, y, wide)
            made.placed.append(Placed(item, x, -made.height - y))
            wide = max(wide, item.width)
            y += item.height
            made.width = max(made.width, x + item.width)
        made.height += shelf + GAP / 2
        items = left
    made.height += GAP / 2
