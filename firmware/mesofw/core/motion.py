"""Moves to pulse segments: `(pulses, period)` under a speed and an acceleration limit.

A move is a trapezoid in speed. A ramp is cut into slices of equal time, each at constant speed,
short enough that no pulse is more than one step from the ideal parabola; what rounding leaves of a
slice's time is carried into the next slice. Periods are ticks of 8 ns, one RP2040 cycle.
"""

from array import array

TICK_HZ = 125_000_000
TICKS_PER_US = 125
PERIOD_MAX_TICKS = (1 << 30) - 1


def isqrt(value: int) -> int:
    """The integer square root of `value` >= 0, by Newton's method."""
    if value < 2:
        return value
    guess = 1 << ((_bits(value) + 1) // 2)
    while True:
        better = (guess + value // guess) // 2
        if better >= guess:
            return guess
        guess = better


def _bits(value: int) -> int:
    bits = 0
    while value:
        value >>= 1
        bits += 1
    return bits


class Segments:
    """A buffer of segments, made once and reused: `data` holds pulses, period, pulses, period, …

    A segment of no pulses is a pause of `period` ticks.
    """

    def __init__(self, capacity: int):
        self.data = array("I", bytes(8 * capacity))
        self.count = 0
        self.capacity = capacity

    def clear(self) -> None:
        self.count = 0

    def add(self, pulses: int, period_ticks: int) -> int:
        """Append one segment; gives its index. Raises ValueError where the buffer is full."""
        if self.count >= self.capacity:
            raise ValueError("a timetable holds %d segments" % self.capacity)
        if not 0 < period_ticks <= PERIOD_MAX_TICKS:
            raise ValueError("a period is 1 to %d ticks" % PERIOD_MAX_TICKS)
        self.data[2 * self.count] = pulses
        self.data[2 * self.count + 1] = period_ticks
        self.count += 1
        return self.count - 1


def add_pause(segments: Segments, ticks: int) -> None:
    """Append a pause of `ticks` (any length >= 0)."""
    while ticks > 0:
        part = min(ticks, PERIOD_MAX_TICKS)
        segments.add(0, part)
        ticks -= part


def cruise_speed(pulses: int, speed_hz: int, accel_hz_s: int) -> int:
    """The highest speed in pulses/s that a move of `pulses` reaches under both limits."""
    ramp = (pulses - 1) // 2
    if 2 * accel_hz_s * ramp >= speed_hz * speed_hz:
        return speed_hz
    # One or two pulses have no ramp: they last as long as the ideal move.
    peak_hz = isqrt(2 * accel_hz_s * ramp) if ramp else isqrt(accel_hz_s * pulses) // 2
    return min(speed_hz, max(1, peak_hz))


def add_move(segments: Segments, pulses: int, speed_hz: int, accel_hz_s: int) -> int:
    """Append the segments of a move of `pulses` >= 1 from rest to rest.

    Limits in pulses/s and pulses/s². Gives the index of the segment at constant speed (it always
    holds at least one pulse), where a shot may put in a pulse more.
    """
    speed_hz = cruise_speed(pulses, speed_hz, accel_hz_s)
    ramp = _ramp(pulses, speed_hz, accel_hz_s)
    ramp_ticks = 2 * ramp * TICK_HZ // speed_hz
    # A slice of h seconds strays a·h²/8 from the parabola: half a step at h = √(4/a).
    slice_ticks = isqrt(4 * TICK_HZ * TICK_HZ // accel_hz_s)
    slices = max(1, -(-ramp_ticks // slice_ticks)) if ramp else 0
    _add_ramp(segments, ramp, ramp_ticks, slices, True)
    even = pulses - 2 * ramp
    period, longer = divmod(even * TICK_HZ // speed_hz, even)
    if longer:
        segments.add(longer, period + 1)
    cruise = segments.add(even - longer, period)
    _add_ramp(segments, ramp, ramp_ticks, slices, False)
    return cruise


def move_ticks(pulses: int, speed_hz: int, accel_hz_s: int) -> int:
    """How long `add_move` of the same arguments lasts, to a tick a segment, without planning it."""
    speed_hz = cruise_speed(pulses, speed_hz, accel_hz_s)
    ramp = _ramp(pulses, speed_hz, accel_hz_s)
    return 2 * (2 * ramp * TICK_HZ // speed_hz) + (pulses - 2 * ramp) * TICK_HZ // speed_hz


def _ramp(pulses: int, speed_hz: int, accel_hz_s: int) -> int:
    """Pulses of each ramp to a cruise speed."""
    # Rounded up, for a ramp that is too short passes the acceleration limit; a speed that is
    # reached within half a step needs none.
    square = speed_hz * speed_hz
    return min(-(-square // (2 * accel_hz_s)), (pulses - 1) // 2) if square >= accel_hz_s else 0


def _add_ramp(segments: Segments, ramp: int, ramp_ticks: int, slices: int, up: bool) -> None:
    square = slices * slices
    carried = 0
    done_ticks = 0
    done = 0
    for k in range(1, slices + 1):
        place = k if up else slices - k
        reached = (2 * ramp * place * place + square) // (2 * square)
        reached = reached if up else ramp - reached
        end_ticks = ramp_ticks * k // slices
        carried += end_ticks - done_ticks
        done_ticks = end_ticks
        count = reached - done
        done = reached
        if count:
            period = carried // count
            segments.add(count, period)
            carried -= period * count


def duration_ticks(segments: Segments, first: int, count: int) -> int:
    """How long `count` segments from `first` last."""
    total = 0
    for index in range(first, first + count):
        pulses = segments.data[2 * index]
        total += max(1, pulses) * segments.data[2 * index + 1]
    return total
