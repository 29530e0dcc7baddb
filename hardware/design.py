"""All that has to agree, in one hand: the gun's file, firmware, schematic, wiring, parts list."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardware import bom, pinmap, wiring
from hardware.bom import Line
from hardware.electronics.model import RAILS, Part
from hardware.electronics.sheets import PARTS
from hardware.wiring import Wiring
from mesofw.board import resources

GUN_FILE = Path(__file__).with_name("gun.toml")
PICO, INPUTS, OUTPUTS = "pico", "registers.in", "registers.out"

# A net at a place.
Net = tuple[str, str]


@dataclass(frozen=True)
class Design:
    """`resources` is `mesofw.board.resources` or what has its names."""

    gun: dict[str, Any]
    pins: dict[str, int]
    lines: dict[str, dict[str, int]]
    resources: Any
    parts: tuple[Part, ...]
    wiring: Wiring
    bom: tuple[Line, ...]

    def part(self, ref: str) -> Part | None:
        """The part of this ref."""
        return next((part for part in self.parts if part.ref == ref), None)

    def of(self, key: str) -> list[Part]:
        """The parts of this key."""
        return [part for part in self.parts if part.key == key]

    def wired(self) -> dict[Net, set[Net]]:
        """The nets at other places that wires lead to, by net."""
        found: dict[Net, set[Net]] = {}
        for wire in self.wiring.wires:
            nets = [net for end in wire.ends if (net := self.net(end.ref, end.pin))]
            for net in nets:
                found.setdefault(net, set()).update(other for other in nets if other != net)
        return found

    def net(self, ref: str, number: str) -> Net | None:
        """The net of a pin by its number."""
        part = self.part(ref)
        found = [pin.net for pin in part.pins if pin.number == number] if part else []
        return (part.place, found[0]) if part and found and found[0] else None

    def reached(self, start: Net, but: Iterable[str] = ()) -> tuple[set[str], set[Net]]:
        """Refs of the parts, and the nets, that lead on from a net: over wires and through parts,
        never through a rail or the parts `but`."""
        wired, without = self.wired(), set(but)
        refs: set[str] = set()
        nets: set[Net] = set()
        waiting = [start]
        while waiting:
            place, net = waiting.pop()
            if (place, net) in nets:
                continue
            nets.add((place, net))
            if net in RAILS and (place, net) != start:
                continue
            waiting += wired.get((place, net), ())
            for part in self.parts:
                if part.place != place or net not in part.nets or part.ref in without:
                    continue
                refs.add(part.ref)
                for pair in part.through:
                    ends = [part.net(name) for name in pair]
                    if net in ends:
                        waiting += [(place, end) for end in ends if end != net]
        return refs, nets


def load() -> Design:
    """The design as it stands in the files. Raises OSError, ValueError where one is not sound."""
    return Design(
        tomllib.loads(GUN_FILE.read_text(encoding="utf-8")),
        pinmap.firmware_pins(),
        pinmap.firmware_lines(),
        resources,
        PARTS,
        wiring.read(),
        tuple(bom.read()),
    )
