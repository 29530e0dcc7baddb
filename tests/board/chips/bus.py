"""A clock and a data line out that several chips share, each with a data line of its own back."""

FLOATING = 0xFF


class Bus:
    """`chips` have `shift(byte)`: eight clocks, a byte in, a byte back, None where the chip drives
    nothing."""

    def __init__(self, chips):
        self.chips = chips

    def shift(self, byte, heard):
        """Eight clocks; what the chip `heard` drives, FLOATING where it does not."""
        told = FLOATING
        for chip in self.chips:
            back = chip.shift(byte)
            if chip is heard and back is not None:
                told = back
        return told


class Spi:
    """What `machine.SPI` is on this bus; its data line back is that of the chip `heard`."""

    def __init__(self, bus, heard):
        self._bus = bus
        self.heard = heard

    def write(self, data):
        for byte in data:
            self._bus.shift(byte, self.heard)

    def readinto(self, buffer, byte=0):
        for place in range(len(buffer)):
            buffer[place] = self._bus.shift(byte, self.heard)

    def write_readinto(self, data, buffer):
        assert len(data) == len(buffer)
        for place in range(len(data)):
            buffer[place] = self._bus.shift(data[place], self.heard)
