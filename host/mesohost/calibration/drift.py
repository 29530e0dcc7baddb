"""Calibrations of one gun side by side: what has changed since, and whether that is more than the
measurements' own doubt."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mesohost.calibration.record import Calibration, Figure

_WIDE = 41


@dataclass(frozen=True)
class Course:
    """One figure over time: of which gun, kind and part, and each day's figure, oldest first."""

    board: str
    kind: str
    of: str
    name: str
    unit: str
    days: tuple[str, ...]
    figures: tuple[Figure, ...]

    @property
    def changed_pct(self) -> float:
        """From the first to the last, as a share of the first."""
        first, last = self.figures[0].value, self.figures[-1].value
        return (last / first - 1) * 100 if first else math.nan

    @property
    def told_apart(self) -> bool:
        """Whether the first and the last differ by more than both 95 % intervals explain."""
        first, last = self.figures[0], self.figures[-1]
        if first.low is None or first.high is None or last.low is None or last.high is None:
            return False
        half = math.hypot(first.high - first.low, last.high - last.low) / 2
        return abs(last.value - first.value) > half


def courses(calibrations: Iterable[Calibration]) -> list[Course]:
    """Every figure's course, by gun, kind, part and the order of the figures; accepted ones and
    others alike, for drift shows in both."""
    found: dict[tuple[str, str, str, str], list[tuple[str, Figure]]] = {}
    for one in sorted(calibrations, key=lambda one: one.ended):
        for figure in one.figures:
            key = (one.board, one.kind, one.of, figure.name)
            found.setdefault(key, []).append((one.ended[:10], figure))
    return [
        Course(*key, dated[0][1].unit, tuple(day for day, _ in dated),
               tuple(figure for _, figure in dated))
        for key, dated in found.items()
    ]  # fmt: skip


def told(course: Course) -> list[str]:
    """A course in lines: a heading, then each day with its place between the extremes."""
    bounds = [value for figure in course.figures for value in _ends(figure)]
    low, high = min(bounds), max(bounds)
    lines = [f"{course.board} {course.kind} {course.of}: {course.name}, {course.unit}".rstrip(", ")]
    for day, figure in zip(course.days, course.figures, strict=True):
        lines.append(f"  {day}  {figure.value:>10.5g}  |{_drawn(figure, low, high)}|")
    if len(course.figures) > 1:
        apart = ", more than the intervals explain" if course.told_apart else ""
        lines.append(f"  changed by {course.changed_pct:+.2f} %{apart}")
    return lines


def _ends(figure: Figure) -> tuple[float, float]:
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    return low, high


def _drawn(figure: Figure, low: float, high: float) -> str:
    def place(value: float) -> int:
        return round((value - low) / (high - low) * (_WIDE - 1)) if high > low else _WIDE // 2

    marks = [" "] * _WIDE
    near, far = (place(value) for value in _ends(figure))
    marks[near : far + 1] = "-" * (far + 1 - near)
    marks[place(figure.value)] = "*"
    return "".join(marks)


def to_csv(calibrations: Sequence[Calibration]) -> str:
    """A row for each figure of each calibration."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("board", "kind", "of", "ended", "accepted", "operator", "figure", "value", "low_95",
         "high_95", "unit")
    )  # fmt: skip
    for one in sorted(calibrations, key=lambda one: one.ended):
        for figure in one.figures:
            writer.writerow(
                (one.board, one.kind, one.of, one.ended, int(one.accepted), one.operator,
                 figure.name, repr(figure.value), _cell(figure.low), _cell(figure.high),
                 figure.unit)
            )  # fmt: skip
    return out.getvalue()


def _cell(value: float | None) -> str:
    return "" if value is None else repr(value)
