"""The pulse engine in closed form: where each axis is at any time of a loaded timetable."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from mesofw.core.door import CARRIAGE, NEITHER, PLUNGER
from mesofw.core.motion import TICKS_PER_US


class Leg:
    """One phase, compiled: pulses by ticks since its start."""

    def __init__(self, axis: int, direction: int, segments: Sequence[tuple[int, int]]):
        self.axis = axis
        self.direction = direction
        self.segments = list(segments)
        self.compile()

    def compile(self) -> None:
        """Sum up ticks and pulses at the start of each segment."""
        self.at_ticks: list[int] = []
        self.at_pulses: list[int] = []
        ticks = pulses = 0
        for count, period in self.segments:
            self.at_ticks.append(ticks)
            self.at_pulses.append(pulses)
            ticks += max(1, count) * period
            pulses += count
        self.ticks = ticks
        self.pulses = pulses

    def pulses_at(self, ticks: int) -> int:
        """Pulses put out `ticks` after the leg began."""
        if ticks >= self.ticks:
            return self.pulses
        place = bisect_right(self.at_ticks, ticks) - 1
        count, period = self.segments[place]
        return self.at_pulses[place] + (min(count, (ticks - self.at_ticks[place]) // period))

    def ticks_of(self, pulse: int) -> int:
        """When, in ticks since the leg began, `pulse` (1 … pulses) is out."""
        place = bisect_right(self.at_pulses, pulse - 1) - 1
        while self.segments[place][0] == 0:
            place += 1
        return self.at_ticks[place] + (pulse - self.at_pulses[place]) * self.segments[place][1]


@dataclass
class Spot:
    """Where a run is: legs done, the present one's pulses so far."""

    done: int
    pulses: int


class Run:
    """Legs running one after the other from `start_us`; `stop_us` where it was frozen."""

    def __init__(self, legs: list[Leg], start_us: int, steps: list[int]):
        self.legs = legs
        self.start_us = start_us
        self._from = list(steps)
        self.starts: list[int] = []
        ticks = 0
        for leg in legs:
            self.starts.append(ticks)
            ticks += leg.ticks
        self.ticks = ticks
        self.ends_us = [start_us - (-(at + leg.ticks) // TICKS_PER_US)
                        for at, leg in zip(self.starts, legs, strict=True)]  # fmt: skip

    def spot(self, now_us: int) -> Spot:
        """Where the run is at `now_us`."""
        done = 0
        while done < len(self.legs) and self.ends_us[done] <= now_us:
            done += 1
        if done == len(self.legs):
            return Spot(done, 0)
        ticks = (now_us - self.start_us) * TICKS_PER_US - self.starts[done]
        return Spot(done, self.legs[done].pulses_at(ticks))

    def steps(self, now_us: int) -> tuple[int, int]:
        """Steps of (carriage, plunger) put out by `now_us`, on top of those before the run."""
        spot = self.spot(now_us)
        steps = [*self._from, 0]
        for leg in self.legs[: spot.done]:
            steps[leg.axis] += leg.direction * leg.pulses
        if spot.done < len(self.legs):
            leg = self.legs[spot.done]
            steps[leg.axis] += leg.direction * spot.pulses
        return steps[CARRIAGE], steps[PLUNGER]

    def reach_us(self, axis: int, steps: int, after_us: int) -> int | None:
        """The first time after `after_us` at which `axis` has moved onto or past `steps`, or
        None."""
        at = self._from[axis]
        for leg, start in zip(self.legs, self.starts, strict=True):
            if leg.axis != axis:
                continue
            pulse = (steps - at) * leg.direction
            if 0 < pulse <= leg.pulses:
                ticks = start + leg.ticks_of(pulse)
                at_us = self.start_us - (-ticks // TICKS_PER_US)
                if at_us > after_us:
                    return at_us
            at += leg.direction * leg.pulses
        return None

    def pieces(self, axis: int, from_us: int, to_us: int) -> list[tuple[int, int]]:
        """What `axis` does from one time to another: (duration in µs, signed steps), in order.

        Within a piece the speed is constant.
        """
        out: list[tuple[int, int]] = []
        at_us = from_us
        for leg, start in zip(self.legs, self.starts, strict=True):
            leg_us = self.start_us + start // TICKS_PER_US
            end_us = self.start_us + (start + leg.ticks) // TICKS_PER_US
            if end_us <= at_us or leg.axis != axis:
                continue
            if leg_us >= to_us:
                break
            if leg_us > at_us:
                out.append((leg_us - at_us, 0))
                at_us = leg_us
            first = bisect_right(leg.at_ticks, (at_us - leg_us) * TICKS_PER_US) - 1
            done = leg.pulses_at((at_us - leg_us) * TICKS_PER_US)
            for place in range(max(0, first), len(leg.segments)):
                count, period = leg.segments[place]
                last = place + 1 == len(leg.segments)
                ticks = leg.ticks if last else leg.at_ticks[place] + max(1, count) * period
                piece_us = min(to_us, leg_us + ticks // TICKS_PER_US)
                if piece_us <= at_us:
                    continue
                cut = piece_us == to_us and not (last and to_us >= end_us)
                reached = leg.pulses_at((to_us - leg_us) * TICKS_PER_US) if cut else (
                    leg.at_pulses[place] + count)  # fmt: skip
                out.append((piece_us - at_us, leg.direction * (reached - done)))
                done = reached
                at_us = piece_us
                if at_us >= to_us:
                    return out
        if at_us < to_us:
            out.append((to_us - at_us, 0))
        return out


def compile_legs(rows: Sequence[tuple[int, int, Sequence[tuple[int, int]]]]) -> list[Leg]:
    """Legs from (axis, direction, segments) rows."""
    return [Leg(axis, direction, segments) for axis, direction, segments in rows]


__all__ = ["CARRIAGE", "NEITHER", "PLUNGER", "Leg", "Run", "compile_legs"]
