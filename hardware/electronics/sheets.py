"""All sheets of the schematic, and all parts on them."""

from hardware.electronics import drivers, handpiece, memory, panel, pico, power, sensors

SHEETS = (
    power.SHEET,
    pico.SHEET,
    drivers.SHEET,
    sensors.SHEET,
    handpiece.SHEET,
    panel.SHEET,
    memory.SHEET,
)
PARTS = tuple(part for sheet in SHEETS for part in sheet.parts)
