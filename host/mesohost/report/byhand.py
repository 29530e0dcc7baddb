"""A session that no gun recorded, by hand or needle-free, for a report: what was entered of it."""

from collections.abc import Sequence

import msgspec

from mesohost.clinic.bodies import Ended, Placed, Session
from mesohost.report import units
from mesohost.report.body import Spot
from mesohost.report.clinicfacts import ClinicFacts


class Row(msgspec.Struct, frozen=True):
    """A zone: planned and given, None where it was not."""

    number: int
    name: str
    planned: Placed | None
    given: Placed | None

    def cells(self) -> tuple[str, ...]:
        """Points and volumes planned and given, and the depth, as they are read."""
        planned, given = self.planned, self.given
        either = given or planned
        return (
            f"{self.number} {self.name}",
            str(planned.points) if planned else "–",
            str(given.points) if given else "0",
            units.volume(planned.total_nl if planned else None),
            units.volume(given.total_nl if given else 0),
            units.depth(either.depth_um or None) if either else "–",
        )


class ByHand(msgspec.Struct, frozen=True):
    """A session by hand or needle-free: its zones, and all that was entered about it."""

    title: str
    day: str
    zones: tuple[Row, ...]
    clinic: ClinicFacts

    @property
    def spots(self) -> list[Spot]:
        """The zones for the body pictures."""
        return [
            Spot(
                row.number,
                row.name,
                row.given.points if row.given else 0,
                row.planned.points if row.planned else None,
            )
            for row in self.zones
        ]

    @property
    def given_nl(self) -> int:
        """What was given in all."""
        return sum(row.given.total_nl for row in self.zones if row.given)

    def rows(self) -> list[tuple[str, ...]]:
        """The zones as a table's cells."""
        return [row.cells() for row in self.zones]


def by_hand(session: Session, ended: Ended | None, clinic: ClinicFacts) -> ByHand:
    """The facts of a session as it was prepared and ended."""
    given = {zone.name: zone for zone in ended.given} if ended else {}
    planned = {zone.name: zone for zone in session.planned}
    names: Sequence[str] = [*planned, *(name for name in given if name not in planned)]
    return ByHand(
        title=clinic.course or "Session without the gun",
        day=session.day.isoformat(),
        zones=tuple(
            Row(number, name, planned.get(name), given.get(name))
            for number, name in enumerate(names, 1)
        ),
        clinic=clinic,
    )
