# pyright: strict
"""How pressure builds up and falls behind a needle while a plunger sweeps, in closed form.

With p = R Q + k Q² behind the needle and C dp/dt = s - Q for a constant sweep s:

    t = C (-(R + 2 k s) ln((s - Q) / (s - Q₀)) - 2 k (Q - Q₀))

by integrating C (R + 2 k Q) dQ / (s - Q); for s = 0 it is the decay of `syringe.decay_s`. Here
flows are not negative: a flow the other way is the same with both signs turned. R in bar·s/nl, k in
bar·s²/nl², C in nl/bar, flows in nl/s, times in s.
"""

import math
from math import exp

# After one of Halley's steps, less than its curve times its square is left to mend.
_CLOSE = 1e-13
_NEAR = 0.2


def flow_after(
    linear: float, square: float, compliance: float, flow: float, sweep: float, after_s: float
) -> float:
    """The flow that has come of `flow` >= 0 after a time; the caller sees that it stays >= 0.

    With z = ln((s - Q) / (s - Q₀)) the equation is a z + b (1 - exp z) + t / C = 0, where
    a = R + 2 k s and b = 2 k (s - Q₀). Its left side rises everywhere and bends one way only, so
    that Newton's method from z = 0 cannot miss; near the zero Halley's is quicker.
    """
    off = sweep - flow
    slope = linear + 2.0 * square * sweep
    bend = 2.0 * square * off
    level = after_s / compliance + bend
    z = (level - bend) / (bend - slope)
    if bend > 0.0 and z * slope < -level:
        # The zero is not below this either.
        z = -level / slope
    for _ in range(60):
        grown = exp(z)
        fall = bend * grown
        rise = slope - fall
        step = (slope * z + level - fall) / rise
        curve = 0.5 * step * fall / rise
        if -_NEAR < curve < _NEAR:
            step /= 1.0 + curve
            if -_CLOSE < curve * step * step < _CLOSE:
                return sweep - exp(z - step) * off
        z -= step
    return sweep - exp(z) * off


def until_s(
    linear: float, square: float, compliance: float, flow: float, sweep: float, end: float
) -> float:
    """Time in which `flow` becomes `end`, which lies between it and `sweep`; infinite at it."""
    off = sweep - flow
    left = sweep - end
    if off == 0.0 or left / off <= 0.0:
        return math.inf
    slope = linear + 2 * square * sweep
    return compliance * (-slope * math.log(left / off) - 2 * square * (end - flow))


def flow_at(linear: float, square: float, bar: float) -> float:
    """The flow that a pressure of either sign drives, of the same sign."""
    size = abs(bar)
    if not size:
        return 0.0
    flow = 2 * size / (linear + math.sqrt(linear * linear + 4 * square * size))
    return flow if bar > 0 else -flow


def bar_at(linear: float, square: float, flow: float) -> float:
    """The pressure behind a flow of either sign, of the same sign: R Q + k Q |Q|."""
    return (linear + square * abs(flow)) * flow
