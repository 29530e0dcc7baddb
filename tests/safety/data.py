"""What `docs/safety` holds: severities, hazards, requirements, each requirement's seeded defect.

Loading checks what a single record must keep; `tests/safety/test_data.py` checks the links.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "safety"
CORE = ROOT / "firmware" / "mesofw" / "core"

ACTIVE, PLANNED = "active", "planned"


@dataclass(frozen=True)
class Severity:
    """How bad a harm is: a word and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True)
class Hazard:
    """What may go wrong (`cause`), whom it hurts how (`harm`), and what the gun does about it."""

    id: str
    hazard: str
    cause: str
    harm: str
    severity: str
    mitigation: str


@dataclass(frozen=True)
class Mutant:
    """A defect to plant: in `file` of core, `text` (once there) becomes `becomes`; `defect` says in
    words what is wrong then."""

    file: str
    text: str
    becomes: str
    defect: str

    def planted(self, source: str) -> str:
        """The source with the defect. Raises ValueError where the text is not there just once."""
        count = source.count(self.text)
        if count != 1:
            raise ValueError(f"{self.file}: the text to replace is there {count} times")
        return source.replace(self.text, self.becomes)


@dataclass(frozen=True)
class Requirement:
    """One exact rule, where it comes from, and the hazards it is against.

    `mutant` is None only while the rule is planned.
    """

    id: str
    area: str
    rule: str
    source: tuple[str, ...]
    hazards: tuple[str, ...]
    status: str
    mutant: Mutant | None


@dataclass(frozen=True)
class Area:
    """The requirements of one file, and what they are about."""

    name: str
    title: str
    requirements: tuple[Requirement, ...]


@cache
def severities() -> tuple[Severity, ...]:
    """The words for severity, the least first."""
    return tuple(Severity(**row) for row in _read(FOLDER / "hazards.toml")["severity"])


@cache
def rules() -> Mapping[str, str]:
    """The rules G1 to G22 and what each asks for."""
    return _read(FOLDER / "sources.toml")["rules"]


@cache
def hazards() -> tuple[Hazard, ...]:
    """All hazards in their order."""
    return tuple(Hazard(**row) for row in _read(FOLDER / "hazards.toml")["hazard"])


@cache
def areas() -> tuple[Area, ...]:
    """All areas in the order of their first requirement's number."""
    found = [_area(path) for path in sorted((FOLDER / "requirements").glob("*.toml"))]
    return tuple(sorted(found, key=lambda area: area.requirements[0].id))


@cache
def requirements() -> Mapping[str, Requirement]:
    """All requirements by id. Raises ValueError where an id is there twice."""
    found: dict[str, Requirement] = {}
    for area in areas():
        for requirement in area.requirements:
            if requirement.id in found:
                raise ValueError(f"{requirement.id} is there twice")
            found[requirement.id] = requirement
    return found


def active() -> list[Requirement]:
    """The requirements in force."""
    return [one for one in requirements().values() if one.status == ACTIVE]


def _area(path: Path) -> Area:
    read = _read(path)
    return Area(
        path.stem, read["title"], tuple(_requirement(path.stem, row) for row in read["requirement"])
    )


def _requirement(area: str, row: dict[str, Any]) -> Requirement:
    mutant = row.get("mutant")
    status = row.get("status", ACTIVE)
    if status not in (ACTIVE, PLANNED) or (mutant is None) != (status == PLANNED):
        raise ValueError(f"{row['id']}: in force with a mutant, or planned without")
    return Requirement(
        id=row["id"],
        area=area,
        rule=row["rule"],
        source=tuple(row["source"]),
        hazards=tuple(row["hazards"]),
        status=status,
        mutant=Mutant(**mutant) if mutant else None,
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
