"""The pulses of both axes: whole shots run in hardware after one store.

DMA feeds each axis's state machine the words of its stream; the axes hand over to one another by
flags, and an end mark is set as the state machine gets to it. Neither garbage collection nor flash
nor the link can move an edge. All buffers and figures are made once: `patch`, `start` and
`phases_done` allocate nothing.
"""

from array import array

from mesofw.board import pio_programs, registers, resources
from mesofw.board.stream import PART, Stream, write
from mesofw.core.shot import PHASES_MAX, SEGMENTS_MAX

# Four half-words a segment; some for parts, and for what begins, ends and hands over phases.
HALVES = 4 * (SEGMENTS_MAX + 32) + 8 * PHASES_MAX
_BOTH_PINS_OUT = 0xE083  # set pindirs, 3
_ALL_MARKS = (1 << resources.MARKS) - 1
_PULSES_MOST = 0xFFFF


class Pulses:
    """Both axes' STEP and DIR. Whatever ran before is stopped first. `machines`, written to
    `off_address`, freezes both axes, and what is started then stays frozen until `stop`."""

    def __init__(self, chip):
        block, slot, program = resources.STEPPER
        self.chip = chip
        self._block = registers.Block(chip, block)
        self.off_address = self._block.address + registers.CLEAR
        self._dma = registers.Dma(chip)
        self._halves = chip.halves(HALVES)
        self._stream = Stream(self._halves)
        self._address = chip.address(self._halves)
        self._places = array("H", bytes(2 * SEGMENTS_MAX))
        self._parts = bytearray(SEGMENTS_MAX)
        self._sum = 0
        self._channels = 0
        self.machines = 0
        self._flags = _ALL_MARKS
        # Where to reach each axis's reading place, and where its stream begins.
        self._begins = [0, 0]
        self._read_at = []
        for axis in resources.AXES:
            _, machine, channel, _ = resources.PULSES[axis]
            self.machines |= 1 << machine
            self._flags |= 1 << resources.GO[axis]
            self._read_at.append(registers.CHANNEL * channel + registers.READ_ADDR)
        self._block.off(self.machines)
        self._block.load(slot, program)
        top = slot + pio_programs.STEPPER_NEXT
        for _, machine, channel, pins in resources.PULSES:
            self._dma.abort(channel)
            self._block.set_up(
                machine,
                registers.execctrl(top, top),
                registers.SHIFT_OUT,
                registers.pinctrl(set_base=pins[0], set_count=2, side_count=1),
            )
            self._block.run(machine, _BOTH_PINS_OUT)
            registers.give_pins(chip, block, pins, registers.PAD_DRIVEN)
        self._ready()

    def load(self, segments, phases, count: int) -> None:
        """Take the first `count` phases for the next start. Only while nothing moves. Raises
        ValueError for more phases than there are end marks, and for what no words can say; then
        there is nothing to start."""
        if count > resources.MARKS:
            raise ValueError("a timetable has at most %d phases" % resources.MARKS)
        stream = self._stream
        stream.at = 0
        # Nothing is there to be started until all of it is.
        self._channels = channels = 0
        for axis in resources.AXES:
            begin = stream.at
            write(stream, axis, segments, phases, count, self._places, self._parts)
            block, machine, channel, _ = resources.PULSES[axis]
            if stream.at > begin:
                self._begins[axis] = self._address + 2 * begin
                channels |= 1 << channel
                self._dma.set_up(
                    channel,
                    self._begins[axis],
                    self._block.address + 4 * (registers.TXF + machine),
                    (stream.at - begin) // 2,
                    registers.feed_ctrl(channel, block, machine),
                )
        self._sum = sum(self._halves)
        self._channels = channels

    def patch(self, segment: int, pulses: int) -> None:
        """Set the pulses of one loaded segment that has some. Only while nothing moves. Raises
        ValueError for a number that the segment has no room for."""
        place = self._places[segment]
        last = pulses - PART * self._parts[segment]
        if not place or not 0 < last <= _PULSES_MOST:
            raise ValueError("segment %d has no room for %d pulses" % (segment, pulses))
        self._sum += last - self._halves[place]
        self._halves[place] = last

    def prepare(self) -> int:
        """Make ready for a start; what is then written to `registers.MULTI_CHAN_TRIGGER` runs what
        is loaded, once."""
        self._block.regs[registers.IRQ] = self._flags
        self._dma.regs[self._read_at[0]] = self._begins[0]
        self._dma.regs[self._read_at[1]] = self._begins[1]
        return self._channels

    def start(self) -> None:
        """Run what is loaded, once."""
        self._dma.regs[registers.MULTI_CHAN_TRIGGER] = self.prepare()

    def stop(self) -> None:
        """Freeze both axes at once, within one pulse, and make ready for the next start."""
        self._block.off(self.machines)
        for _, _, channel, _ in resources.PULSES:
            self._dma.abort(channel)
        self._ready()

    def phases_done(self) -> int:
        """End marks reached since the last start. The marks stay until the next one."""
        marks = self._block.regs[registers.IRQ] & _ALL_MARKS
        done = 0
        while marks & 1:
            marks >>= 1
            done += 1
        return done

    def intact(self) -> bool:
        """Whether the words in memory are still those that were loaded (about 1 ms: estimate)."""
        return sum(self._halves) == self._sum

    def close(self) -> None:
        """Freeze both axes for good."""
        self._block.off(self.machines)
        for _, _, channel, _ in resources.PULSES:
            self._dma.abort(channel)

    def _ready(self) -> None:
        entry = resources.STEPPER[1] + pio_programs.STEPPER_NEXT
        for _, machine, _, _ in resources.PULSES:
            self._block.restart(machine, entry)
        self._block.on(self.machines)
