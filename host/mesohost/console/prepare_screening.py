"""Contraindications: what stops a session, and what needs a reason."""

from nicegui import ui

from mesohost.clinic import screening as rules
from mesohost.clinic.bodies import Answer
from mesohost.console.drafting import Drafting
from mesohost.console.widgets import BAD, WATCH, card, choice, line, notice

YES, NO = "yes", "no"
_REASON_MAX = 200


def answers(drafting: Drafting) -> dict[str, Answer]:
    """What was answered, by the questions' ids."""
    plan = drafting.plan
    return {
        id: Answer(id, yes, plan.overrides.get(id, "") if yes else "")
        for id, yes in plan.answers.items()
    }


def draw(drafting: Drafting) -> None:
    """The step's content: all questions on one page."""
    texts, plan = drafting.texts, drafting.plan
    for question in rules.QUESTIONS:
        with card(classes="question"):
            given = plan.answers.get(question.id)
            chosen = "" if given is None else YES if given else NO
            # The name of the group is the question itself.
            place: list[ui.element] = []

            def answer(
                said: str, question: rules.Question = question, place: list[ui.element] = place
            ) -> None:
                plan.answers[question.id] = said == YES
                drafting.changed()
                _consequence(drafting, question, place[0])

            choice(texts("screening." + question.id), {NO: texts("answer.no"), YES:
                   texts("answer.yes")}, chosen, answer, question.id)  # fmt: skip
            place.append(ui.element("div"))
            place[0].props["aria-live"] = "polite"
            _consequence(drafting, question, place[0])


def _consequence(drafting: Drafting, question: rules.Question, place: ui.element) -> None:
    """What a yes means, and where it may be overridden the reason."""
    texts, plan = drafting.texts, drafting.plan
    place.clear()
    if not plan.answers.get(question.id):
        return
    why = texts("screening_why." + question.id)
    with place:
        if question.yes == rules.STOP:
            notice(texts("screening.stop", why=why), BAD)
            return
        notice(texts("screening.override", why=why), WATCH)

        def reason(text: str) -> None:
            plan.overrides[question.id] = text
            drafting.changed()

        line(texts("screening.reason", least=rules.REASON_MIN), plan.overrides.get(question.id, ""),
             reason, _REASON_MAX, "", f"reason-{question.id}")  # fmt: skip


def open_point(drafting: Drafting) -> str:
    """What is still open here, in words; empty where nothing is."""
    texts = drafting.texts
    verdict = rules.judge(answers(drafting))
    if verdict.stop:
        return texts("screening.stopped")
    if verdict.reasons:
        return texts("screening.reasons")
    return texts("screening.open") if verdict.missing else ""
