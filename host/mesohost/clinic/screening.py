"""The screening before a treatment: the contraindications of DOMAIN.md, and what a yes means.

A yes either stops the treatment, or somebody named goes on with it for a reason that is written
down. Which of the two is this table's own judgement, on the cautious side; a clinic's physician may
stop more at any time, never less.
"""

import datetime
from collections.abc import Mapping

import msgspec

from mesohost.archive import Archive
from mesohost.clinic import bodies, entries
from mesohost.clinic.bodies import Answer
from mesohost.clinic.entries import Entry
from mesohost.clinic.refusing import ClinicTrouble

VERSION = 1
STOP, OVERRIDE = "stop", "override"
REASON_MIN = 10
# A screening counts for the day on which it was done.
_LASTS = datetime.timedelta(days=1)


class Question(msgspec.Struct, frozen=True):
    """One question. `id` is its key in catalogues (`screening.ID`); `yes` is STOP or OVERRIDE;
    `why` says what is feared."""

    id: str
    text: str
    yes: str
    why: str


QUESTIONS: tuple[Question, ...] = (
    Question(
        "pregnancy", "Is the patient pregnant, or might she be?", STOP,
        "what is injected may reach the child",
    ),
    Question(
        "acute_infection", "Is there an acute infection, of the skin or general?", STOP,
        "needles spread an infection",
    ),
    Question(
        "thrombosis", "Is there or was there lately a deep vein thrombosis?", STOP,
        "a clot may come loose, and its treatment makes bleeding worse",
    ),
    Question(
        "blood_pressure", "Is the blood pressure unstable?", OVERRIDE,
        "pain and drugs may upset it further",
    ),
    Question(
        "anticoagulants", "Does the patient take anticoagulants?", OVERRIDE,
        "each puncture bleeds and bruises more",
    ),
    Question(
        "kidney_failure", "Is there a kidney failure?", OVERRIDE,
        "drugs stay in the body longer and reach higher levels",
    ),
    Question(
        "hypersensitivity", "Is the patient hypersensitive to any of the products?", STOP,
        "an allergic reaction may be grave",
    ),
)  # fmt: skip
BY_ID = {question.id: question for question in QUESTIONS}


class Verdict(msgspec.Struct, frozen=True):
    """What answers amount to: ids of questions that are `missing`, that `stop` the treatment, and
    that need a reason to go on (`reasons`)."""

    missing: tuple[str, ...]
    stop: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def go_on(self) -> bool:
        """Whether the treatment may go on."""
        return not (self.missing or self.stop or self.reasons)


def judge(answers: Mapping[str, Answer]) -> Verdict:
    """Judge answers by the ids of their questions."""
    given = {id: answer for id, answer in answers.items() if id in BY_ID}
    yes = [id for id, answer in given.items() if answer.yes]
    return Verdict(
        missing=tuple(id for id in BY_ID if id not in given),
        stop=tuple(id for id in yes if BY_ID[id].yes == STOP),
        reasons=tuple(
            id
            for id in yes
            if BY_ID[id].yes == OVERRIDE and len(given[id].override.strip()) < REASON_MIN
        ),
    )


def enter(
    archive: Archive,
    patient: int,
    answers: tuple[Answer, ...],
    *,
    by: int,
    at: datetime.datetime | None = None,
) -> Entry[bodies.Screening]:
    """Enter a screening, whatever it amounts to; all questions must be answered, and once. Raises
    ClinicTrouble."""
    told = {answer.question: answer for answer in answers}
    unknown = sorted(told.keys() - BY_ID.keys())
    missing = judge(told).missing
    if unknown or missing or len(told) != len(answers):
        wrong = unknown or missing or sorted(told)
        raise ClinicTrouble(
            f"the screening's answers are not complete or not known: {', '.join(wrong)}",
            ["answer each question once, with yes or no"],
        )
    body = bodies.Screening(version=VERSION, answers=answers)
    return entries.write(archive, by, body, patient=patient, at=at)


def standing(archive: Archive, patient: int, now: datetime.datetime) -> Verdict:
    """What the patient's last screening amounts to, where it is not older than a day; else all
    questions are missing."""
    found = entries.read(archive, bodies.Screening, patient=patient)
    if not found or now - found[-1].at > _LASTS or found[-1].body.version != VERSION:
        return judge({})
    return judge({answer.question: answer for answer in found[-1].body.answers})
