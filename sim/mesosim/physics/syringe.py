# pyright: strict
"""Syringe: bore, stopper friction, what gives way under pressure, and how the pressure falls.

1 bar on 1 mm² is 0.1 N; 1 mm² × 1 µm is 1 nl.
"""

import math
from dataclasses import dataclass

from mesosim.physics import needle
from mesosim.physics.needle import Tube

_N_PER_BAR_MM2 = 0.1
# Of water: 4.6e-5 a bar (CRC Handbook of Chemistry and Physics, 20 °C).
_WATER_PER_BAR = 4.6e-5


@dataclass(frozen=True)
class Barrel:
    """What a syringe is: bore and wall in µm, length of its full stroke in µm, moduli in MPa."""

    bore_um: float
    wall_um: float
    stroke_um: float
    barrel_mpa: float
    stopper_um: float
    stopper_mpa: float


def area_mm2(bore_um: float) -> float:
    """Area of the bore, which is also nl per µm of plunger travel."""
    return math.pi / 4 * bore_um * bore_um * 1e-6


def force_n(bar: float, bore_um: float, friction_n: float) -> float:
    """Plunger force at a pressure: pressure × area + the stopper's friction, in N."""
    return friction_n + bar * area_mm2(bore_um) * _N_PER_BAR_MM2


def pressure_at_force_bar(force: float, bore_um: float, friction_n: float) -> float:
    """Pressure that a plunger force leaves behind the stopper's friction; never below 0."""
    return max(0.0, (force - friction_n) / (area_mm2(bore_um) * _N_PER_BAR_MM2))


def friction_n(break_n: float, glide_n: float, rest_s: float, settle_s: float) -> float:
    """Stopper friction after a rest: from glide to break-loose as 1 - exp(-rest / settle), in N.

    Break-loose and glide are what ISO 7886-1's force test measures; the form of the growth is an
    estimate.
    """
    return glide_n + (break_n - glide_n) * (1 - math.exp(-rest_s / settle_s))


def barrel_nl_bar(barrel: Barrel, full: float) -> float:
    """Volume by which the wetted barrel widens and its water shrinks, in nl/bar; `full` 0 … 1.

    Thin tube: hoop strain p r / (t E), volume strain twice that (Roark's Formulas for Stress and
    Strain); plus the compressibility of water.
    """
    volume_nl = area_mm2(barrel.bore_um) * barrel.stroke_um * full
    hoop_per_bar = 0.1 * (barrel.bore_um / 2) / (barrel.wall_um * barrel.barrel_mpa)
    return volume_nl * (2 * hoop_per_bar + _WATER_PER_BAR)


def stopper_nl_bar(barrel: Barrel) -> float:
    """Volume by which the stopper's face yields, in nl/bar: a block of its length under p / E."""
    return area_mm2(barrel.bore_um) * barrel.stopper_um * 0.1 / barrel.stopper_mpa


def drive_nl_bar(bore_um: float, stiffness_n_mm: float) -> float:
    """Volume that rod, cell and nut give way by under the pressure's force, in nl/bar (F / k)."""
    area = area_mm2(bore_um)
    return area * (area * _N_PER_BAR_MM2 / stiffness_n_mm) * 1000


def compliance_nl_bar(barrel: Barrel, full: float, stiffness_n_mm: float) -> float:
    """All that gives way together, in nl/bar."""
    drive = drive_nl_bar(barrel.bore_um, stiffness_n_mm)
    return barrel_nl_bar(barrel, full) + stopper_nl_bar(barrel) + drive


def stored_nl(tube: Tube, viscosity_mpa_s: float, flow_nl_s: float, compliance: float) -> float:
    """Volume that a steady flow keeps pressed in: compliance × pressure."""
    return compliance * needle.pressure_bar(tube, viscosity_mpa_s, flow_nl_s)


def decay_s(
    tube: Tube, viscosity_mpa_s: float, flow_nl_s: float, compliance: float, left_nl: float
) -> float:
    """Time after the plunger stops until no more than `left_nl` is still to come, in s.

    From p = R Q + k Q² and C dp/dt = -Q: t = C (R ln(Q₀/Q) + 2 k (Q₀ - Q)), exact.
    """
    end_bar = left_nl / compliance
    if needle.pressure_bar(tube, viscosity_mpa_s, flow_nl_s) <= end_bar:
        return 0.0
    end_nl_s = needle.flow_nl_s(tube, viscosity_mpa_s, end_bar)
    linear = needle.viscous_bar_s_nl(tube, viscosity_mpa_s)
    square = needle.kinetic_bar_s2_nl2(tube)
    return compliance * (
        linear * math.log(flow_nl_s / end_nl_s) + 2 * square * (flow_nl_s - end_nl_s)
    )


def stick_nl(bore_um: float, break_n: float, glide_n: float, stiffness_n_mm: float) -> float:
    """Plunger volume taken up before a resting stopper lets go: (break - glide) / k × area."""
    return (break_n - glide_n) / stiffness_n_mm * 1000 * area_mm2(bore_um)
