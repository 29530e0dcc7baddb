"""The handpiece's little board, and what is soldered to it.

A light barrier that goes dark pulls its line down, as a closed contact does. The lamps of foot and
carriage's home are in series: one that fails is seen at homing.
"""

from hardware.electronics.model import (
    HANDPIECE,
    Part,
    Sheet,
    box,
    capacitor,
    connector,
    mosfet,
    resistor,
)  # fmt: skip


def _encoder(ref: str, axis: str) -> Part:
    return box(ref, "encoder", f"MT6701, {axis.lower()}", f"""
        1 VCC pwr V3V3_H
        2 GND pwr GND
        3 MODE in GND
        |
        4 A out {axis}_A_LINE
        5 B out {axis}_B_LINE
        6 Z nc -
        7 OUT nc -
    """, place=HANDPIECE)  # fmt: skip


def _barrier(ref: str, key: str, name: str, anode: str, cathode: str) -> Part:
    return box(ref, key, f"EE-SX1041, {name.lower()}", f"""
        A A pas {anode}
        K K pas {cathode}
        |
        C C pas {name}_LIT
        E E pas GND
    """, place=HANDPIECE)  # fmt: skip


def _switch(ref: str, key: str, name: str) -> Part:
    return box(ref, key, "D2F-01", f"""
        C COM pas GND
        |
        NO NO pas {name}_LINE
        NC NC nc -
    """, place=HANDPIECE)  # fmt: skip


def _dark(ref: str, name: str) -> Part:
    return mosfet(ref, "nmos", "BSS138", f"{name}_LIT", f"{name}_LINE", "GND", "nmos", HANDPIECE)


PARTS = (
    connector("H1", "handpiece_board", "solder pads", " ".join((
        "V5_H V5_H GND GND FORCE_LINE FORCE_GND",
        "CARRIAGE_A_LINE CARRIAGE_B_LINE PLUNGER_A_LINE PLUNGER_B_LINE",
        "TRIGGER_LINE CONTACT_LINE SEATED_LINE CARRIAGE_HOME_LINE PLUNGER_HOME_LINE",
        "LIGHT_RED LIGHT_GREEN LIGHT_BLUE",
    )), place=HANDPIECE),
    box("U20", "ldo_3v3", "MCP1700-3302", """
        2 VIN pwr V5_H
        1 GND pwr GND
        |
        3 VOUT src V3V3_H
    """, place=HANDPIECE),
    capacitor("C80", "10u", "V5_H", place=HANDPIECE),
    capacitor("C81", "10u", "V3V3_H", place=HANDPIECE),
    capacitor("C82", "100n", "V3V3_H", place=HANDPIECE),
    capacitor("C83", "100n", "V3V3_H", place=HANDPIECE),
    _encoder("U21", "CARRIAGE"),
    _encoder("U22", "PLUNGER"),
    box("U23", "force_cell", "FX29, 50 N", """
        1 V+ pwr V5_H
        2 V- pwr FORCE_GND
        |
        3 OUT out FORCE_LINE
    """, place=HANDPIECE),
    _barrier("B1", "contact", "CONTACT", "LAMPS", "LAMPS_2"),
    _barrier("B2", "home", "CARRIAGE_HOME", "LAMPS_2", "GND"),
    _barrier("B3", "home", "PLUNGER_HOME", "LAMP_3", "GND"),
    resistor("R80", "150R", "V5_H", "LAMPS", HANDPIECE),
    resistor("R81", "220R", "V5_H", "LAMP_3", HANDPIECE),
    resistor("R82", "10k", "CONTACT_LIT", "V3V3_H", HANDPIECE),
    resistor("R83", "10k", "CARRIAGE_HOME_LIT", "V3V3_H", HANDPIECE),
    resistor("R84", "10k", "PLUNGER_HOME_LIT", "V3V3_H", HANDPIECE),
    _dark("Q80", "CONTACT"),
    _dark("Q81", "CARRIAGE_HOME"),
    _dark("Q82", "PLUNGER_HOME"),
    _switch("S3", "trigger", "TRIGGER"),
    _switch("S4", "seated", "SEATED"),
    box("LD1", "light", "RGB, common anode", """
        2 A pas V5_H
        |
        1 R pas LIGHT_RED
        4 G pas LIGHT_GREEN
        3 B pas LIGHT_BLUE
    """, place=HANDPIECE),
)  # fmt: skip

SHEET = Sheet(
    "handpiece",
    "Handpiece",
    PARTS,
    (
        ("V5_H", "R80"),
        ("V5_H", "R81"),
        ("V3V3_H",),
        ("CONTACT_LIT",),
        ("CARRIAGE_HOME_LIT",),
        ("PLUNGER_HOME_LIT",),
    ),
)
