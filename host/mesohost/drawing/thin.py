"""Fewer points for the same picture, and single shots found among them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Point = tuple[float, float, float]


class Course(NamedTuple):
    """A session's course: times in s, depths in µm (never negative), volumes given in nl."""

    at_s: Floats
    depth_um: Floats
    given_nl: Floats


def course_of(points: Sequence[Point]) -> Course:
    """The course of `(at_s, depth_um, fluid_nl)` points, which are in the order of time.

    A needle above the skin counts as at depth 0, and what leaves it there (priming, a drop) is not
    given: only what comes while it is in counts.
    """
    table = _with_crossings(np.asarray(points, dtype=np.float64).reshape(-1, 3))
    at_s, depth_um, fluid_nl = table[:, 0], np.maximum(table[:, 1], 0.0), table[:, 2]
    inside = (depth_um[:-1] > 0) | (depth_um[1:] > 0)
    given_nl = np.concatenate(([0.0], np.cumsum(np.diff(fluid_nl) * inside)))[: len(at_s)]
    return Course(at_s, depth_um, given_nl)


def _with_crossings(table: Floats) -> Floats:
    """The points, and one more wherever the needle goes through the skin between two of them."""
    depth = table[:, 1]
    before = np.flatnonzero(depth[:-1] * depth[1:] < 0)
    share = depth[before] / (depth[before] - depth[before + 1])
    between = table[before] + (table[before + 1] - table[before]) * share[:, None]
    between[:, 1] = 0.0
    return np.insert(table, before + 1, between, axis=0)


def thinned(course: Course, columns: int) -> Course:
    """At most four points (first, last, shallowest, deepest) in each of `columns` equal spans.

    So every shot that is visible at that width still reaches its depth and comes back.
    """
    count = len(course.at_s)
    if count <= columns * 4:
        return course
    start, end = float(course.at_s[0]), float(course.at_s[-1])
    scale = columns / (end - start) if end > start else 0.0
    column = np.minimum(((course.at_s - start) * scale).astype(np.int64), columns - 1)
    # Sorted within each column by depth, the column's ends are its shallowest and deepest points.
    by_depth = np.lexsort((course.depth_um, column))
    edges = np.flatnonzero(np.diff(column))
    firsts = np.concatenate(([0], edges + 1))
    lasts = np.concatenate((edges, [count - 1]))
    keep = np.unique(np.concatenate((firsts, lasts, by_depth[firsts], by_depth[lasts])))
    return Course(course.at_s[keep], course.depth_um[keep], course.given_nl[keep])


def shots_of(course: Course) -> list[Course]:
    """The single shots: each from the last point before the needle is in to the first after."""
    inside = np.concatenate(([False], course.depth_um > 0, [False]))
    changes = np.flatnonzero(np.diff(inside.astype(np.int8)))
    shots: list[Course] = []
    for first, after in zip(changes[::2], changes[1::2], strict=True):
        part = slice(max(int(first) - 1, 0), int(after) + 1)
        shots.append(Course(*(values[part] for values in course)))
    return shots
