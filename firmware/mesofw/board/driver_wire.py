"""The drivers' one-wire UART, 115,200 baud, by a PIO state machine.

A whole exchange is handed over at once: what is sent fits the FIFO to the state machine, what comes
back the one from it. So nothing has to be looked at in time, and nothing is lost while Python does
other things. The wire is driven while sending only.
"""

from mesofw.board import registers, resources
from mesofw.core.motion import TICK_HZ

# The wire is the out, set and in pin. Eight cycles of the state machine make a bit. The first 20
# bits say how many bits to send, less one, and how many bytes come back.
DRIVERS = (
    0xE080,  # begin: set pindirs, 0
    0x602A,  # out x, 10
    0x604A,  # out y, 10
    0xE081,  # set pindirs, 1
    0x6601,  # send: out pins, 1 [6]
    0x0056,  # jmp x--, send
    0xE080,  # set pindirs, 0
    0x001F,  # jmp next
    0x2020,  # byte: wait 0 pin 0
    0xE927,  # set x, 7 [9]
    0x4601,  # bit: in pins, 1 [6]
    0x005C,  # jmp x--, bit
    0x20A0,  # wait 1 pin 0
    0x009A,  # next: jmp y--, byte
)

BAUD = 115_200
_CYCLES_A_BIT = 8
# The clock's divider, whole: 217, so that bits do not jitter.
_DIVIDE_BY = (TICK_HZ + BAUD * _CYCLES_A_BIT // 2) // (BAUD * _CYCLES_A_BIT)
_DIVIDER = _DIVIDE_BY << 16
_CLKDIV = 50
_MACHINE_WORDS = 6
# Two framed bytes a word to the state machine, two plain ones a word from it, the first bit that
# came highest.
_SEND_BITS = 20
_TAKE_BITS = 16
_SHIFT = 1 << 16 | 1 << 17 | 1 << 19 | _TAKE_BITS << 20 | _SEND_BITS << 25
_PIN_HIGH = 0xE001  # set pins, 1
_PULL = 0x80A0  # pull
_PAD = 0x5A  # input, pulled up, Schmitt trigger, 4 mA
_MIRRORED = (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15)


class DriverWire:
    """One exchange at a time: `send`, wait for as long as it takes, `take`."""

    def __init__(self, chip):
        block, machine, words, pin = resources.DRIVER_UART
        self._block = registers.Block(chip, block)
        self._machine = machine
        self._slot = 32 - words
        self._empty = 1 << 8 + machine
        self._block.off(1 << machine)
        self._block.load(self._slot, DRIVERS)
        self._block.set_up(
            machine,
            registers.execctrl(self._slot, self._slot + words - 1),
            _SHIFT,
            registers.pinctrl(in_base=pin, set_base=pin, set_count=1) | 1 << 20 | pin,
        )
        self._block.regs[_CLKDIV + _MACHINE_WORDS * machine] = _DIVIDER
        self._block.run(machine, _PIN_HIGH)
        registers.give_pins(chip, block, (pin,), _PAD)

    def send(self, data, expected: int) -> None:
        """Send a datagram of 4 or 8 bytes; `expected` bytes (an even number, up to 8) are to come
        back. What was under way is given up."""
        block = self._block
        machine = self._machine
        block.off(1 << machine)
        self._drain()
        block.restart(machine, self._slot)
        fifo = registers.TXF + machine
        block.regs[fifo] = 10 * len(data) - 1 | expected << 10
        # The FIFO has four places, so what comes first is taken out of it at once.
        block.run(machine, _PULL)
        for place in range(0, len(data), 2):
            block.regs[fifo] = _framed(data[place]) | _framed(data[place + 1]) << 10
        block.on(1 << machine)

    def take(self, buffer) -> int:
        """Put what has come back at the start of `buffer` (8 bytes); how many bytes."""
        regs = self._block.regs
        count = 0
        while count < len(buffer) and not regs[registers.FSTAT] & self._empty:
            two = regs[registers.RXF + self._machine]
            buffer[count] = _mirrored(two >> 8)
            buffer[count + 1] = _mirrored(two & 0xFF)
            count += 2
        return count

    def _drain(self) -> None:
        regs = self._block.regs
        for _ in range(registers.FIFO_WORDS):
            if regs[registers.FSTAT] & self._empty:
                break
            regs[registers.RXF + self._machine]


def _framed(byte: int) -> int:
    """Start bit, the byte's lowest bit first, stop bit."""
    return byte << 1 | 0x200


def _mirrored(byte: int) -> int:
    return _MIRRORED[byte & 15] << 4 | _MIRRORED[byte >> 4]
