"""Moves to measure with, the ideal move in floats, and the peer's pulses.

The ideal move is bang-bang: constant acceleration, speed limit, constant braking. The peer is the
recurrence that AccelStepper computes pulse by pulse, in floats of 32 bits as there: D. Austin,
"Generate stepper-motor speed profiles in real time", Embedded Systems Programming, 2005.
"""

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from mesofw.core.machine import CARRIAGE, PLUNGER, Axis
from mesofw.core.motion import TICK_HZ, Segments, add_move

Times = NDArray[np.float64]

MOVES = 200
_SEED = 13
_LENGTHS_MM = (0.2, 13.0)
_SEGMENTS_MAX = 200
# Of the first interval, for the recurrence is inexact at its start (Austin, 2005).
_FIRST = 0.676
_HALVINGS = 50


@dataclass(frozen=True)
class Move:
    """A move of `pulses` from rest to rest; limits in pulses/s and pulses/s²."""

    axis: Axis
    pulses: int
    speed_hz: int
    up_hz_s: int
    down_hz_s: int

    @property
    def limits(self) -> tuple[int, int, int, int]:
        """The arguments of core's moves."""
        return self.pulses, self.speed_hz, self.up_hz_s, self.down_hz_s

    @property
    def peak_hz(self) -> float:
        """The highest speed: v² = 2 n / (1/a + 1/b), or the speed limit."""
        reach = 2 * self.pulses / (1 / self.up_hz_s + 1 / self.down_hz_s)
        return min(self.speed_hz, math.sqrt(reach))

    @property
    def lasts_s(self) -> float:
        """How long the ideal move takes: n/v + v/2 (1/a + 1/b) at its highest speed."""
        ramps_s = self.peak_hz * (1 / self.up_hz_s + 1 / self.down_hz_s)
        return ramps_s / 2 + self.pulses / self.peak_hz

    def place(self, at_s: Times) -> Times:
        """Where the ideal move is at these times, in pulses."""
        up_s = self.peak_hz / self.up_hz_s
        left_s = np.clip(self.lasts_s - at_s, 0, None)
        at_s = np.clip(at_s, 0, None)
        even = self.peak_hz * (at_s - up_s / 2)
        place = np.where(at_s < up_s, self.up_hz_s * at_s**2 / 2, even)
        braking = self.pulses - self.down_hz_s * left_s**2 / 2
        return np.where(left_s < self.peak_hz / self.down_hz_s, braking, place)

    def off(self, at_s: Times) -> Times:
        """How far the ideal move is ahead when each pulse is out, in pulses."""
        return self.place(at_s) - np.arange(1, self.pulses + 1)


def moves() -> list[Move]:
    """Moves of random length, the same in every run: the carriage's towards the skin and home, the
    plunger's at any speed."""
    draw = Random(_SEED)
    out: list[Move] = []
    for number in range(MOVES):
        length_mm = draw.uniform(*_LENGTHS_MM)
        if number % 3 == 0:
            up_mm_s2 = draw.randint(8_000, 11_000)
            out.append(_move(CARRIAGE, length_mm, CARRIAGE.speed_hz, up_mm_s2, 45_000))
        elif number % 3 == 1:
            out.append(_move(CARRIAGE, length_mm, CARRIAGE.speed_hz, 40_000, 20_000))
        else:
            press_mm_s2 = draw.randint(3_000, 4_300)
            speed_hz = draw.randint(PLUNGER.speed_hz // 20, PLUNGER.speed_hz)
            out.append(_move(PLUNGER, length_mm, speed_hz, press_mm_s2, press_mm_s2))
    return out


def _move(axis: Axis, length_mm: float, speed_hz: int, up_mm_s2: int, down_mm_s2: int) -> Move:
    pulses = round(length_mm * 1e6 / axis.step_nm)
    return Move(axis, pulses, speed_hz, axis.hz_s(up_mm_s2), axis.hz_s(down_mm_s2))


def planned(move: Move) -> tuple[Times, int]:
    """When each pulse of core's move is out, in s from its start; and its segments' number."""
    segments = Segments(_SEGMENTS_MAX)
    add_move(segments, *move.limits)
    data = np.array(segments.data[: 2 * segments.count], dtype=np.int64)
    return np.cumsum(np.repeat(data[1::2], data[::2])) / TICK_HZ, segments.count


def recurrence(move: Move) -> NDArray[np.float32]:
    """The peer's wait before each pulse, in µs: c -= 2 c / (4 n + 1), braking as soon as the steps
    left do not suffice for more."""
    least_us = np.float32(1e6 / move.speed_hz)
    wait_us = np.float32(_FIRST * math.sqrt(2 / move.up_hz_s) * 1e6)
    waits_us: list[np.float32] = []
    n = 0
    for left in range(move.pulses, 0, -1):
        if n:
            if n > 0 and left <= (1e6 / float(wait_us)) ** 2 / (2 * move.down_hz_s):
                n = -left
            wait_us -= np.float32(2) * wait_us / np.float32(4 * n + 1)
            wait_us = max(wait_us, least_us)
        n += 1
        waits_us.append(wait_us)
    return np.array(waits_us)


def pulses_s(waits_us: NDArray[np.float32]) -> Times:
    """When each pulse is out, from the waits before them."""
    return np.cumsum(waits_us.astype(np.float64)) / 1e6


def centred(move: Move, at_s: Times) -> float:
    """The largest distance from the ideal move, in pulses, of pulses that are shifted in time as a
    whole to where it is least."""
    low_s, high_s = -move.lasts_s, move.lasts_s
    for _ in range(_HALVINGS):
        middle_s = (low_s + high_s) / 2
        off = move.off(at_s + middle_s)
        # The later the pulses, the farther ahead of all of them the ideal move is.
        if off.max() > -off.min():
            high_s = middle_s
        else:
            low_s = middle_s
    return float(np.abs(move.off(at_s + high_s)).max())
