"""The journal memory: an MB85RS256B on a shared SPI bus.

It takes a byte as fast as the bus brings it and has no page, so a power cut leaves a prefix of what
was being written. (MB85RS256B data sheet: opcodes, write-enable latch, identification.)
"""

FRAM_BYTES = 32_768
_WRITE = 0x02
_READ = 0x03
_WRITE_ENABLE = 0x06
_IDENTIFY = 0x9F
_ADDRESS_BYTES = 2
# Fujitsu's number stands in the fifth bank of JEDEC's list: one continuation code.
_MAKER = 0x04
_CONTINUED = 0x7F


class Fram:
    """`spi` is shared with others, whose `select` pins differ; `select` is low while it listens."""

    def __init__(self, spi, select):
        self._spi = spi
        self._select = select
        self._head = bytearray(1 + _ADDRESS_BYTES)
        self._enable = bytes((_WRITE_ENABLE,))
        self._identify = bytes((_IDENTIFY,))
        self._told = bytearray(4)
        select(1)

    def present(self) -> bool:
        """Whether the memory answers with its maker's number."""
        self._select(0)
        self._spi.write(self._identify)
        self._spi.readinto(self._told)
        self._select(1)
        return self._told[0] == _MAKER and self._told[1] == _CONTINUED

    def read(self, address: int, buffer) -> None:
        """Fill `buffer` from `address` on. Raises ValueError outside the memory."""
        self._begin(_READ, address, len(buffer))
        self._spi.readinto(buffer)
        self._select(1)

    def write(self, address: int, data) -> None:
        """Write `data` from `address` on, in order; durable on return. Raises ValueError outside
        the memory. What a missing memory takes is lost: who must know reads it back."""
        if not len(data):
            return
        self._select(0)
        self._spi.write(self._enable)
        # The latch is set as the select goes up.
        self._select(1)
        self._begin(_WRITE, address, len(data))
        self._spi.write(data)
        self._select(1)

    def _begin(self, opcode: int, address: int, count: int) -> None:
        if not 0 <= address <= FRAM_BYTES - count:
            raise ValueError("outside the journal memory")
        head = self._head
        head[0] = opcode
        head[1] = address >> 8
        head[2] = address & 0xFF
        self._select(0)
        self._spi.write(head)
