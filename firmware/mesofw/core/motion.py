"""Moves to pulse segments: `(pulses, period)` under a speed and two acceleration limits.

A move is bang-bang: constant acceleration, the speed limit, constant braking, which is the quickest
there is. Torque is needed for the acceleration only, and its limit keeps the motor's margin all
along, so a jerk limit would cost time and gain nothing.

From rest, equal times take a body 1, 3, 5, 7, … times as far (Galileo's odd numbers). Slices of
h = √(4/a) seconds hold 2, 6, 10, 14, … whole pulses, so each ends on the ideal parabola and no
pulse in it is more than a h²/8 = half a step off. What rounding leaves of a slice's time, less than
a tick a pulse, goes to the next. Periods are ticks of 5 ns, one cycle of the RP2040.

Large numbers are slow on the gun, so only what needs them has them: never a slice.
"""

from array import array

TICK_HZ = 200_000_000
TICKS_PER_US = 200
PERIOD_MAX_TICKS = (1 << 30) - 1
# Enough for the plunger's whole travel at top speed to stray by less than a pulse, and few enough
# for any shot to stay below 200 segments.
TURNS_MAX = 27
# After so long comes the first pulse of a move that begins at once.
AT_ONCE_TICKS = 2_000
# 256 T / 2, 4 T² and 4 T / 16 of T ticks a second.
_HALF_256 = 25_600_000_000
_SQUARE_4 = 160_000_000_000_000_000
_FOUR_16TH = 50_000_000


def isqrt(value: int, guess: int = 0) -> int:
    """The integer square root of `value` >= 0, by Newton's method; from a `guess` that is not below
    it, where there is one."""
    if not guess:
        if value > 0x3FFF_FFFF:
            # Of its upper digits first, in smaller numbers.
            guess = (isqrt(value >> 16) + 1) << 8
        else:
            guess = 1
            rest = value
            while rest > 15:
                rest >>= 4
                guess <<= 2
            guess *= (rest >> 2) + 2
    while guess:
        other = value // guess
        if other >= guess:
            break
        guess = (guess + other) >> 1
    return guess


class Segments:
    """A buffer of segments, made once and reused: `data` holds pulses, period, pulses, period, …

    A segment of no pulses is a pause of `period` ticks. `ticks` is how long all of them last.
    """

    def __init__(self, capacity: int):
        self.data = array("I", bytes(8 * capacity))
        self.capacity = capacity
        self.clear()

    def clear(self) -> None:
        self.count = 0
        self.ticks = 0

    def add(self, pulses: int, period_ticks: int) -> int:
        """Append one segment; gives its index. Raises ValueError where the buffer is full."""
        self.room(1)
        if not 0 < period_ticks <= PERIOD_MAX_TICKS:
            raise ValueError("a period is 1 to %d ticks" % PERIOD_MAX_TICKS)
        self.data[2 * self.count] = pulses
        self.data[2 * self.count + 1] = period_ticks
        self.ticks += (pulses or 1) * period_ticks
        self.count += 1
        return self.count - 1

    def begin_at_once(self, first: int) -> None:
        """Have the ramp that begins with the segment `first` + 1, of two pulses or more, put out
        its first pulse as the segment `first`, at once: it comes as the ideal move has done half a
        step, and what lies before moves nothing."""
        at = 2 * first + 2
        self.data[at] -= 1
        self.ticks -= self.data[at + 1]

    def room(self, count: int) -> int:
        """Where in `data` the next segment begins. Raises ValueError where `count` more do not go
        in."""
        if self.count + count > self.capacity:
            raise ValueError("a timetable holds %d segments" % self.capacity)
        return 2 * self.count


def add_pause(segments: Segments, ticks: int) -> None:
    """Append a pause of `ticks` (any length >= 0)."""
    while ticks > 0:
        part = min(ticks, PERIOD_MAX_TICKS)
        segments.add(0, part)
        ticks -= part


def cruise_speed(pulses: int, speed_hz: int, up_hz_s: int, down_hz_s: int) -> int:
    """The highest speed in pulses/s that a move of `pulses` reaches under its limits: v² = 2 n /
    (1/a + 1/b), or the speed limit."""
    both = up_hz_s + down_hz_s
    reach = 2 * pulses * up_hz_s * down_hz_s
    if reach >= speed_hz * speed_hz * both:
        return speed_hz
    return max(1, isqrt(reach // both))


def move_ticks(pulses: int, speed_hz: int, up_hz_s: int, down_hz_s: int) -> int:
    """How long `add_move` of the same arguments lasts, to the tick, without planning it."""
    speed_hz = cruise_speed(pulses, speed_hz, up_hz_s, down_hz_s)
    return reached_ticks(pulses, speed_hz, (up_hz_s, down_hz_s))


def reached_ticks(pulses: int, speed_hz: int, ramps: tuple) -> int:
    """`move_ticks` with the speed that the move reaches: n/v + v/2 (1/a + 1/b), rounded up."""
    up_hz_s, down_hz_s = ramps
    half = speed_hz * _HALF_256
    more = half // up_hz_s
    more += more if down_hz_s == up_hz_s else half // down_hz_s
    return pulses * TICK_HZ // speed_hz + 1 + ((more + 257) >> 8)


def add_move(segments: Segments, pulses: int, speed_hz: int, up_hz_s: int, down_hz_s: int) -> int:
    """Append the segments of a move of `pulses` >= 1 from rest to rest.

    Limits in pulses/s and, for speeding up and slowing down, pulses/s²; a period is less than a
    tick shorter than the speed limit's. Gives the index of a segment between the ramps (it
    always holds at least one pulse), where a shot may put in a pulse more.
    """
    speed_hz = cruise_speed(pulses, speed_hz, up_hz_s, down_hz_s)
    return add_reached(segments, pulses, speed_hz, (up_hz_s, down_hz_s))


def add_reached(segments: Segments, pulses: int, speed_hz: int, ramps: tuple) -> int:
    """`add_move` with the speed that it reaches, as `cruise_speed` gives it."""
    up_hz_s, down_hz_s = ramps
    slice_up, whole_up, more_up = shape = _shape(speed_hz, up_hz_s)
    if down_hz_s != up_hz_s:
        shape = _shape(speed_hz, down_hz_s)
    slice_down, whole_down, more_down = shape
    ticks = pulses * TICK_HZ // speed_hz + 1 + ((more_up + more_down + 257) >> 8)
    up = 2 * (whole_up + 1) * (whole_up + 1)
    down = 2 * (whole_down + 1) * (whole_down + 1)
    if up + down < pulses:
        up_ticks = up * TICK_HZ // speed_hz + (more_up >> 8)
        down_ticks = down * TICK_HZ // speed_hz + (more_down >> 8)
    else:
        # No room for the last slices to be whole: up to the pulse before the highest speed.
        square = speed_hz * speed_hz
        up = square // (2 * up_hz_s)
        down = min(square // (2 * down_hz_s), pulses - 1 - up)
        up_ticks = _reached_ticks(up, up_hz_s, more_up)
        down_ticks = _reached_ticks(down, down_hz_s, more_down)
        while whole_up and 2 * whole_up * whole_up >= up:
            whole_up -= 1
        while whole_down and 2 * whole_down * whole_down >= down:
            whole_down -= 1
    even_ticks = ticks - _speed_up(segments, up, up_ticks, slice_up, whole_up)
    # What rounding leaves of the way down is less than a slice of two pulses can take.
    first = down - 2 * whole_down * whole_down
    first_ticks = down_ticks - whole_down * slice_down
    left = first_ticks % first if first else 0
    if whole_down:
        left = (left + whole_down * slice_down) & 1
    cruise = _add_even(segments, pulses - up - down, even_ticks - down_ticks + left)
    _slow_down(segments, first, first_ticks, slice_down, whole_down)
    segments.ticks += ticks
    return cruise


def at_once_saves_ticks(accel_hz_s: int) -> int:
    """By how much a move that speeds up so is shorter where it begins at once."""
    return _slice(accel_hz_s) // 2 - AT_ONCE_TICKS


# acceleration: its slice
_slices = {}


def _slice(accel_hz_s: int) -> int:
    slice_ticks = _slices.get(accel_hz_s)
    if slice_ticks is None:
        if len(_slices) >= 12:
            _slices.clear()
        slice_ticks = _slices[accel_hz_s] = isqrt(_SQUARE_4 // accel_hz_s)
    return slice_ticks


def _shape(speed_hz: int, accel_hz_s: int) -> tuple:
    """Of a ramp: its slice in ticks, how many whole ones come before the last, and what it takes
    longer than the same way at the speed, v/2a in 1/256 of a tick."""
    slice_ticks = _slice(accel_hz_s)
    whole = speed_hz * ((slice_ticks >> 4) + 1) // _FOUR_16TH
    return slice_ticks, whole, speed_hz * _HALF_256 // accel_hz_s


def _reached_ticks(pulses: int, accel_hz_s: int, more: int) -> int:
    """When the ideal move from rest has done `pulses`, before it has its speed: √(2n/a)."""
    return isqrt(pulses * (_SQUARE_4 // 2) // accel_hz_s, (more >> 7) + 1)


def _speed_up(segments: Segments, pulses: int, ticks: int, slice_ticks: int, whole: int) -> int:
    """Append a ramp from rest, its last slice as long as it has to be; gives what it takes of its
    `ticks`."""
    if not pulses:
        return 0
    index = segments.room(whole + 1)
    data = segments.data
    left = 0
    for count in range(2, 4 * whole + 1, 4):
        left += slice_ticks
        data[index] = count
        index += 1
        data[index] = left // count
        index += 1
        left %= count
    left += ticks - whole * slice_ticks
    count = pulses - 2 * whole * whole
    data[index] = count
    data[index + 1] = left // count
    segments.count += whole + 1
    return ticks - left % count


def _slow_down(segments: Segments, first: int, ticks: int, slice_ticks: int, whole: int) -> None:
    """Append a ramp to rest: `first` pulses in `ticks`, then whole slices."""
    if not first:
        return
    index = segments.room(whole + 1)
    data = segments.data
    data[index] = first
    data[index + 1] = ticks // first
    left = ticks % first
    for count in range(4 * whole - 2, 0, -4):
        index += 2
        left += slice_ticks
        data[index] = count
        data[index + 1] = left // count
        left %= count
    segments.count += whole + 1


def _add_even(segments: Segments, pulses: int, ticks: int) -> int:
    """Append `pulses` evenly in `ticks`; gives the index of the last segment of the short period.

    Two periods that differ by a tick alternate so often that no pulse strays by one step.
    """
    period = ticks // pulses
    longer = ticks - pulses * period
    short = pulses - longer
    # All of one period and then all of the other stray by n f (1 - f) ticks; here in tenths of a
    # pulse. Turns divide that by their number, and half a turn at each end by two.
    turns, centred = 1, 0
    if pulses > period:
        swing = 10 * longer * short // (pulses * period) + 1
        centred = 1 if swing > 5 else 0
        turns = min((swing + 9) // 10, TURNS_MAX)
    index = segments.room(2 * turns + 1)
    data = segments.data
    done_longer = done_short = cruise = 0
    for turn in range(1, turns + 1):
        upto = longer * (2 * turn - centred) // (2 * turns)
        if upto > done_longer:
            data[index] = upto - done_longer
            data[index + 1] = period + 1
            index += 2
        done_longer = upto
        upto = short * turn // turns
        cruise = index
        data[index] = upto - done_short
        data[index + 1] = period
        index += 2
        done_short = upto
    if longer > done_longer:
        data[index] = longer - done_longer
        data[index + 1] = period + 1
        index += 2
    segments.count = index // 2
    return cruise // 2


def duration_ticks(segments: Segments, first: int, count: int) -> int:
    """How long `count` segments from `first` last."""
    total = 0
    for index in range(first, first + count):
        pulses = segments.data[2 * index]
        total += max(1, pulses) * segments.data[2 * index + 1]
    return total
