"""The RP2040 as the board's parts reach it: words at addresses, memory for DMA, its channels."""

import time
from array import array

import machine
import uctypes

from mesofw.core.motion import TICK_HZ

# The core's regulator: 1.15 V, on (RP2040 data sheet, 2.10.6), and how long until it is there; 200
# MHz are allowed from there on (Raspberry Pi's SDK for the Pico, `hardware/clocks.h`).
_VREG = 0x40064000
_VREG_1_15_V = 12 << 4 | 1
_VREG_MS = 1


class Chip:
    """Windows and buffers that are read and written without allocating (words below 2³⁰).

    A tick of `core.motion` is one cycle. A DMA channel goes on writing after Python has ended:
    what uses one is closed before a soft reset.
    """

    def __init__(self):
        quicken()
        self._channels = []

    def window(self, address: int, count: int):
        """`count` words at `address`, each read and written as a whole."""
        return words_at(address, count)

    def halves(self, count: int):
        """A buffer of `count` half-words that begins on a word. It stays where it is while it is
        held."""
        return array("H", bytes(2 * count))

    def words(self, count: int):
        """A buffer of `count` signed words. It stays where it is while it is held."""
        return array("i", bytes(4 * count))

    def address(self, buffer) -> int:
        """Where the DMA finds a buffer of these."""
        return uctypes.addressof(buffer)

    def claim(self, channels) -> None:
        """Keep DMA channels from `machine.SPI` and others. Raises OSError where one is taken."""
        from _rp2 import DMA  # pyright: ignore[reportMissingImports]

        free = []
        try:
            while True:
                free.append(DMA())
        except OSError:
            pass
        kept = len(self._channels)
        for dma in free:
            if dma.channel in channels:
                self._channels.append(dma)
            else:
                dma.close()
        if len(self._channels) - kept != len(channels):
            raise OSError("a DMA channel of the pulses is in use")


def words_at(address: int, count: int):
    """`count` words at `address`, each read and written as a whole."""
    layout = {"words": (uctypes.ARRAY | 0, uctypes.UINT32 | count)}
    return uctypes.struct(address, layout).words


def quicken() -> None:
    """Run the processor at TICK_HZ, as fast as it may; that takes a higher core voltage than it has
    after a reset."""
    if machine.freq() != TICK_HZ:
        words_at(_VREG, 1)[0] = _VREG_1_15_V
        time.sleep_ms(_VREG_MS)  # pyright: ignore[reportAttributeAccessIssue]
        machine.freq(TICK_HZ, TICK_HZ)  # pyright: ignore[reportCallIssue]
