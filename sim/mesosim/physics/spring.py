# pyright: strict
"""The carriage's spring: it takes the needle back when the motor is off."""

import math
from dataclasses import dataclass

from mesosim.physics import screw
from mesosim.physics.screw import Screw


@dataclass(frozen=True)
class Spring:
    """Force at rest (needle in) in N and rate in N/mm; it presses the carriage home."""

    preload_n: float
    rate_n_mm: float

    def force_n(self, at_mm: float) -> float:
        """Force towards home at a travel from home."""
        return self.preload_n + self.rate_n_mm * at_mm


def effective_g(mover: Screw, mass_g: float, inertia_gcm2: float) -> float:
    """Mass that the spring moves: what slides + what it must turn through the back-driven screw.

    J / (lead / 2π)² / back efficiency, for the turning part is driven through the thread.
    """
    turning = screw.reflected_g(inertia_gcm2, mover.lead_mm)
    return mass_g + turning / screw.back_efficiency(mover)


def detent_n(mover: Screw, detent_mnm: float) -> float:
    """Force at the nut that turns an unpowered motor over its detent torque, in N."""
    return detent_mnm / screw.arm_mm(mover.lead_mm) / screw.back_efficiency(mover)


def return_s(spring: Spring, from_mm: float, mass_g: float, drag_n: float) -> float:
    """Time from rest at `from_mm` to home: a mass on a spring against a constant force, in s.

    With x the distance to where spring and drag balance: x = x₀ cos(ω t), ω² = k / m; infinite
    where the drag holds it on the way.
    """
    home_n = spring.preload_n - drag_n
    if home_n <= 0:
        return math.inf
    if spring.rate_n_mm == 0:
        return math.sqrt(2 * from_mm * 1e-3 * mass_g * 1e-3 / home_n)
    omega = math.sqrt(spring.rate_n_mm * 1e3 / (mass_g * 1e-3))
    rest_mm = home_n / spring.rate_n_mm
    return math.acos(rest_mm / (rest_mm + from_mm)) / omega
