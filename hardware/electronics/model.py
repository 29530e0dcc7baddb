"""What a sheet of the schematic is made of: parts, their pins, and the net that each pin is on.

A pin's `does` is one of DOES. Nets of one name are one net at one place; from place to place only
the wires of `hardware/wiring.yml` lead, and they join nets of one name.
"""

from dataclasses import dataclass

# What a pin does, and what a rule checker has to know of it.
POWER, SOURCE, IN, OUT, BOTH, THREE, OPEN, PASSIVE, NOT = (
    "pwr", "src", "in", "out", "bi", "tri", "oc", "pas", "nc",
)  # fmt: skip
DOES = (POWER, SOURCE, IN, OUT, BOTH, THREE, OPEN, PASSIVE, NOT)

BOX, HANDPIECE, DESK = "box", "handpiece", "desk"
GROUNDS = ("GND", "FORCE_GND", "ISO_GND", "SHELL")
# What a signal is held to, or fed from; nothing is followed through these.
RAILS = (*GROUNDS, "V24", "V24_L", "V5", "V5_H", "V3V3", "V3V3_H", "VMOT", "ISO_VCC")


@dataclass(frozen=True)
class Pin:
    """A pin: number and name as on the part, what it does, its net ("" where it is on none)."""

    number: str
    name: str
    does: str
    net: str


@dataclass(frozen=True)
class Part:
    """A part: `key` names its line in `hardware/bom.csv`, `extras` are the keys of what it needs
    beside; `shape` is how it is drawn. `through`: names of pins between which a signal passes.
    `protects`: it takes static discharge off its nets. `mates`: what a plug of it fits into, so
    that two of one kind could be exchanged; `keyed`: it goes in one way round only."""

    ref: str
    key: str
    value: str
    pins: tuple[Pin, ...]
    shape: str = "box"
    place: str = BOX
    extras: tuple[str, ...] = ()
    through: tuple[tuple[str, str], ...] = ()
    protects: bool = False
    mates: str = ""
    keyed: bool = True
    left: int = 0

    @property
    def nets(self) -> tuple[str, ...]:
        """The nets of its pins, in their order."""
        return tuple(pin.net for pin in self.pins)

    def net(self, name: str) -> str:
        """The net of the pin of this name. Raises StopIteration where there is none."""
        return next(pin.net for pin in self.pins if pin.name == name)


@dataclass(frozen=True)
class Sheet:
    """A page: `paths` are drawn as rows, each a first net and the two-terminal parts that lead on
    from it; what leads from a row's net to a rail hangs below or above it. `contacts` are pairs of
    pins of a switch, drawn as parts of their own, called "S1:11-12"."""

    name: str
    title: str
    parts: tuple[Part, ...]
    paths: tuple[tuple[str, ...], ...] = ()
    contacts: tuple[str, ...] = ()


def two(ref: str, key: str, value: str, first: str, second: str, shape: str, **more) -> Part:
    """A part of two terminals; `first` is a diode's anode, a capacitor's plus."""
    names = ("A", "K") if shape in ("diode", "schottky", "zener") else ("1", "2")
    pins = (Pin("1", names[0], PASSIVE, first), Pin("2", names[1], PASSIVE, second))
    through = () if shape in ("capacitor", "polar", "tvs") else (names,)
    return Part(ref, key, value, pins, shape, through=through, **more)


def resistor(ref: str, value: str, first: str, second: str, place: str = BOX) -> Part:
    """A resistor of a quarter watt; `value` as in 4k7, 220R."""
    return two(ref, f"r_{value.lower()}", value, first, second, "resistor", place=place)


def capacitor(ref: str, value: str, first: str, second: str = "GND", **more) -> Part:
    """A ceramic capacitor; `value` as in 100n."""
    return two(ref, f"c_{value.lower()}", value, first, second, "capacitor", **more)


def surge(ref: str, net: str) -> Part:
    """A suppressor of the 24 V side, to ground."""
    return two(ref, "tvs", "SMBJ24CA", net, "GND", "tvs", protects=True)


def mosfet(ref: str, key: str, value: str, gate: str, drain: str, source: str, shape: str,
           place: str = BOX) -> Part:  # fmt: skip
    """A field-effect transistor, numbered as it stands in its case."""
    order = ("G", "S", "D") if shape == "nmos" else ("G", "D", "S")
    nets = {"G": gate, "D": drain, "S": source}
    pins = tuple(Pin(str(at), name, PASSIVE, nets[name]) for at, name in enumerate(order, 1))
    return Part(ref, key, value, pins, shape, place, through=(("G", "D"),))


def box(ref: str, key: str, value: str, text: str, **more) -> Part:
    """A part drawn as a box. A line of `text` is a pin: number, name, what it does, net ("-" for
    none); pins after a line "|" stand on the right. Raises ValueError for a line that is not so."""
    pins: list[Pin] = []
    left = 0
    for line in text.split("\n"):
        words = line.split()
        if words == ["|"]:
            left = len(pins)
        elif words:
            if len(words) != 4 or words[2] not in DOES:
                raise ValueError(f"{ref}: a pin is number, name, {'/'.join(DOES)}, net: {line!r}")
            number, name, does, net = words
            pins.append(Pin(number, name, does, "" if net == "-" else net))
    return Part(ref, key, value, tuple(pins), left=left, **more)


def connector(ref: str, key: str, value: str, nets: str, shell: bool = False,
              **more) -> Part:  # fmt: skip
    """A connector whose pins 1, 2, … are on these nets and called after them ("-": not used); a
    `shell` of metal takes a cable's shield."""
    pins = tuple(
        Pin(str(place), "" if net == "-" else net, NOT if net == "-" else PASSIVE,
            "" if net == "-" else net)
        for place, net in enumerate(nets.split(), 1)
    )  # fmt: skip
    if shell:
        pins += (Pin("SH", "SHELL", PASSIVE, "SHELL"),)
    return Part(ref, key, value, pins, "connector", mates=value, **more)
