"""How the firmware calls what the gun's file says in words: the pins and the registers' lines."""

from mesofw.board import pins, register_lines

# Names of `mesofw.board.pins`, by the beginning of the function that gun.toml tells.
FUNCTIONS = {
    "LINK_TX": "isolated UART TX",
    "LINK_RX": "isolated UART RX",
    "REGISTERS_LATCH": "shift registers: latch",
    "REGISTERS_IN": "shift registers: data in (SPI0)",
    "DISPLAY_SDA": "display SDA (I2C0)",
    "DISPLAY_SCL": "display SCL (I2C0)",
    "CARRIAGE_STEP": "carriage STEP",
    "CARRIAGE_DIR": "carriage DIR",
    "PLUNGER_STEP": "plunger STEP",
    "PLUNGER_DIR": "plunger DIR",
    "CARRIAGE_A": "carriage encoder A",
    "CARRIAGE_B": "carriage encoder B",
    "PLUNGER_A": "plunger encoder A",
    "PLUNGER_B": "plunger encoder B",
    "CARRIAGE_ENABLE": "carriage EN",
    "DRIVER_UART": "driver UART",
    "FRAM_MISO": "FRAM MISO (SPI0)",
    "FRAM_CS": "FRAM CS (SPI0)",
    "FRAM_SCK": "FRAM SCK (SPI0)",
    "FRAM_MOSI": "FRAM MOSI (SPI0)",
    "TRIGGER": "trigger",
    "CONTACT": "skin contact",
    "STOP": "e-stop sense",
    "FORCE": "force (ADC0)",
    "SUPPLY": "supply (ADC1)",
    "TEMPERATURE": "temperature (ADC2)",
}

# Names of `mesofw.board.register_lines`, by side.
LINES = {
    "in": {
        "CARRIAGE_HOME": "carriage home",
        "PLUNGER_HOME": "plunger home",
        "SEATED": "syringe seated",
        "PEDAL": "pedal",
        "KNOB_A": "knob A",
        "KNOB_B": "knob B",
        "KNOB_PRESS": "knob press",
    },
    "out": {
        "RED": "light red",
        "GREEN": "light green",
        "BLUE": "light blue",
        "SOUNDER": "sounder",
        "PLUNGER_OFF": "plunger EN",
    },
}


def firmware_pins() -> dict[str, int]:
    """The GPIO of each name, as the firmware has it."""
    return {name: value for name, value in vars(pins).items() if name.isupper()}


def firmware_lines() -> dict[str, dict[str, int]]:
    """The bit of each name, by side, as the firmware has it."""
    return {
        side: {name: getattr(register_lines, name).bit_length() - 1 for name in names}
        for side, names in LINES.items()
    }
