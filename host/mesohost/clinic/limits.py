"""What a clinic holds to, above what programs and guns hold to: hard limits that are refused, soft
ones that somebody named passes for a reason.

A program's own limits (per shot, zone, session, needle and ingredient) are core's: the gun checks
them. Here is what only the clinic can know: its own figures, and a course as a whole.
"""

import datetime
from collections.abc import Iterator

import msgspec

from mesofw.core import fields
from mesohost.archive import Archive
from mesohost.clinic import bodies, entries, users
from mesohost.clinic.bodies import ClinicLimits
from mesohost.program import Program

# DOMAIN.md: a session totals 2 to 6 mL.
USUAL_SESSION_NL = 6_000_000


class Finding(msgspec.Struct, frozen=True):
    """A limit that is passed: `hard` ones are refused."""

    limit: str
    hard: bool
    found: str
    allowed: str

    def __str__(self) -> str:
        how = "not allowed" if self.hard else "needs a reason"
        return f"{self.limit}: {self.found}, allowed: {self.allowed}; {how}"


def of_clinic(archive: Archive) -> ClinicLimits:
    """The limits in force."""
    told = entries.read(archive, ClinicLimits)
    return told[-1].body if told else ClinicLimits(soft_session_nl=USUAL_SESSION_NL)


def set_limits(
    archive: Archive, limits: ClinicLimits, *, by: int, at: datetime.datetime | None = None
) -> ClinicLimits:
    """Set the clinic's limits. Raises NotAllowed for who may not."""
    users.approver(archive, by)
    return entries.write(archive, by, limits, at=at).body


def of_program(limits: ClinicLimits, program: Program, given_before_nl: int = 0) -> list[Finding]:
    """What a program passes, after `given_before_nl` in its course."""
    deepest_um = max((zone.depth_um for zone in program.zones), default=0)
    found = [
        *_beyond("depth", "depth_um", deepest_um, limits.hard_depth_um, limits.soft_depth_um),
        *_volumes(limits, program.total_nl, given_before_nl),
    ]
    found += [Finding(w.at, False, w.found, w.allowed) for w in program.warnings]
    return found


def of_zones(
    limits: ClinicLimits, zones: tuple[bodies.Placed, ...], given_before_nl: int = 0
) -> list[Finding]:
    """What a session without the gun passes."""
    deepest_um = max((zone.depth_um for zone in zones), default=0)
    total_nl = sum(zone.total_nl for zone in zones)
    return [
        *_beyond("depth", "depth_um", deepest_um, limits.hard_depth_um, limits.soft_depth_um),
        *_volumes(limits, total_nl, given_before_nl),
    ]


def _volumes(limits: ClinicLimits, total_nl: int, before_nl: int) -> Iterator[Finding]:
    yield from _beyond(
        "session volume", "session_nl", total_nl, limits.hard_session_nl, limits.soft_session_nl
    )
    yield from _beyond(
        "course volume",
        "session_nl",
        before_nl + total_nl,
        limits.hard_course_nl,
        limits.soft_course_nl,
    )


def _beyond(
    words: str, name: str, value: int, hard: int | None, soft: int | None
) -> Iterator[Finding]:
    """The harder of the two limits that `value` (of a field like `name`) passes."""
    for limit, is_hard in ((hard, True), (soft, False)):
        if limit is not None and value > limit:
            found, allowed = fields.show(name, value), f"up to {fields.show(name, limit)}"
            yield Finding(words, is_hard, found, allowed)
            return
