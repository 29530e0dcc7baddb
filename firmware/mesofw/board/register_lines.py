"""The slow lines: an SN74HC165 (inputs) and an SN74HC595 (outputs) behind one latch.

Clock and data out are those of the journal memory's bus, so the 595 has whatever went over the bus
last. A falling edge of the latch takes the inputs in, its rising edge puts out what was shifted: so
the outputs are shifted first, then latched, and the same again brings the inputs. (SN74HC165,
SN74HC595 data sheets; lines as in hardware/gun.toml.)
"""

# Inputs, low where the contact is closed or the light barrier is dark; high where a wire is broken.
CARRIAGE_HOME = 1 << 0
PLUNGER_HOME = 1 << 1
SEATED = 1 << 2
PEDAL = 1 << 3
KNOB_A = 1 << 4
KNOB_B = 1 << 5
KNOB_PRESS = 1 << 6

# Outputs, high for on; the plunger's driver is off while its line is high.
RED = 1 << 0
GREEN = 1 << 1
BLUE = 1 << 2
SOUNDER = 1 << 3
PLUNGER_OFF = 1 << 4


class RegisterLines:
    """`inputs` are the closed contacts of the last `exchange`, `outputs` what the next puts out."""

    def __init__(self, spi, latch, hear):
        """`hear(on)` has the bus hear these lines, or what it hears else."""
        self._spi = spi
        self._hear = hear
        self._latch = latch
        self._out = bytearray(1)
        self._in = bytearray(1)
        self.inputs = 0
        self.outputs = PLUNGER_OFF
        # As the latch rises for the first time it must not put out what the memory was told last.
        self._out[0] = self.outputs
        spi.write(self._out)
        latch(1)

    def set(self, mask: int, on: bool) -> None:
        """Set or clear outputs; they change with the next `exchange`."""
        self.outputs = self.outputs | mask if on else self.outputs & ~mask

    def exchange(self) -> None:
        """Put the outputs out and take the inputs in, as they are at one moment."""
        self._out[0] = self.outputs
        self._spi.write(self._out)
        self._latch(0)
        self._latch(1)
        self._hear(True)
        self._spi.write_readinto(self._out, self._in)
        self._hear(False)
        # Bit 7 of the register comes first.
        self.inputs = ~self._in[0] & 0xFF
