"""A move against the ideal one: constant acceleration, speed limit, constant braking, in floats."""

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


def peak_hz(pulses, speed_hz, up_hz_s, down_hz_s):
    """The highest speed of the ideal move: what both ramps reach together, or the limit."""
    reach = 2.0 * pulses / (1.0 / up_hz_s + 1.0 / down_hz_s)
    return min(float(speed_hz), math.sqrt(reach))


def duration_s(pulses, speed_hz, up_hz_s, down_hz_s):
    """How long the ideal move lasts, from rest to rest."""
    peak = peak_hz(pulses, speed_hz, up_hz_s, down_hz_s)
    ramps_s = peak / up_hz_s + peak / down_hz_s
    return ramps_s + (pulses - peak * ramps_s / 2.0) / peak


class Ideal:
    """The ideal move from rest to rest; `place` tells where it is after `at_s`, in steps."""

    def __init__(self, pulses, speed_hz, up_hz_s, down_hz_s):
        self.pulses = pulses
        self.peak_hz = peak_hz(pulses, speed_hz, up_hz_s, down_hz_s)
        self.up_hz_s = up_hz_s
        self.down_hz_s = down_hz_s
        self.lasts_s = duration_s(pulses, speed_hz, up_hz_s, down_hz_s)

    def place(self, at_s):
        up_s = self.peak_hz / self.up_hz_s
        left_s = self.lasts_s - at_s
        if at_s <= 0.0:
            return 0.0
        if left_s <= 0.0:
            return float(self.pulses)
        if at_s < up_s:
            return self.up_hz_s * at_s * at_s / 2.0
        if left_s < self.peak_hz / self.down_hz_s:
            return self.pulses - self.down_hz_s * left_s * left_s / 2.0
        return self.peak_hz * (at_s - up_s / 2.0)


def farthest(segments, limits):
    """How many steps the move of `limits` (the arguments of a move) is from the ideal one at most,
    looked at when a pulse is out; both start together. Of a long segment some pulses are looked
    at."""
    ideal = Ideal(*limits)
    worst = 0.0
    ticks = done = 0
    for row in range(segments.count):
        count = segments.data[2 * row]
        period = segments.data[2 * row + 1]
        some = (1, count // 4, count // 2, 3 * count // 4, count)
        for number in some if count > 16 else range(1, count + 1):
            at_s = (ticks + number * period) / TICK_HZ
            worst = max(worst, abs(ideal.place(at_s) - (done + number)))
        ticks += max(1, count) * period
        done += count
    return worst


def shortest_ticks(segments):
    """The shortest period of any segment."""
    return min(segments.data[2 * row + 1] for row in range(segments.count))


def runs(segments):
    """(pulses, ticks) of each run of segments whose periods differ by no more than a tick."""
    out = []
    before = 0
    for row in range(segments.count):
        count, period = segments.data[2 * row], segments.data[2 * row + 1]
        if before and abs(period - before) <= 1:
            out[-1] = (out[-1][0] + count, out[-1][1] + count * period)
        else:
            out.append((count, count * period))
        before = period
    return out


def over_accel_hz(segments, up_hz_s, down_hz_s):
    """How much more the speed changes from any run to the next, rest included, than the
    accelerations allow, in pulses/s.

    A run's speed is that of its middle. Rounding: less than a tick for each of its pulses and its
    neighbours', and two for the whole.
    """
    rows = [(0, 0)] + runs(segments) + [(0, 0)]
    worst = -1e9
    before = None
    for place in range(len(rows)):
        count, ticks = rows[place]
        near = rows[max(0, place - 1) : place + 2]
        speed_hz = count * TICK_HZ / ticks if ticks else 0.0
        off_hz = speed_hz * (sum(row[0] for row in near) + 2) / ticks if ticks else 0.0
        if before:
            apart_s = (ticks + before[2]) / 2.0 / TICK_HZ
            rises_hz = speed_hz - before[0]
            allowed_hz = apart_s * (up_hz_s if rises_hz > 0 else down_hz_s)
            worst = max(worst, abs(rises_hz) - allowed_hz - off_hz - before[1])
        before = (speed_hz, off_hz, ticks)
    return worst


def move(pulses, speed_hz, up_hz_s, down_hz_s):
    """The segments of a move, after checking them: pulses, limits, closeness to the ideal."""
    limits = (pulses, speed_hz, up_hz_s, down_hz_s)
    segments = Segments(4000)
    cruise = add_move(segments, *limits)
    assert pulses_of(segments) == pulses
    assert segments.data[2 * cruise] >= 1
    assert shortest_ticks(segments) >= TICK_HZ // speed_hz
    assert over_accel_hz(segments, up_hz_s, down_hz_s) <= 0
    assert farthest(segments, limits) <= 1.0
    assert motion.duration_ticks(segments, 0, segments.count) == ticks_of(segments)
    assert segments.ticks == ticks_of(segments)
    assert motion.move_ticks(*limits) == ticks_of(segments)
    # Two roundings up by a tick at most; the ideal time is a float.
    late_ticks = ticks_of(segments) - duration_s(*limits) * TICK_HZ
    assert -1e-12 * ticks_of(segments) - 0.01 <= late_ticks <= 2.01 + 1e-12 * ticks_of(segments)
    return [cruise] + list(segments.data[: 2 * segments.count])


CASES = {"move": move}
