# pyright: strict
"""Lead screws: efficiency both ways, self-locking, inertia seen through the lead.

Formulas: J. E. Shigley, Mechanical Engineering Design, power screws.
"""

import math
from dataclasses import dataclass

_STEEL_G_MM3 = 7.85e-3


@dataclass(frozen=True)
class Screw:
    """Lead, pitch diameter and length in mm, half the thread's angle in °, friction coefficient."""

    lead_mm: float
    pitch_mm: float
    length_mm: float
    flank_deg: float
    friction: float


def arm_mm(lead_mm: float) -> float:
    """Travel per radian: torque in mN·m = force in N × this, without friction."""
    return lead_mm / (2 * math.pi)


def lead_angle_rad(screw: Screw) -> float:
    """Angle of the helix at the pitch diameter."""
    return math.atan(screw.lead_mm / (math.pi * screw.pitch_mm))


def friction_angle_rad(screw: Screw) -> float:
    """Angle of friction on the sloping flank: atan(μ / cos α)."""
    return math.atan(screw.friction / math.cos(math.radians(screw.flank_deg)))


def efficiency(screw: Screw) -> float:
    """Turning to pushing: tan λ / tan(λ + φ), 0 … 1."""
    angle = lead_angle_rad(screw)
    return math.tan(angle) / math.tan(angle + friction_angle_rad(screw))


def back_efficiency(screw: Screw) -> float:
    """Pushing to turning: tan(λ - φ) / tan λ; below 0 where the screw locks itself."""
    angle = lead_angle_rad(screw)
    return math.tan(angle - friction_angle_rad(screw)) / math.tan(angle)


def is_self_locking(screw: Screw) -> bool:
    """Whether no force on the nut can turn the screw: friction angle at least the lead angle."""
    return friction_angle_rad(screw) >= lead_angle_rad(screw)


def inertia_gcm2(screw: Screw) -> float:
    """The screw's own inertia as a steel cylinder of its pitch diameter: ½ m r², in g·cm²."""
    radius_mm = screw.pitch_mm / 2
    mass_g = math.pi * radius_mm**2 * screw.length_mm * _STEEL_G_MM3
    return mass_g * radius_mm**2 / 2 / 100


def reflected_g(inertia_gcm2: float, lead_mm: float) -> float:
    """An inertia on the screw as a mass at the nut: J / (lead / 2π)², in g."""
    return inertia_gcm2 * 100 / arm_mm(lead_mm) ** 2


def torque_mnm(
    screw: Screw, force_n: float, mass_g: float, inertia_gcm2: float, accel_m_s2: float
) -> float:
    """Torque to push `force_n` (signed, against the motion positive) while accelerating, in mN·m.

    What the nut needs passes through the screw's efficiency; the turning parts need J dω/dt. Where
    the nut drives the screw, only the back efficiency's share arrives.
    """
    arm = arm_mm(screw.lead_mm)
    at_nut_n = force_n + mass_g * 1e-3 * accel_m_s2
    through = 1 / efficiency(screw) if at_nut_n >= 0 else max(0.0, back_efficiency(screw))
    # g·cm² is 1e-7 kg·m², and m/s² over mm is 1e3 rad/s²; 1e3 more to mN·m.
    return at_nut_n * arm * through + inertia_gcm2 * accel_m_s2 / arm * 0.1
