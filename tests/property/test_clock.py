"""Dates and wrapped times against the standard library's."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from mesofw.core.clock import WRAP_US, Clock, add_us, since_us, ymd
from tests.property.vectors import BOUNDED

EPOCH = datetime.date(1970, 1, 1)


def test_every_date_to_2199_is_the_calendars() -> None:
    for days in range((datetime.date(2200, 1, 1) - EPOCH).days):
        date = EPOCH + datetime.timedelta(days)
        assert ymd(days) == date.year * 10_000 + date.month * 100 + date.day


@BOUNDED
@given(st.integers(0, 2_900_000))
def test_any_date_is_the_calendars(days: int) -> None:
    date = EPOCH + datetime.timedelta(days)
    assert ymd(days) == date.year * 10_000 + date.month * 100 + date.day


@BOUNDED
@given(st.integers(0, WRAP_US - 1), st.integers(-(1 << 29), (1 << 29) - 1))
def test_adding_and_measuring_agree(at_us: int, delta_us: int) -> None:
    later_us = add_us(at_us, delta_us)
    assert 0 <= later_us < WRAP_US
    assert since_us(later_us, at_us) == delta_us


@BOUNDED
@given(st.integers(0, WRAP_US - 1), st.lists(st.integers(0, (1 << 29) - 1), max_size=40))
def test_no_millisecond_is_lost(start_us: int, steps_us: list[int]) -> None:
    clock = Clock(start_us)
    total_us = 0
    for step_us in steps_us:
        total_us += step_us
        clock.tick(add_us(start_us, total_us % WRAP_US))
    assert clock.at_ms == total_us // 1000
