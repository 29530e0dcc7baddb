"""One SPI for the journal memory and the slow lines, whose data lines in are two pins.

Either pin can be the block's input, one at a time: whichever has the function is heard (RP2040 data
sheet, 2.19.2). The slow lines have it for the length of their exchange only.
"""

from mesofw.board import pins, registers

# Below what either can do at 3.3 V with a cable as short as a hand (estimate).
_BUS_HZ = 10_000_000
_SPI, _NOTHING = 1, 31


class SharedSpi:
    """`spi` is the bus; it hears the journal memory unless told otherwise."""

    def __init__(self, chip, machine):
        pin = machine.Pin
        self.spi = machine.SPI(
            0,
            baudrate=_BUS_HZ,
            sck=pin(pins.FRAM_SCK),
            mosi=pin(pins.FRAM_MOSI),
            miso=pin(pins.FRAM_MISO),
        )
        pin(pins.REGISTERS_IN, pin.IN)
        self._memory = registers.function(chip, pins.FRAM_MISO)
        self._lines = registers.function(chip, pins.REGISTERS_IN)
        self.hear_lines(False)

    def hear_lines(self, on: bool) -> None:
        """Hear the slow lines, or the journal memory again."""
        # Never both: they would be heard as one.
        if on:
            self._memory[0] = _NOTHING
            self._lines[0] = _SPI
        else:
            self._lines[0] = _NOTHING
            self._memory[0] = _SPI
