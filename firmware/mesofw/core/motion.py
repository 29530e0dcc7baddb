"""Moves to pulse segments: `(pulses, period)` under a speed and two acceleration limits.

A move is bang-bang: constant acceleration, the speed limit, constant braking, which is the quickest
there is. Torque is needed for the acceleration only, and its limit keeps the motor's margin all
along, so a jerk limit would cost time and gain nothing.

From rest, equal times take a body 1, 3, 5, 7, … times as far (Galileo's odd numbers). Slices of
h = √(4/a) seconds hold 2, 6, 10, 14, … whole pulses, so each ends on the ideal parabola and no
pulse in it is more than a h²/8 = half a step off. What rounding leaves of a slice's time, less than
a tick a pulse, goes to the next. Periods are ticks of 8 ns, one RP2040 cycle.
"""

from array import array

TICK_HZ = 125_000_000
TICKS_PER_US = 125
PERIOD_MAX_TICKS = (1 << 30) - 1
# Enough for the plunger's whole travel at top speed to stray by less than a pulse, and few enough
# for any shot to stay below 200 segments.
TURNS_MAX = 27


def isqrt(value: int) -> int:
    """The integer square root of `value` >= 0, by Newton's method."""
    guess = 1
    rest = value
    while rest > 0xFFFF:
        rest >>= 16
        guess <<= 8
    while rest:
        rest >>= 2
        guess <<= 1
    while guess * guess > value:
        guess = (guess + value // guess) // 2
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
        if self.count >= self.capacity:
            raise self.full()
        if not 0 < period_ticks <= PERIOD_MAX_TICKS:
            raise ValueError("a period is 1 to %d ticks" % PERIOD_MAX_TICKS)
        self.data[2 * self.count] = pulses
        self.data[2 * self.count + 1] = period_ticks
        self.ticks += (pulses or 1) * period_ticks
        self.count += 1
        return self.count - 1

    def full(self) -> ValueError:
        """What `add` raises where no segment more goes in."""
        return ValueError("a timetable holds %d segments" % self.capacity)

    def turn(self, first: int) -> None:
        """Reverse the order of the segments from `first` on."""
        data = self.data
        low = 2 * first
        high = 2 * self.count - 2
        while low < high:
            data[low], data[high] = data[high], data[low]
            data[low + 1], data[high + 1] = data[high + 1], data[low + 1]
            low += 2
            high -= 2


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
    """How long `add_move` of the same arguments lasts, to the tick, without planning it: n/v + v/2
    (1/a + 1/b) where the move reaches the speed limit, else √(2 n (1/a + 1/b)); rounded up."""
    both = up_hz_s + down_hz_s
    product = up_hz_s * down_hz_s
    if 2 * pulses * product >= speed_hz * speed_hz * both:
        ramps_ticks = speed_hz * TICK_HZ * both // (2 * product) + 1
        return pulses * TICK_HZ // speed_hz + 1 + ramps_ticks
    return isqrt(2 * pulses * both * TICK_HZ * TICK_HZ // product) + 1


def add_move(segments: Segments, pulses: int, speed_hz: int, up_hz_s: int, down_hz_s: int) -> int:
    """Append the segments of a move of `pulses` >= 1 from rest to rest.

    Limits in pulses/s and, for speeding up and slowing down, pulses/s²; a period is less than a
    tick shorter than the speed limit's. Gives the index of a segment between the ramps (it
    always holds at least one pulse), where a shot may put in a pulse more.
    """
    ticks = move_ticks(pulses, speed_hz, up_hz_s, down_hz_s)
    speed_hz = cruise_speed(pulses, speed_hz, up_hz_s, down_hz_s)
    up, down = _ramps(pulses, speed_hz, up_hz_s, down_hz_s)
    ticks -= _add_ramp(segments, up, speed_hz, up_hz_s)
    turn = segments.count
    # From rest, as if played backwards: so the time that both ramps leave goes to the even part.
    ticks -= _add_ramp(segments, down, speed_hz, down_hz_s)
    cruise = _add_even(segments, pulses - up - down, ticks)
    segments.turn(turn)
    return turn + segments.count - 1 - cruise


def _ramps(pulses: int, speed_hz: int, up_hz_s: int, down_hz_s: int) -> tuple:
    """Pulses of each ramp to and from a speed; together fewer than `pulses`."""
    square = speed_hz * speed_hz
    up = 2 * (isqrt(-(-square // (4 * up_hz_s)) - 1) + 1) ** 2
    down = 2 * (isqrt(-(-square // (4 * down_hz_s)) - 1) + 1) ** 2
    if up + down >= pulses:
        # No room for the last slices to be whole: up to the pulse before the highest speed.
        up = square // (2 * up_hz_s)
        down = min(square // (2 * down_hz_s), pulses - 1 - up)
    return up, down


def _add_ramp(segments: Segments, ramp: int, speed_hz: int, accel_hz_s: int) -> int:
    """Append a ramp of `ramp` pulses from rest, its last slice as long as it has to be; gives its
    ticks."""
    slice_ticks = isqrt(4 * TICK_HZ * TICK_HZ // accel_hz_s)
    end_ticks = ticks = done = 0
    count = 2
    data = segments.data
    index = segments.count
    while done < ramp:
        end_ticks += slice_ticks
        if done + count >= ramp:
            count = ramp - done
            end_ticks = _reached_ticks(ramp, speed_hz, accel_hz_s)
        period = (end_ticks - ticks) // count
        # In place: a call for each would take the gun as long as all the rest.
        if index >= segments.capacity:
            raise segments.full()
        data[2 * index] = count
        data[2 * index + 1] = period
        index += 1
        ticks += count * period
        done += count
        count += 4
    segments.count = index
    segments.ticks += ticks
    return ticks


def _reached_ticks(pulses: int, speed_hz: int, accel_hz_s: int) -> int:
    """When the ideal move from rest has done `pulses`: √(2n/a), or n/v + v/(2a) at the speed
    limit."""
    if 2 * pulses * accel_hz_s <= speed_hz * speed_hz:
        return isqrt(2 * pulses * TICK_HZ * TICK_HZ // accel_hz_s)
    return pulses * TICK_HZ // speed_hz + speed_hz * TICK_HZ // (2 * accel_hz_s)


def _add_even(segments: Segments, pulses: int, ticks: int) -> int:
    """Append `pulses` evenly in `ticks`; gives the index of the last segment of the short period.

    Two periods that differ by a tick alternate so often that no pulse strays by one step.
    """
    period, longer = divmod(ticks, pulses)
    short = pulses - longer
    # All of one period and then all of the other stray by n f (1 - f) ticks; here in tenths of a
    # pulse. Turns divide that by their number, and half a turn at each end by two.
    swing = 10 * longer * short // (pulses * period) + 1
    centred = 1 if swing > 5 else 0
    turns = min((swing + 9) // 10, TURNS_MAX)
    done_longer = done_short = 0
    cruise = 0
    for turn in range(1, turns + 1):
        upto = longer * (2 * turn - centred) // (2 * turns)
        if upto > done_longer:
            segments.add(upto - done_longer, period + 1)
        done_longer = upto
        upto = short * turn // turns
        cruise = segments.add(upto - done_short, period)
        done_short = upto
    if longer > done_longer:
        segments.add(longer - done_longer, period + 1)
    return cruise


def duration_ticks(segments: Segments, first: int, count: int) -> int:
    """How long `count` segments from `first` last."""
    total = 0
    for index in range(first, first + count):
        pulses = segments.data[2 * index]
        total += max(1, pulses) * segments.data[2 * index + 1]
    return total
