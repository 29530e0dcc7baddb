"""A whole board of chips on MicroPython: the firmware's own modules from the pins up.

Registers of the RP2040 are plain memory, so nothing moves by itself: a test says which pulses came
out and what the encoders counted.
"""

from array import array

import uctypes

from mesofw.board import pins, registers
from mesofw.board.chip import Chip
from mesofw.board.drivers import Drivers
from mesofw.board.parts import Parts
from mesofw.board.pico import PicoBoard
from mesofw.core.clock import WRAP_US
from mesofw.core.door import Inputs
from mesofw.core.gun import Gun
from tests.board.chips.machine import Machine
from tests.board.chips.tmc2209 import Tmc2209, Wire
from tests.core.support.board import MemoryBoard

START_US = WRAP_US - 2_000_000
POLL_US = 250
GPIO_IN = 0xD0000004
SCRATCH = 0x4005800C


class MemoryChip(Chip):
    """Registers in memory; what the FIFOs have to say is that they are empty."""

    def __init__(self):
        self._held = {}

    def window(self, address, count):
        if address not in self._held:
            self._held[address] = array("I", bytes(4 * count))
        return super().window(uctypes.addressof(self._held[address]), count)

    def claim(self, channels):
        self.claimed = channels


class Usb:
    """The host's end of the USB serial port."""

    def __init__(self):
        self.sent = bytearray()
        self.got = bytearray()

    def read(self, buffer):
        if not self.sent:
            return 0
        count = min(len(buffer), len(self.sent))
        buffer[:count] = self.sent[:count]
        self.sent = self.sent[count:]
        return count

    def write(self, data):
        self.got.extend(data)
        return len(data)


class Files:
    """Files in memory."""

    def __init__(self):
        held = MemoryBoard()
        self.open = held.open
        self.remove = held.remove
        self.list = held.files
        self.free_bytes = held.free_bytes


class Watchdog:
    def __init__(self):
        self.fed = 0

    def feed(self):
        self.fed += 1


class Bench:
    """The board, its chips and time. `spoil` may break a chip before the firmware starts."""

    def __init__(self, spoil=None, chip=None):
        self.machine = Machine()
        self.usb = Usb()
        self.motors = [Tmc2209(0), Tmc2209(1)]
        if spoil:
            spoil(self)
        self.chip = chip or MemoryChip()
        self._functions = {}
        self.machine.function = self._function
        self.now_us = START_US
        self.parts = Parts(self.chip, self.machine, self.usb, Files(), self.now_us)
        self.parts.drivers = Drivers(Wire(self.motors), self.now_us)
        self.board = PicoBoard(self.parts, "00c0ffee00c0ffee", self.now_us)
        self.watchdog = Watchdog()
        self.board.watch_with(self.watchdog)
        self.inputs = Inputs()
        self.gun = None

    def _function(self, pin):
        if pin not in self._functions:
            self._functions[pin] = registers.function(self.chip, pin)
        return self._functions[pin][0]

    def poll(self):
        """One turn of the loop; whether the gun must be stepped."""
        self.now_us = (self.now_us + POLL_US) % WRAP_US
        return self.board.poll(self.now_us)

    def polls(self, duration_us):
        """How often the gun would have been stepped."""
        return sum([self.poll() for _ in range(duration_us // POLL_US)])

    def sample(self):
        self.board.sample(self.inputs)
        return self.inputs

    def start(self):
        """The firmware, from the moment that the drivers are known."""
        for _ in range(2_000):
            self.parts.drivers.step(self.now_us)
            self.now_us = (self.now_us + POLL_US) % WRAP_US
        self.gun = Gun(self.board, self.now_us)
        return self.gun

    def run(self, duration_us):
        """Step the gun as the loop does."""
        due_us = 0
        for passed_us in range(0, duration_us, POLL_US):
            if self.poll() or passed_us >= due_us:
                due_us = passed_us + min(self.gun.step(self.now_us), 200_000)
                # A start writes ones to this register to clear it, which memory does not do.
                self.marks(0)

    def screen(self):
        return self.gun.panel.lines

    # What the pulses do, told to the registers that the firmware reads.

    def marks(self, bits):
        self.chip._held[registers.PIO_BASES[0]][registers.IRQ] = bits

    def count(self, counter, value):
        """A counter has moved to `value` since it was zeroed."""
        words = counter._words
        words[counter._place] = -1 + max(0, value)
        words[counter._place + 1] = -1 + max(0, -value)

    def pull(self, contact=0, stop=0, trigger=0):
        """The trigger's pin falls and is at `trigger` when the interrupt looks, as are the others;
        low is closed, and a stop that is not pressed."""
        for number, level in ((pins.CONTACT, contact), (pins.STOP, stop), (pins.TRIGGER, trigger)):
            self.machine.pin(number).level = level
        self.chip._held[GPIO_IN][0] = (
            trigger << pins.TRIGGER | contact << pins.CONTACT | stop << pins.STOP
        )
        pin = self.machine.pin(pins.TRIGGER)
        pin.handler(pin)

    def press_stop(self, seen=1, then=1):
        """The stop's pin rises; the interrupt finds it at `seen`, whoever looks later at `then`."""
        pin = self.machine.pin(pins.STOP)
        assert pin.rises
        self.chip._held[GPIO_IN][0] = seen << pins.STOP
        pin.level = then
        pin.handler(pin)
        self.chip._held[GPIO_IN][0] = then << pins.STOP

    def frozen(self):
        """Which state machines were switched off since the last time that it was asked."""
        register = self.chip._held[registers.PIO_BASES[0] + registers.CLEAR]
        off, register[0] = register[0], 0
        return off

    def close(self, bit, closed=True):
        """A contact on the registers."""
        now = self.machine.inputs.pins
        self.machine.inputs.pins = now & ~bit if closed else now | bit
