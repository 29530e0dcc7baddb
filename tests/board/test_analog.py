"""Force, supply and temperature: what the pins' voltages mean."""

import math

import pytest

from mesofw.board import analog
from mesofw.core.settings import SETTINGS, defaults
from tests.board.chips.machine import Channel

LIMITS = defaults(SETTINGS)


def board(force_v: float = 1.0, supply_v: float = 2.0, temperature_v: float = 1.65):
    channels = [Channel(), Channel(), Channel()]
    for channel, volts in zip(channels, (force_v, supply_v, temperature_v), strict=True):
        channel.uv = round(volts * 1_000_000)
    return analog.Analog(*channels)


def cell_v(newtons: float) -> float:
    """The cell gives 0.5 to 4.5 V for 50 N; two thirds of it reach the pin."""
    return (0.5 + 4.0 * newtons / 50.0) * 2 / 3


def ntc_v(celsius: float) -> float:
    """10 kΩ at 25 °C, B 3977 K, to ground, below 10 kΩ at 3.3 V."""
    ohm = 10_000 * math.exp(3977 * (1 / (celsius + 273.15) - 1 / 298.15))
    return 3.3 * ohm / (ohm + 10_000)


@pytest.mark.parametrize("newtons", [0.0, 0.5, 2.0, 8.2, 22.53, 45.0])
def test_force_is_that_of_the_cell_to_two_steps_of_the_converter(newtons: float):
    assert abs(board(force_v=cell_v(newtons)).force_mn() - 1000 * newtons) <= 31


def test_no_force_is_below_zero():
    assert board(force_v=cell_v(-0.3)).force_mn() == 0


@pytest.mark.parametrize("volts", [0.0, 0.1])
def test_a_force_cell_that_is_unplugged_reads_more_than_any_limit_allows(volts: float):
    assert board(force_v=volts).force_mn() == analog.FORCE_BROKEN_MN > LIMITS["force_mn"]


@pytest.mark.parametrize("volts", [5.0, 21.0, 24.0, 30.0])
def test_the_supply_is_eleven_times_what_the_pin_has(volts: float):
    assert abs(board(supply_v=volts / 11).supply_mv() - 1000 * volts) <= 10


@pytest.mark.parametrize("celsius", range(-18, 99, 3))
def test_the_temperature_is_that_of_the_sensor_to_half_a_degree(celsius: int):
    told = board(temperature_v=ntc_v(celsius)).temperature_dc()
    assert abs(told - 10 * celsius) <= (5 if 10 <= celsius <= 80 else 10)


@pytest.mark.parametrize("volts", [0.0, 3.3])
def test_a_sensor_that_is_broken_or_shorted_is_too_hot(volts: float):
    told = board(temperature_v=volts).temperature_dc()
    assert told == analog.TEMPERATURE_BROKEN_DC > LIMITS["temperature_dc"]


def test_no_figure_on_the_way_is_beyond_the_picos_small_integers():
    full = 4095
    assert 8 * full * analog._UN_PER_COUNT < 1 << 30
    assert 4 * full * 3_300 * 11 < 1 << 30
    assert 4095 * 100 < 1 << 30
