"""What has to agree between gun.toml, firmware, schematic, wiring and parts list.

Each check gives faults as sentences that name what is wrong and where; none for a sound design.
`python -m hardware.consistency` prints them.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from hardware import bom, electrical, pinmap
from hardware.design import INPUTS, OUTPUTS, PICO, Design, load
from hardware.electronics.model import BOX

_SLOTS, _FLAGS, _MACHINES, _CHANNELS = 32, 8, 4, 12
# machine.SPI sends and receives by the lowest two DMA channels.
_SPI_CHANNELS = 2


def twice(things: Iterable) -> list:
    """What is there more than once."""
    return [thing for thing, count in Counter(things).items() if count > 1]


def pin_map(design: Design) -> Iterator[str]:
    """gun.toml's pins: each once, none the Pico's own, and as the firmware has them."""
    rows = design.gun["pins"]
    for gpio in twice(row["gpio"] for row in rows):
        told = " and ".join(row["function"] for row in rows if row["gpio"] == gpio)
        yield f"gun.toml: GPIO {gpio} is used twice: {told}"
    for row in rows:
        if row["gpio"] in design.gun["pico"]["reserved"] or not 0 <= row["gpio"] <= 28:
            yield f"gun.toml: GPIO {row['gpio']} ({row['function']}) is the Pico's own"
    for gpio in twice(design.pins.values()):
        names = " and ".join(name for name, value in design.pins.items() if value == gpio)
        yield f"firmware: GPIO {gpio} is used twice: {names}"
    for name in design.pins.keys() ^ pinmap.FUNCTIONS.keys():
        yield f"pinmap: {name} stands in firmware or pinmap alone"
    for name, gpio in design.pins.items():
        words = pinmap.FUNCTIONS.get(name, name)
        held = [row["gpio"] for row in rows if row["function"].startswith(words)]
        if held != [gpio]:
            yield f"{name}: GPIO {gpio} in the firmware, {held} in gun.toml ({words})"


def pico_nets(design: Design) -> Iterator[str]:
    """The Pico's pins in the schematic are on nets of the firmware's names."""
    (pico,) = design.of(PICO)
    names = {f"GP{gpio}": name for name, gpio in design.pins.items()}
    for pin in pico.pins:
        if pin.name.startswith("GP") and pin.net != names.get(pin.name, ""):
            wanted = names.get(pin.name, "no net")
            yield f"schematic: {pin.name} of the Pico is on {pin.net or 'no net'}, not {wanted}"
    there = {pin.name for pin in pico.pins}
    for name in sorted(set(names) - there):
        yield f"schematic: {names[name]} has no pin: the Pico has no {name}"


def register_lines(design: Design) -> Iterator[str]:
    """The registers' lines: gun.toml, firmware and schematic agree on each bit."""
    rows = design.gun["register_lines"]
    for side, bit in twice((row["side"], row["bit"]) for row in rows):
        yield f"gun.toml: bit {bit} of the registers ({side}) is used twice"
    for side, key, prefix in (("in", INPUTS, ""), ("out", OUTPUTS, "Q")):
        (chip,) = design.of(key)
        nets = {pin.name: pin.net for pin in chip.pins}
        for name, bit in design.lines[side].items():
            words = pinmap.LINES[side][name]
            told = [
                row["bit"] for row in rows
                if row["side"] == side and row["function"].startswith(words)
            ]  # fmt: skip
            if told != [bit]:
                yield f"{name}: bit {bit} in the firmware, {told} in gun.toml ({side})"
            net = nets.get(f"{prefix}{chr(ord('A') + bit)}")
            if net != name:
                yield f"schematic: bit {bit} of {chip.ref} is on {net or 'no net'}, not {name}"


def found_pins(design: Design) -> tuple[list[str], list[str]]:
    """Names of pins and lines that firmware, schematic and wiring lead to the part that gun.toml
    names, and faults for the others."""
    found, faults = [], []
    lines = [(row["function"], row["with"], f"GP{row['gpio']}", PICO) for row in design.gun["pins"]]
    for row in design.gun["register_lines"]:
        chip, prefix = (INPUTS, "") if row["side"] == "in" else (OUTPUTS, "Q")
        if row["function"] != "spare":
            lines.append(
                (row["function"], row["with"], f"{prefix}{chr(ord('A') + row['bit'])}", chip)
            )
    named = {**pinmap.FUNCTIONS, **pinmap.LINES["in"], **pinmap.LINES["out"]}
    for function, wanted, pin, key in lines:
        name = next((name for name, words in named.items() if function.startswith(words)), "")
        (chip,) = design.of(key)
        net = next((one.net for one in chip.pins if one.name == pin), "")
        if net != name or not net:
            faults.append(f"{function}: {pin} of {chip.ref} is on {net or 'no net'}, not {name}")
            continue
        refs, _ = design.reached((BOX, net))
        keys = {part.key.split(".")[0] for part in design.parts if part.ref in refs}
        if wanted in keys:
            found.append(name)
        else:
            faults.append(f"{function}: {net} leads to no {wanted}, over wires and parts")
    return found, faults


def leads_on(design: Design) -> Iterator[str]:
    """Every pin and line leads to its part."""
    yield from found_pins(design)[1]


def pio(design: Design) -> Iterator[str]:
    """State machines, instruction slots, flags and DMA channels are used once and are there."""
    told = design.resources
    parts = [*told.PULSES, *told.COUNTS, *told.STEPS]
    block, machine, words, _ = told.DRIVER_UART
    machines = [part[:2] for part in parts] + [(block, machine)]
    for at in twice(machines):
        yield f"PIO block {at[0]}: state machine {at[1]} is used twice"
    slots = [
        (block, first + place) for block, first, program in told.PROGRAMS
        for place in range(len(program))
    ]  # fmt: skip
    # MicroPython loads a program from the last slot downwards.
    slots += [(block, _SLOTS - 1 - place) for place in range(words)]
    for at in twice(slots):
        yield f"PIO block {at[0]}: instruction slot {at[1]} is used twice"
    flags = [*range(told.MARKS), *told.GO]
    for flag in twice(flags):
        yield f"PIO block 0: flag (IRQ) {flag} is used twice"
    channels = [part[2] for part in parts]
    for channel in twice(channels):
        yield f"DMA channel {channel} is used twice"
    for name, values, count in (
        ("state machine", [one for _, one in machines], _MACHINES),
        ("instruction slot", [one for _, one in slots], _SLOTS),
        ("flag (IRQ)", flags, _FLAGS),
        ("DMA channel", channels, _CHANNELS),
    ):
        for value in sorted({one for one in values if not 0 <= one < count}):
            yield f"there is no {name} {value}: 0 to {count - 1}"
    if min(channels) < _SPI_CHANNELS:
        yield f"DMA channel {min(channels)} is machine.SPI's"


def pwm(design: Design) -> Iterator[str]:
    """No two users of PWM share a slice, which has one frequency: a user is a pin of gun.toml that
    says "(PWM"."""
    users = [row for row in design.gun["pins"] if "(PWM" in row["function"]]
    for at in twice(row["gpio"] >> 1 & 7 for row in users):
        told = " and ".join(row["function"] for row in users if row["gpio"] >> 1 & 7 == at)
        yield f"PWM slice {at} is used twice: {told}"


def _keys(design: Design) -> dict[str, int]:
    """How many of each key schematic and wiring need."""
    needed = Counter(part.key for part in design.parts)
    needed.update(key for part in design.parts for key in part.extras)
    needed.update(set(design.wiring.keys.values()) - set(needed))
    return needed


def _named(found: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Keys and parts of gun.toml's tables that name one."""
    if isinstance(found, dict):
        if "part" in found:
            yield ".".join(path), found["part"]
        for name, value in found.items():
            yield from _named(value, (*path, name))
    elif isinstance(found, list):
        for value in found:
            yield from _named(value, path)


# Single-use lines that no table names.
_WITH_A_PATIENT = ("needles", "sleeve")


def parts_list(design: Design) -> Iterator[str]:
    """Every part named anywhere has a line of the parts list, in its number; no line is unused."""
    lines = {line.key: line for line in design.bom}
    needed = _keys(design)
    for key, count in needed.items():
        if key not in lines:
            where = next((part.ref for part in design.parts if part.key == key), "wiring")
            yield f"bom.csv has no line for {key} ({where})"
        elif lines[key].quantity != count:
            yield f"bom.csv: {lines[key].quantity} of {key}, {count} are used"
    told = dict(_named(design.gun))
    for key, part in told.items():
        held = [line for line in design.bom if line.key == key or line.key.startswith(f"{key}.")]
        if not held:
            yield f"bom.csv has no line for {key} of gun.toml ({part})"
        for line in held:
            if line.number not in part:
                yield f"bom.csv: {line.key} is {line.number}, in gun.toml it is {part}"
    used = {*needed, *told, *_WITH_A_PATIENT, *(f"{key}.{side}" for key in told
                                                for side in ("in", "out"))}  # fmt: skip
    for line in design.bom:
        if line.key not in used and line.file == bom.FILES[0].name:
            yield f"bom.csv: nothing uses {line.key}"


def wires(design: Design) -> Iterator[str]:
    """Every wire goes from pin to pin of one net, every connector's pin has a wire, and connectors
    are the schematic's."""
    wiring = design.wiring
    for ref, pins in wiring.connectors.items():
        part = design.part(ref)
        if part is None:
            yield f"wiring.yml: {ref} is not in the schematic"
            continue
        if wiring.keys[ref] != part.key:
            yield f"wiring.yml: {ref} is {wiring.keys[ref]}, in the schematic {part.key}"
        real = {pin.number: pin.name for pin in part.pins if pin.net}
        for number in sorted(pins.keys() ^ real.keys()):
            where = "the schematic" if number in pins else "the wiring"
            yield f"wiring.yml: pin {number} of {ref} is not in {where}"
        for number in pins.keys() & real.keys():
            if pins[number] not in (real[number], number):
                yield f"wiring.yml: pin {number} of {ref} is {pins[number]}, not {real[number]}"
    for wire in wiring.wires:
        name = f"wire {wire.core} of {wire.cable}"
        nets = {design.net(end.ref, end.pin) for end in wire.ends}
        for end in wire.ends:
            if design.net(end.ref, end.pin) is None:
                yield f"wiring.yml: {name} ends at {end.ref}, pin {end.pin}, which has no net"
        if len(wire.ends) < 2 and wire.core != "s":
            yield f"wiring.yml: {name} has one end only"
        if len({net for place_net in nets if place_net for net in place_net[1:]}) > 1:
            told = " and ".join(sorted(place_net[1] for place_net in nets if place_net))
            yield f"wiring.yml: {name} joins {told}"
        if wire.core != "s" and not 1 <= int(wire.core) <= wiring.cores.get(wire.cable, 0):
            yield f"wiring.yml: {wire.cable} has no wire {wire.core}"
    for cable, core in twice((wire.cable, wire.core) for wire in wiring.wires):
        yield f"wiring.yml: wire {core} of {cable} is used twice"
    ends = [end for wire in wiring.wires for end in wire.ends]
    for end in twice(ends):
        yield f"wiring.yml: pin {end.pin} of {end.ref} has two wires"
    for part in design.parts:
        if part.shape == "connector" or part.ref in wiring.connectors:
            for pin in part.pins:
                if pin.net and all((end.ref, end.pin) != (part.ref, pin.number) for end in ends):
                    yield f"wiring.yml: no wire at {part.ref}, pin {pin.number} ({pin.name})"


CHECKS: tuple[Callable[[Design], Iterator[str]], ...] = (
    pin_map, pico_nets, register_lines, leads_on, pio, pwm, parts_list, wires,
    *electrical.CHECKS,
)  # fmt: skip


def faults(design: Design) -> list[str]:
    """All that is wrong with a design."""
    return [fault for check in CHECKS for fault in check(design)]


def main() -> int:
    """Print what is wrong; 1 where something is."""
    found = faults(load())
    print("\n".join(found) or "gun.toml, firmware, schematic, wiring and parts list agree")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
