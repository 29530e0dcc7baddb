# pyright: strict
"""Heat of motors and drivers."""

import math


def copper_w(current_a: float, resistance_ohm: float) -> float:
    """Both windings at a sine current of this rms: 2 I² R, in W (Joule)."""
    return 2 * current_a**2 * resistance_ohm


def driver_w(current_a: float, bridge_ohm: float, idle_w: float) -> float:
    """A driver chip: two bridges, each with a high and a low side in the path: 2 I² R + idle."""
    return 2 * current_a**2 * bridge_ohm + idle_w


def mean_w(full_w: float, duty: float, hold_share: float) -> float:
    """Mean of full current over `duty` and `hold_share` of the current for the rest (I²)."""
    return full_w * (duty + (1 - duty) * hold_share**2)


def rise_k(power_w: float, k_per_w: float) -> float:
    """Final rise above the surroundings, in K: P × R_th."""
    return power_w * k_per_w


def rise_after_k(power_w: float, k_per_w: float, j_per_k: float, after_s: float) -> float:
    """Rise after a time, one thermal mass: P R (1 - exp(-t / (R C))), in K (Newton's cooling)."""
    return power_w * k_per_w * (1 - math.exp(-after_s / (k_per_w * j_per_k)))
