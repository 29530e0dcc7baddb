"""A Pico's `machine` with the board's chips on its pins, as `mesofw.board.parts` builds on it."""

from mesofw.board import pins
from tests.board.chips.bus import Bus, Spi
from tests.board.chips.fram import Fram
from tests.board.chips.shift_registers import Hc165, Hc595, Latch
from tests.board.chips.ssd1306 import Ssd1306

SPI_FUNCTION = 1


class Pin:
    """One pin. Low where a contact to ground is closed; `watched` hears what is driven, `handler`
    when it falls or, if `rises`, when it rises."""

    IRQ_FALLING, IRQ_RISING = 4, 8

    def __init__(self, number):
        self.number = number
        self.level = 1
        self.output = False
        self.watched = []
        self.handler = None
        self.rises = False

    def irq(self, handler, trigger, hard):
        assert trigger in (self.IRQ_FALLING, self.IRQ_RISING)
        assert hard
        self.rises = trigger == self.IRQ_RISING
        self.handler = handler

    def __call__(self, level=None):
        if level is None:
            return self.level
        self.level = level
        for watcher in self.watched:
            watcher(level)
        return None


class Channel:
    """One channel of the ADC: `volts_uv` at its pin, 12 bits of 3.3 V, read as 16."""

    def __init__(self):
        self.uv = 0

    def read_u16(self):
        count = min(4095, max(0, self.uv * 4095 // 3_300_000))
        return count << 4 | count >> 8


class Uart:
    """A UART whose ring takes 512 bytes; `drain` sends them off."""

    def __init__(self):
        self.came = bytearray()
        self.ring = bytearray()
        self.gone = bytearray()

    def any(self):
        return len(self.came)

    def readinto(self, buffer):
        count = min(len(buffer), len(self.came))
        buffer[:count] = self.came[:count]
        self.came = self.came[count:]
        return count or None

    def txdone(self):
        return not self.ring

    def write(self, data):
        count = min(len(data), 512 - len(self.ring))
        self.ring.extend(data[:count])
        return count or None

    def drain(self):
        self.gone.extend(self.ring)
        self.ring = bytearray()


class RoutedSpi(Spi):
    """It hears the one chip whose pin has the function of the bus."""

    def __init__(self, bus, machine):
        super().__init__(bus, None)
        self._machine = machine

    def write_readinto(self, data, buffer):
        self._route()
        super().write_readinto(data, buffer)

    def readinto(self, buffer, byte=0):
        self._route()
        super().readinto(buffer, byte)

    def _route(self):
        machine = self._machine
        memory = machine.function(pins.FRAM_MISO) == SPI_FUNCTION
        assert memory != (machine.function(pins.REGISTERS_IN) == SPI_FUNCTION)
        self.heard = machine.fram if memory else machine.inputs


class Machine:
    """`machine`: its classes give what is there already, so that a test holds it too. `function`
    tells a pin's function from its register; whoever holds the registers sets it."""

    def __init__(self):
        self.function = None
        self.pins = {}
        self.channels = {}
        self.fram = Fram()
        self.inputs = Hc165()
        self.outputs = Hc595()
        self.screen = Ssd1306()
        self.uart = Uart()
        self._bus = Bus((self.fram, self.inputs, self.outputs))
        latch = Latch((self.inputs, self.outputs))
        for number, heard in ((pins.REGISTERS_LATCH, latch), (pins.FRAM_CS, self.fram.select)):
            self.pin(number).watched.append(heard)
        self.channel(pins.FORCE).uv = 333_333
        self.channel(pins.SUPPLY).uv = 24_000_000 // 11
        self.channel(pins.TEMPERATURE).uv = 1_650_000
        # The stop's contact is closed while it is not pressed.
        self.pin(pins.STOP).level = 0
        self.Pin = PinMaker(self)

    def pin(self, number):
        return self.pins.setdefault(number, Pin(number))

    def channel(self, number):
        return self.channels.setdefault(number, Channel())

    def ADC(self, number):
        return self.channel(number)

    def SPI(self, block, baudrate, sck, mosi, miso):
        # The pins of SPI block 0 (RP2040 data sheet, 1.4.3).
        assert block == 0
        assert (miso.number % 4, sck.number % 4, mosi.number % 4) == (0, 2, 3)
        assert pins.REGISTERS_IN % 4 == 0
        return RoutedSpi(self._bus, self)

    def I2C(self, block, sda, scl, freq, timeout):
        # The pins of I2C block 0 are every fourth (RP2040 data sheet, 1.4.3).
        assert block == 0
        assert (sda.number % 4, scl.number % 4) == (0, 1)
        assert freq <= 400_000
        return self.screen

    def UART(self, block, baud, tx, rx, txbuf, rxbuf, timeout, timeout_char):
        assert (block, tx.number, rx.number) == (0, 0, 1)
        assert timeout == timeout_char == 0
        return self.uart

    def unique_id(self):
        return b"\xe6\x61\x64\x08\x43\x73\x5d\x2c"


class PinMaker:
    """`machine.Pin`: a class with constants."""

    IN, OUT, PULL_UP = 0, 1, 2

    def __init__(self, machine):
        self._machine = machine

    def __call__(self, number, mode=-1, pull=-1, value=None):
        pin = self._machine.pin(number)
        if mode == self.OUT:
            pin.output = True
        if value is not None:
            pin(value)
        return pin
