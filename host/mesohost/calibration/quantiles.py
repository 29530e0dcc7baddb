"""Quantiles of Student's t and of chi-squared for whole degrees of freedom, and tolerance factors.

The finite series of M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions: 26.7.3 and
26.7.4 for t, 26.4.4 and 26.4.5 for chi-squared; turned round by bisection.
"""

import math
from collections.abc import Callable
from functools import cache
from statistics import NormalDist

_NORMAL = NormalDist()
# From here on t is the normal distribution to 1e-3 of its quantile, and the series grow long.
_MANY = 2000


def t_within(t: float, freedom: int) -> float:
    """Probability that Student's t lies within ±t, t >= 0."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term, total = (cosine, cosine if freedom > 1 else 0.0) if odd else (1.0, 1.0)
    for number in range(3 if odd else 2, freedom - 1, 2):
        term *= cosine * cosine * (number - 1) / number
        total += term
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


def chi2_above(chi2: float, freedom: int) -> float:
    """Probability that chi-squared lies above a value >= 0."""
    root = math.sqrt(chi2)
    density = math.exp(-chi2 / 2) / math.sqrt(2 * math.pi)
    if freedom % 2:
        term, total = root, 0.0
        for number in range(3, freedom + 2, 2):
            total += term
            term *= chi2 / number
        return math.erfc(root / math.sqrt(2)) + 2 * density * total
    term = total = 1.0
    for number in range(2, freedom - 1, 2):
        term *= chi2 / number
        total += term
    return math.sqrt(2 * math.pi) * density * total


@cache
def t_quantile(within: float, freedom: int) -> float:
    """The t of whose distribution a share lies within ±t: 0.95 and 9 give 2.262.

    Raises ValueError for less than one degree of freedom.
    """
    if freedom < 1:
        raise ValueError("t needs a degree of freedom")
    if freedom > _MANY:
        return _NORMAL.inv_cdf((1 + within) / 2)
    return _root(lambda t: t_within(t, freedom) - within)


@cache
def chi2_quantile(below: float, freedom: int) -> float:
    """The chi-squared below which a share of its distribution lies: 0.05 and 9 give 3.325."""
    return _root(lambda chi2: 1 - chi2_above(chi2, freedom) - below)


def tolerance_factor(count: int, content: float, confidence: float) -> float:
    """k of the two-sided tolerance interval mean ± k s of `count` >= 2 normal values, so that with
    `confidence` at least a share `content` of all values lies in it.

    W. G. Howe, Two-sided tolerance limits for normal populations, JASA 64 (1969) 610-620; within a
    few thousandths of the tables of ISO 16269-6 for 10 values and more.
    """
    freedom = count - 1
    normal = _NORMAL.inv_cdf((1 + content) / 2)
    spread = freedom * (1 + 1 / count) / chi2_quantile(1 - confidence, freedom)
    return normal * math.sqrt(spread)


def _root(rising: Callable[[float], float]) -> float:
    """Where a function that rises through zero on (0, ∞) is zero, to the last digits."""
    low, high = 0.0, 1.0
    while rising(high) < 0:
        low, high = high, 2 * high
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return high
