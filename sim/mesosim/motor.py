"""The pulse engine in closed form: where each axis is at any time of a loaded timetable."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER
from mesofw.core.motion import AT_ONCE_TICKS, TICK_HZ, TICKS_PER_US

UP, EVEN, DOWN = range(3)


@dataclass(frozen=True)
class Profile:
    """A leg's top speed in pulses/s, speeding up and slowing down in pulses/s² (0 where there is
    no ramp), and the pulses before and after which its speed is even."""

    top_hz: float
    up_hz_s: float
    down_hz_s: float
    up_pulses: int
    down_from: int


class Leg:
    """One phase, compiled: pulses by ticks since its start.

    `knots` are (ticks, pulses, UP, EVEN or DOWN) at the ends of a few pieces, within which the
    speed can be taken as constant: the slices of a ramp are merged into two.
    """

    def __init__(self, axis: int, direction: int, segments: Sequence[tuple[int, int]]):
        self.axis = axis
        self.direction = direction
        self.segments = list(segments)
        # What was found out about this leg under given loads; empty after a change.
        self.found: dict[object, int | None] = {}
        self.spare_n: dict[object, tuple[float, float, float]] = {}
        self.compile()

    def compile(self) -> None:
        """Sum up ticks and pulses at the start of each segment."""
        self.found.clear()
        self.spare_n.clear()
        self.at_ticks: list[int] = []
        self.at_pulses: list[int] = []
        ticks = pulses = 0
        for count, period in self.segments:
            self.at_ticks.append(ticks)
            self.at_pulses.append(pulses)
            ticks += (count or 1) * period
            pulses += count
        self.ticks = ticks
        self.pulses = pulses
        self._ramps()

    def _ramps(self) -> None:
        """Find the segments at top speed; before and after them the leg speeds up and slows."""
        periods = [period for count, period in self.segments if count]
        ends = len(self.segments)
        if not periods:
            self.knots = [(self.ticks, 0, EVEN)]
            self.profile = Profile(0.0, 0.0, 0.0, 0, 0)
            return
        begun = self.segments[0] == (1, AT_ONCE_TICKS)
        top = min(periods[1:] if begun else periods)
        even = [
            place for place in range(int(begun), ends) if 0 < self.segments[place][1] <= top + 1
        ]
        first, last = even[0], even[-1] + 1
        self.knots = [(*self._at(place), UP) for place in self._split(0, first)]
        self.knots.append((*self._at(last), EVEN))
        self.knots += [(*self._at(place), DOWN) for place in self._split(last, ends)]
        up_ticks, up_pulses = self._at(first)
        down_ticks, down_from = self._at(last)
        top_hz = TICK_HZ / top
        self.profile = Profile(
            top_hz,
            top_hz * TICK_HZ / up_ticks if up_ticks else 0.0,
            top_hz * TICK_HZ / (self.ticks - down_ticks) if self.ticks > down_ticks else 0.0,
            up_pulses,
            down_from,
        )

    def _at(self, place: int) -> tuple[int, int]:
        """(ticks, pulses) at the start of a segment, or at the end."""
        if place >= len(self.segments):
            return self.ticks, self.pulses
        return self.at_ticks[place], self.at_pulses[place]

    def _split(self, first: int, last: int) -> list[int]:
        """Where the pieces of a ramp end, as places of segments: in the middle of its time, and at
        its end."""
        if last - first < 2:
            return [last] if last > first else []
        middle = (self.at_ticks[first] + self._at(last)[0]) // 2
        return [bisect_right(self.at_ticks, middle, first + 1, last - 1), last]

    def pulses_at(self, ticks: int) -> int:
        """Pulses put out `ticks` after the leg began."""
        if ticks >= self.ticks:
            return self.pulses
        place = bisect_right(self.at_ticks, ticks) - 1
        count, period = self.segments[place]
        out = (ticks - self.at_ticks[place]) // period
        return self.at_pulses[place] + (out if out < count else count)

    def ticks_of(self, pulse: int) -> int:
        """When, in ticks since the leg began, `pulse` (1 … pulses) is out."""
        place = bisect_right(self.at_pulses, pulse - 1) - 1
        while self.segments[place][0] == 0:
            place += 1
        return self.at_ticks[place] + (pulse - self.at_pulses[place]) * self.segments[place][1]


class Run:
    """Legs running one after the other from `start_us`. `at` is the leg that runs.

    `steps` and `lost` are the axes' own lists, kept up by `go`; `stalls` says for each leg after
    which pulse its motor stands, None where it does not.
    """

    def __init__(self, legs: list[Leg], start_us: int, steps: list[int], lost: list[float]):
        self.legs = legs
        self.start_us = start_us
        self.steps = steps
        self.lost = lost
        self.at = 0
        self.stalls: list[int | None] = [None] * len(legs)
        self._out = 0
        self.starts: list[int] = []
        self.ends_us: list[int] = []
        ticks = 0
        self._busy = [0, 0, 0]
        for leg in legs:
            self.starts.append(ticks)
            ticks += leg.ticks
            self._busy[leg.axis] += leg.ticks
            self.ends_us.append(start_us - (-ticks // TICKS_PER_US))
        self.ticks = ticks

    def go(self, now_us: int, slipping: Sequence[bool]) -> None:
        """Count the steps up to `now_us`, and those that are lost."""
        legs, ends_us = self.legs, self.ends_us
        while self.at < len(legs):
            leg = legs[self.at]
            over = ends_us[self.at] <= now_us
            if leg.axis != NEITHER:
                ticks = (now_us - self.start_us) * TICKS_PER_US - self.starts[self.at]
                pulses = leg.pulses if over else leg.pulses_at(ticks)
                if pulses != self._out:
                    self._put_out(leg, pulses, slipping[leg.axis])
            if not over:
                return
            self.at += 1
            self._out = 0

    def _put_out(self, leg: Leg, pulses: int, slips: bool) -> None:
        stall = self.stalls[self.at]
        self.steps[leg.axis] += leg.direction * (pulses - self._out)
        if slips:
            self.lost[leg.axis] += leg.direction * (pulses - self._out)
        elif stall is not None and pulses > stall:
            self.lost[leg.axis] += leg.direction * (pulses - max(self._out, stall))
        self._out = pulses

    def moving(self) -> tuple[float, float]:
        """The share of the run's time in which each axis moves."""
        whole = self.ticks or 1
        return self._busy[CARRIAGE] / whole, self._busy[PLUNGER] / whole

    def leg_us(self, place: int) -> float:
        """When a leg begins, to a fraction."""
        return self.start_us + self.starts[place] / TICKS_PER_US

    def pulse_us(self, place: int, pulse: int) -> float:
        """When a pulse of a leg is out, to a fraction."""
        return self.leg_us(place) + self.legs[place].ticks_of(pulse) / TICKS_PER_US

    def pulse_at(self, place: int, at_us: float) -> int:
        """How many pulses of a leg are out at a time."""
        return self.legs[place].pulses_at(int((at_us - self.leg_us(place)) * TICKS_PER_US))

    def turned(self, place: int) -> int:
        """How many pulses of a leg turn the motor."""
        stall = self.stalls[place]
        return self.legs[place].pulses if stall is None else stall

    def done(self, place: int) -> int:
        """How many pulses of a leg are out now."""
        return self._out if place == self.at else 0


def reach_us(
    run: Run, axis: int, rotor: float, edges: Sequence[float], after_us: int
) -> list[int]:  # fmt: skip
    """For each of `edges` the first time after `after_us` at which an axis whose rotor stands at
    `rotor` steps has moved onto or past it, as far as it does."""
    left = list(edges)
    times: list[int] = []
    for place in range(run.at, len(run.legs)):
        leg = run.legs[place]
        if leg.axis != axis:
            continue
        done, turned = run.done(place), run.turned(place)
        for edge in edges:
            pulse = done + (edge - rotor) * leg.direction
            if done < pulse <= turned and edge in left:
                at_us = run.start_us - int(
                    -(run.starts[place] + leg.ticks_of(-int(-pulse // 1))) // TICKS_PER_US
                )
                if at_us > after_us:
                    times.append(at_us)
                    left.remove(edge)
        rotor += leg.direction * max(0, turned - done)
    return times


__all__ = ["CARRIAGE", "DOWN", "EVEN", "NEITHER", "PLUNGER", "UP", "Leg", "Profile", "Run"]
