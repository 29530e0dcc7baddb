"""The motor drivers: set up, confirmed, looked after, and told where they are silent."""

import random
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from mesofw.board import drivers, tmc2209
from mesofw.board.drivers import EXCHANGE_US, LOOK_US, Drivers
from mesofw.core.clock import WRAP_US
from tests.board.chips.tmc2209 import GSTAT, SG_RESULT, Tmc2209, Wire, crc

GUN = tomllib.loads((Path(__file__).parents[2] / "hardware/gun.toml").read_text(encoding="utf-8"))
DRV_STATUS = 0x6F
START_US = WRAP_US - 50_000
STEP_US = 250


class Bench:
    """Both drivers on their wire, and time."""

    def __init__(self) -> None:
        self.chips = [Tmc2209(0), Tmc2209(1)]
        self.wire = Wire(self.chips)
        self.now_us = START_US
        self.drivers = Drivers(self.wire, self.now_us)

    def run(self, duration_us: int) -> None:
        for _ in range(duration_us // STEP_US):
            self.now_us = (self.now_us + STEP_US) % WRAP_US
            self.drivers.step(self.now_us)

    def until_known(self, limit_us: int = 500_000) -> int:
        """µs until both are set up or silent."""
        for passed_us in range(0, limit_us, STEP_US):
            if self.drivers.known():
                return passed_us
            self.run(STEP_US)
        raise AssertionError("still not known")


def set_up() -> Bench:
    bench = Bench()
    bench.until_known()
    assert not bench.drivers.bad()
    return bench


def amps(scale: int) -> float:
    """The data sheet's formula: rms, 110 mΩ, lower range."""
    return (scale + 1) / 32 * 0.180 / (0.110 + 0.020) / 2**0.5


def test_both_are_set_up_within_a_tenth_of_a_second():
    assert Bench().until_known() <= 100_000


def test_currents_are_those_of_the_motors_and_never_above():
    bench = set_up()
    share = GUN["driver"]["hold_share"]
    for axis, name in enumerate(("carriage", "plunger")):
        rated_a = GUN[name]["motor"]["current_a"]
        register = bench.chips[axis].registers[tmc2209.IHOLD_IRUN]
        run_a, hold_a = amps(register >> 8 & 31), amps(register & 31)
        assert 0.9 * rated_a <= run_a <= rated_a
        assert 0.8 * share * rated_a <= hold_a <= share * rated_a


def test_microsteps_are_those_of_the_gun_and_taken_from_the_register():
    bench = set_up()
    for axis, name in enumerate(("carriage", "plunger")):
        registers = bench.chips[axis].registers
        assert 256 >> (registers[tmc2209.CHOPCONF] >> 24 & 15) == GUN[name]["microsteps"]
        assert registers[tmc2209.CHOPCONF] & 15, "the driver stays off"
        assert registers[tmc2209.CHOPCONF] >> 17 & 1, "not the lower range of the sense voltage"
        assert registers[tmc2209.GCONF] & 0xC0 == 0xC0, "MRES and UART"
        assert not registers[tmc2209.GCONF] & 1, "current from a pin"
        assert registers[GSTAT] == 0


def test_each_waits_with_its_reply_since_two_share_the_wire():
    for chip in set_up().chips:
        assert chip.registers[tmc2209.SLAVECONF] >> 8 & 15 >= 2


def test_no_current_is_asked_for_that_the_scale_does_not_have():
    assert tmc2209.scale(0) == 0
    assert tmc2209.scale(100_000) == 31
    for current_ma in range(50, 950, 7):
        assert amps(tmc2209.scale(current_ma)) <= current_ma / 1000
    with_one_more = amps(tmc2209.scale(600) + 1)
    assert with_one_more > 0.6


def test_the_crc_is_the_data_sheets():
    for data in (b"\x05\x00\x00", b"\x05\x01\xec\x10\x02\x00\x53", bytes(7), bytes(range(7))):
        assert tmc2209.crc8(data, len(data)) == crc(data)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_driver_that_is_unplugged_is_silent_and_heard_again(axis: int):
    bench = Bench()
    bench.chips[axis].powered = False
    bench.until_known()
    assert [driver.silent for driver in bench.drivers.drivers] == [axis == 0, axis == 1]
    assert bench.drivers.bad()
    bench.chips[axis].powered = True
    bench.run(300_000)
    assert not bench.drivers.bad()
    assert bench.drivers.drivers[axis].ready


def test_without_motor_supply_both_are_silent_and_set_up_anew_when_it_is_back():
    bench = set_up()
    for chip in bench.chips:
        chip.powered = False
    bench.run(300_000)
    assert bench.drivers.bad()
    assert all(driver.silent for driver in bench.drivers.drivers)
    for chip in bench.chips:
        chip.powered = True
        chip.power_on()
    bench.run(300_000)
    assert not bench.drivers.bad()
    for chip in bench.chips:
        assert chip.registers[tmc2209.IHOLD_IRUN] > 0
        assert chip.registers[GSTAT] == 0


def test_a_supply_that_was_away_for_a_moment_is_noticed_by_what_it_reset():
    bench = set_up()
    bench.chips[0].power_on()
    bench.run(12 * LOOK_US)
    assert not bench.drivers.bad()
    assert bench.chips[0].registers[tmc2209.IHOLD_IRUN] > 0


def test_a_write_that_the_driver_did_not_take_is_written_again():
    bench = Bench()
    lost = []

    class Deaf(Tmc2209):
        def hear(self, data: bytes) -> bytes:
            if len(data) == 8 and data[2] == tmc2209.IHOLD_IRUN | 0x80 and not lost:
                lost.append(data)
                return b""
            return super().hear(data)

    bench.chips[0] = bench.wire.drivers[0] = Deaf(0)
    bench.until_known()
    assert lost
    assert not bench.drivers.bad()
    assert bench.chips[0].registers[tmc2209.IHOLD_IRUN] > 0


def test_a_write_by_another_hand_is_noticed_and_undone():
    bench = set_up()
    bench.chips[1].hear(tmc2209.write(1, tmc2209.IHOLD_IRUN, (0, 0x1F1F)))
    bench.run(12 * LOOK_US)
    register = bench.chips[1].registers[tmc2209.IHOLD_IRUN]
    assert amps(register >> 8 & 31) <= 0.6


def damaged(reply: bytes, rng: random.Random) -> bytes:
    if not reply or rng.random() < 0.5:
        return reply
    kind = rng.randrange(4)
    if kind == 0:
        place = rng.randrange(len(reply))
        return reply[:place] + bytes((reply[place] ^ 1 << rng.randrange(8),)) + reply[place + 1 :]
    if kind == 1:
        return b"\0" + reply
    if kind == 2:
        return reply[: rng.randrange(len(reply))]
    return bytes(rng.randrange(256) for _ in reply)


def test_noise_on_half_of_all_replies_neither_stops_the_gun_nor_changes_a_setting():
    for seed in range(5):
        bench = Bench()
        rng = random.Random(seed)
        wanted = [dict(chip.registers) for chip in set_up().chips]
        bench.wire.spoil = lambda reply, rng=rng: damaged(reply, rng)
        bench.run(3_000_000)
        bench.wire.spoil = None
        bench.run(500_000)
        assert not bench.drivers.bad()
        assert [chip.registers for chip in bench.chips] == wanted


def test_an_echo_of_what_was_sent_is_no_reply():
    bench = Bench()
    bench.wire.spoil = lambda _reply: bench.wire.sent[-1]
    bench.until_known()
    assert all(driver.silent for driver in bench.drivers.drivers)


def test_a_reply_to_another_question_is_none():
    late = [b""]

    def spoil(reply: bytes) -> bytes:
        late.append(reply)
        return late[-2]

    bench = Bench()
    bench.run(50_000)
    bench.wire.spoil = spoil
    bench.run(2_000_000)
    for driver in bench.drivers.drivers:
        assert driver.hot_dc == 0
        assert not driver.shorted


@pytest.mark.parametrize(
    ("bit", "hot_dc"), [(0, 1_200), (8, 1_200), (9, 1_430), (10, 1_500), (11, 1_570)]
)
def test_a_hot_driver_is_told_with_the_temperature_that_it_passed(bit: int, hot_dc: int):
    bench = set_up()
    bench.chips[1].registers[DRV_STATUS] = 1 << bit
    bench.run(10 * LOOK_US)
    assert bench.drivers.hot_dc() == hot_dc
    bench.chips[1].registers[DRV_STATUS] = 0
    bench.run(10 * LOOK_US)
    assert bench.drivers.hot_dc() == 0


@pytest.mark.parametrize("bit", range(2, 6))
def test_a_short_circuit_is_a_fault_of_the_driver(bit: int):
    bench = set_up()
    bench.chips[0].registers[DRV_STATUS] = 1 << bit
    bench.run(10 * LOOK_US)
    assert bench.drivers.bad()
    assert not bench.drivers.drivers[0].silent


def test_stallguard_is_read_as_evidence():
    bench = set_up()
    bench.chips[0].registers[SG_RESULT] = 314
    bench.run(10 * LOOK_US)
    assert not bench.drivers.bad()
    for reading in (280, 305):
        bench.chips[0].registers[SG_RESULT] = reading
        bench.run(10 * LOOK_US)
    assert [bench.drivers.stall(axis) for axis in (0, 1)] == [280, 0]


def test_what_stallguard_read_is_taken_once():
    bench = set_up()
    bench.run(10 * LOOK_US)
    bench.drivers.stall(0)
    assert bench.drivers.stall(0) == -1
    bench.chips[0].registers[SG_RESULT] = 200
    bench.run(10 * LOOK_US)
    assert bench.drivers.stall(0) == 200


def test_no_exchange_begins_before_the_last_one_is_over():
    times: list[int] = []

    class Timed(Wire):
        def send(self, data: bytes, expected: int) -> None:
            times.append(bench.now_us)
            super().send(data, expected)

    bench = Bench()
    bench.drivers = Drivers(Timed(bench.chips), bench.now_us)
    bench.run(300_000)
    assert len(times) > 20
    for before, after in pairwise(times):
        assert (after - before) % WRAP_US >= EXCHANGE_US
    # 40 bits to the driver, 24 of silence, 80 back, at 115,200 a second.
    assert EXCHANGE_US >= 144 * 1_000_000 / 115_200
    assert drivers.SILENT_AFTER > 1
