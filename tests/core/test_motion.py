"""Moves to pulse segments, against the ideal trapezoid in floats."""

import math

from mesofw.core import motion
from mesofw.core.machine import AXES, CARRIAGE, PLUNGER
from mesofw.core.motion import PERIOD_MAX_TICKS, Segments, add_move, add_pause, isqrt
from tests.core.cases import motion as ideal
from tests.core.support.check import numbers, raises


def planned(pulses, speed_hz, accel_hz_s):
    segments = Segments(200)
    cruise = add_move(segments, pulses, speed_hz, accel_hz_s)
    return segments, cruise


def test_integer_square_roots():
    for value in list(range(1000)) + [1 << bits for bits in range(60)] + [10**15, 10**16 - 1]:
        root = isqrt(value)
        assert root * root <= value < (root + 1) * (root + 1), value


def test_a_move_puts_out_exactly_its_pulses():
    for axis in AXES:
        for pulses in list(range(1, 200)) + [799, 1000, 3200, 40_000, 264_000]:
            segments, _ = planned(pulses, axis.speed_hz, axis.accel_hz_s)
            assert ideal.pulses_of(segments) == pulses


def test_one_two_and_three_pulses():
    for axis in AXES:
        for pulses in (1, 2, 3):
            segments, cruise = planned(pulses, axis.speed_hz, axis.accel_hz_s)
            assert ideal.pulses_of(segments) == pulses
            assert segments.data[2 * cruise] >= 1
            took_s = ideal.ticks_of(segments) / motion.TICK_HZ
            assert took_s < 3 * 2 * math.sqrt(pulses / axis.accel_hz_s), (pulses, took_s)


def test_a_move_stays_within_one_step_of_the_ideal_profile():
    for axis in AXES:
        for pulses in (1, 2, 3, 4, 5, 7, 10, 33, 100, 449, 450, 451, 800, 1000, 3200, 5000):
            for speed_hz in (axis.speed_hz, axis.speed_hz // 3, 1000, 2445):
                segments, _ = planned(pulses, speed_hz, axis.accel_hz_s)
                off = ideal.farthest(segments, pulses, speed_hz, axis.accel_hz_s)
                assert off <= 1.0, (axis.name, pulses, speed_hz, off)


def test_no_segment_is_faster_than_the_limit():
    for axis in AXES:
        for pulses in list(range(1, 120)) + [449, 451, 800, 1600, 3200]:
            for speed_hz in (axis.speed_hz, axis.speed_hz // 2, 7777, 1000, 33):
                segments, _ = planned(pulses, speed_hz, axis.accel_hz_s)
                assert ideal.shortest_ticks(segments) >= motion.TICK_HZ // speed_hz, (
                    axis.name,
                    pulses,
                    speed_hz,
                )


def test_speed_never_rises_faster_than_the_acceleration_allows():
    for axis in AXES:
        for pulses in list(range(3, 120)) + [449, 451, 800, 1600, 3200, 20_000]:
            for speed_hz in (axis.speed_hz, axis.speed_hz // 2, 7777, 1000):
                segments, _ = planned(pulses, speed_hz, axis.accel_hz_s)
                over = ideal.over_accel_hz(segments, axis.accel_hz_s)
                assert over <= 0, (axis.name, pulses, speed_hz, over)


def test_the_ramp_is_long_enough_for_the_acceleration():
    for pulses in range(3, 300):
        for speed_hz in (30_000, 12_000, 5_000, 2_000):
            segments, _ = planned(pulses, speed_hz, 2_000_000)
            # From rest, a speed v is reached no sooner than after v / a.
            ticks = 0
            for row in range(segments.count):
                count, period = segments.data[2 * row], segments.data[2 * row + 1]
                middle_s = (ticks + count * period / 2) / motion.TICK_HZ
                if period == ideal.shortest_ticks(segments):
                    reached_hz = motion.TICK_HZ / period
                    assert reached_hz <= 2_000_000 * middle_s * 1.01 + 1, (pulses, speed_hz)
                    break
                ticks += count * period


def test_a_move_takes_about_as_long_as_the_ideal_one():
    for axis in AXES:
        for pulses in list(range(1, 60)) + [100, 450, 800, 1600, 3200, 20_000]:
            for speed_hz in (axis.speed_hz, axis.speed_hz // 2, 5000):
                segments, _ = planned(pulses, speed_hz, axis.accel_hz_s)
                took_s = ideal.ticks_of(segments) / motion.TICK_HZ
                wanted_s = ideal.duration_s(pulses, speed_hz, axis.accel_hz_s)
                spare_s = 0.03 * wanted_s + 1.0 / min(speed_hz, math.sqrt(axis.accel_hz_s * pulses))
                assert abs(took_s - wanted_s) <= spare_s, (pulses, speed_hz, took_s, wanted_s)


def test_a_move_speeds_up_then_slows_down():
    segments, cruise = planned(800, CARRIAGE.speed_hz, CARRIAGE.accel_hz_s)
    periods = [segments.data[2 * row + 1] for row in range(segments.count)]
    assert periods[:cruise] == sorted(periods[:cruise], reverse=True)
    assert periods[cruise] == min(periods)
    assert periods[cruise:] == sorted(periods[cruise:])


def test_very_slow_flows_have_long_even_periods():
    for speed_hz in (1, 2, 7, 24):
        segments, cruise = planned(100, speed_hz, PLUNGER.accel_hz_s)
        assert ideal.pulses_of(segments) == 100
        assert abs(ideal.ticks_of(segments) / motion.TICK_HZ * speed_hz - 100) < 1
        assert segments.data[2 * cruise + 1] <= motion.TICK_HZ // speed_hz + 1


def test_the_cruise_segment_always_holds_a_pulse():
    for pulses in range(1, 2000, 3):
        for axis in AXES:
            segments, cruise = planned(pulses, axis.speed_hz, axis.accel_hz_s)
            assert 0 <= cruise < segments.count
            assert segments.data[2 * cruise] >= 1


def test_no_segment_is_empty_and_every_period_is_a_period():
    for pulses in numbers(3, 300, 1, 50_000):
        segments, _ = planned(pulses, PLUNGER.speed_hz, PLUNGER.accel_hz_s)
        for row in range(segments.count):
            assert segments.data[2 * row] >= 1
            assert 1 <= segments.data[2 * row + 1] <= PERIOD_MAX_TICKS


def test_the_even_part_keeps_time_to_the_tick():
    for speed_hz in (30_000, 29_999, 12_345, 777):
        segments, _ = planned(3000, speed_hz, CARRIAGE.accel_hz_s)
        even = [
            (segments.data[2 * row], segments.data[2 * row + 1])
            for row in range(segments.count)
            if abs(segments.data[2 * row + 1] - motion.TICK_HZ // speed_hz) <= 1
        ]
        pulses = sum(count for count, _ in even)
        ticks = sum(count * period for count, period in even)
        assert abs(ticks - pulses * motion.TICK_HZ / speed_hz) <= 1 + pulses * 1e-3


def test_a_pause_of_any_length_is_exact():
    for ticks in (0, 1, 125, PERIOD_MAX_TICKS, PERIOD_MAX_TICKS + 1, 5 * PERIOD_MAX_TICKS + 3):
        segments = Segments(10)
        add_pause(segments, ticks)
        assert ideal.ticks_of(segments) == ticks
        assert ideal.pulses_of(segments) == 0
        assert motion.duration_ticks(segments, 0, segments.count) == ticks


def test_how_long_a_move_lasts_is_known_without_planning_it():
    for axis in AXES:
        for pulses in list(range(1, 60)) + [100, 450, 800, 3200, 20_000]:
            for speed_hz in (axis.speed_hz, 5_000, 33):
                segments, _ = planned(pulses, speed_hz, axis.accel_hz_s)
                ticks = motion.move_ticks(pulses, speed_hz, axis.accel_hz_s)
                # Rounding leaves less than a tick a pulse of each ramp's slice.
                assert abs(ticks - ideal.ticks_of(segments)) <= 40 * segments.count, (
                    pulses,
                    speed_hz,
                )


def test_durations_are_pulses_times_periods():
    segments = Segments(4)
    segments.add(10, 100)
    segments.add(0, 777)
    segments.add(3, 50)
    assert motion.duration_ticks(segments, 0, 3) == 1000 + 777 + 150
    assert motion.duration_ticks(segments, 1, 1) == 777
    assert motion.duration_ticks(segments, 1, 0) == 0


def test_a_buffer_that_is_full_says_so():
    segments = Segments(2)
    assert segments.add(1, 1) == 0
    assert segments.add(2, 1) == 1
    raises(ValueError, segments.add, 1, 1)
    segments.clear()
    assert segments.add(3, 4) == 0
    assert (segments.data[0], segments.data[1]) == (3, 4)


def test_periods_fit_30_bits():
    segments = Segments(4)
    raises(ValueError, segments.add, 1, 0)
    raises(ValueError, segments.add, 1, PERIOD_MAX_TICKS + 1)
    segments.add(1, PERIOD_MAX_TICKS)
    assert segments.data[1] == PERIOD_MAX_TICKS


def test_the_longest_move_of_each_axis_fits_a_timetable():
    for axis in AXES:
        segments, _ = planned(axis.travel_steps, axis.speed_hz, axis.accel_hz_s)
        assert segments.count <= 40
