# pyright: strict
"""Hybrid steppers: pull-out torque against speed, from a curve's points or from the winding."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

STEPS_PER_TURN = 200
POLE_PAIRS = 50

Curve = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Winding:
    """Rated current per phase in A (rms), Ω, mH, and the holding torque there in mN·m."""

    current_a: float
    resistance_ohm: float
    inductance_mh: float
    holding_mnm: float


def rpm(speed_mm_s: float, lead_mm: float) -> float:
    """Turns a minute of a screw at a nut's speed."""
    return speed_mm_s / lead_mm * 60


def torque_mnm(curve: Curve, speed_rpm: float) -> float:
    """Torque at a speed, straight between the curve's points and 0 beyond its last one."""
    speeds = [point[0] for point in curve]
    if speed_rpm > speeds[-1]:
        return 0.0
    place = bisect_right(speeds, speed_rpm)
    if place == 0:
        return curve[0][1]
    if place == len(curve):
        return curve[-1][1]
    (low, from_mnm), (high, to_mnm) = curve[place - 1], curve[place]
    return from_mnm + (to_mnm - from_mnm) * (speed_rpm - low) / (high - low)


def winding_mnm(winding: Winding, supply_v: float, speed_rpm: float, share: float) -> float:
    """Pull-out torque that winding and supply allow, in mN·m.

    Below the knee the driver holds the current and the torque is `share` of the holding torque
    (microstepping, detent, iron; an estimate); above it the supply limits:
    k V / |Z| - k² ω R / |Z|², the largest torque of a synchronous machine on a stiff voltage
    (Fitzgerald, Electric Machinery), times the same share. Sine currents of the rated rms; k is
    holding torque over the peak current, for two phases.
    """
    constant = winding.holding_mnm / 1000 / (math.sqrt(2) * winding.current_a)
    turning = speed_rpm * 2 * math.pi / 60
    reactance = turning * POLE_PAIRS * winding.inductance_mh / 1000
    impedance = math.hypot(winding.resistance_ohm, reactance)
    pull = constant * supply_v / impedance
    drag = constant**2 * turning * winding.resistance_ohm / impedance**2
    return share * min(winding.holding_mnm, max(0.0, pull - drag) * 1000)


def margin(available_mnm: float, needed_mnm: float) -> float:
    """Share of the available torque that is not needed: 1 - needed / available."""
    return 1 - abs(needed_mnm) / available_mnm if available_mnm > 0 else -math.inf


def step_um(lead_mm: float, microsteps: int) -> float:
    """Travel of one microstep, in µm."""
    return lead_mm * 1000 / (STEPS_PER_TURN * microsteps)


def step_error_um(lead_mm: float, share: float) -> float:
    """How far off a step may stand: data sheets say ± a share (5 %) of a full step, unsummed."""
    return lead_mm * 1000 / STEPS_PER_TURN * share
