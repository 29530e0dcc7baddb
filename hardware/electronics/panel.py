"""Display, knob, light and sounder."""

from hardware.electronics.model import (
    Sheet,
    box,
    capacitor,
    connector,
    resistor,
)  # fmt: skip

_KNOB = ("KNOB_A", "KNOB_B", "KNOB_PRESS")
PANEL = "panel"

PARTS = (
    connector("J7", "conn_display", "JST XH 4", "GND V3V3 DISPLAY_SCL DISPLAY_SDA"),
    box("DS1", "display", "SSD1306, 128 × 64", """
        1 GND pwr GND
        2 VCC pwr V3V3
        3 SCL in DISPLAY_SCL
        4 SDA bi DISPLAY_SDA
        |
    """, place=PANEL),
    resistor("R90", "4k7", "DISPLAY_SCL", "V3V3"),
    resistor("R91", "4k7", "DISPLAY_SDA", "V3V3"),
    connector("J8", "conn_knob", "JST XH 5", "GND KNOB_A_LINE KNOB_B_LINE KNOB_PRESS_LINE GND"),
    box("S5", "knob", "PEC11R", """
        A A pas KNOB_A_LINE
        B B pas KNOB_B_LINE
        C C pas GND
        |
        D D pas KNOB_PRESS_LINE
        E E pas GND
    """, place=PANEL, extras=("knob_cap",)),
    *(resistor(f"R{92 + place}", "10k", f"{name}_LINE", "V3V3")
      for place, name in enumerate(_KNOB)),
    *(resistor(f"R{95 + place}", "1k", f"{name}_LINE", name) for place, name in enumerate(_KNOB)),
    *(capacitor(f"C{90 + place}", "100n", name) for place, name in enumerate(_KNOB)),
    # Its inputs are off while nothing drives them.
    box("U90", "sink", "ULN2003A", """
        1 1B in RED
        2 2B in GREEN
        3 3B in BLUE
        4 4B in SOUNDER
        5 5B in GND
        6 6B in GND
        7 7B in GND
        8 E pwr GND
        |
        16 1C oc RED_LOW
        15 2C oc GREEN_LOW
        14 3C oc BLUE_LOW
        13 4C oc SOUNDER_LOW
        12 5C nc -
        11 6C nc -
        10 7C nc -
        9 COM pas V5
    """, through=tuple((f"{row}B", f"{row}C") for row in range(1, 5))),
    resistor("R98", "150R", "RED_LOW", "LIGHT_RED"),
    resistor("R99", "82R", "GREEN_LOW", "LIGHT_GREEN"),
    resistor("R100", "82R", "BLUE_LOW", "LIGHT_BLUE"),
    box("BZ1", "sounder", "PKB24SPCH3601", """
        1 + pas V5
        2 - pas SOUNDER_LOW
        |
    """),
)  # fmt: skip

SHEET = Sheet(
    "panel",
    "Display, knob, light, sounder",
    PARTS,
    (
        *((f"{name}_LINE", f"R{95 + place}") for place, name in enumerate(_KNOB)),
        ("RED_LOW", "R98"),
        ("GREEN_LOW", "R99"),
        ("BLUE_LOW", "R100"),
        ("DISPLAY_SCL",),
        ("DISPLAY_SDA",),
    ),
)
