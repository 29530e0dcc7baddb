"""The emulated chip around a processor that sleeps: pins, PIO, DMA and memory.

The same as `tests.chip.emulated.EmulatedChip`, on the emulator that runs the whole chip. So what is
asked of that one can be asked of this one too.
"""

from collections.abc import Iterator

from mesofw.core.motion import TICK_HZ
from tests.whole_chip.emulator import Emulator

_RAM = 0x20000000
_CYCLE_NS = 1_000_000_000 // TICK_HZ
# 12 MHz × 100 / 6, for processor and peripherals (RP2040 data sheet: 2.18.4 PLL, 2.15.7 clocks).
_FAST = ((0x40028008, 100), (0x4002800C, 6 << 16 | 1 << 12), (0x4000803C, 1), (0x40008048, 1 << 11))
_PINS = list(range(30))


class _Words:
    """Words or half-words at an address."""

    def __init__(self, chip: "BareChip", address: int, count: int, size: int, signed: bool) -> None:
        self.address = address
        self._chip = chip
        self._count = count
        self._size = size
        self._signed = signed

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> int:
        if not 0 <= place < self._count:
            raise IndexError(place)
        value = self._chip.load(self.address + self._size * place, self._size)
        sign = 1 << 8 * self._size - 1 if self._signed else 0
        return (value ^ sign) - sign

    def __iter__(self) -> Iterator[int]:
        data = self._chip.memory(self.address, self._size * self._count)
        for at in range(0, len(data), self._size):
            yield int.from_bytes(data[at : at + self._size], "little", signed=self._signed)

    def __setitem__(self, place: int, value: int) -> None:
        if not 0 <= place < self._count:
            raise IndexError(place)
        mask = (1 << 8 * self._size) - 1
        self._chip.store(self.address + self._size * place, self._size, value & mask)


class BareChip:
    """What `mesofw.board.chip.Chip` is on a Pico. `edges` are (cycle, pin, level), `buffers` all
    that were given, `lines_out` what the 74HC595 put out at the end of the last run. Close it."""

    def __init__(self) -> None:
        self.emulator = Emulator(None)
        self.emulator.ask("set", watch=_PINS)
        self._stores: list[tuple[int, int, int]] = []
        self._memory = _RAM
        self._cycle = 0
        self.lines_out = 0
        self.edges: list[tuple[int, int, int]] = []
        self.buffers: list[_Words] = []
        for address, word in _FAST:
            self.store(address, 4, word)

    def window(self, address: int, count: int) -> _Words:
        """Words of registers."""
        return _Words(self, address, count, 4, False)

    def halves(self, count: int) -> _Words:
        """A buffer of half-words in memory."""
        return self._buffer(count, 2, False)

    def words(self, count: int) -> _Words:
        """A buffer of signed words in memory."""
        return self._buffer(count, 4, True)

    def address(self, buffer: _Words) -> int:
        """Where a buffer is."""
        return buffer.address

    def drive(self, pin: int, level: int) -> None:
        """Set the level of a pin from outside."""
        self._flush()
        self.emulator.ask("set", pins={pin: level})

    @property
    def cycle(self) -> int:
        """Now; a load or store takes four cycles."""
        self._flush()
        return self._cycle

    def run(self, cycles: int) -> None:
        """Let so many cycles pass."""
        end = self.cycle + cycles
        while self._cycle < end:
            told = self.emulator.ask("run", for_ns=(end - self._cycle) * _CYCLE_NS)
            self._cycle = told["now_ns"] // _CYCLE_NS
            self.lines_out = told["lines_out"]
            for ns, pin, level in told.get("levels", ()):
                self.edges.append((ns // _CYCLE_NS, pin, level))

    def rises(self, pin: int) -> list[int]:
        """The cycles of a pin's rising edges."""
        return [cycle for cycle, edge, level in self.edges if edge == pin and level]

    def level(self, pin: int) -> int:
        """The level of a pin now."""
        return next((level for _, edge, level in reversed(self.edges) if edge == pin), 0)

    def load(self, address: int, size: int) -> int:
        """What the processor would read."""
        return self._flush((address, size))[0]

    def store(self, address: int, size: int, value: int) -> None:
        """Write as the processor would, at the latest when somebody looks."""
        self._stores.append((address, size, value))

    def memory(self, address: int, count: int) -> bytes:
        """Bytes of memory."""
        self._flush()
        return self.emulator.peek(address, count)

    def close(self) -> None:
        """Switch it off."""
        self.emulator.close()

    def _flush(self, *loads: tuple[int, int]) -> list[int]:
        accesses = [*self._stores, *loads]
        self._stores = []
        if not accesses:
            return []
        told = self.emulator.ask("bus", accesses=accesses)
        self._cycle = told["now_ns"] // _CYCLE_NS
        return told["loaded"]

    def _buffer(self, count: int, size: int, signed: bool) -> _Words:
        buffer = _Words(self, self._memory, count, size, signed)
        self._memory += (count * size + 3) & ~3
        self.buffers.append(buffer)
        return buffer
