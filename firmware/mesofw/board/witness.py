"""What moved: the pulses that each axis was given and its encoder's counts, counted by PIO.

Each counter pushes two words with every change, and DMA puts them into memory: one counts down with
each count backwards, one with each forwards. So reading stops nothing, loses nothing and allocates
nothing (below 2³⁰ counts).
"""

from mesofw.board import pio_programs, registers, resources

_WORDS = 2
# A counter lasts 2³¹ counts in one direction; `rest` begins it anew long before.
RENEW_COUNTS = 1 << 28
# mov x, ~null; mov y, ~null
_ALL_ONES = (0xA02B, 0xA04B)
# mov isr, null; in pins, 2; mov osr, isr: where the encoder stands.
_LOOK = (0xA0C3, 0x4002, 0xA0E6)


class Counter:
    """One counter: a state machine, a DMA channel and two words of memory at `place`."""

    def __init__(self, chip, block, dma, words, place: int, uses, program, entry: int):
        number, machine, channel, pins = uses
        _, slot, code = program
        self._block = block
        self._dma = dma
        self._machine = machine
        self._channel = channel
        self._entry = entry
        self._words = words
        self._place = place
        self._address = chip.address(words) + 4 * place
        self._from = block.address + 4 * (registers.RXF + machine)
        self._ctrl = registers.drain_ctrl(channel, number, machine)
        self._base = 0
        block.off(1 << machine)
        block.set_up(
            machine,
            registers.execctrl(slot, slot + len(code) - 1, jmp_pin=pins[1]),
            registers.SHIFT_IN,
            registers.pinctrl(in_base=pins[0]),
        )
        self.zero()

    def read(self) -> int:
        """Counts since `zero`, forwards positive."""
        place = self._place
        return self._base + self._words[place] - self._words[place + 1]

    def zero(self) -> None:
        """Count from 0 on. Only while nothing moves."""
        self._begin()
        self._base = 0

    def rest(self) -> None:
        """Make sure that the counter lasts. Only while nothing moves."""
        place = self._place
        if min(self._words[place], self._words[place + 1]) < -RENEW_COUNTS:
            base = self.read()
            self._begin()
            self._base = base

    def close(self) -> None:
        """Write nothing any more."""
        self._block.off(1 << self._machine)
        self._dma.abort(self._channel)

    def _begin(self) -> None:
        self.close()
        self._words[self._place] = self._words[self._place + 1] = -1
        self._dma.set_up(self._channel, self._from, self._address, registers.ENDLESS, self._ctrl)
        self._dma.start(1 << self._channel)
        self._block.restart(self._machine, self._entry)
        for instruction in _ALL_ONES + _LOOK:
            self._block.run(self._machine, instruction)
        self._block.on(1 << self._machine)


class Witness:
    """Steps and encoder counts of both axes. Whatever ran before is stopped first."""

    def __init__(self, chip):
        number = resources.COUNTER[0]
        block = registers.Block(chip, number)
        dma = registers.Dma(chip)
        # A counter's pair begins on a multiple of 8 bytes, where the DMA's ring is.
        self._words = chip.words(4 * _WORDS + 1)
        first = chip.address(self._words) >> 2 & 1
        self.steps = []
        self.counts = []
        for program in (resources.QUADRATURE, resources.COUNTER):
            block.load(program[1], program[2])
        for axis in resources.AXES:
            self.steps.append(
                Counter(
                    chip,
                    block,
                    dma,
                    self._words,
                    first + 4 * axis,
                    resources.STEPS[axis],
                    resources.COUNTER,
                    resources.COUNTER[1],
                )
            )
            registers.give_pins(chip, number, resources.COUNTS[axis][3], registers.PAD_READ)
            self.counts.append(
                Counter(
                    chip,
                    block,
                    dma,
                    self._words,
                    first + 4 * axis + 2,
                    resources.COUNTS[axis],
                    resources.QUADRATURE,
                    resources.QUADRATURE[1] + pio_programs.QUADRATURE_SAMPLE,
                )
            )

    def zero(self, axis: int) -> None:
        """Call the axis's present place 0, in steps and in counts. Only while nothing moves."""
        self.steps[axis].zero()
        self.counts[axis].zero()

    def rest(self) -> None:
        """Make sure that all counters last. Only while nothing moves."""
        for axis in resources.AXES:
            self.steps[axis].rest()
            self.counts[axis].rest()

    def close(self) -> None:
        """Write nothing any more."""
        for axis in resources.AXES:
            self.steps[axis].close()
            self.counts[axis].close()
