"""The first page: what is being prepared, what is not closed yet, whose session is due."""

import datetime

from nicegui import ui

from mesohost.clinic import bodies, course, entries, patients
from mesohost.console import plan as plans
from mesohost.console.frame import Page
from mesohost.console.pulling import unended
from mesohost.console.widgets import Words, box, button, card, link
from mesohost.troubles import ClinicTrouble

_LISTED_MAX = 12


def home_page(page: Page) -> None:
    """The page's content."""
    texts, archive = page.texts, page.house.archive
    names = {one.id: one.reference for one in patients.everyone(archive)}
    with card(texts("home.hello", user=page.login.user)):
        plan = plans.kept(page.house.folder)
        if plan.course:
            Words("p", texts("home.plan", title=plan.title, patient=plan.patient))
        said = texts("home.go_on") if plan.course else texts("home.prepare")
        button(said, lambda: ui.navigate.to("/prepare"), "primary", "prepare")
    with card(texts("home.open")):
        found = unended(archive)[-_LISTED_MAX:]
        if not found:
            Words("p", texts("home.none"))
        for one in reversed(found):
            with box("listed"):
                Words("span", texts("home.line", patient=names.get(one.patient or 0, ""),
                                    number=one.body.nth, day=one.body.day.isoformat()))  # fmt: skip
                link(texts("home.close"), f"/after?session={one.number}", "big")
    with card(texts("home.due")):
        for told in _due(page, names)[:_LISTED_MAX]:
            Words("p", told)


def _due(page: Page, names: dict[int, str]) -> list[str]:
    """The courses that go on, by the day of their next session."""
    texts, archive = page.texts, page.house.archive
    today = datetime.date.today()
    ended = {entry.about for entry in entries.read(archive, bodies.CourseEnd)}
    rows: list[tuple[datetime.date, str]] = []
    for one in entries.read(archive, bodies.Course):
        if one.number in ended:
            continue
        try:
            proposal = course.propose(archive, one.number, today)
        except ClinicTrouble:
            continue
        if not proposal.over:
            said = texts("home.course", patient=names.get(one.patient or 0, ""),
                         title=one.body.title, number=proposal.nth, of=proposal.sessions,
                         day=proposal.day.isoformat())  # fmt: skip
            rows.append((proposal.day, said))
    return [said for _, said in sorted(rows)]
