"""Supply, emergency stop and what comes behind it.

The stop's contact carries the motors' current itself: a contact with direct opening action parts
even where it has welded, a transistor or a relay's coil adds a way to fail. The logic is fed from
before it, so that the gun records the stop.
"""

from hardware.electronics.model import (
    DESK,
    Sheet,
    box,
    capacitor,
    connector,
    mosfet,
    resistor,
    surge,
    two,
)  # fmt: skip

PARTS = (
    box("G1", "supply", "24 V medical, 2 × MOPP", """
        |
        1 + src V24_DC
        2 - pwr GND
    """, place=DESK, extras=("mains_lead",)),
    connector("J1", "conn_supply", "5.5 × 2.1 mm", "V24_DC GND"),
    two("F1", "fuse_main", "T 1.6 A", "V24_DC", "V24_F", "fuse", extras=("fuse_holder",)),
    surge("TV1", "V24_F"),
    two("D1", "schottky_3a", "SB360", "V24_F", "V24", "schottky"),
    capacitor("C2", "100n", "V24"),
    # The logic's own store, which the motors cannot empty.
    two("D4", "schottky_1a", "1N5819", "V24", "V24_L", "schottky"),
    two("C1", "c_470u_50v", "470µ 50V", "V24_L", "GND", "polar"),
    # Supply over 11 for the ADC.
    resistor("R1", "100k", "V24", "SUPPLY"),
    resistor("R2", "10k", "SUPPLY", "GND"),
    capacitor("C3", "100n", "SUPPLY"),
    box("PS1", "buck_5v", "TSR 1-2450E", """
        1 VIN pwr V24_L
        2 GND pwr GND
        |
        3 VOUT src V5
    """),
    capacitor("C4", "10u", "V24_L"),
    capacitor("C5", "10u", "V5"),
    # The stop: one contact in the motors' supply, one that is sensed.
    two("F2", "fuse_motor", "T 1.25 A", "V24", "V24_STOP", "fuse", extras=("fuse_holder",)),
    surge("TV2", "V24_STOP"),
    connector("J5", "conn_stop", "GX16-4", "V24_STOP V24_BACK STOP_LINE GND"),
    box("S1", "stop", "2 NC, direct opening", """
        11 11 pas V24_STOP
        21 21 pas STOP_LINE
        |
        12 12 pas V24_BACK
        22 22 pas GND
    """, place=DESK, through=(("11", "12"), ("21", "22"))),
    surge("TV3", "V24_BACK"),
    resistor("R3", "4k7", "V24_BACK", "GND"),
    two("RT1", "inrush_ntc", "5R NTC", "V24_BACK", "V24_NTC", "ntc"),
    two("D2", "schottky_3a", "SB360", "V24_NTC", "VMOT", "schottky"),
    surge("TV4", "VMOT"),
    # Empties the motors' supply once the contact is open.
    two("D3", "zener_12v", "12V", "DUMP_GATE", "VMOT", "zener"),
    resistor("R4", "10k", "DUMP_GATE", "V24_BACK"),
    mosfet("Q1", "pmos", "IRF9Z24N", "DUMP_GATE", "DUMP", "VMOT", "pmos"),
    two("R5", "r_47r_10w", "47R 10W", "DUMP", "GND", "resistor"),
    # The sensed contact: closed to ground until the stop is pressed.
    resistor("R6", "4k7", "STOP_LINE", "V3V3"),
    resistor("R7", "1k", "STOP_LINE", "STOP"),
    capacitor("C6", "10n", "STOP"),
)  # fmt: skip

SHEET = Sheet(
    "power",
    "Power and stop",
    PARTS,
    (
        ("V24_DC", "F1", "D1"),
        ("V24", "D4"),
        ("V24", "R1"),
        ("V24", "F2", "S1:11-12", "RT1", "D2"),
        ("V5",),
        ("VMOT", "D3", "R4"),
        ("DUMP",),
        ("STOP_LINE", "R7"),
    ),
    ("S1:11-12", "S1:21-22"),
)
