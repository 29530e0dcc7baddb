"""An RP2040 without a processor: the PIO blocks, DMA, pins and memory of PyPI's `rp2040py`.

Time is counted in cycles of the system's clock and goes from one state machine's instruction to the
next. Three things are mended as the data sheet has them (RP2040: 3.4.5, 3.4.7, 3.5.4): what `out
exec` names runs in the cycle after, also where the OUT had to wait for its word; a flag that one
state machine sets is seen by another in the cycle after; and FIFOs join and are emptied by
SHIFTCTRL. What a PIO drives can be read on the pin. A loop of one `jmp y--` is run through in one
go.
"""

from collections.abc import Callable, Iterator

from rp2040py.peripherals._pio import NEVER_DUE, RPPIO
from rp2040py.peripherals._state_machine import StateMachine
from rp2040py.peripherals.pio_registers import WaitType
from rp2040py.rp2040 import RP2040
from rp2040py.utils.fifo import FIFO

_RAM = 0x20000000
_PIO_BASES = (0x50200, 0x50300)
_PIO_IRQS = (7, 9)
_CYCLE_NS = 8
_FP = 8  # the emulator's cycles have 8 binary places
_JOIN_TX, _JOIN_RX = 1 << 30, 1 << 31
_SHIFTCTRL = 8
_EXEC = 7
_JMP_Y = 0b100 << 5


class _Machine(StateMachine):
    """A state machine; `told` is the instruction that an OUT to EXEC or PC brought."""

    told: int | None = None
    _telling = False

    def write_out_value(self, destination: int, value: int, bit_count: int) -> None:
        if destination == _EXEC:
            self.told = value & 0xFFFF
        else:
            super().write_out_value(destination, value, bit_count)

    def restart(self) -> None:
        super().restart()
        self.told = None

    def step(self) -> None:
        told, self.told = self.told, None
        opcode = self.pio.instructions[self.pc] if told is None else told
        if told is None and opcode == self.pc | _JMP_Y and self.y:
            self.next_due_fp += self.y * self.div_fp
            self.y = 0
            return
        before = self.cycles
        self.due_rearmed = False
        self.update_pc = told is None
        self._telling = told is not None
        self.execute_instruction(opcode)
        if self.update_pc:
            self.next_pc()
        if not self.due_rearmed:
            self.next_due_fp += (self.cycles - before) * self.div_fp

    def check_wait(self) -> None:
        if not self.waiting or self.next_due_fp > self.pio.cycle_fp:
            return
        place = self.pc
        super().check_wait()
        if not self.waiting and self._telling:
            # The program goes on where it was when the stream had the word.
            self.pc = place

    def write_uint32(self, offset: int, value: int) -> None:
        if offset == _SHIFTCTRL and (value ^ self.shift_ctrl) >> 30:
            self.tx_fifo = FIFO(8 if value & _JOIN_TX else 0 if value & _JOIN_RX else 4)
            self.rx_fifo = FIFO(8 if value & _JOIN_RX else 0 if value & _JOIN_TX else 4)
            self._update_dma_tx()
            self._update_dma_rx()
        super().write_uint32(offset, value)


class _Block(RPPIO):
    """A PIO block that takes each cycle in turn."""

    def __init__(self, mcu: RP2040, index: int) -> None:
        super().__init__(mcu, f"PIO{index}", _PIO_IRQS[index], index)
        self.machines = [_Machine(mcu, self, number) for number in range(4)]
        self.flag_due_fp = NEVER_DUE

    @property
    def stopped(self) -> bool:
        """Never: `EmulatedChip.run` alone makes time pass."""
        return False

    @stopped.setter
    def stopped(self, value: bool) -> None:
        del value

    def irq_updated(self) -> None:
        self.flag_due_fp = self.cycle_fp + (1 << _FP)

    def due_fp(self) -> int:
        self.recompute_due()
        return min(self.next_due_fp, self.flag_due_fp)

    def run_due(self, now_fp: int) -> None:
        """What is due in this cycle, one instruction for each state machine."""
        if now_fp >= self.flag_due_fp:
            self.flag_due_fp = NEVER_DUE
            for machine in self.machines:
                if machine.enabled and machine.wait_type == WaitType.IRQ:
                    machine.check_wait()
        for machine in self.machines:
            if machine.enabled and not machine.waiting and machine.next_due_fp <= now_fp:
                machine.step()
        self.check_changed_pins()


class _Words:
    """Words or half-words at an address, as the board's windows and buffers are."""

    def __init__(self, mcu: RP2040, address: int, count: int, bits: int, signed: bool) -> None:
        self.address = address
        self._count = count
        self._read: Callable[[int], int] = mcu.read_uint32 if bits == 32 else mcu.read_uint16
        self._write = mcu.write_uint32 if bits == 32 else mcu.write_uint16
        self._bytes = bits // 8
        self._mask = (1 << bits) - 1
        self._sign = 1 << bits - 1 if signed else 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> int:
        if not 0 <= place < self._count:
            raise IndexError(place)
        value = self._read(self.address + self._bytes * place)
        return (value ^ self._sign) - self._sign

    def __iter__(self) -> Iterator[int]:
        return (self[place] for place in range(self._count))

    def __setitem__(self, place: int, value: int) -> None:
        if not 0 <= place < self._count:
            raise IndexError(place)
        self._write(self.address + self._bytes * place, value & self._mask)


class EmulatedChip:
    """What `mesofw.board.chip.Chip` is on a Pico. `cycle` is now, `edges` are (cycle, pin,
    level), `buffers` all that were given."""

    def __init__(self) -> None:
        self.mcu = RP2040()
        self.blocks = [_Block(self.mcu, index) for index in range(2)]
        for index, block in enumerate(self.blocks):
            self.mcu.pio[index] = block
            self.mcu.peripherals[_PIO_BASES[index]] = block
        self.cycle = 0
        self.edges: list[tuple[int, int, int]] = []
        self.buffers: list[_Words] = []
        self._memory = _RAM
        for pin in range(len(self.mcu.gpio)):
            self._loop_back(pin)

    def window(self, address: int, count: int) -> _Words:
        """Words of registers."""
        return _Words(self.mcu, address, count, 32, False)

    def halves(self, count: int) -> _Words:
        """A buffer of half-words in memory."""
        return self._buffer(count, 16, False)

    def words(self, count: int) -> _Words:
        """A buffer of signed words in memory."""
        return self._buffer(count, 32, True)

    def address(self, buffer: _Words) -> int:
        """Where a buffer is."""
        return buffer.address

    def drive(self, pin: int, level: int) -> None:
        """Set the level of a pin from outside."""
        self.mcu.gpio[pin].set_input_value(bool(level))

    def run(self, cycles: int) -> None:
        """Let so many cycles pass."""
        end = self.cycle + cycles
        while (due := min(block.due_fp() for block in self.blocks) >> _FP) < end:
            self._pass_to(max(due, self.cycle))
            for block in self.blocks:
                block.run_due(self.cycle << _FP)
            self.mcu.clock.tick(0)
        self._pass_to(end)

    def rises(self, pin: int) -> list[int]:
        """The cycles of a pin's rising edges."""
        return [cycle for cycle, edge, level in self.edges if edge == pin and level]

    def level(self, pin: int) -> int:
        """The level of a pin now."""
        return int(self.mcu.gpio[pin].input_value)

    def _pass_to(self, cycle: int) -> None:
        passed, self.cycle = cycle - self.cycle, cycle
        for block in self.blocks:
            block.cycle_fp = cycle << _FP
        self.mcu.clock.tick(passed * _CYCLE_NS)

    def _buffer(self, count: int, bits: int, signed: bool) -> _Words:
        buffer = _Words(self.mcu, self._memory, count, bits, signed)
        self._memory += (count * bits // 8 + 3) & ~3
        self.buffers.append(buffer)
        return buffer

    def _loop_back(self, pin: int) -> None:
        gpio = self.mcu.gpio[pin]

        def changed(*_: object) -> None:
            if gpio.output_enable:
                level = int(gpio.output_value)
                if level != int(gpio.input_value):
                    self.edges.append((self.cycle, pin, level))
                gpio.set_input_value(bool(level))

        gpio.add_listener(changed)
