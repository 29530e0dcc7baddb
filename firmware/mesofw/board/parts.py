"""Everything on the board, put together from what `machine` offers; the only place that does so."""

import binascii

from mesofw.board import pins, restarts, uart_link
from mesofw.board.analog import Analog
from mesofw.board.display import Display
from mesofw.board.driver_wire import DriverWire
from mesofw.board.drivers import Drivers
from mesofw.board.fram import Fram
from mesofw.board.knob import Knob
from mesofw.board.links import Links
from mesofw.board.pulses import Pulses
from mesofw.board.register_lines import RegisterLines
from mesofw.board.resources import COUNTS, PULSES, STEPS
from mesofw.board.shared_spi import SharedSpi
from mesofw.board.signals import Signals
from mesofw.board.uart_link import UartLink
from mesofw.board.witness import Witness

_DISPLAY_HZ = 400_000
_DISPLAY_WAIT_US = 2_000


class Parts:
    """The parts of one board. `machine` is MicroPython's module, `usb` the link on USB, `files`
    the files' folder (`files.Files`). Both motors are off when it is made."""

    def __init__(self, chip, machine, usb, files, now_us: int):
        pin = machine.Pin
        # Before anything else: no motor is on by chance.
        self.carriage_off = pin(pins.CARRIAGE_ENABLE, pin.OUT, value=1)
        # Low: as it rises, the outputs would follow what went over the bus last.
        latch = pin(pins.REGISTERS_LATCH, pin.OUT, value=0)
        select = pin(pins.FRAM_CS, pin.OUT, value=1)
        bus = SharedSpi(chip, machine)
        self.lines = RegisterLines(bus.spi, latch, bus.hear_lines)
        self.lines.exchange()
        self.fram = Fram(bus.spi, select)
        self.trigger = pin(pins.TRIGGER, pin.IN, pin.PULL_UP)
        self.contact = pin(pins.CONTACT, pin.IN, pin.PULL_UP)
        self.stop = pin(pins.STOP, pin.IN, pin.PULL_UP)
        self.knob = Knob()
        adc = machine.ADC
        self.analog = Analog(adc(pins.FORCE), adc(pins.SUPPLY), adc(pins.TEMPERATURE))
        chip.claim([row[2] for row in PULSES + COUNTS + STEPS])
        self.pulses = Pulses(chip)
        self.witness = Witness(chip)
        self.drivers = Drivers(DriverWire(chip), now_us)
        i2c = machine.I2C(
            0,
            sda=pin(pins.DISPLAY_SDA),
            scl=pin(pins.DISPLAY_SCL),
            freq=_DISPLAY_HZ,
            timeout=_DISPLAY_WAIT_US,
        )
        self.display = Display(i2c, now_us)
        self.signals = Signals(self.lines, now_us)
        uart = machine.UART(
            0,
            uart_link.BAUD,
            tx=pin(pins.LINK_TX),
            rx=pin(pins.LINK_RX),
            txbuf=uart_link.RING_BYTES,
            rxbuf=uart_link.RING_BYTES,
            timeout=0,
            timeout_char=0,
        )
        self.links = Links((usb, UartLink(uart)))
        self.files = files
        self._machine = machine
        self._note = chip.window(restarts.NOTE, 1)
        self.board_id = binascii.hexlify(machine.unique_id()).decode()

    def restart(self, for_service: bool) -> None:
        """Start again, with the drivers off; for service, stay at the REPL then."""
        if for_service:
            self._note[0] = restarts.FOR_SERVICE
        self._machine.reset()
