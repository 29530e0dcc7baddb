"""Rows of the hardware's plans: what a gun costs, and the pins that all plans agree on."""

from hardware import bom, consistency, design
from tests.bench.place import Place
from tests.bench.rows import HIGHER, LOWER, Row


def bom_eur(place: Place) -> list[Row]:
    """What a gun costs by the parts list."""
    del place
    lines = bom.read()
    estimated = sum(line.source.startswith("estimate:") for line in lines)
    note = (
        f"{len(lines)} lines, without computer and single-use parts, VAT and postage; "
        f"{estimated} prices are estimates"
    )
    return [Row("bom_eur", bom.total_eur(lines), "€", LOWER, bom.LIMIT_EUR, note=note)]


def pins_checked(place: Place) -> list[Row]:
    """Pins and register lines of the map that firmware, schematic and wiring lead to their part."""
    del place
    plans = design.load()
    found, faults = consistency.found_pins(plans)
    count = len(found) + len(faults)
    note = "; ".join(faults) or f"all of {count}, in schematic, wiring and firmware"
    return [Row("pins_checked", len(found), "pins", HIGHER, count, note=note)]
