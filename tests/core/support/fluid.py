"""What presses back in a syringe on the bench, worked out with floats and apart from core's own."""

import math

from mesofw.core import parts

# Water, which all mixtures are near, and the tube inside the needle's hub.
DENSITY_KG_M3 = 1_000.0
HUB_M = 7e-3


def pressure_pa(flow_nl_s, bore_um, length_um, pins, viscosity_upa_s):
    """Steady pressure behind a needle: 128 μ L Q / (π d⁴) + 2.28 ρ v² / 2 (Hagen-Poiseuille; the
    kinetic part after Hagenbach and Couette)."""
    flow_m3_s = flow_nl_s * 1e-12 / pins
    bore_m = bore_um * 1e-6
    viscous = 128.0 * viscosity_upa_s * 1e-6 * (length_um * 1e-6 + HUB_M) / (math.pi * bore_m**4)
    speed_m_s = flow_m3_s / (math.pi * bore_m * bore_m / 4.0)
    return viscous * flow_m3_s + 2.28 * DENSITY_KG_M3 / 2.0 * speed_m_s * speed_m_s


def needle_pa(head, flow_nl_s):
    """The same for the needle and the mixture of a program's head."""
    bore_um = parts.NEEDLES[head["needle"]].bore_um
    viscosity_upa_s = head.get("viscosity_upa_s", 1_000)
    return pressure_pa(flow_nl_s, bore_um, head["length_um"], head.get("pins", 1), viscosity_upa_s)


def force_mn(head, syringe, flow_nl_s):
    """The force on the stopper of a syringe that this pressure makes."""
    return 1_000.0 * needle_pa(head, flow_nl_s) * _area_m2(syringe)


def rise_mn(syringe, pushed_nl):
    """The force that a volume makes which is pushed into a full syringe and does not leave it."""
    pressure_pa = 1e5 * pushed_nl / parts.SYRINGES[syringe].full_nl_bar
    return 1_000.0 * pressure_pa * _area_m2(syringe)


def _area_m2(syringe):
    bore_m = parts.SYRINGES[syringe].bore_um * 1e-6
    return math.pi * bore_m * bore_m / 4.0
