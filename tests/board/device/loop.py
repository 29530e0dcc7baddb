"""The loop around the gun: when it is stepped, and how it starts."""

import binascii
import gc
import json

from mesofw.board import main, pins
from mesofw.board import register_lines as lines
from mesofw.core import states, wire
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


def traced(period_us):
    """A board whose gun has begun to sample its force and a counter."""
    bench = faulted()
    run(bench, 1_000_000)
    names = "force_mn,plunger_steps"
    for number, name, arguments in (
        (1, "hello", {"protocol": wire.PROTOCOL}),
        (2, "trace", {"names": names, "period_us": period_us, "count": 10_000}),
    ):
        message = {"s": "x", "i": number, "c": 1_000_000, "r": name, "a": arguments}
        bench.usb.sent.extend(wire.encode(message))
        for _ in range(20):
            bench.turn()
    assert bench.gun.link.job, bytes(bench.usb.got)
    bench.usb.got = bytearray()
    return bench


def run(bench, duration_us):
    end_us = bench.passed_us + duration_us
    while bench.passed_us < end_us:
        bench.turn()


def times_us(bench):
    """When the samples of all whole lines but the first, which may be cut, were taken."""
    out = []
    for line in bytes(bench.usb.got).split(b"\n")[1:-1]:
        data = binascii.a2b_base64(json.loads(line[:-9])["d"])
        at_us = data[4] | data[5] << 8 | data[6] << 16 | data[7] << 24
        out.append(at_us)
        for at in range(20, len(data), 6):
            at_us += data[at] | data[at + 1] << 8
            out.append(at_us)
    return out


def test_a_trace_is_sampled_between_steps():
    bench = traced(2_000)
    fed = bench.watchdog.fed
    run(bench, 2_000_000)
    times = times_us(bench)
    assert len(times) > 700
    steps = bench.watchdog.fed - fed
    assert steps < len(times) // 3, steps
    gaps = [(times[at + 1] - times[at]) % WRAP_US for at in range(len(times) - 1)]
    assert max(gaps) <= 2_000 + 2 * TICK_US, max(gaps)
    assert min(gaps) >= 2_000 - 2 * TICK_US


def test_sampling_between_steps_takes_no_memory():
    bench = traced(2_000)
    job = bench.gun.link.job
    while not 10 <= job._at < 70:
        bench.turn()

    def look():
        for wait_us in range(0, 20_000, 500):
            job.poll((began_us + wait_us) % WRAP_US)

    began_us = bench.now_us
    look()
    filled = job._at
    began_us = (bench.now_us + 20_000) % WRAP_US
    gc.collect()
    before = gc.mem_alloc()
    look()
    grown = gc.mem_alloc() - before
    assert grown == 0, grown
    assert job._at == filled + 10 * 3


def test_the_next_request_ends_the_looks():
    bench = traced(2_000)
    bench.usb.sent.extend(wire.encode({"s": "x", "i": 3, "c": 1_000, "r": "status"}))
    run(bench, 300_000)
    assert bench.board.between is None
    assert b'"state"' in bench.usb.got, bytes(bench.usb.got)


def test_what_fails_between_steps_is_answered_in_one():
    bench = traced(2_000)

    def glance(_inputs):
        raise ValueError("of the firmware's own")

    bench.board.glance = glance
    fed = bench.watchdog.fed
    bench.turn()
    bench.turn()
    assert bench.board.between is None
    assert bench.watchdog.fed <= fed + 1
    assert b"of the firmware's own" in bench.board._report + bench.usb.got
