"""gun.toml, firmware, schematic, wiring and parts list agree, and whatever does not is named."""

import copy
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from hardware import consistency, design, wiring
from hardware.design import Design
from hardware.electronics.model import Part, connector, resistor
from hardware.wiring import End, Wire

SOUND = design.load()


def test_the_design_is_sound():
    assert consistency.faults(SOUND) == []


def test_every_pin_of_the_map_is_found():
    found, faults = consistency.found_pins(SOUND)
    assert not faults
    lines = [row for row in SOUND.gun["register_lines"] if row["function"] != "spare"]
    assert len(found) == len(set(found)) == len(SOUND.gun["pins"]) + len(lines) == 38


def gun(**rows: Any) -> Callable[[Design], Design]:
    """Rows of gun.toml with changes: "pins" or "register_lines" → {place: changes}."""

    def seed(sound: Design) -> Design:
        raw = copy.deepcopy(sound.gun)
        for table, changes in rows.items():
            for place, change in changes.items():
                raw[table][place] |= change
        return replace(sound, gun=raw)

    return seed


def told(**changes: Any) -> Callable[[Design], Design]:
    """The firmware's table of resources with changes."""

    def seed(sound: Design) -> Design:
        held = {name: getattr(sound.resources, name) for name in dir(sound.resources)}
        return replace(sound, resources=SimpleNamespace(**{**held, **changes}))

    return seed


def part(ref: str, **changes: Any) -> Callable[[Design], Design]:
    """A part of the schematic with changes."""

    def seed(sound: Design) -> Design:
        assert sound.part(ref)
        parts = tuple(replace(one, **changes) if one.ref == ref else one for one in sound.parts)
        return replace(sound, parts=parts)

    return seed


def net(ref: str, pin: str, on: str) -> Callable[[Design], Design]:
    """A pin of a part on another net."""

    def seed(sound: Design) -> Design:
        held = sound.part(ref)
        assert held
        pins = tuple(replace(one, net=on) if one.name == pin else one for one in held.pins)
        assert pins != held.pins
        return part(ref, pins=pins)(sound)

    return seed


def without(ref: str) -> Callable[[Design], Design]:
    """The schematic without a part."""
    return lambda sound: replace(
        sound, parts=tuple(one for one in sound.parts if one.ref != ref)
    )  # fmt: skip


def beside(*more: Part) -> Callable[[Design], Design]:
    """The schematic with more parts."""
    return lambda sound: replace(sound, parts=(*sound.parts, *more))


def bom(name: str, **changes: Any) -> Callable[[Design], Design]:
    """A line of the parts list with changes; none leaves it out."""

    def seed(sound: Design) -> Design:
        assert any(line.key == name for line in sound.bom)
        lines = [
            replace(line, **changes) if line.key == name else line
            for line in sound.bom if changes or line.key != name
        ]  # fmt: skip
        return replace(sound, bom=tuple(lines))

    return seed


def wire(cable: str, core: str, *ends: End) -> Callable[[Design], Design]:
    """A wire with other ends."""

    def seed(sound: Design) -> Design:
        wires = tuple(
            Wire(cable, core, ends) if (one.cable, one.core) == (cable, core) else one
            for one in sound.wiring.wires
        )
        assert wires != sound.wiring.wires
        return replace(sound, wiring=replace(sound.wiring, wires=wires))

    return seed


def unwired(cable: str, core: str) -> Callable[[Design], Design]:
    """The wiring without a wire."""

    def seed(sound: Design) -> Design:
        wires = [one for one in sound.wiring.wires if (one.cable, one.core) != (cable, core)]
        return replace(sound, wiring=replace(sound.wiring, wires=tuple(wires)))

    return seed


R = SOUND.resources
SEEDS = {
    "a pin used twice in gun.toml": (
        gun(pins={3: {"gpio": 2}}), "GPIO 2 is used twice: shift registers: latch and trigger"),
    "a pin used twice in the firmware": (
        lambda sound: replace(sound, pins={**sound.pins, "TRIGGER": 2}),
        "firmware: GPIO 2 is used twice: REGISTERS_LATCH and TRIGGER"),
    **{
        f"the Pico's own pin {gpio}": (
            gun(pins={3: {"gpio": gpio}}), f"GPIO {gpio} (trigger) is the Pico's own")
        for gpio in (23, 24, 25, 29)
    },
    "firmware and gun.toml exchange two pins": (
        lambda sound: replace(sound, pins={**sound.pins, "CONTACT": 22, "STOP": 21}),
        "CONTACT: GPIO 22 in the firmware, [21] in gun.toml"),
    "the schematic exchanges two pins": (
        net("U1", "GP21", "STOP"), "GP21 of the Pico is on STOP, not CONTACT"),
    "a pin that leads nowhere": (
        without("R61"), "skin contact: CONTACT leads to no contact"),
    "an output of the registers on another bit": (
        net("U102", "QE", "BLUE"), "bit 4 of U102 is on BLUE, not PLUNGER_OFF"),
    "an input of the registers without its part": (
        without("Q81"), "carriage home: CARRIAGE_HOME leads to no home"),
    "a register's bit used twice": (
        gun(register_lines={1: {"bit": 0}}), "bit 0 of the registers (in) is used twice"),
    "a state machine used twice": (
        told(DRIVER_UART=(0, 1, 14, 15)), "PIO block 0: state machine 1 is used twice"),
    "a state machine that is not there": (
        told(DRIVER_UART=(0, 4, 14, 15)), "there is no state machine 4"),
    "instruction memory used twice": (
        told(DRIVER_UART=(1, 3, 14, 15)), "PIO block 1: instruction slot 21 is used twice"),
    "instruction memory that is not there": (
        told(PROGRAMS=(*R.PROGRAMS[:2], (1, 28, R.COUNTER[2]))), "there is no instruction slot 32"),
    "a flag used twice": (told(MARKS=7), "flag (IRQ) 6 is used twice"),
    "a DMA channel used twice": (
        told(COUNTS=((1, 0, 7, (10, 11)), R.COUNTS[1])), "DMA channel 7 is used twice"),
    "a DMA channel of machine.SPI": (
        told(COUNTS=((1, 0, 1, (10, 11)), R.COUNTS[1])), "DMA channel 1 is machine.SPI's"),
    "two users of one PWM channel": (
        gun(pins={3: {"function": "tone (PWM)"}, 19: {"function": "lamp (PWM)"}}),
        "PWM slice 1 is used twice: tone (PWM) and lamp (PWM)"),
    "two users of one PWM slice": (
        gun(pins={2: {"function": "tone (PWM)"}, 3: {"function": "lamp (PWM)"}}),
        "PWM slice 1 is used twice: tone (PWM) and lamp (PWM)"),
    "a part of gun.toml without a line": (bom("thermistor"), "no line for thermistor"),
    "a passive part without a line": (bom("c_470p"), "no line for c_470p (C40)"),
    "a cable without a line": (bom("cable_motor"), "no line for cable_motor (wiring)"),
    "a part that another needs without a line": (bom("fuse_holder"), "no line for fuse_holder"),
    "fewer parts than are used": (bom("tvs", quantity=3), "3 of tvs, 4 are used"),
    "another number than gun.toml's": (bom("fram", number="FM25"), "fram is FM25, in gun.toml"),
    "a line that nothing uses": (bom("sleeve", key="relay"), "nothing uses relay"),
    "a wire at a pin that is not there": (
        wire("W5", "3", End("J5", "5"), End("S1", "21")), "ends at J5, pin 5, which has no net"),
    "a wire with one end": (
        wire("W5", "3", End("J5", "3")), "wire 3 of W5 has one end only"),
    "a wire to the wrong pin": (
        wire("W5", "3", End("J5", "3"), End("S1", "11")), "joins STOP_LINE and V24_STOP"),
    "a pin with two wires": (
        wire("W5", "4", End("J5", "3"), End("S1", "21")), "pin 3 of J5 has two wires"),
    "a pin without a wire": (
        unwired("W3", "11"), "no wire at J3, pin 14 (TRIGGER_LINE)"),
    "a wire that the cable has not": (
        lambda sound: replace(sound, wiring=replace(
            sound.wiring, cores={**sound.wiring.cores, "W3": 17})), "W3 has no wire 18"),
    "a connector that is not in the schematic": (
        without("DS1"), "wiring.yml: DS1 is not in the schematic"),
    "a label that is another pin's": (
        lambda sound: replace(sound, wiring=replace(sound.wiring, connectors={
            **sound.wiring.connectors, "J4": {"1": "GND", "2": "PEDAL_LINE"}})),
        "pin 1 of J4 is GND, not PEDAL_LINE"),
    "a plug that goes in both ways round": (
        part("J4", keyed=False), "J4 (GX16-2) is not keyed"),
    "two plugs that could be exchanged": (
        part("J4", mates="GX16-4"), "J5 and J4 could be exchanged: all are GX16-4"),
    "a line that leaves the box unprotected": (
        net("U41", "IO1", ""), "TRIGGER_LINE leaves the box at J3 without protection"),
    "a motor's line unprotected": (
        without("C42"), "CARRIAGE_B1 leaves the box at J2 without protection"),
    "the supply unprotected": (
        without("TV1"), "V24_DC leaves the box at J1 without protection"),
    "the force cell straight on the ADC": (
        part("R70", value="1k"), "FORCE gets 4.29 V from FORCE_LINE, the ADC takes 3.3 V"),
    "another divider than the firmware's": (
        part("R1", value="120k"), "SUPPLY is divided by 13, in analog.py by 11"),
    "no divider": (without("R2"), "SUPPLY has no divider between V24 and GND"),
    "a way around the stop": (
        beside(resistor("R999", "0R", "V24_STOP", "V24_BACK")),
        "VMOT is fed from V24 beside the stop's contact"),
    "a wire around the stop": (
        wire("W5", "2", End("J5", "2"), End("S1", "11")),
        "VMOT is fed from V24 beside the stop's contact"),
    "a stop that is not sensed": (
        net("S1", "22", ""), "STOP leads to no contact of the stop that closes it to ground"),
    "no supply for the motors": (without("F2"), "VMOT is not fed from V24"),
    "a driver that is on by chance": (
        without("R30"), "CARRIAGE_ENABLE has no resistor to V3V3"),
    "a plunger that lets go by chance": (without("R31"), "PLUNGER_OFF has no resistor to GND"),
    "a contact without its pull": (without("R51"), "CONTACT_LINE has no resistor to V3V3"),
    "a fuse too small": (part("F2", value="T 0.5 A"), "F2 is rated 0.5 A for a load of 0.82 A"),
    "a fuse too large": (part("F1", value="T 6.3 A"), "F1 is rated 6.3 A for a load of 0.89 A"),
}  # fmt: skip


@pytest.mark.parametrize(("seed", "named"), SEEDS.values(), ids=SEEDS)
def test_a_fault_is_found_and_named(seed: Callable[[Design], Design], named: str):
    found = consistency.faults(seed(SOUND))
    assert any(named in fault for fault in found), found


def test_a_connector_nobody_wired_is_found():
    more = connector("J9", "conn_stop", "GX20-2", "V5 GND")
    found = consistency.faults(beside(more)(SOUND))
    assert "wiring.yml: no wire at J9, pin 1 (V5)" in found


def test_the_wiring_file_must_pair_pins_and_wires(tmp_path):
    path = tmp_path / "wiring.yml"
    text = wiring.FILE.read_text(encoding="utf-8")
    row = "[{J4: [1-2]}, {W4: [1-2]}, {S2: [1-2]}]"
    assert row in text
    path.write_text(text.replace(row, row.replace("{W4: [1-2]}", "{W4: [1-3]}")), encoding="utf-8")
    with pytest.raises(ValueError, match="not as many pins as wires"):
        wiring.read(path)
