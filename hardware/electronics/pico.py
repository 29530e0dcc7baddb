"""The Pico, what resets it, and the isolated link."""

from hardware.electronics.model import (
    DESK,
    Sheet,
    box,
    capacitor,
    connector,
    resistor,
    two,
)  # fmt: skip

PARTS = (
    box("U1", "pico", "Raspberry Pi Pico", """
        1 GP0 bi LINK_TX
        2 GP1 bi LINK_RX
        3 GND pwr GND
        4 GP2 bi REGISTERS_LATCH
        5 GP3 bi TRIGGER
        6 GP4 bi DISPLAY_SDA
        7 GP5 bi DISPLAY_SCL
        8 GND pwr GND
        9 GP6 bi CARRIAGE_STEP
        10 GP7 bi CARRIAGE_DIR
        11 GP8 bi PLUNGER_STEP
        12 GP9 bi PLUNGER_DIR
        13 GND pwr GND
        14 GP10 bi CARRIAGE_A
        15 GP11 bi CARRIAGE_B
        16 GP12 bi PLUNGER_A
        17 GP13 bi PLUNGER_B
        18 GND pwr GND
        19 GP14 bi CARRIAGE_ENABLE
        20 GP15 bi DRIVER_UART
        |
        40 VBUS nc -
        39 VSYS pwr VSYS
        38 GND pwr GND
        37 3V3_EN nc -
        36 3V3 src V3V3
        35 VREF pas ADC_VREF
        34 GP28 bi TEMPERATURE
        33 AGND pwr GND
        32 GP27 bi SUPPLY
        31 GP26 bi FORCE
        30 RUN in RUN
        29 GP22 bi STOP
        28 GND pwr GND
        27 GP21 bi CONTACT
        26 GP20 bi REGISTERS_IN
        25 GP19 bi FRAM_MOSI
        24 GP18 bi FRAM_SCK
        23 GND pwr GND
        22 GP17 bi FRAM_CS
        21 GP16 bi FRAM_MISO
    """, extras=("pin_header", "board_box", "enclosure")),
    # The gun's 5 V and the USB's do not feed one another.
    two("D20", "schottky_1a", "1N5819", "V5", "VSYS", "schottky"),
    capacitor("C20", "10u", "VSYS"),
    capacitor("C21", "10u", "ADC_VREF"),
    capacitor("C22", "10u", "V3V3"),
    # Below 3.0 V nothing runs, so nothing is written.
    box("U2", "supervisor", "MCP130-300", """
        2 VDD pwr V3V3
        3 VSS pwr GND
        |
        1 RST oc RUN
    """),
    capacitor("C23", "100n", "V3V3"),
    # The host's cable feeds the far side.
    box("U3", "link", "ADuM1201", """
        1 VDD1 pwr V3V3
        2 VOA out LINK_RX
        3 VIB in LINK_TX
        4 GND1 pwr GND
        |
        8 VDD2 pwr ISO_VCC
        7 VIA in ISO_RX
        6 VOB out ISO_TX
        5 GND2 pwr ISO_GND
    """),
    capacitor("C24", "100n", "V3V3"),
    capacitor("C25", "100n", "ISO_VCC", "ISO_GND"),
    resistor("R20", "220R", "ISO_TX", "ISO_TX_LINE"),
    resistor("R21", "220R", "ISO_RX", "ISO_RX_LINE"),
    resistor("R22", "10k", "ISO_RX", "ISO_VCC"),
    box("U4", "esd_array", "SRV05-4", """
        1 IO1 pas ISO_TX_LINE
        3 IO2 pas ISO_RX_LINE
        2 GND pwr ISO_GND
        |
        4 IO3 nc -
        6 IO4 nc -
        5 VCC pwr ISO_VCC
    """, protects=True),
    connector("J6", "conn_link", "GX12-4", "ISO_VCC ISO_TX_LINE ISO_RX_LINE ISO_GND"),
    box("A1", "link_cable", "USB to UART, 3.3 V", """
        1 3V3 src ISO_VCC
        2 RXD in ISO_TX_LINE
        3 TXD out ISO_RX_LINE
        4 GND pwr ISO_GND
        |
    """, place=DESK),
)  # fmt: skip

SHEET = Sheet(
    "pico",
    "Pico and link",
    PARTS,
    (
        ("V5", "D20"),
        ("V3V3",),
        ("ADC_VREF",),
        ("ISO_TX", "R20"),
        ("ISO_RX", "R21"),
        ("ISO_VCC",),
    ),
)
