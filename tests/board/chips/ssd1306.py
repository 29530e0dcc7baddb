"""SSD1306: 128 × 64 pixels on I2C (data sheet: control byte, command table, GDDRAM)."""

ADDRESS = 0x3C
COLUMNS, PAGES = 128, 8
# Commands with arguments, and how many.
ARGUMENTS = {0x20: 1, 0x81: 1, 0x8D: 1, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1}
PAGE_ADDRESSING = 2
ENODEV = 19


class Ssd1306:
    """The controller with its memory. `there` is whether it is plugged in."""

    def __init__(self):
        self.there = True
        self.memory = bytearray(b"\xa5" * (COLUMNS * PAGES))
        self.on = False
        self.pumped = False
        self.addressing = PAGE_ADDRESSING
        self.flipped = [False, False]
        self.sent = 0
        self._page = self._column = 0
        self._waiting = []

    def writeto(self, address, data):
        """What `machine.I2C.writeto` does with this one on the bus."""
        if not self.there or address != ADDRESS:
            raise OSError(ENODEV)
        self.sent += len(data)
        place = 0
        while place < len(data):
            control = data[place]
            only_one = control & 0x80
            is_data = control & 0x40
            assert not control & 0x3F
            end = place + 2 if only_one else len(data)
            for byte in data[place + 1 : end]:
                if is_data:
                    self._data(byte)
                else:
                    self._command(byte)
            place = end

    def picture(self):
        """Rows of pixels as seen with the flat cable above."""
        rows = []
        for y in range(8 * PAGES):
            row = self.memory[COLUMNS * (y >> 3) : COLUMNS * (y >> 3) + COLUMNS]
            rows.append([byte >> (y & 7) & 1 for byte in row])
        return rows

    def _data(self, byte):
        assert self.addressing == PAGE_ADDRESSING
        self.memory[COLUMNS * self._page + self._column] = byte
        self._column = (self._column + 1) % COLUMNS

    def _command(self, byte):
        if self._waiting:
            self._argument(self._waiting.pop(), byte)
        elif byte in ARGUMENTS:
            self._waiting = [byte]
        elif byte < 0x10:
            self._column = self._column & 0x70 | byte
        elif byte < 0x18:
            self._column = self._column & 0x0F | (byte & 7) << 4
        elif 0xB0 <= byte < 0xB8:
            self._page = byte & 7
        elif byte in (0xAE, 0xAF):
            self.on = byte == 0xAF
        elif byte in (0xA0, 0xA1):
            self.flipped[0] = byte == 0xA1
        elif byte in (0xC0, 0xC8):
            self.flipped[1] = byte == 0xC8
        else:
            # Start row 0, memory shown, not inverted.
            assert byte in (0x40, 0xA4, 0xA6), byte

    def _argument(self, command, byte):
        if command == 0x20:
            self.addressing = byte & 3
        elif command == 0x8D:
            self.pumped = byte == 0x14
        elif command == 0xA8:
            assert byte == 63
        elif command == 0xD3:
            assert byte == 0
