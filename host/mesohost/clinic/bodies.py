"""What an entry of the clinic's journal says: one plain type for each kind.

Dates are days, without time; volumes are in nanolitres, depths in micrometres. An entry belongs to
a patient, and may be about an earlier entry: a session is about its course, a note about its
session, an approval about its protocol.
"""

import datetime
from typing import Literal

import msgspec

GUN, BY_HAND, NEEDLE_FREE = "gun", "by_hand", "needle_free"
How = Literal["gun", "by_hand", "needle_free"]
NEGATIVE, POSITIVE, DOUBTFUL = "negative", "positive", "doubtful"
TestOutcome = Literal["negative", "positive", "doubtful"]
DONE, BROKEN_OFF, NOT_BEGUN = "done", "broken_off", "not_begun"
SessionEnd = Literal["done", "broken_off", "not_begun"]
# Effects that DOMAIN.md names.
EFFECTS = ("bruise", "swelling", "nodule", "infection", "allergy", "other")
Effect = Literal["bruise", "swelling", "nodule", "infection", "allergy", "other"]
SEVERITIES = ("mild", "moderate", "severe")
Severity = Literal["mild", "moderate", "severe"]


class Body(msgspec.Struct, frozen=True, tag_field="kind", tag=str.lower):
    """What every kind of entry is."""


class Used(msgspec.Struct, frozen=True):
    """A product as it was taken from the shelf: `gtin` and `serial` are empty where it was typed,
    `share_ppm` is its part of the mixture."""

    name: str
    lot: str
    expiry: datetime.date
    gtin: str = ""
    serial: str = ""
    share_ppm: int = 1_000_000


class Placed(msgspec.Struct, frozen=True):
    """A zone as it is planned or was done: `area` is a place of `areas`, empty where none was
    named; of a zone on skin of `area_mm2`, `points` at `spacing_um`, each `volume_nl`."""

    name: str
    area: str
    points: int
    volume_nl: int
    depth_um: int = 0
    area_mm2: int = 0
    spacing_um: int = 0

    @property
    def total_nl(self) -> int:
        """What the whole zone gets."""
        return self.points * self.volume_nl


class Answer(msgspec.Struct, frozen=True):
    """An answer to a question of the screening: `override` is why the treatment goes on in spite of
    a yes, empty where it does not."""

    question: str
    yes: bool
    override: str = ""


class User(Body, frozen=True):
    """A user was added or changed: `what` is one of added, password, active, inactive, role."""

    name: str
    role: str
    approver: bool
    what: str


class Patient(Body, frozen=True):
    """A patient was registered; the reference stands elsewhere."""


class Erased(Body, frozen=True):
    """A patient's reference was erased, and why."""

    reason: str


class Screening(Body, frozen=True):
    """A patient was asked about contraindications, by the version of the questions."""

    version: int
    answers: tuple[Answer, ...]


class Test(Body, frozen=True):
    """A test injection was given."""

    done: datetime.date
    products: tuple[Used, ...]
    place: str = ""
    volume_nl: int = 0


class TestResult(Body, frozen=True):
    """What became of a test injection, seen on a day."""

    seen: datetime.date
    result: TestOutcome
    words: str = ""


class Course(Body, frozen=True):
    """A course of `sessions` sessions, `interval_days` apart, from `first` on, by a protocol."""

    title: str
    sessions: int
    interval_days: int
    first: datetime.date
    protocol: str = ""
    protocol_sha256: str = ""
    wait_days: int = 0


class CourseEnd(Body, frozen=True):
    """A course goes no further."""

    reason: str


class Session(Body, frozen=True):
    """A session as it was prepared: `nth` of its course; `program_sha256` where a gun does it."""

    how: How
    day: datetime.date
    nth: int = 1
    program_sha256: str = ""
    protocol_sha256: str = ""
    planned: tuple[Placed, ...] = ()
    products: tuple[Used, ...] = ()
    training: bool = False


class Override(Body, frozen=True):
    """A limit was passed on purpose: which, what was found, what is allowed, and why."""

    limit: str
    found: str
    allowed: str
    reason: str


class Pulled(Body, frozen=True):
    """Where a session's records are: in log `part` of the gun `board`, from `first` to `last`."""

    board: str
    part: int
    gun_session: int
    first: int
    last: int


class Ended(Body, frozen=True):
    """How a session ended; `given` is what was done where no gun recorded it."""

    how: SessionEnd
    given: tuple[Placed, ...] = ()
    words: str = ""


class Note(Body, frozen=True):
    """Something to remember."""

    text: str


class AdverseEffect(Body, frozen=True):
    """Something that the patient suffered."""

    effect: Effect
    severity: Severity
    began: datetime.date
    text: str = ""


class AfterCare(Body, frozen=True):
    """What the patient was told to do, or was done."""

    text: str


class Protocol(Body, frozen=True):
    """A version of a protocol: its whole text, and the hash of that."""

    name: str
    version: int
    author: str
    sha256: str
    text: str


class Approval(Body, frozen=True):
    """A version of a protocol may be used."""

    sha256: str


class Withdrawal(Body, frozen=True):
    """A version of a protocol may no longer be used."""

    sha256: str
    reason: str


class ClinicLimits(Body, frozen=True):
    """What this clinic holds to, above what programs say: None where it sets nothing of its own.
    `hard` ones are refused, `soft` ones need a reason."""

    hard_session_nl: int | None = None
    soft_session_nl: int | None = None
    hard_course_nl: int | None = None
    soft_course_nl: int | None = None
    hard_depth_um: int | None = None
    soft_depth_um: int | None = None
    wait_days: int | None = None
    least_interval_days: int | None = None


class Retraction(Body, frozen=True):
    """An entry was made by mistake: it no longer counts, and stays readable."""

    reason: str


AnyBody = (
    User | Patient | Erased | Screening | Test | TestResult | Course | CourseEnd | Session
    | Override | Pulled | Ended | Note | AdverseEffect | AfterCare | Protocol | Approval
    | Withdrawal | ClinicLimits | Retraction
)  # fmt: skip


def kind_of(body: type[Body] | Body) -> str:
    """The kind of a body, as it is written."""
    tag = body.__struct_config__.tag
    assert isinstance(tag, str)
    return tag
