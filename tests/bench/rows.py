"""One row of the table: a figure, what it is to reach, and the peer that ran in the same breath."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOWER = "lower"
HIGHER = "higher"
_HEADINGS = ("name", "value", "to reach", "peer", "peer value", "ratio", "note")


class Unavailable(Exception):
    """Why a row cannot be measured on this machine."""


@dataclass(frozen=True)
class Row:
    """A figure in `unit`, of which `better` (LOWER, HIGHER) is wanted; `reach` is the bound.

    `peer_value` is the peer's, in the same unit; both are None where no peer can be run here.
    """

    name: str
    value: float
    unit: str
    better: str
    reach: float | None = None
    peer: str | None = None
    peer_value: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The value over the peer's."""
        return self.value / self.peer_value if self.peer_value else None

    @property
    def reached(self) -> bool:
        """Whether the bound is kept; a row without one keeps it."""
        if self.reach is None:
            return True
        return self.value <= self.reach if self.better == LOWER else self.value >= self.reach

    def as_json(self) -> dict[str, Any]:
        """The row as `bench.json` holds it."""
        return {
            "name": self.name,
            "value": _rounded(self.value),
            "unit": self.unit,
            "better": self.better,
            "peer": self.peer,
            "peer_value": _rounded(self.peer_value),
            "ratio": _rounded(self.ratio),
        }

    def cells(self) -> tuple[str, ...]:
        """The row as the table shows it."""
        reach = ""
        if self.reach is not None:
            sign = "≤" if self.better == LOWER else "≥"
            reach = f"{sign} {_text(self.reach)} {'' if self.reached else 'MISSED'}".strip()
        return (
            self.name,
            f"{_text(self.value)} {self.unit}".strip(),
            reach,
            self.peer or "",
            _text(self.peer_value),
            _text(self.ratio),
            self.note,
        )


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text, with headings."""
    lines = [_HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def merge(path: Path, rows: Iterable[Row]) -> None:
    """Write the rows to the JSON list at `path`, each in the place of the one of its name there."""
    try:
        held = {row["name"]: row for row in json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, KeyError, TypeError):
        held = {}
    held.update((row.name, row.as_json()) for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(list(held.values()), indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _rounded(value: float | None) -> float | None:
    """Four significant digits, and all digits before the point."""
    if value is None or abs(value) >= 1000:
        return value if value is None else round(value)
    return float(f"{value:.4g}")


def _text(value: float | None) -> str:
    return "" if value is None else f"{_rounded(value):g}"
