"""The loop around the gun: when it is stepped, and how it starts."""

from mesofw.board import main, pins
from mesofw.board import register_lines as lines
from mesofw.core import states
from mesofw.core.clock import WRAP_US
from tests.board.device.bench import Bench

TICK_US = 200


class Timed(Bench):
    """A board on which each look at the time takes TICK_US."""

    def __init__(self, spoil=None):
        super().__init__(spoil)
        self.passed_us = 0
        self._at_us = -1
        self._happens = None

    def later(self, wait_us, happens):
        """Something that happens while the loop waits."""
        self._at_us = self.passed_us + wait_us
        self._happens = happens

    def ticks_us(self):
        self.passed_us += TICK_US
        if self._happens and self.passed_us >= self._at_us:
            self._happens(self)
            self._happens = None
        self.now_us = (self.now_us + TICK_US) % WRAP_US
        return self.now_us

    def start(self):
        self.gun = main.start(self.board, self.parts, self.ticks_us)
        return self.gun

    def turn(self):
        """µs that a turn of the loop took."""
        before_us = self.passed_us
        main.turn(self.gun, self.board, self.ticks_us)
        self.marks(0)
        return self.passed_us - before_us


def test_it_starts_as_soon_as_the_drivers_are_set_up():
    bench = Timed()
    gun = bench.start()
    assert bench.passed_us < 100_000
    assert all(driver.ready for driver in bench.parts.drivers.drivers)
    while gun.state != states.HOMING:
        bench.turn()


def test_silent_drivers_do_not_keep_it_from_starting():
    def unplug(bench):
        for motor in bench.motors:
            motor.powered = False

    bench = Timed(unplug)
    bench.start()
    assert bench.passed_us <= main.START_US + 2 * TICK_US
    for _ in range(10):
        bench.turn()
    assert bench.gun.state == states.FAULT


def faulted():
    """A gun that has nothing to do."""
    bench = Timed()
    bench.machine.pin(pins.STOP).level = 1
    bench.start()
    while bench.gun.state != states.FAULT or bench.turn() < 100_000:
        bench.turn()
    return bench


def test_with_nothing_to_do_the_gun_is_stepped_often_enough_for_the_watchdog():
    bench = faulted()
    fed = bench.watchdog.fed
    for _ in range(20):
        assert bench.turn() <= main.LONGEST_WAIT_US + 2 * TICK_US < main.WATCHDOG_MS * 1_000
    assert bench.watchdog.fed == fed + 20


def test_an_input_or_a_byte_wakes_it_at_once():
    for happens in (
        lambda bench: bench.close(lines.KNOB_PRESS),
        lambda bench: bench.usb.sent.extend(b"x"),
        lambda bench: bench.machine.uart.came.extend(b"x"),
    ):
        bench = faulted()
        bench.later(10_000, happens)
        assert 10_000 - TICK_US <= bench.turn() <= 10_000 + 2 * TICK_US


def test_a_step_that_fails_does_not_feed_the_watchdog():
    bench = faulted()
    fed = bench.watchdog.fed

    class Failing(Exception):
        pass

    def sample(_inputs):
        raise Failing

    bench.board.sample = sample
    bench.turn()
    assert bench.watchdog.fed == fed
    assert b"Failing" in bench.board._report + bench.usb.got
