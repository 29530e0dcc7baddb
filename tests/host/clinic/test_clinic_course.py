"""A course from its screening to its last session: gates, proposals, limits, what was given."""

import datetime
from pathlib import Path

import pytest
from clinics import FIRST, NOON, Clinic, clinic, day, noon

from mesohost.clinic import bodies, course, entries, limits, screening, sessions
from mesohost.clinic.bodies import Answer, ClinicLimits, Placed
from mesohost.clinic.entries import Entry
from mesohost.clinic.refusing import ClinicTrouble, NotAllowed

NO = tuple(Answer(question.id, False) for question in screening.QUESTIONS)
DOMAIN = {
    "pregnancy", "acute_infection", "thrombosis", "blood_pressure", "anticoagulants",
    "kidney_failure", "hypersensitivity",
}  # fmt: skip


@pytest.fixture
def here(tmp_path: Path) -> Clinic:
    return clinic(tmp_path)


@pytest.fixture
def begun(here: Clinic) -> Entry[bodies.Course]:
    return course.begin(
        here.archive, here.patient.id, here.approved(), FIRST, by=here.operator.id, at=NOON
    )


def yes(id: str, override: str = "") -> tuple[Answer, ...]:
    return tuple(
        Answer(answer.question, answer.question == id, override if answer.question == id else "")
        for answer in NO
    )


def by_hand(here: Clinic, about: int, after: int, given_nl: int, end: str = "done") -> int:
    """A session by hand; its entry."""
    body = bodies.Session(how="by_hand", day=day(after))
    made = sessions.prepare(
        here.archive, here.patient.id, body, by=here.operator.id, course=about, at=noon(after)
    )
    given = (Placed("Forehead", "forehead", 10, given_nl // 10),)
    ended = bodies.Ended(how=end, given=given)  # type: ignore[arg-type]
    entries.write(here.archive, here.operator.id, ended, about=made.number, at=noon(after))
    return made.number


def injected(here: Clinic, about: int, after: int, seen: int | None, result: str = "negative"):
    """A test injection, and its result where one was seen."""
    test = entries.write(
        here.archive, here.operator.id, bodies.Test(done=day(after), products=()), about=about
    )
    if seen is not None:
        told = bodies.TestResult(seen=day(seen), result=result)  # type: ignore[arg-type]
        entries.write(here.archive, here.operator.id, told, about=test.number)


def test_the_screening_asks_for_all_that_the_domain_names():
    assert set(screening.BY_ID) == DOMAIN
    assert all(question.yes in (screening.STOP, screening.OVERRIDE) for question in
               screening.QUESTIONS)  # fmt: skip


@pytest.mark.parametrize("id", sorted(DOMAIN))
@pytest.mark.parametrize("reason", ["", "short", "checked with the cardiologist"])
def test_a_yes_stops_or_needs_a_reason(here: Clinic, id: str, reason: str):
    answers = yes(id, reason)
    screening.enter(here.archive, here.patient.id, answers, by=here.operator.id, at=NOON)
    verdict = screening.standing(here.archive, here.patient.id, NOON)
    stops = screening.BY_ID[id].yes == screening.STOP
    assert verdict.stop == ((id,) if stops else ())
    assert verdict.reasons == (() if stops or len(reason) > 9 else (id,))
    assert verdict.go_on == (not stops and len(reason) > 9)


def test_a_screening_counts_for_its_day(here: Clinic):
    assert not screening.standing(here.archive, here.patient.id, NOON).go_on
    screening.enter(here.archive, here.patient.id, NO, by=here.operator.id, at=NOON)
    assert screening.standing(here.archive, here.patient.id, noon(1)).go_on
    later = noon(1) + datetime.timedelta(minutes=1)
    assert set(screening.standing(here.archive, here.patient.id, later).missing) == DOMAIN


@pytest.mark.parametrize(
    "answers", [NO[:-1], (*NO, NO[0]), (*NO, Answer("height", True)), ()], ids=len
)
def test_a_screening_is_entered_whole(here: Clinic, answers):
    with pytest.raises(ClinicTrouble, match="not complete or not known"):
        screening.enter(here.archive, here.patient.id, answers, by=here.operator.id)


@pytest.mark.parametrize(
    ("given", "seen", "result", "today", "open", "why"),
    [
        (None, None, "", 0, False, "no test injection was given yet"),
        (0, None, "", 1, False, "wait 2 more days"),
        (0, None, "", 3, False, "the test's result is not entered yet"),
        (0, 2, "negative", 5, False, "looked at after 2 of 3 days"),
        (0, 3, "negative", 3, True, "the test injection was negative"),
        (0, 3, "positive", 3, False, "the test injection was positive"),
        (0, 3, "doubtful", 9, False, "the test injection was doubtful"),
    ],
)
def test_the_gate_of_the_test_injection(
    here: Clinic, begun, given, seen, result: str, today: int, open: bool, why: str
):
    if given is not None:
        injected(here, begun.number, given, seen, result)
    gate = course.gate(here.archive, begun.number, day(today))
    assert gate.open == open
    assert why in gate.why
    assert gate.waited_days == (None if given is None else today)


def test_a_second_test_counts_in_place_of_the_first(here: Clinic, begun):
    injected(here, begun.number, 0, 3, "doubtful")
    injected(here, begun.number, 10, 13)
    assert course.gate(here.archive, begun.number, day(13)).open


def test_the_clinic_may_ask_for_a_longer_wait(here: Clinic, begun):
    injected(here, begun.number, 0, 3)
    limits.set_limits(here.archive, ClinicLimits(wait_days=7), by=here.chief.id)
    gate = course.gate(here.archive, begun.number, day(9))
    assert (gate.open, gate.wait_days) == (False, 7)


def test_the_next_session_follows_by_the_interval(here: Clinic, begun):
    first = course.propose(here.archive, begun.number, FIRST)
    assert (first.nth, first.sessions, first.day, first.over) == (1, 5, FIRST, False)
    by_hand(here, begun.number, 0, 1_000_000)
    second = course.propose(here.archive, begun.number, day(1))
    assert (second.nth, second.day) == (2, day(7))
    assert [(one.limit, one.hard) for one in second.findings] == [("interval", False)]
    assert course.propose(here.archive, begun.number, day(7)).findings == ()
    assert course.propose(here.archive, begun.number, day(20)).day == day(20)


def test_a_session_that_was_not_begun_or_was_training_does_not_count(here: Clinic, begun):
    by_hand(here, begun.number, 0, 1_000_000, "not_begun")
    body = bodies.Session(how="by_hand", day=FIRST, training=True)
    made = sessions.prepare(here.archive, 1, body, by=1, course=begun.number)
    entries.write(here.archive, 1, bodies.Ended(how="done"), about=made.number)
    assert course.propose(here.archive, begun.number, day(1)).nth == 1
    by_hand(here, begun.number, 1, 1_000_000, "broken_off")
    assert course.propose(here.archive, begun.number, day(8)).nth == 2


def test_a_complete_course_says_so_and_an_ended_one_is_gone(here: Clinic, begun):
    for n in range(5):
        by_hand(here, begun.number, 7 * n, 1_000_000)
    told = course.propose(here.archive, begun.number, day(60))
    assert told.over
    assert [one.limit for one in told.findings] == ["sessions"]
    assert len(course.of_patient(here.archive, here.patient.id)) == 1
    entries.write(here.archive, 1, bodies.CourseEnd(reason="done"), about=begun.number)
    assert course.of_patient(here.archive, here.patient.id) == []


def test_limits_of_the_clinic_hold_across_a_course(here: Clinic, begun):
    own = ClinicLimits(
        hard_session_nl=3_000_000, soft_session_nl=2_000_000, hard_course_nl=5_000_000,
        soft_course_nl=4_000_000, least_interval_days=5,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        limits.set_limits(here.archive, own, by=here.operator.id)
    limits.set_limits(here.archive, own, by=here.chief.id)
    by_hand(here, begun.number, 0, 2_000_000)
    by_hand(here, begun.number, 7, 2_000_000)

    def found(today: int, nl: int) -> list[tuple[str, bool]]:
        told = course.propose(here.archive, begun.number, day(today), nl)
        return [(one.limit, one.hard) for one in told.findings]

    assert found(14, 0) == []
    assert found(14, 500_000) == [("course volume", False)]
    assert found(14, 2_500_000) == [("session volume", False), ("course volume", True)]
    assert found(14, 3_000_001) == [("session volume", True), ("course volume", True)]
    assert found(13, 0) == [("interval", False)]
    assert found(10, 0) == [("interval", True)]


def test_limits_of_the_clinic_bind_programs(here: Clinic):
    program = here.draft.program
    assert limits.of_program(limits.of_clinic(here.archive), program) == []
    own = ClinicLimits(hard_depth_um=1_700, soft_session_nl=500_000)
    told = limits.of_program(own, program)
    assert [(one.limit, one.hard, one.found, one.allowed) for one in told] == [
        ("depth", True, "1.8 mm", "up to 1.7 mm"),
        ("session volume", False, "890 µL", "up to 500 µL"),
    ]


@pytest.mark.parametrize(("count", "apart"), [(0, 7), (31, 7), (3, 0), (3, 366)])
def test_a_course_that_cannot_be_is_refused(here: Clinic, count: int, apart: int):
    with pytest.raises(ClinicTrouble):
        course.begin(
            here.archive, 1, None, FIRST, by=1, sessions=count, interval_days=apart, at=NOON
        )


def test_a_session_needs_a_program_and_products_that_have_not_expired(here: Clinic):
    with pytest.raises(ClinicTrouble, match="needs a program"):
        sessions.prepare(here.archive, 1, bodies.Session(how="gun", day=FIRST), by=1)
    old = (bodies.Used("Saline", "S1", day(-1)),)
    body = bodies.Session(how="by_hand", day=FIRST, products=old)
    with pytest.raises(ClinicTrouble, match="expired on 2026-03-01: Saline"):
        sessions.prepare(here.archive, 1, body, by=1)
