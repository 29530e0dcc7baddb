"""A move against the ideal one: the trapezoid in speed, worked out with floats."""

import math

from mesofw.core import motion
from mesofw.core.motion import TICK_HZ, Segments, add_move


def pulses_of(segments):
    return sum(segments.data[2 * row] for row in range(segments.count))


def ticks_of(segments):
    total = 0
    for row in range(segments.count):
        total += max(1, segments.data[2 * row]) * segments.data[2 * row + 1]
    return total


def duration_s(pulses, speed_hz, accel_hz_s):
    """How long the ideal move lasts, from rest to rest."""
    if pulses * accel_hz_s <= speed_hz * speed_hz:
        return 2.0 * math.sqrt(pulses / accel_hz_s)
    return pulses / speed_hz + speed_hz / accel_hz_s


def place(pulses, speed_hz, accel_hz_s, at_s):
    """Where the ideal move is after `at_s`, in steps."""
    whole_s = duration_s(pulses, speed_hz, accel_hz_s)
    if at_s <= 0.0:
        return 0.0
    if at_s >= whole_s:
        return float(pulses)
    if at_s > whole_s / 2.0:
        return pulses - place(pulses, speed_hz, accel_hz_s, whole_s - at_s)
    ramp_s = min(speed_hz / accel_hz_s, whole_s / 2.0)
    if at_s <= ramp_s:
        return accel_hz_s * at_s * at_s / 2.0
    return accel_hz_s * ramp_s * ramp_s / 2.0 + speed_hz * (at_s - ramp_s)


def farthest(segments, pulses, speed_hz, accel_hz_s):
    """How many steps the move is from the ideal one at most, looked at when each pulse is out.

    The ideal move is centred on the planned one: rounding may make it start a little later.
    """
    late_s = (ticks_of(segments) / TICK_HZ - duration_s(pulses, speed_hz, accel_hz_s)) / 2.0
    worst = 0.0
    ticks = done = 0
    for row in range(segments.count):
        count = segments.data[2 * row]
        period = segments.data[2 * row + 1]
        for number in {1, count // 2, count} if count > 8 else range(1, count + 1):
            at_s = (ticks + number * period) / TICK_HZ - late_s
            off = abs(place(pulses, speed_hz, accel_hz_s, at_s) - (done + number))
            worst = max(worst, off)
        ticks += max(1, count) * period
        done += count
    return worst


def shortest_ticks(segments):
    """The shortest period of any segment."""
    return min(segments.data[2 * row + 1] for row in range(segments.count))


def over_accel_hz(segments, accel_hz_s):
    """How much faster any two segments follow each other than the acceleration allows, in pulses/s.

    A segment's speed is that of its middle; a count of whole pulses may be off by one.
    """
    worst = -1e9
    before = None
    for row in range(segments.count):
        count = segments.data[2 * row]
        period_s = segments.data[2 * row + 1] / TICK_HZ
        lasts_s = count * period_s
        if before:
            apart_s = (lasts_s + before[1]) / 2.0
            rounding = 1.0 / lasts_s + 1.0 / before[1]
            change = abs(1.0 / period_s - before[0])
            worst = max(worst, change - accel_hz_s * apart_s - rounding)
        before = (1.0 / period_s, lasts_s)
    return worst


def move(pulses, speed_hz, accel_hz_s):
    """The segments of a move, after checking them: pulses, limits, closeness to the ideal."""
    segments = Segments(4000)
    cruise = add_move(segments, pulses, speed_hz, accel_hz_s)
    assert pulses_of(segments) == pulses
    assert segments.data[2 * cruise] >= 1
    assert shortest_ticks(segments) >= TICK_HZ // speed_hz
    assert over_accel_hz(segments, accel_hz_s) <= 0
    # Half a step by the slices, half by whole pulses, and a little since a ramp has whole pulses
    # too.
    assert farthest(segments, pulses, speed_hz, accel_hz_s) <= 1.25
    assert motion.duration_ticks(segments, 0, segments.count) == ticks_of(segments)
    off = motion.move_ticks(pulses, speed_hz, accel_hz_s) - ticks_of(segments)
    assert abs(off) <= pulses + segments.count
    return [cruise] + list(segments.data[: 2 * segments.count])


CASES = {"move": move}
