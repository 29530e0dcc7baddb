"""SN74HC165 and SN74HC595 on one bus, SH/LD of the first and RCLK of the second on one line."""


class Hc165:
    """Eight inputs. While the latch is low they are taken in; then bit 7 comes out first."""

    def __init__(self):
        self.pins = 0xFF
        self._held = 0
        self._loading = False

    def latch(self, level):
        """SH/LD: asynchronous, takes in while low."""
        self._held = self.pins
        self._loading = not level

    def shift(self, _byte):
        """Eight clocks; the serial input is at ground."""
        told = self._held
        if not self._loading:
            self._held = 0
        return told


class Hc595:
    """Eight outputs, which change as the latch rises; `seen` is all that they ever were."""

    def __init__(self):
        self.pins = 0
        self.seen = []
        self._held = 0
        self._level = 1

    def latch(self, level):
        """RCLK."""
        if level and not self._level:
            self.pins = self._held
            self.seen.append(self.pins)
        self._level = level

    def shift(self, byte):
        """Eight clocks; nothing reads its serial output."""
        self._held = byte
        return None


class Latch:
    """The line that both hang on."""

    def __init__(self, chips):
        self._chips = chips

    def __call__(self, level):
        for chip in self._chips:
            chip.latch(level)
