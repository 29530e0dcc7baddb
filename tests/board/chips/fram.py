"""MB85RS256B: 32 kB of FRAM on SPI (data sheet: opcodes, write-enable latch, device ID)."""

BYTES = 32_768
ID = (0x04, 0x7F, 0x05, 0x09)
WREN, WRDI, RDSR, READ, WRITE, RDID = 0x06, 0x04, 0x05, 0x03, 0x02, 0x9F
WEL = 0x02


class Fram:
    """`budget` is how many bytes are still stored before power goes, -1 for no end; then nothing
    is kept and nothing answers. `there` is whether it is on the board."""

    def __init__(self):
        self.memory = bytearray(BYTES)
        self.there = True
        self.budget = -1
        self._enabled = False
        self._selected = False
        self._count = 0
        self._opcode = 0
        self._at = 0

    def select(self, level):
        """The chip-select pin, low while selected."""
        if level and self._selected and self._count:
            if self._opcode == WREN:
                self._enabled = True
            elif self._opcode in (WRDI, WRITE):
                self._enabled = False
        self._selected = not level
        self._count = 0

    def shift(self, byte):
        """Eight clocks."""
        if not self.there or not self._selected:
            return None
        count = self._count
        self._count += 1
        if count == 0:
            self._opcode = byte
        elif self._opcode == RDID:
            return ID[(count - 1) % len(ID)]
        elif self._opcode == RDSR:
            return WEL if self._enabled else 0
        elif self._opcode in (READ, WRITE):
            return self._access(count, byte)
        return None

    def _access(self, count, byte):
        if count == 1:
            self._at = byte << 8
            return None
        if count == 2:
            self._at = (self._at | byte) % BYTES
            return None
        at = self._at
        self._at = (at + 1) % BYTES
        if self._opcode == READ:
            return self.memory[at]
        if self._enabled and self.budget:
            self.memory[at] = byte
            self.budget -= 1
        elif self._enabled:
            self.there = False
        return None
