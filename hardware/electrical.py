"""What the schematic itself has to keep: the stop, pulls, protection, plugs, fuses, the ADC."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from hardware.design import Design
from hardware.electronics import figures
from hardware.electronics.model import BOX, GROUNDS, Part
from hardware.electronics.panel import PANEL
from mesofw.board import analog

# Where the ADC's pins get their voltage from, and the highest that it is there: full scale of the
# force cell (gun.toml), what the drivers bear at most, the supply of the Pico.
_ADC = {"FORCE": "FORCE_LINE", "SUPPLY": "V24", "TEMPERATURE": "V3V3"}
_REFERENCE_V = analog._REFERENCE_MV / 1000
_CELL_MV = 4_000
_OHM = {"R": 1.0, "k": 1e3, "M": 1e6}


def ohm(value: str) -> float:
    """The resistance of a value as 4k7, 220R, 10k NTC."""
    whole, unit, part = re.match(r"(\d+)([RkM])(\d*)", value).groups()  # pyright: ignore
    return float(f"{whole}.{part or 0}") * _OHM[unit]


def _resistors(design: Design, first: str, second: str) -> list[Part]:
    return [
        part
        for part in design.parts
        if part.place == BOX and sorted(part.nets) == sorted((first, second))
        and part.shape in ("resistor", "ntc")
    ]  # fmt: skip


def stop_chain(design: Design) -> Iterator[str]:
    """The motors' supply leads over the stop's contact and over nothing else; the sensed contact
    closes its line to ground."""
    stops = [part.ref for part in design.of("stop")]
    fed = (BOX, "VMOT")
    sources = [(BOX, net) for net in ("V24_DC", "V24_F", "V24", "V24_L", "V24_STOP", "V5", "V3V3")]
    for source in sources:
        if fed in design.reached(source, but=stops)[1]:
            yield f"stop: VMOT is fed from {source[1]} beside the stop's contact"
    if fed not in design.reached((BOX, "V24"))[1]:
        yield "stop: VMOT is not fed from V24 over the stop's contact"
    refs, nets = design.reached((BOX, "STOP"))
    if not set(stops) & refs or not any(net == "GND" for _, net in nets):
        yield "stop: STOP leads to no contact of the stop that closes it to ground"


def pulls(design: Design) -> Iterator[str]:
    """Lines that gun.toml calls pulled up or down are, and what holds off the registers' outputs;
    contacts are pulled up."""
    wanted = {"LINES_OFF": "V3V3", "REGISTERS_LATCH": "GND", "FRAM_CS": "V3V3"}
    for function, rail in (("pulled up", "V3V3"), ("pulled down", "GND")):
        rows = [*design.gun["pins"], *design.gun["register_lines"]]
        for row in rows:
            if function in row["function"]:
                axis = row["function"].split()[0].upper()
                wanted["CARRIAGE_ENABLE" if axis == "CARRIAGE" else "PLUNGER_OFF"] = rail
    for name in ("TRIGGER", "CONTACT", "SEATED", "STOP", "PEDAL", "CARRIAGE_HOME", "PLUNGER_HOME"):
        wanted[f"{name}_LINE"] = "V3V3"
    for net, rail in wanted.items():
        if not _resistors(design, net, rail):
            yield f"schematic: {net} has no resistor to {rail}"


def outside(design: Design) -> Iterator[str]:
    """Every line that leaves the box has a part on it that takes static discharge, or across a
    fuse from it."""
    guarded = {
        net for part in design.parts if part.protects and part.place == BOX for net in part.nets
    }  # fmt: skip
    for part in design.parts:
        if part.shape in ("fuse", "polyfuse") and guarded & set(part.nets):
            guarded |= set(part.nets)
    for wire in design.wiring.wires:
        inside = [end for end in wire.ends if _place(design, end.ref) == BOX]
        away = [end for end in wire.ends if _place(design, end.ref) not in (BOX, PANEL)]
        for end in inside if away else ():
            net = design.net(end.ref, end.pin)
            if net and net[1] not in guarded and net[1] not in GROUNDS:
                yield f"schematic: {net[1]} leaves the box at {end.ref} without protection"


def _place(design: Design, ref: str) -> str:
    part = design.part(ref)
    return part.place if part else ""


def plugs(design: Design) -> Iterator[str]:
    """Every plug of the box goes in one way round, and into one socket."""
    sockets = [part for part in design.parts if part.shape == "connector" and part.place == BOX]
    for part in sockets:
        if not part.keyed:
            yield f"schematic: {part.ref} ({part.value}) is not keyed"
    for mates, count in Counter(part.mates for part in sockets).items():
        if count > 1:
            refs = " and ".join(part.ref for part in sockets if part.mates == mates)
            yield f"schematic: {refs} could be exchanged: all are {mates}"


def adc(design: Design) -> Iterator[str]:
    """No pin of the ADC gets more than its reference, and dividers are what the firmware takes them
    for."""
    most_v = {"FORCE_LINE": _cell_v(design), "V24": design.gun["driver"]["most_volts"], "V3V3": 3.3}
    counts = _CELL_MV * analog._FORCE_READINGS * analog._FULL / analog._REFERENCE_MV
    taken = {"FORCE": counts / analog._FORCE_SPAN, "SUPPLY": analog._SUPPLY_DIVIDED_BY}
    for net, source in _ADC.items():
        upper, lower = _resistors(design, source, net), _resistors(design, net, "GND")
        if len(upper) != 1 or len(lower) != 1:
            yield f"schematic: {net} has no divider between {source} and GND"
            continue
        high, low = ohm(upper[0].value), ohm(lower[0].value)
        top_v = most_v[source] * low / (high + low)
        if top_v > _REFERENCE_V:
            told = f"{net} gets {top_v:.2f} V from {source}"
            yield f"schematic: {told}, the ADC takes {_REFERENCE_V} V"
        divides = taken.get(net)
        if divides and abs((high + low) / low / divides - 1) > 0.001:
            told = f"{net} is divided by {(high + low) / low:g}"
            yield f"schematic: {told}, in analog.py by {divides:g}"


def _cell_v(design: Design) -> float:
    """Full scale of the force cell, as gun.toml tells it."""
    return float(re.search(r"to (\d+\.\d+) V", design.gun["force_cell"]["part"])[1])  # pyright: ignore


def fuses(design: Design) -> Iterator[str]:
    """A fuse carries 1.25 times the load behind it, and not more than 2.5 times."""
    for part in design.parts:
        if part.shape != "fuse":
            continue
        rated = float(re.search(r"[\d.]+", part.value)[0])  # pyright: ignore
        load = figures.loads_a(design.gun)[part.key]
        if not 1.25 * load <= rated <= 2.5 * load:
            yield f"schematic: {part.ref} is rated {rated:g} A for a load of {load:.2f} A"


CHECKS: tuple[Callable[[Design], Iterator[str]], ...] = (
    stop_chain, pulls, outside, plugs, adc, fuses,
)  # fmt: skip
