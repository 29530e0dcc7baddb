"""What comes from handpiece and pedal into the box: encoders, force cell, contacts, temperature.

A contact closes its line to ground; open, and so a broken wire, reads high.
"""

from hardware.electronics.model import (
    DESK,
    Sheet,
    box,
    capacitor,
    connector,
    resistor,
    two,
)  # fmt: skip

_CONTACTS = ("TRIGGER", "CONTACT", "SEATED", "CARRIAGE_HOME", "PLUNGER_HOME", "PEDAL")
_TRACKS = ("CARRIAGE_A", "CARRIAGE_B", "PLUNGER_A", "PLUNGER_B")
LIGHTS = ("LIGHT_RED", "LIGHT_GREEN", "LIGHT_BLUE")


def _guard(ref: str, lines: tuple[str, ...], supply: str = "-"):
    """An array of suppressors on four lines, and on a supply. Where lines have pull-ups its own
    supply is left open: on USB alone the handpiece has none, and would pull them down."""
    nets = (*lines, "-")[:4]
    does = ["nc" if net == "-" else "pas" for net in (*nets, supply)]
    return box(ref, "esd_array", "SRV05-4", f"""
        1 IO1 {does[0]} {nets[0]}
        3 IO2 {does[1]} {nets[1]}
        2 GND pwr GND
        |
        4 IO3 {does[2]} {nets[2]}
        6 IO4 {does[3]} {nets[3]}
        5 VCC {does[4]} {supply}
    """, protects=True)  # fmt: skip


PARTS = (
    two("F40", "polyfuse", "0.5 A", "V5", "V5_H", "polyfuse"),
    capacitor("C40H", "10u", "V5_H"),
    connector("J3", "conn_sense", "D-sub 25", " ".join((
        "V5_H V5_H GND GND FORCE_LINE FORCE_GND - -",
        "CARRIAGE_A_LINE CARRIAGE_B_LINE PLUNGER_A_LINE PLUNGER_B_LINE -",
        "TRIGGER_LINE CONTACT_LINE SEATED_LINE CARRIAGE_HOME_LINE PLUNGER_HOME_LINE -",
        "LIGHT_RED LIGHT_GREEN LIGHT_BLUE - - -",
    )), shell=True),
    connector("J4", "conn_pedal", "GX16-2", "PEDAL_LINE GND"),
    box("S2", "pedal", "foot switch", """
        1 NO pas PEDAL_LINE
        2 COM pas GND
        |
    """, place=DESK),
    _guard("U40", ("CARRIAGE_A_LINE", "CARRIAGE_B_LINE", "PLUNGER_A_LINE", "PLUNGER_B_LINE")),
    _guard("U41", ("TRIGGER_LINE", "CONTACT_LINE", "SEATED_LINE", "CARRIAGE_HOME_LINE")),
    _guard("U42", ("PLUNGER_HOME_LINE", "FORCE_LINE", "PEDAL_LINE", "STOP_LINE")),
    _guard("U43", LIGHTS, "V5_H"),
    *(resistor(f"R{40 + place}", "220R", f"{name}_LINE", name)
      for place, name in enumerate(_TRACKS)),
    *(capacitor(f"C{50 + place}", "1n", name) for place, name in enumerate(_TRACKS)),
    *(resistor(f"R{50 + place}", "4k7", f"{name}_LINE", "V3V3")
      for place, name in enumerate(_CONTACTS)),
    *(resistor(f"R{60 + place}", "1k", f"{name}_LINE", name)
      for place, name in enumerate(_CONTACTS)),
    *(capacitor(f"C{60 + place}", "10n", name) for place, name in enumerate(_CONTACTS)),
    # Two thirds of the cell's 0.5 to 4.5 V; its ground comes back on a wire of its own.
    resistor("R70", "10k", "FORCE_LINE", "FORCE"),
    resistor("R71", "20k", "FORCE", "GND"),
    capacitor("C70", "10n", "FORCE"),
    resistor("R72", "0R", "FORCE_GND", "GND"),
    # Beside the drivers.
    resistor("R73", "10k", "V3V3", "TEMPERATURE"),
    two("RT2", "thermistor", "10k NTC", "TEMPERATURE", "GND", "ntc"),
    capacitor("C71", "100n", "TEMPERATURE"),
)  # fmt: skip

SHEET = Sheet(
    "sensors",
    "Sensors, in the box",
    PARTS,
    (
        *((f"{name}_LINE", f"R{60 + place}") for place, name in enumerate(_CONTACTS)),
        *((f"{name}_LINE", f"R{40 + place}") for place, name in enumerate(_TRACKS)),
        ("FORCE_LINE", "R70"),
        ("V3V3", "R73"),
        ("V5", "F40"),
        ("FORCE_GND", "R72"),
    ),
    ("S2:1-2",),
)
