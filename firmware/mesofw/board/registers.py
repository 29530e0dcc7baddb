"""Registers of the RP2040's PIO blocks, DMA and pins: places, values, and what is done with them.

Places are words from a block's base, values whole words (RP2040 data sheet: 2.5.7 DMA, 2.19.6 pins,
3.7 PIO). A chip (`chip.Chip`, or an emulator's) gives windows of words onto addresses.
"""

PIO_BASES = (0x50200000, 0x50300000)
DMA_BASE = 0x50000000
IO_BASE = 0x40014000
PADS_BASE = 0x4001C000
SET = 0x2000  # what is written here sets the bits
CLEAR = 0x3000  # and here clears them

# PIO block
CTRL = 0
FSTAT = 1
TXF = 4
RXF = 8
IRQ = 12
SLOTS = 18
_MACHINE = 50
_CLKDIV, _EXECCTRL, _SHIFTCTRL, _ADDR, _INSTR, _PINCTRL = range(6)
_PIO_WORDS = 74
_EVERY_CYCLE = 1 << 16

# DMA: of a channel, and of all.
READ_ADDR, WRITE_ADDR, TRANS_COUNT = range(3)
AL1_CTRL = 4
CHANNEL = 16
MULTI_CHAN_TRIGGER = 0x430 // 4
CHAN_ABORT = 0x444 // 4
_DBG_CTDREQ = 0x800 // 4
_DMA_WORDS = 0xB00 // 4
BUSY = 1 << 24
ENDLESS = 0xFFFFFFFF
# Enabled, of high priority, whole words, no interrupt.
_CHANNEL_BASIS = 1 << 21 | 2 << 2 | 1 << 1 | 1
_READ_ON = 1 << 4
_WRITE_ON_RING_8 = 1 << 10 | 3 << 6 | 1 << 5

# Pads: input on, Schmitt trigger, 4 mA; pulled down where the board itself drives nothing, so that
# a broken wire reads as a steady level.
PAD_DRIVEN = 0x52
PAD_READ = 0x46

# Instructions that are run from outside a program.
_EMPTY_OSR = (0xA0E3, 0x6060)  # mov osr, null; out null, 32
_PULL_AND_DROP = 0x6060  # out null, 32
FIFO_WORDS = 8


def execctrl(first: int, last: int, jmp_pin: int = 0) -> int:
    """Wrap from slot `last` to `first`; the pin that `jmp pin` looks at."""
    return jmp_pin << 24 | last << 12 | first << 7


def pinctrl(in_base: int = 0, set_base: int = 0, set_count: int = 0, side_count: int = 0) -> int:
    """Pins from `in_base` and `set_base` on; the side-set begins with the set pins."""
    return side_count << 29 | set_count << 26 | in_base << 15 | set_base << 10 | set_base << 5


# Out to the right with autopull of whole words and a TX FIFO of 8; in to the left with autopush of
# whole words and an RX FIFO of 8. Without these bits each FIFO has 4, and both are emptied when
# that changes.
_JOIN = 3 << 30
SHIFT_OUT = 1 << 30 | 1 << 19 | 1 << 17
SHIFT_IN = 1 << 31 | 1 << 19 | 1 << 16


def feed_ctrl(channel: int, block: int, machine: int) -> int:
    """A DMA channel from memory to a state machine, at its pace; it chains to nothing."""
    request = 8 * block + machine
    return _CHANNEL_BASIS | request << 15 | channel << 11 | _READ_ON


def drain_ctrl(channel: int, block: int, machine: int) -> int:
    """A DMA channel from a state machine to two words of memory by turns, at its pace."""
    request = 8 * block + 4 + machine
    return _CHANNEL_BASIS | request << 15 | channel << 11 | _WRITE_ON_RING_8


class Block:
    """One PIO block. Its state machines run on every cycle of the system's clock."""

    def __init__(self, chip, number: int):
        self.address = PIO_BASES[number]
        self.regs = chip.window(self.address, _PIO_WORDS)
        self._on = chip.window(self.address + SET, 1)
        self._off = chip.window(self.address + CLEAR, 1)
        self._shift = [0, 0, 0, 0]
        self._apart = [0, 0, 0, 0]

    def load(self, slot: int, words) -> None:
        """Put a program into the instruction slots from `slot` on."""
        for place in range(len(words)):
            self.regs[SLOTS + slot + place] = words[place]

    def set_up(self, machine: int, execution: int, shift: int, pins: int) -> None:
        """Settings of a state machine that stands still."""
        at = _MACHINE + 6 * machine
        self.regs[at + _CLKDIV] = _EVERY_CYCLE
        self.regs[at + _EXECCTRL] = execution
        self.regs[at + _SHIFTCTRL] = shift
        self.regs[at + _PINCTRL] = pins
        self._shift[machine] = shift
        self._apart[machine] = shift & ~_JOIN

    def run(self, machine: int, instruction: int) -> None:
        """Have a state machine run one instruction now."""
        self.regs[_MACHINE + 6 * machine + _INSTR] = instruction

    def on(self, machines: int) -> None:
        """Start the state machines of this mask, all in one cycle."""
        self._on[CTRL] = machines

    def off(self, machines: int) -> None:
        """Stop the state machines of this mask, all in one cycle."""
        self._off[CTRL] = machines

    def restart(self, machine: int, entry: int) -> None:
        """Forget what a state machine that stands still was at, with all that it was sent or has
        to say; it goes on from slot `entry` once it is on, with its side-set pin low."""
        self._on[CTRL] = 1 << 4 + machine
        at = _MACHINE + 6 * machine + _SHIFTCTRL
        self.regs[at] = self._apart[machine]
        self.regs[at] = self._shift[machine]
        # Nothing is left by now on the chip; emulators keep it.
        empty = 1 << 24 + machine
        for _ in range(FIFO_WORDS + 1):
            if self.regs[FSTAT] & empty:
                break
            self.run(machine, _PULL_AND_DROP)
        # Whatever OSR holds now counts as read.
        for instruction in _EMPTY_OSR:
            self.run(machine, instruction)
        self.run(machine, entry)


class Dma:
    """The DMA channels."""

    def __init__(self, chip):
        self.regs = chip.window(DMA_BASE, _DMA_WORDS)

    def set_up(self, channel: int, read: int, write: int, count: int, ctrl: int) -> None:
        """Settings of a channel that is at rest; `start` triggers it."""
        at = CHANNEL * channel
        self.regs[at + READ_ADDR] = read
        self.regs[at + WRITE_ADDR] = write
        self.regs[at + TRANS_COUNT] = count
        self.regs[at + AL1_CTRL] = ctrl

    def start(self, channels: int) -> None:
        """Trigger the channels of this mask, all in one cycle."""
        self.regs[MULTI_CHAN_TRIGGER] = channels

    def abort(self, channel: int) -> None:
        """End what a channel is at; returns when its last transfer is through (some cycles)."""
        self.regs[CHAN_ABORT] = 1 << channel
        while self.regs[CHANNEL * channel + AL1_CTRL] & BUSY:
            pass
        # Requests that came in before count no more.
        self.regs[_DBG_CTDREQ + CHANNEL * channel] = 0


def function(chip, pin: int):
    """The register of a pin's function, as a window of one word."""
    return chip.window(IO_BASE + 4 + 8 * pin, 1)


def give_pins(chip, block: int, pins, pad: int) -> None:
    """Hand pins to a PIO block."""
    for pin in pins:
        chip.window(PADS_BASE + 4 + 4 * pin, 1)[0] = pad
        function(chip, pin)[0] = 6 + block
