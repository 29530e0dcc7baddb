"""Wrapped microseconds in, milliseconds since boot out; dates."""

from mesofw.core import clock
from mesofw.core.clock import WRAP_US, Clock, add_us, since_us, ymd

VERIFIES = {
    "test_distance_is_signed_and_holds_across_the_wrap": ("SR-174",),
    "test_no_time_is_lost_over_many_small_ticks_and_wraps": ("SR-173",),
    "test_a_time_before_the_last_counts_as_no_time": ("SR-173",),
}


def test_microseconds_wrap_at_2_to_the_30():
    assert WRAP_US == 1 << 30
    assert add_us(WRAP_US - 1, 1) == 0
    assert add_us(WRAP_US - 5, 12) == 7
    assert add_us(3, -4) == WRAP_US - 1


def test_distance_is_signed_and_holds_across_the_wrap():
    assert since_us(7, WRAP_US - 5) == 12
    assert since_us(WRAP_US - 5, 7) == -12
    assert since_us(5, 5) == 0
    assert since_us((1 << 29) - 1, 0) == (1 << 29) - 1
    assert since_us(1 << 29, 0) == -(1 << 29)


def test_adding_and_measuring_agree_everywhere():
    for at in (0, 1, WRAP_US // 2, WRAP_US - 1, 123_456_789):
        for delta in (0, 1, 999, 1_000_000, (1 << 29) - 1, -1, -1_000_000, -(1 << 29)):
            assert since_us(add_us(at, delta), at) == delta


def test_a_millisecond_is_counted_when_it_is_full():
    now = Clock(WRAP_US - 1500)
    assert now.tick(WRAP_US - 501) == 0
    assert now.tick(WRAP_US - 500) == 1
    assert now.tick(499) == 1
    assert now.tick(500) == 2


def test_no_time_is_lost_over_many_small_ticks_and_wraps():
    now = Clock(WRAP_US - 10)
    at = WRAP_US - 10
    for _ in range(3000):
        at = add_us(at, 1_234_567)
        now.tick(at)
    assert now.at_ms == 3000 * 1_234_567 // 1000


def test_a_time_before_the_last_counts_as_no_time():
    now = Clock(1000)
    now.tick(5000)
    assert now.tick(3000) == 4
    assert now.now_us == 5000
    assert now.tick(6000) == 5


def test_unix_time_is_the_hosts_word_plus_what_has_passed():
    now = Clock(0)
    assert now.unix_s() == 0
    assert now.today_ymd() == 0
    now.tick(5_000_000)
    now.set_epoch(1_767_225_600, 40)  # 2026-01-01 00:00:00
    assert now.unix_s() == 1_767_225_600
    assert now.today_ymd() == 20260101
    assert now.quality_ms == 40
    at = 5_000_000
    for _ in range(86_400 // 60):
        at = add_us(at, 60_000_000)
        now.tick(at)
    assert now.unix_s() == 1_767_225_600 + 86_400
    assert now.today_ymd() == 20260102


def test_dates_at_the_turns_of_the_calendar():
    assert ymd(0) == 19700101
    assert ymd(58) == 19700228
    assert ymd(59) == 19700301
    assert ymd(789) == 19720229
    assert ymd(10_956) == 19991231
    assert ymd(11_016) == 20000229
    assert ymd(11_017) == 20000301
    assert ymd(19_782) == 20240229
    assert ymd(47_540) == 21000228
    assert ymd(47_541) == 21000301


def test_every_day_follows_the_one_before():
    last = ymd(0)
    for days in range(1, 15_000, 1):
        today = ymd(days)
        same_month = today == last + 1
        next_month = today % 100 == 1 and today // 100 % 100 == last // 100 % 100 + 1
        next_year = today % 10_000 == 101 and last % 10_000 == 1231
        assert same_month or next_month or next_year, (last, today)
        last = today


def test_half_a_wrap_is_nine_minutes():
    assert clock.WRAP_US // 2 // 60_000_000 == 8
