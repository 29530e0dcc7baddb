"""A course: which session comes next and when, and what stands in its way."""

import datetime

import msgspec

from mesohost.archive import Archive
from mesohost.clinic import bodies, coursedata, entries, limits, sessions
from mesohost.clinic.entries import Entry
from mesohost.clinic.limits import Finding
from mesohost.clinic.protocols import Version
from mesohost.clinic.refusing import ClinicTrouble

# DOMAIN.md: courses have 3 to 15 sessions.
USUAL_SESSIONS_MAX = 15


class Gate(msgspec.Struct, frozen=True):
    """Whether the test injection lets a treatment begin: `open`, and in words why or why not.
    `waited_days` of `wait_days` have passed; None before there was a test."""

    open: bool
    why: str
    wait_days: int
    waited_days: int | None = None


class Proposal(msgspec.Struct, frozen=True):
    """The next session of a course: the `nth` of `sessions`, on `day` or later; `over` where the
    course is complete. `findings` are limits that it passes on the day asked for."""

    nth: int
    sessions: int
    day: datetime.date
    over: bool
    gate: Gate
    findings: tuple[Finding, ...]


def begin(
    archive: Archive,
    patient: int,
    protocol: Version | None,
    first: datetime.date,
    *,
    by: int,
    title: str = "",
    sessions: int | None = None,
    interval_days: int | None = None,
    at: datetime.datetime | None = None,
) -> Entry[bodies.Course]:
    """Begin a course by a protocol, or without one; its figures are the protocol's where none are
    told. Raises ClinicTrouble."""
    data = protocol.course if protocol else coursedata.CourseData(name="")
    count = data.sessions if sessions is None else sessions
    apart = data.interval_days if interval_days is None else interval_days
    if not 0 < count <= coursedata.SESSIONS_MAX:
        raise ClinicTrouble(f"a course has 1 to {coursedata.SESSIONS_MAX} sessions")
    if not 0 < apart <= coursedata.INTERVAL_DAYS_MAX:
        raise ClinicTrouble(f"sessions are 1 to {coursedata.INTERVAL_DAYS_MAX} days apart")
    body = bodies.Course(
        title=title or (protocol.program.title if protocol else "course"),
        sessions=count,
        interval_days=apart,
        first=first,
        protocol=f"{protocol.name} version {protocol.version}" if protocol else "",
        protocol_sha256=protocol.sha256 if protocol else "",
        wait_days=data.test_wait_days,
    )
    return entries.write(archive, by, body, patient=patient, at=at)


def of_patient(archive: Archive, patient: int) -> list[Entry[bodies.Course]]:
    """A patient's courses that still go on."""
    ended = {entry.about for entry in entries.read(archive, bodies.CourseEnd, patient=patient)}
    told = entries.read(archive, bodies.Course, patient=patient)
    return [entry for entry in told if entry.number not in ended]


def gate(archive: Archive, course: int, today: datetime.date) -> Gate:
    """What the last test injection about a course says. Raises ClinicTrouble."""
    body = entries.one(archive, course, bodies.Course).body
    own_days = limits.of_clinic(archive).wait_days
    wait = max(body.wait_days, own_days or 0)
    if not wait:
        return Gate(True, "no test injection is asked for", 0)
    tests = entries.read(archive, bodies.Test, about=course)
    if not tests:
        return Gate(False, "no test injection was given yet", wait)
    test = tests[-1]
    waited = (today - test.body.done).days
    results = entries.read(archive, bodies.TestResult, about=test.number)
    if not results:
        left = wait - waited
        why = f"wait {left} more days" if left > 0 else "the test's result is not entered yet"
        return Gate(False, why, wait, waited)
    result = results[-1].body
    if result.result != bodies.NEGATIVE:
        return Gate(False, f"the test injection was {result.result}", wait, waited)
    seen_after = (result.seen - test.body.done).days
    if seen_after < wait:
        return Gate(
            False, f"the test was looked at after {seen_after} of {wait} days", wait, waited
        )
    return Gate(True, "the test injection was negative", wait, waited)


def propose(
    archive: Archive,
    course: int,
    today: datetime.date,
    planned_nl: int = 0,
) -> Proposal:
    """The next session of a course, and what a session of `planned_nl` today would pass. Raises
    ClinicTrouble."""
    entry = entries.one(archive, course, bodies.Course)
    body = entry.body
    done = sessions.done(archive, course)
    nth = 1 + len(done)
    day = body.first
    if done:
        day = done[-1].day + datetime.timedelta(days=body.interval_days)
    given_nl = sum(each.given_nl for each in done)
    own = limits.of_clinic(archive)
    findings = [
        *_dates(own, day, today, nth, body, done[-1].day if done else None),
        *limits.of_zones(own, (bodies.Placed("", "", 1, planned_nl),), given_nl),
    ]
    return Proposal(
        nth=nth,
        sessions=body.sessions,
        day=max(day, today),
        over=nth > body.sessions,
        gate=gate(archive, course, today),
        findings=tuple(findings),
    )


def _dates(
    own: bodies.ClinicLimits,
    day: datetime.date,
    today: datetime.date,
    nth: int,
    body: bodies.Course,
    last: datetime.date | None,
) -> list[Finding]:
    found: list[Finding] = []
    if nth > body.sessions:
        found.append(Finding("sessions", False, f"the {nth}th", f"{body.sessions} in this course"))
    if nth > USUAL_SESSIONS_MAX:
        found.append(Finding("sessions", False, f"the {nth}th", f"up to {USUAL_SESSIONS_MAX}"))
    least = own.least_interval_days
    if last and least is not None and (today - last).days < least:
        found.append(
            Finding("interval", True, f"{(today - last).days} days", f"at least {least} days")
        )
    elif last and today < day:
        found.append(
            Finding("interval", False, f"{(today - last).days} days", f"{body.interval_days} days")
        )
    return found
