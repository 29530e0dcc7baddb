# pyright: strict
"""Moves from rest to rest: how long they take, and the torque along them."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from mesosim.physics import screw, stepper
from mesosim.physics.screw import Screw
from mesosim.physics.stepper import Curve


@dataclass(frozen=True)
class Limits:
    """Speed in mm/s; speeding up and slowing down in m/s²."""

    speed_mm_s: float
    up_m_s2: float
    down_m_s2: float


@dataclass(frozen=True)
class Axis:
    """What turns and what is pushed: motor curve, screw, inertia of rotor and screw, mass."""

    curve: Curve
    screw: Screw
    inertia_gcm2: float
    mass_g: float


# Force against the motion in N at a place in mm, 0 … length of the move.
Load = Callable[[float], float]


def peak_mm_s(limits: Limits, length_mm: float) -> float:
    """The highest speed of a move: v² = 2 d / (1/a + 1/b), or the speed limit."""
    reach = 2 * length_mm * 1e3 / (1 / limits.up_m_s2 + 1 / limits.down_m_s2)
    return min(limits.speed_mm_s, math.sqrt(reach))


def duration_s(limits: Limits, length_mm: float) -> float:
    """Time of the bang-bang move (constant acceleration, speed limit, constant braking)."""
    if length_mm <= 0:
        return 0.0
    peak = peak_mm_s(limits, length_mm)
    ramps_s = peak / 1e3 * (1 / limits.up_m_s2 + 1 / limits.down_m_s2)
    ramps_mm = peak * ramps_s / 2
    return ramps_s + (length_mm - ramps_mm) / peak


def spot(limits: Limits, length_mm: float, at_mm: float) -> tuple[float, float]:
    """(speed in mm/s, acceleration in m/s²) at a place of the move."""
    peak = peak_mm_s(limits, length_mm)
    up = math.sqrt(2 * limits.up_m_s2 * 1e3 * max(0.0, at_mm))
    down = math.sqrt(2 * limits.down_m_s2 * 1e3 * max(0.0, length_mm - at_mm))
    if up < min(peak, down):
        return up, limits.up_m_s2
    if down < peak:
        return down, -limits.down_m_s2
    return peak, 0.0


def least_margin(axis: Axis, limits: Limits, length_mm: float, load: Load) -> tuple[float, float]:
    """(least torque margin along the move, where in mm); torque needed against pull-out torque."""
    worst, where = math.inf, 0.0
    places = 200
    for index in range(places + 1):
        at_mm = length_mm * index / places
        speed, accel = spot(limits, length_mm, at_mm)
        need = screw.torque_mnm(axis.screw, load(at_mm), axis.mass_g, axis.inertia_gcm2, accel)
        have = stepper.torque_mnm(axis.curve, stepper.rpm(speed, axis.screw.lead_mm))
        found = stepper.margin(have, need)
        if found < worst:
            worst, where = found, at_mm
    return worst, where


def push_n(axis: Axis, speed_mm_s: float, margin: float) -> float:
    """Steady force at the nut at a speed, with a share of the torque kept back, in N."""
    have = stepper.torque_mnm(axis.curve, stepper.rpm(speed_mm_s, axis.screw.lead_mm))
    through = screw.efficiency(axis.screw) / screw.arm_mm(axis.screw.lead_mm)
    return have * (1 - margin) * through
