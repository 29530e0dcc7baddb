"""Quantiles and tolerance factors are those of the printed tables."""

import pytest

from mesohost.calibration.quantiles import chi2_quantile, t_quantile, tolerance_factor


@pytest.mark.parametrize(
    ("within", "freedom", "t"),
    [(0.95, 1, 12.706), (0.95, 2, 4.303), (0.95, 9, 2.262), (0.99, 3, 5.841), (0.999, 30, 3.646),
     (0.95, 120, 1.980), (0.95, 10_000, 1.960)],
)  # fmt: skip
def test_students_t(within, freedom, t):
    assert t_quantile(within, freedom) == pytest.approx(t, abs=1e-3)


@pytest.mark.parametrize(
    ("below", "freedom", "chi2"),
    [(0.05, 1, 0.003932), (0.05, 2, 0.1026), (0.05, 9, 3.325), (0.05, 10, 3.940),
     (0.95, 30, 43.773)],
)  # fmt: skip
def test_chi_squared(below, freedom, chi2):
    assert chi2_quantile(below, freedom) == pytest.approx(chi2, rel=2e-4)


@pytest.mark.parametrize(
    ("count", "content", "k"), [(10, 0.95, 3.379), (10, 0.99, 4.433), (30, 0.95, 2.549)]
)
def test_tolerance_factors_are_those_of_the_table(count, content, k):
    # Two-sided, 95 % confidence, mean and spread unknown.
    assert tolerance_factor(count, content, 0.95) == pytest.approx(k, rel=3e-3)


def test_there_is_no_t_without_freedom():
    with pytest.raises(ValueError, match="degree of freedom"):
        t_quantile(0.95, 0)
