"""Fits tell the unknowns, how well they are known, and which points are outliers."""

import math
import random
from itertools import pairwise
from statistics import fmean, stdev

import pytest

from mesohost.calibration.lines import outliers, solve

# ISO 5725-2, Grubbs' test for one outlying value at 1 %, by how many values there are.
GRUBBS_1_PERCENT = {10: 2.482, 20: 3.001}


def values_with(count, grubbs):
    """Values of which the last one is so many standard deviations from the mean of all."""
    even = [math.sin(7.0 * number) for number in range(count - 1)]
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        values = [*even, middle]
        far = (values[-1] - fmean(values)) / stdev(values)
        low, high = (middle, high) if far < grubbs else (low, middle)
    return [*even, high]


@pytest.mark.parametrize("count", GRUBBS_1_PERCENT)
def test_of_a_plain_mean_outliers_are_those_of_grubbs(count):
    rows = [(1.0,)] * count
    critical = GRUBBS_1_PERCENT[count]
    assert outliers(rows, values_with(count, critical - 0.01)) == ()
    assert outliers(rows, values_with(count, critical + 0.01)) == (count - 1,)


def test_outliers_do_not_hide_each_other():
    rng = random.Random(4)
    values = [rng.gauss(0.0, 1.0) for _ in range(30)]
    for place in (3, 17, 21):
        values[place] += 12.0
    assert outliers([(1.0,)] * 30, values) == (3, 17, 21)


def test_a_fit_of_an_exact_line_is_that_line():
    rows = [(float(x), 1.0) for x in range(8)]
    line = solve(rows, [3.0 * x - 2.0 for x, _ in rows])
    assert line.found == pytest.approx([3.0, -2.0])
    assert line.deviation == pytest.approx(0.0, abs=1e-12)
    assert line.freedom == 6


def test_the_mean_is_known_to_the_deviation_over_the_root_of_their_number():
    values = [1.0, 2.0, 4.0, 5.0, 8.0]
    line = solve([(1.0,)] * 5, values)
    assert math.sqrt(line.covariance[0, 0]) == pytest.approx(stdev(values) / math.sqrt(5))


def test_what_one_lacks_and_the_next_gives_makes_the_sum_surer():
    rng = random.Random(9)
    places = [rng.gauss(0.0, 1.0) for _ in range(201)]
    values = [after - before for before, after in pairwise(places)]
    rows = [(1.0,)] * 200
    pairs = [(number, number + 1) for number in range(199)]
    alone = solve(rows, values).covariance[0, 0]
    assert solve(rows, values, pairs).covariance[0, 0] < alone / 5


@pytest.mark.parametrize(
    "rows", [[(1.0, 2.0)] * 4, [(float(x), 2.0 * x) for x in range(9)]], ids=["few", "alike"]
)
def test_what_cannot_be_told_is_not_told(rows):
    with pytest.raises(ValueError, match="point"):
        solve(rows, [1.0] * len(rows))
