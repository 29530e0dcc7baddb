"""`hardware/wiring.yml` as wires from pin to pin, read without WireViz."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("wiring.yml")


@dataclass(frozen=True)
class End:
    """A pin of a connector, both by what the schematic calls them."""

    ref: str
    pin: str


@dataclass(frozen=True)
class Wire:
    """A core of a cable, or its shield ("s"), from its first end on; a shield may have one."""

    cable: str
    core: str
    ends: tuple[End, ...]


@dataclass(frozen=True)
class Wiring:
    """Connectors with their pins (number → label) and keys in the parts list, the cables' keys and
    how many cores each has, and all wires."""

    connectors: dict[str, dict[str, str]]
    keys: dict[str, str]
    cores: dict[str, int]
    wires: tuple[Wire, ...]


def read(path: Path = FILE) -> Wiring:
    """The wiring. Raises OSError, yaml.YAMLError, KeyError, ValueError for a file that is not
    sound."""
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    connectors = {name: _pins(row) for name, row in raw["connectors"].items()}
    cables = raw["cables"]
    keys = {name: row["pn"] for name, row in (*raw["connectors"].items(), *cables.items())}
    cores = {name: row["wirecount"] for name, row in cables.items()}
    wires = tuple(wire for row in raw["connections"] for wire in _wires(row, set(cables)))
    return Wiring(connectors, keys, cores, wires)


def _pins(row: dict[str, Any]) -> dict[str, str]:
    """A connector's pins; they count from 1 where only labels are given."""
    labels = row.get("pinlabels")
    numbers = row.get("pins") or range(1, len(labels or ()) + 1)
    return {
        str(number): str(label)
        for number, label in zip(numbers, labels or numbers, strict=True)
    }  # fmt: skip


def _wires(row: list[dict[str, list[Any]]], cables: set[str]) -> Iterator[Wire]:
    """The wires of one row: a connector, a cable, and mostly another connector. Raises ValueError
    where they have not as many pins as one another."""
    told = [(name, _listed(pins)) for one in row for name, pins in one.items()]
    if len({len(pins) for _, pins in told}) != 1:
        raise ValueError(f"not as many pins as wires: {row}")
    ((cable, cores),) = [one for one in told if one[0] in cables]
    for place, core in enumerate(cores):
        ends = (End(name, pins[place]) for name, pins in told if name not in cables)
        yield Wire(cable, core, tuple(ends))


def _listed(pins: list[Any]) -> list[str]:
    """Pins one by one: "1-3" is 1, 2, 3."""
    found: list[str] = []
    for pin in pins:
        span = re.fullmatch(r"(\d+)-(\d+)", str(pin))
        if span:
            first, last = (int(one) for one in span.groups())
            found += [str(one) for one in range(first, last + 1)]
        else:
            found.append(str(pin))
    return found
