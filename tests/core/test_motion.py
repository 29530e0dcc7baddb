"""Moves to pulse segments, against the ideal bang-bang move in floats."""

import math

from mesofw.core import motion
from mesofw.core.machine import AXES
from mesofw.core.motion import PERIOD_MAX_TICKS, Segments, add_move, add_pause, isqrt
from tests.core.cases import motion as ideal
from tests.core.support.check import numbers, raises

VERIFIES = {
    "test_every_move_keeps_every_rule": ("SR-041",),
    "test_a_move_puts_out_exactly_its_pulses": ("SR-065",),
    "test_no_pulse_is_more_than_a_step_from_the_ideal_move": ("SR-065",),
    "test_speed_never_changes_faster_than_the_accelerations_allow": ("SR-041",),
}

# (speed in pulses/s, speeding up and slowing down in pulses/s²): the carriage's 5 µm steps towards
# the skin (8 and 11 up, 45 m/s² down) and home (40 and 20), the plunger's 0.25 µm (3 and 4.3).
OUT = (50_000, 1_600_000, 9_000_000)
HOME = (50_000, 8_000_000, 4_000_000)
PRESS = (96_000, 12_000_000, 12_000_000)
LIMITS = (OUT, (50_000, 2_200_000, 9_000_000), HOME, PRESS, (96_000, 17_200_000, 17_200_000))
FEW = tuple(range(1, 80))
MANY = (100, 253, 449, 450, 451, 799, 800, 1000, 2600, 3200, 5000)


def planned(pulses, speed_hz, up_hz_s, down_hz_s):
    segments = Segments(200)
    cruise = add_move(segments, pulses, speed_hz, up_hz_s, down_hz_s)
    return segments, cruise


def rows(segments):
    """(pulses, period) of each segment."""
    data = segments.data
    return [(data[2 * row], data[2 * row + 1]) for row in range(segments.count)]


def speeds(limits):
    """A move's limits with its top speed and with lower ones."""
    return [(speed_hz,) + limits[1:] for speed_hz in (limits[0], limits[0] // 3, 7_777, 2_445, 33)]


def test_integer_square_roots():
    for value in list(range(1000)) + [1 << bits for bits in range(90)] + [10**15, 10**16 - 1]:
        root = isqrt(value)
        assert root * root <= value < (root + 1) * (root + 1), value


def test_a_square_root_is_found_from_any_guess_that_is_not_below_it():
    for value in (0, 1, 2, 99, 10**9, 10**15, 10**16 - 1):
        root = isqrt(value)
        for guess in (root, root + 1, root + root // 50 + 1, 2 * root + 1, 1000 * root + 7):
            assert isqrt(value, guess) == root, (value, guess)


def test_a_move_is_the_same_where_the_speed_that_it_reaches_is_known():
    for limits in LIMITS:
        for pulses in FEW + MANY:
            wanted = planned(pulses, *limits)
            segments = Segments(200)
            reached_hz = motion.cruise_speed(pulses, *limits)
            assert motion.add_reached(segments, pulses, reached_hz, limits[1:]) == wanted[1]
            assert rows(segments) == rows(wanted[0])
            assert motion.reached_ticks(pulses, reached_hz, limits[1:]) == segments.ticks


def test_moves_follow_one_another_in_one_buffer():
    segments = Segments(200)
    expected = []
    ticks = 0
    for limits in LIMITS:
        alone, cruise = planned(500, *limits)
        assert add_move(segments, 500, *limits) == len(expected) + cruise
        expected += rows(alone)
        ticks += alone.ticks
    assert rows(segments) == expected
    assert segments.ticks == ticks


def test_a_move_that_does_not_fit_says_so():
    for limits in LIMITS:
        count = planned(1000, *limits)[0].count
        for capacity in range(count):
            raises(ValueError, add_move, Segments(capacity), 1000, *limits)


def test_every_move_keeps_every_rule():
    for limits in LIMITS:
        for pulses in FEW + MANY:
            for slower in speeds(limits):
                ideal.move(pulses, *slower)


def test_a_move_puts_out_exactly_its_pulses():
    for limits in LIMITS:
        for pulses in FEW + MANY + (52_000, 264_000):
            assert ideal.pulses_of(planned(pulses, *limits)[0]) == pulses


def test_no_pulse_is_more_than_a_step_from_the_ideal_move():
    for limits in LIMITS:
        for pulses in FEW + MANY + (52_000, 264_000):
            off = ideal.farthest(planned(pulses, *limits)[0], (pulses,) + limits)
            assert off <= 1.0, (pulses, limits, off)


def test_no_pulse_of_a_ramp_is_much_more_than_half_a_step_off():
    for limits in (OUT, HOME):
        for pulses in MANY:
            off = ideal.farthest(planned(pulses, *limits)[0], (pulses,) + limits)
            assert off <= 0.55, (pulses, limits, off)


def test_a_slice_holds_two_pulses_more_on_each_side_than_the_one_before():
    segments, cruise = planned(1000, *HOME)
    counts = [count for count, _ in rows(segments)]
    assert counts[:8] == [2, 6, 10, 14, 18, 22, 26, 30]
    assert counts[-8:] == [30, 26, 22, 18, 14, 10, 6, 2]
    lasts = [count * period for count, period in rows(segments)[:8]]
    assert max(lasts) - min(lasts) <= 30


def test_a_move_lasts_as_long_as_the_ideal_one():
    for limits in LIMITS:
        for pulses in FEW + MANY:
            for slower in speeds(limits):
                took_s = ideal.ticks_of(planned(pulses, *slower)[0]) / motion.TICK_HZ
                wanted_s = ideal.duration_s(pulses, *slower)
                assert abs(took_s - wanted_s) <= 2.01 / motion.TICK_HZ + 1e-12 * wanted_s


def test_one_pulse_takes_the_time_of_the_ideal_move():
    for speed_hz, up_hz_s, down_hz_s in LIMITS:
        segments, cruise = planned(1, speed_hz, up_hz_s, down_hz_s)
        assert segments.count == 1
        assert cruise == 0
        wanted_s = math.sqrt(2.0 / up_hz_s + 2.0 / down_hz_s)
        assert 0 <= segments.data[1] - wanted_s * motion.TICK_HZ <= 2.01


def test_no_segment_is_faster_than_the_limit():
    for limits in LIMITS:
        for pulses in FEW + MANY:
            for slower in speeds(limits):
                segments, _ = planned(pulses, *slower)
                assert ideal.shortest_ticks(segments) >= motion.TICK_HZ // slower[0]


def test_speed_never_changes_faster_than_the_accelerations_allow():
    for limits in LIMITS:
        for pulses in FEW + MANY:
            for slower in speeds(limits):
                segments, _ = planned(pulses, *slower)
                over = ideal.over_accel_hz(segments, slower[1], slower[2])
                assert over <= 0, (pulses, slower, over)


def test_a_steeper_ramp_than_asked_for_is_seen():
    segments, _ = planned(1000, *OUT)
    assert ideal.over_accel_hz(segments, OUT[1] * 95 // 100, OUT[2]) > 0
    assert ideal.over_accel_hz(segments, OUT[1], OUT[2] * 95 // 100) > 0


def test_a_move_speeds_up_then_slows_down():
    for limits in (OUT, HOME, PRESS):
        segments, cruise = planned(2_600, *limits)
        periods = [period for _, period in rows(segments)]
        assert periods[:cruise] == sorted(periods[:cruise], reverse=True)
        assert periods[cruise] == min(periods)
        # Even time in whole ticks: the other period of the cruise is a tick longer.
        assert periods[cruise + 2 :] == sorted(periods[cruise + 2 :])


def test_the_cruise_is_at_the_speed_asked_for():
    for speed_hz in (96_000, 57_761, 12_345, 777, 33, 1):
        segments, cruise = planned(5_000, speed_hz, PRESS[1], PRESS[2])
        assert segments.data[2 * cruise + 1] in (
            motion.TICK_HZ // speed_hz,
            motion.TICK_HZ // speed_hz + 1,
        )


def test_a_long_even_part_keeps_time_along_its_way():
    # 200e6 / 57,761 is 3462.54 ticks: all pulses of one period first would stray by 19.
    limits = (57_761,) + PRESS[1:]
    segments, _ = planned(264_000, *limits)
    assert ideal.farthest(segments, (264_000,) + limits) <= 1.0
    assert segments.count < 100


def test_the_cruise_segment_always_holds_a_pulse():
    for pulses in range(1, 2000, 3):
        for limits in LIMITS:
            segments, cruise = planned(pulses, *limits)
            assert 0 <= cruise < segments.count
            assert segments.data[2 * cruise] >= 1


def test_no_segment_is_empty_and_every_period_is_a_period():
    for pulses in numbers(3, 300, 1, 50_000):
        for count, period in rows(planned(pulses, *PRESS)[0]):
            assert count >= 1
            assert 1 <= period <= PERIOD_MAX_TICKS


def test_a_pause_of_any_length_is_exact():
    for ticks in (0, 1, 125, PERIOD_MAX_TICKS, PERIOD_MAX_TICKS + 1, 5 * PERIOD_MAX_TICKS + 3):
        segments = Segments(10)
        add_pause(segments, ticks)
        assert ideal.ticks_of(segments) == ticks
        assert ideal.pulses_of(segments) == 0
        assert motion.duration_ticks(segments, 0, segments.count) == ticks


def test_how_long_a_move_lasts_is_known_without_planning_it():
    for limits in LIMITS:
        for pulses in FEW + MANY:
            for slower in speeds(limits):
                ticks = motion.move_ticks(pulses, *slower)
                assert ticks == ideal.ticks_of(planned(pulses, *slower)[0])


def test_a_move_at_the_speed_that_it_reaches_is_the_same_move_within_a_hertz():
    for limits in LIMITS:
        for pulses in FEW + MANY:
            peak_hz = motion.cruise_speed(pulses, *limits)
            assert 0 <= ideal.peak_hz(pulses, *limits) - peak_hz < 1.001
            assert motion.cruise_speed(pulses, peak_hz, *limits[1:]) == peak_hz
            ticks = motion.move_ticks(pulses, peak_hz, *limits[1:])
            assert abs(ticks - motion.move_ticks(pulses, *limits)) <= 3


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


def test_a_move_takes_few_segments():
    for limits in LIMITS:
        for pulses in FEW + MANY:
            assert planned(pulses, *limits)[0].count <= 36


def test_the_longest_shot_fits_a_timetable():
    carriage, plunger = AXES
    # The slowest way out that counts as one, and flows whose period is far from whole ticks.
    out = planned(carriage.travel_steps, 50_000, 200_000, 9_000_000)[0].count
    home = planned(carriage.travel_steps, *HOME)[0].count
    back = planned(800, *PRESS)[0].count
    for flow_hz in (96_000, 95_940, 90_009, 88_378, 72_830, 57_761):
        dose = planned(plunger.travel_steps, flow_hz, PRESS[1], PRESS[2])[0].count
        assert out + dose + 1 + home + back < 200
