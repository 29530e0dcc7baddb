"""What the plant does to the chip's pins: contacts, voltages, counts; nothing of the firmware's.

Parts as in hardware/gun.toml: contacts to ground below pull-ups, the stop's contact closed until it
is pressed; a force cell of 0.5 to 4.5 V for 0 to 50 N over a divider to two thirds; the supply over
a divider to an eleventh; an NTC of 10 kΩ (B 3977 K) to ground below 10 kΩ. The ADC has 12 bits of
3.3 V.
"""

import copy
import math
import tomllib
from dataclasses import dataclass, field
from typing import Any

from mesofw.core.door import CARRIAGE, PART_DISPLAY, PART_DRIVER, PART_JOURNAL, Inputs
from mesosim import senses
from mesosim.plant import Plant
from tests.whole_chip.disk import ROOT

_PINS = {
    row["function"]: row["gpio"]
    for row in tomllib.loads((ROOT / "hardware" / "gun.toml").read_text(encoding="utf-8"))["pins"]
}
TRIGGER, CONTACT, STOP = (_PINS[name] for name in ("trigger", "skin contact", "e-stop sense"))
FORCE, SUPPLY, TEMPERATURE = 0, 1, 2
# Lines of the 74HC165 by what closes them.
_LINES = ("carriage_home", "plunger_home", "seated", "pedal", "", "", "press")
_KNOB_A, _KNOB_B = 1 << 4, 1 << 5
# A detent takes the knob through these, clockwise; each holds for a while.
_CLOCKWISE = (_KNOB_A, _KNOB_A | _KNOB_B, _KNOB_B, 0)
_QUARTER_US = 5_000
_FULL, _REFERENCE_V = 4_095, 3.3
_KELVIN = 273.15


def force_raw(force_mn: float) -> int:
    """The ADC's reading of a force. The cell feels no pull (estimate)."""
    return _raw((0.5 + 4.0 * max(0.0, force_mn) / 50_000) * 2 / 3)


def supply_raw(supply_mv: float) -> int:
    """The ADC's reading of a supply."""
    return _raw(supply_mv / 1000 / 11)


def temperature_raw(temperature_dc: float) -> int:
    """The ADC's reading of a temperature."""
    ohm = 10_000 * math.exp(3977 * (1 / (temperature_dc / 10 + _KELVIN) - 1 / (25 + _KELVIN)))
    return round(_FULL * ohm / (ohm + 10_000))


def _raw(volts: float) -> int:
    return min(_FULL, max(0, round(volts / _REFERENCE_V * _FULL)))


@dataclass
class Broken:
    """What is broken on the board, beside what the plant has of it: drivers that are unplugged, the
    fuse of the motors' supply (behind where the supply is measured), journal memory, display."""

    silent: list[bool] = field(default_factory=lambda: [False, False])
    fuse: bool = False
    fram: bool = False
    display: bool = False


class Levels:
    """The inputs of the emulated chip for a plant; `changed` gives what is new of them."""

    def __init__(self, plant: Plant, broken: Broken):
        self._plant = plant
        self._broken = broken
        self._told: dict[str, Any] = {}
        self._turns = plant.turns
        self._knob: list[int] = []
        self._knob_us = 0
        self._base: tuple[int, ...] = self._seen(plant.now_us)

    def forget(self) -> None:
        """The chip knows nothing any more: tell it all."""
        self._told = {}

    def changed(self) -> dict[str, Any]:
        """The inputs that are not as they were told, as the emulator takes them."""
        now = self._now()
        new = {name: value for name, value in now.items() if self._told.get(name) != value}
        self._told = now
        return new

    def counts(self, at_us: int) -> list[int]:
        """Both encoders' counts at a time to come, if nothing happens until then."""
        return [now - at_start for now, at_start in zip(self._seen(at_us), self._base, strict=True)]

    def _seen(self, at_us: int) -> tuple[int, ...]:
        """What the encoders show at `at_us`: the pulses under way are known ahead."""
        plant = self._plant
        run = plant._run
        steps, lost = list(plant._steps), list(plant._lost)
        if run and at_us > plant.now_us:
            ahead = copy.copy(run)
            ahead.steps, ahead.lost = steps, lost
            ahead.go(at_us, plant._slipped)
        places = [axis.place_um(steps[axis.number] - lost[axis.number]) for axis in plant.axes]
        if plant.returning:
            places[CARRIAGE] = plant.returning.um(at_us)
        return tuple(axis.counts(place) for axis, place in zip(plant.axes, places, strict=True))

    def _now(self) -> dict[str, Any]:
        plant, broken, inputs = self._plant, self._broken, Inputs()
        senses.sample(plant, inputs)
        closed = sum(1 << bit for bit, name in enumerate(_LINES) if name and getattr(inputs, name))
        powered = not (plant.stop or broken.fuse) and plant.supply_mv >= 6_000
        return {
            "pins": {
                TRIGGER: 1 - inputs.trigger,
                CONTACT: 1 - inputs.contact,
                STOP: inputs.stop,
            },
            "lines": ~(closed | self._turned()) & 0xFF,
            "adc": {
                FORCE: force_raw(inputs.force_mn),
                SUPPLY: supply_raw(inputs.supply_mv),
                TEMPERATURE: temperature_raw(inputs.temperature_dc),
            },
            "drivers": {
                axis: {"supply": powered, "silent": silent or bool(plant.faulty & PART_DRIVER)}
                for axis, silent in enumerate(broken.silent)
            },
            "fram_present": not (broken.fram or plant.faulty & PART_JOURNAL),
            "display_present": not (broken.display or plant.faulty & PART_DISPLAY),
        }

    def _turned(self) -> int:
        """The knob's contacts: each detent turned takes its time."""
        plant = self._plant
        while self._turns != plant.turns:
            way = 1 if plant.turns > self._turns else -1
            self._turns += way
            quarters = _CLOCKWISE if way > 0 else (*_CLOCKWISE[2::-1], 0)
            if not self._knob:
                self._knob_us = plant.now_us
                self._knob = [0]
            self._knob += quarters
        while len(self._knob) > 1 and plant.now_us - self._knob_us >= _QUARTER_US:
            self._knob_us += _QUARTER_US
            self._knob.pop(0)
        if len(self._knob) == 1:
            self._knob = []
        return self._knob[0] if self._knob else 0
