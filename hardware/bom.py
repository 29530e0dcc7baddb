"""The parts list: `hardware/bom.csv`, and `hardware/mechanics/bought.csv` where it is there.

`python -m hardware.bom` prints it with its total. What is single-use is priced apart: it belongs to
a patient, not to the gun.
"""

import csv
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

HARDWARE = Path(__file__).parent
FILES = (HARDWARE / "bom.csv", HARDWARE / "mechanics" / "bought.csv")
LIMIT_EUR = 220.0
_COLUMNS = (
    "key", "what", "maker", "number", "quantity", "unit_eur", "priced", "alternative",
    "single_use", "mass_g", "source",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A distinct part; `file` is the list that it stands in, `mass_g` None where it is not told."""

    key: str
    what: str
    maker: str
    number: str
    quantity: int
    unit_eur: float
    priced: str
    alternative: str
    single_use: bool
    mass_g: float | None
    source: str
    file: str = FILES[0].name

    @property
    def eur(self) -> float:
        """What all of them cost."""
        return self.quantity * self.unit_eur


def read(files: Iterable[Path] = FILES) -> list[Line]:
    """The lines of those files that are there; further columns are their own matter. Raises
    ValueError for a line that is not sound: it names file, line and column."""
    lines: list[Line] = []
    keys: set[str] = set()
    for path in files:
        if not path.is_file():
            continue
        with path.open(encoding="utf-8", newline="") as text:
            rows = csv.DictReader(text)
            if tuple(rows.fieldnames or ())[: len(_COLUMNS)] != _COLUMNS:
                raise ValueError(f"{path.name}: its columns are to begin {','.join(_COLUMNS)}")
            for row in rows:
                line = _line(row, f"{path.name}, line {rows.line_num}", path.name)
                if line.key in keys:
                    raise ValueError(f"{path.name}, line {rows.line_num}: {line.key} stands twice")
                keys.add(line.key)
                lines.append(line)
    return lines


def _line(row: dict[str, str], where: str, file: str) -> Line:
    if None in row or None in row.values():
        raise ValueError(f"{where}: as many columns as in the head; put texts with , in quotes")
    # Other lists weigh parts, at no price, that are bought by this one.
    elsewhere = file != FILES[0].name and row["unit_eur"].strip() == "0"
    for column in ("key", "what", "maker", "number", "alternative", "source"):
        if not row[column].strip() and not (elsewhere and column == "alternative"):
            raise ValueError(f"{where}: {column} is empty")
    try:
        quantity, unit_eur = int(row["quantity"]), float(row["unit_eur"])
        mass_g = float(row["mass_g"]) if row["mass_g"] else None
    except ValueError as why:
        raise ValueError(f"{where}: quantity, unit_eur and mass_g are numbers: {why}") from None
    if quantity < 1 or (unit_eur <= 0 and not elsewhere) or (mass_g is not None and mass_g < 0):
        raise ValueError(f"{where}: quantity and unit_eur are above 0, mass_g is at least 0")
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", row["priced"]):
        raise ValueError(f"{where}: priced is a year and a month, as in 2026-11")
    if row["single_use"] not in ("yes", "no"):
        raise ValueError(f"{where}: single_use is yes or no")
    return Line(
        row["key"], row["what"], row["maker"], row["number"], quantity, unit_eur, row["priced"],
        row["alternative"], row["single_use"] == "yes", mass_g, row["source"], file,
    )  # fmt: skip


def total_eur(lines: Iterable[Line]) -> float:
    """What a gun costs, without what is single-use."""
    return sum(line.eur for line in lines if not line.single_use)


def table(lines: Sequence[Line]) -> str:
    """The list as text, the dearest first, with its sums."""
    told = [
        f"{line.eur:8.2f}  {line.quantity:3} × {line.what}: {line.maker} {line.number}"
        for line in sorted(lines, key=lambda line: -line.eur)
        if not line.single_use
    ]
    once = sum(line.eur for line in lines if line.single_use)
    told.append(f"{total_eur(lines):8.2f}  € a gun, of at most {LIMIT_EUR:g} €")
    told.append(f"{once:8.2f}  € a patient for what is single-use, one of each")
    return "\n".join(told)


def main() -> int:
    """Print the list; 1 where it is above its limit or not sound."""
    try:
        lines = read()
    except (OSError, ValueError) as why:
        print(why, file=sys.stderr)
        return 1
    print(table(lines))
    return 0 if total_eur(lines) <= LIMIT_EUR else 1


if __name__ == "__main__":
    sys.exit(main())
