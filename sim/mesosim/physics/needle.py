# pyright: strict
"""Pressure that drives a flow through a needle.

1 bar·s/nl = 1e17 Pa·s/m³; 1 nl/s = 1e-12 m³/s; water's density 1,000 kg/m³ stands for every
mixture.
"""

import math
from dataclasses import dataclass

DENSITY_KG_M3 = 1000.0
LAMINAR_RE = 2000.0
# What the jet carries away (2 × ½ρv² of a parabolic profile) and what building that profile up
# from a plug costs beside it.
KINETIC_COEFFICIENT = 2.0 + 0.28
_PA_BAR = 1e5
_M3_NL = 1e-12


@dataclass(frozen=True)
class Tube:
    """A needle's bore: inner diameter in µm, whole length of tube in µm, how many side by side."""

    inner_um: float
    length_um: float
    pins: int = 1


def viscous_bar_s_nl(tube: Tube, viscosity_mpa_s: float) -> float:
    """Hagen-Poiseuille resistance 128 μ L / (π d⁴), over all pins, in bar·s/nl.

    Source: F. M. White, Fluid Mechanics, laminar pipe flow.
    """
    length_m = tube.length_um * 1e-6
    diameter_m = tube.inner_um * 1e-6
    pa_s_m3 = 128 * viscosity_mpa_s * 1e-3 * length_m / (math.pi * diameter_m**4)
    return pa_s_m3 * _M3_NL / _PA_BAR / tube.pins


def kinetic_bar_s2_nl2(tube: Tube) -> float:
    """Entrance and exit: coefficient k of k · flow², in bar·s²/nl².

    K ½ρv² with K = 2 (kinetic energy of a parabolic profile) + 0.28 (development of the profile).
    Source: the Hagenbach-Couette correction, R. S. Brodkey, The Phenomena of Fluid Motions.
    """
    area_m2 = math.pi / 4 * (tube.inner_um * 1e-6) ** 2
    per_m3_s = KINETIC_COEFFICIENT * DENSITY_KG_M3 / 2 / area_m2**2
    return per_m3_s * _M3_NL**2 / _PA_BAR / tube.pins**2


def pressure_bar(tube: Tube, viscosity_mpa_s: float, flow_nl_s: float) -> float:
    """Pressure behind the needle at a steady laminar flow: viscous + kinetic, in bar."""
    linear = viscous_bar_s_nl(tube, viscosity_mpa_s) * flow_nl_s
    return linear + kinetic_bar_s2_nl2(tube) * flow_nl_s * flow_nl_s


def flow_nl_s(tube: Tube, viscosity_mpa_s: float, bar: float) -> float:
    """The steady laminar flow that a pressure (>= 0) drives: `pressure_bar` turned round."""
    linear = viscous_bar_s_nl(tube, viscosity_mpa_s)
    square = kinetic_bar_s2_nl2(tube)
    # The form that keeps its digits where the kinetic part is small.
    return 2 * bar / (linear + math.sqrt(linear * linear + 4 * square * bar))


def reynolds(tube: Tube, viscosity_mpa_s: float, flow_nl_s: float) -> float:
    """Reynolds number 4 ρ Q / (π d μ) in one of the pins, dimensionless."""
    m3_s = flow_nl_s * _M3_NL / tube.pins
    return 4 * DENSITY_KG_M3 * m3_s / (math.pi * tube.inner_um * 1e-6 * viscosity_mpa_s * 1e-3)


def is_turbulent(tube: Tube, viscosity_mpa_s: float, flow_nl_s: float) -> bool:
    """Whether Re is above 2000, where the laminar formulas here no longer hold."""
    return reynolds(tube, viscosity_mpa_s, flow_nl_s) > LAMINAR_RE
