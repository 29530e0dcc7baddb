# pyright: strict
"""The skin against a needle: force at puncture, dimple before it, foot pressed in."""

import math

# 1.22 N is the median of 24 experimental papers, as quoted of the review by van Gerwen et al.
# (2012); it is set at 27G here.
_MEDIAN_N = 1.22
_MEDIAN_OUTER_UM = 413.0


def puncture_n(outer_um: float, pins: int = 1) -> float:
    """Force at which `pins` needles of an outer diameter puncture skin, in N.

    Proportional to the outer diameter: it grows with it (Præstmark et al., Pen needle design
    influences ease of insertion, BMJ Open Diabetes Research and Care 2016, e000266); that the
    median belongs to 27G is an estimate.
    """
    return _MEDIAN_N * outer_um / _MEDIAN_OUTER_UM * pins


def dimple_um(force_n: float, stiffness_n_mm: float) -> float:
    """How far skin gives way before it is punctured, in µm: F / k."""
    return force_n / stiffness_n_mm * 1000


def foot_um(force_n: float, foot_mm: float, modulus_kpa: float) -> float:
    """How deep a flat round foot of a diameter sinks in, in µm: F (1 - ν²) / (E d), ν = 0.5.

    Source: K. L. Johnson, Contact Mechanics, rigid flat punch on a half-space.
    """
    return force_n * 0.75 / (modulus_kpa * 1e3 * foot_mm * 1e-3) * 1e6


def slanted_depth_um(length_um: float, angle_deg: float) -> float:
    """Depth of a slanted needle: sin(angle) × length, in µm."""
    return math.sin(math.radians(angle_deg)) * length_um
