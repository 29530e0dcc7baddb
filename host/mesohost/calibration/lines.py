"""Least squares with outliers named: a model that is linear in a few unknowns."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mesohost.calibration.quantiles import t_quantile

Floats = NDArray[np.float64]
# ISO 5725-2: what Grubbs' test finds at 1 % is an outlier and may be left out, what it finds at
# 5 % only is a straggler and stays.
OUTLIER_LEVEL = 0.01
# Of all points; more than that are no accidents.
OUTLIERS_SHARE = 0.1
# Points beyond the unknowns, so that a spread is worth its name.
_SPARE = 3


@dataclass(frozen=True)
class Line:
    """A fit: the unknowns, their covariance, the residuals' standard deviation and freedom."""

    found: Floats
    covariance: Floats
    deviation: float
    freedom: int


def solve(
    rows: Sequence[Sequence[float]],
    values: Sequence[float],
    neighbours: Sequence[tuple[int, int]] = (),
) -> Line:
    """Values as sums over the rows' columns. `neighbours` are pairs of rows whose errors have to do
    with each other, all pairs alike: the residuals tell how much, and the covariance holds it (W.
    K. Newey, K. D. West, Econometrica 55 (1987) 703-708, of one lag).

    Raises ValueError where there are too few points, or columns that cannot be told apart.
    """
    x, y = _checked(rows, values)
    q, r = np.linalg.qr(x)
    if np.min(np.abs(np.diag(r))) < 1e-9 * np.max(np.abs(np.diag(r))):
        raise ValueError("the points do not tell the unknowns apart")
    inverse = np.linalg.inv(r)
    parts = inverse @ q.T
    found = parts @ y
    freedom = len(y) - x.shape[1]
    residuals = y - x @ found
    variance = float(np.sum(residuals**2)) / freedom
    covariance = variance * inverse @ inverse.T
    if neighbours:
        one, other = np.asarray(neighbours).T
        shared = float(np.mean(residuals[one] * residuals[other]))
        # What two neighbours can share where each has two of them.
        shared = max(-variance / 2, min(variance / 2, shared))
        crossed = parts[:, one] @ parts[:, other].T
        covariance = covariance + shared * (crossed + crossed.T)
    return Line(found, covariance, math.sqrt(variance), freedom)


def outliers(rows: Sequence[Sequence[float]], values: Sequence[float]) -> tuple[int, ...]:
    """The places of the outliers from such a fit.

    The generalised extreme studentised deviate test (B. Rosner, Technometrics 25 (1983) 165-172)
    with each point's deviation from the fit to all others, which for a plain mean is Grubbs' test:
    that over its own standard deviation is Student's t, and the largest of n is judged at
    OUTLIER_LEVEL / n. Raises ValueError as `solve` does.
    """
    x, y = _checked(rows, values)
    count, unknowns = x.shape
    kept = list(range(count))
    most = min(math.floor(OUTLIERS_SHARE * count), count - unknowns - 3)
    named: list[int] = []
    far = 0
    for number in range(most):
        t = _deleted(x[kept], y[kept])
        worst = int(np.argmax(np.abs(t)))
        allowed = t_quantile(1 - OUTLIER_LEVEL / len(kept), len(kept) - unknowns - 1)
        named.append(kept.pop(worst))
        if abs(float(t[worst])) > allowed:
            far = number + 1
    return tuple(sorted(named[:far]))


def _checked(rows: Sequence[Sequence[float]], values: Sequence[float]) -> tuple[Floats, Floats]:
    x = np.asarray(rows, dtype=np.float64)
    if x.ndim != 2 or len(x) < x.shape[1] + _SPARE:
        raise ValueError(f"{len(rows)} points are too few")
    return x, np.asarray(values, dtype=np.float64)


def _deleted(x: Floats, y: Floats) -> Floats:
    """Each point's deviation from the fit to all others, over its standard deviation: Student's t
    with one degree of freedom less than the fit. Source: R. D. Cook, S. Weisberg, Residuals and
    Influence in Regression (1982), 2.2.1."""
    q, _ = np.linalg.qr(x)
    free = np.maximum(1 - np.sum(q * q, axis=1), 1e-12)
    residuals = y - q @ (q.T @ y)
    freedom = len(y) - x.shape[1]
    squares = float(np.sum(residuals**2))
    # What the squares of the others' fit add up to.
    others = np.maximum(squares - residuals**2 / free, 1e-300)
    return residuals / np.sqrt(free * others / (freedom - 1))
