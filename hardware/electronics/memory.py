"""Journal memory and slow lines, on one bus.

The 595 has no defined outputs before its first latch, so its outputs are held off until the latch
line is driven high, and again some 10 ms after it no longer is: then the plunger's driver holds,
light and sounder are off.
"""

from hardware.electronics.model import (
    Sheet,
    box,
    capacitor,
    mosfet,
    resistor,
    two,
)  # fmt: skip

PARTS = (
    box("U100", "fram", "MB85RS256B", """
        1 CS in FRAM_CS
        2 SO tri FRAM_MISO
        3 WP in V3V3
        4 VSS pwr GND
        |
        8 VDD pwr V3V3
        7 HOLD in V3V3
        6 SCK in FRAM_SCK
        5 SI in FRAM_MOSI
    """),
    resistor("R101", "10k", "FRAM_CS", "V3V3"),
    capacitor("C100", "100n", "V3V3"),
    box("U101", "registers.in", "SN74HC165", """
        11 A in CARRIAGE_HOME
        12 B in PLUNGER_HOME
        13 C in SEATED
        14 D in PEDAL
        3 E in KNOB_A
        4 F in KNOB_B
        5 G in KNOB_PRESS
        6 H in V3V3
        |
        16 VCC pwr V3V3
        1 SH/LD in REGISTERS_LATCH
        2 CLK in FRAM_SCK
        15 INH in GND
        10 SER in GND
        9 QH out REGISTERS_IN
        7 QHN nc -
        8 GND pwr GND
    """),
    capacitor("C101", "100n", "V3V3"),
    box("U102", "registers.out", "SN74HC595", """
        16 VCC pwr V3V3
        14 SER in FRAM_MOSI
        11 SRCLK in FRAM_SCK
        12 RCLK in REGISTERS_LATCH
        10 SRCLR in V3V3
        13 OE in LINES_OFF
        8 GND pwr GND
        |
        15 QA tri RED
        1 QB tri GREEN
        2 QC tri BLUE
        3 QD tri SOUNDER
        4 QE tri PLUNGER_OFF
        5 QF nc -
        6 QG nc -
        7 QH nc -
        9 QHS nc -
    """),
    capacitor("C102", "100n", "V3V3"),
    resistor("R102", "10k", "REGISTERS_LATCH", "GND"),
    resistor("R103", "1k", "REGISTERS_LATCH", "LATCH_PEAK"),
    two("D100", "diode", "BAT85", "LATCH_PEAK", "LINES_LIVE", "schottky"),
    resistor("R104", "100k", "LINES_LIVE", "GND"),
    capacitor("C103", "100n", "LINES_LIVE"),
    mosfet("Q100", "nmos", "BSS138", "LINES_LIVE", "LINES_OFF", "GND", "nmos"),
    resistor("R105", "10k", "LINES_OFF", "V3V3"),
)  # fmt: skip

SHEET = Sheet(
    "memory",
    "Journal memory and slow lines",
    PARTS,
    (
        ("V3V3",),
        ("FRAM_CS",),
        ("REGISTERS_LATCH", "R103", "D100"),
        ("LINES_OFF",),
    ),
)
