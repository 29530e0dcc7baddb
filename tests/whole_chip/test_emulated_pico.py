"""What of a real Pico the emulator must have beside its pins: MicroPython itself is asked."""

import binascii
import hashlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.whole_chip.chip import image
from tests.whole_chip.emulator import Emulator
from tests.whole_chip.raw_repl import RawRepl

TRIGGER, ANSWER, STEP = 3, 25, 6
# Board's reasons for a reset: power, watchdog.
POWERED, WATCHDOG = 1, 3


@pytest.fixture(scope="module")
def flash(possible: None, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    """Where the flash is kept."""
    return tmp_path_factory.mktemp("pico") / "flash.bin"


@pytest.fixture(scope="module")
def chip(flash: Path) -> Iterator[Emulator]:
    """A chip that was just switched on."""
    with Emulator(image(), flash) as one:
        yield one


@pytest.fixture
def repl(chip: Emulator) -> RawRepl:
    """Its REPL, from power-on."""
    chip.reset()
    one = RawRepl(chip)
    one.begin()
    return one


def test_time_is_that_of_the_chip(chip: Emulator, repl: RawRepl) -> None:
    said = repl.execute(
        "import time, machine\n"
        "before = time.ticks_us()\n"
        "time.sleep_ms(50)\n"
        "print(machine.freq(), time.ticks_diff(time.ticks_us(), before))"
    )
    frequency, passed_us = said.split()
    assert int(frequency) == 125_000_000
    assert 50_000 <= int(passed_us) < 50_200
    begun = chip.run(1).now_ns
    assert chip.run(12_345).now_ns - begun == 12_345_000


def test_numbers_are_those_of_the_processor(repl: RawRepl) -> None:
    code = (
        "import binascii, hashlib\n"
        "data = bytes(range(256)) * 3\n"
        "print(binascii.crc32(data), divmod(-12345678901234567890, 977), 7 ** 77 % 1000003)\n"
        "print(binascii.hexlify(hashlib.sha256(data).digest()).decode(), -7 // 2, 1 << 40 >> 3)\n"
        "print(sum(place * place % 7 for place in range(1000)), sorted([5, -3, 9, 0]))"
    )
    data = bytes(range(256)) * 3
    assert repl.execute(code).splitlines() == [
        f"{binascii.crc32(data)} {divmod(-12345678901234567890, 977)} {7**77 % 1000003}",
        f"{hashlib.sha256(data).hexdigest()} -4 {1 << 37}",
        f"{sum(place * place % 7 for place in range(1000))} [-3, 0, 5, 9]",
    ]


def test_a_hard_interrupt_comes_while_python_is_busy(chip: Emulator, repl: RawRepl) -> None:
    repl.execute(
        "import machine\n"
        "seen = bytearray(1)\n"
        f"out = machine.Pin({ANSWER}, machine.Pin.OUT, value=0)\n"
        "def fell(pin):\n seen[0] += 1\n out(1)\n out(0)\n"
        f"trigger = machine.Pin({TRIGGER}, machine.Pin.IN, machine.Pin.PULL_UP)\n"
        "trigger.irq(fell, machine.Pin.IRQ_FALLING, hard=True)"
    )
    repl.send("while seen[0] < 3: pass\nprint('seen')")
    chip.ask("set", watch=[TRIGGER, ANSWER])
    levels = []
    for _ in range(3):
        levels += chip.ask("run", for_us=100, pins={TRIGGER: 0}).get("levels", [])
        levels += chip.ask("run", for_us=100, pins={TRIGGER: 1}).get("levels", [])
    assert [pin for _, pin, _ in levels] == [TRIGGER, ANSWER, ANSWER, TRIGGER] * 3
    fell = [ns for ns, pin, level in levels if pin == TRIGGER and not level]
    rose = [ns for ns, pin, level in levels if pin == ANSWER and level]
    for pressed, answered in zip(fell, rose, strict=True):
        assert 0 < answered - pressed < 50_000
    assert b"seen" in chip.run(10_000).link


def test_the_watchdog_bites_and_only_then(chip: Emulator, repl: RawRepl) -> None:
    before = chip.run(1)
    repl.execute(
        "import machine, time\n"
        "dog = machine.WDT(timeout=200)\n"
        "for _ in range(5):\n time.sleep_ms(150)\n dog.feed()"
    )
    fed = chip.run(1)
    assert (fed.fed - before.fed, fed.resets - before.resets) == (5, 0)
    bitten = chip.run(300_000)
    while bitten.why != "reset":
        bitten = chip.run(300_000)
    assert bitten.resets - before.resets == 1
    assert 150_000_000 < bitten.now_ns - fed.now_ns < 250_000_000
    repl.begin()
    assert repl.execute("import machine\nprint(machine.reset_cause())") == f"{WATCHDOG}\n"


def test_files_last_over_power_and_writing_them_stops_the_processor(
    chip: Emulator, repl: RawRepl, flash: Path
) -> None:
    took = repl.execute(
        "import time\n"
        "before = time.ticks_us()\n"
        "with open('/kept.txt', 'w') as file:\n file.write('kept' * 1000)\n"
        "print(time.ticks_diff(time.ticks_us(), before))"
    )
    # At least a sector is erased, and its sixteen pages are written.
    assert int(took) > 45_000 + 15 * 400
    chip.reset()
    repl.begin()
    code = "import machine\nprint(machine.reset_cause(), len(open('/kept.txt').read()))"
    assert repl.execute(code) == f"{POWERED} 4000\n"
    chip.save()
    with Emulator(image(), flash) as other:
        again = RawRepl(other)
        again.begin()
        assert again.execute(code) == f"{POWERED} 4000\n"


def test_pulses_go_on_while_flash_is_written(repl: RawRepl) -> None:
    # Set pins 1, then 0, with a period of 2 × 32 cycles of 64 µs.
    repl.execute(
        "import rp2, machine\n"
        "@rp2.asm_pio(set_init=rp2.PIO.OUT_LOW)\n"
        "def steps():\n set(pins, 1) [31]\n set(pins, 0) [31]\n"
        f"pulses = rp2.StateMachine(0, steps, freq=15625, set_base=machine.Pin({STEP}))\n"
        "pulses.active(1)\n"
        "with open('/other.txt', 'w') as file:\n file.write('x' * 5000)\n"
        "pulses.active(0)",
    )
    at = [ns for told in repl.said for ns, _, _ in told.edges]
    assert len(at) > 20
    assert {after - before for before, after in pairwise(at)} == {64 * 64_000}


def test_the_uart_takes_its_time(chip: Emulator, repl: RawRepl) -> None:
    repl.execute(
        "import machine, time\n"
        "uart = machine.UART(0, 115200, tx=machine.Pin(0), rx=machine.Pin(1), rxbuf=512, txbuf=512)"
    )
    chip.set(uart=b"to the gun" * 20)
    back = repl.execute("time.sleep_ms(30)\nprint(len(uart.read()), uart.write(b'back' * 100))")
    assert back == "200 400\n"
    sent = b"".join(told.uart for told in repl.said)
    began = chip.run(1).now_ns
    while len(sent) < 400:
        sent += chip.run(1_000).uart
    assert sent == b"back" * 100
    # 400 bytes of 10 bits.
    assert chip.run(1).now_ns - began < 40_000_000


def test_the_serial_port_is_as_fast_as_packets_are(chip: Emulator, repl: RawRepl) -> None:
    repl.send("import sys\nsys.stdout.write('x' * 20000)")
    began = repl.said[-1].now_ns
    heard = b"".join(told.link for told in repl.said)
    ended = began
    while heard.count(b"x") < 20_000:
        told = chip.run(1_000)
        heard += told.link
        ended = told.now_ns
    rate = 20_000 / (ended - began) * 1e9
    # 19 packets of 64 bytes in a millisecond are the most (USB 2.0, 5.8.4).
    assert 100_000 < rate < 19 * 64 * 1_000


def test_without_power_nothing_happens(chip: Emulator, repl: RawRepl) -> None:
    repl.send("while True: print(1)")
    chip.power(False)
    chip.run(1)
    told = chip.run(50_000)
    assert (told.why, told.link, told.edges) == ("time", b"", [])
    chip.power(True)
    repl.begin()
    assert repl.execute("print(2)") == "2\n"
