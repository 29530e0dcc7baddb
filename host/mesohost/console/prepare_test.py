"""The test injection's gate: when it was given, what was seen, and whether that is enough."""

import datetime

from nicegui import ui

from mesohost.clinic import bodies, course, entries
from mesohost.clinic.entries import Entry
from mesohost.console.drafting import Drafting
from mesohost.console.products import used
from mesohost.console.widgets import GOOD, WATCH, box, button, card, choice, line, notice
from mesohost.troubles import Trouble

_WORDS_MAX = 200
_RESULTS: tuple[bodies.TestOutcome, ...] = (bodies.NEGATIVE, bodies.DOUBTFUL, bodies.POSITIVE)
_NAMED: dict[str, bodies.TestOutcome] = {one: one for one in _RESULTS}


def draw(drafting: Drafting) -> None:
    """The step's content."""
    _Test(drafting)


def open_point(drafting: Drafting) -> str:
    """What keeps the gate shut, in words; empty where it is open."""
    texts, plan, archive = drafting.texts, drafting.plan, drafting.page.house.archive
    if not plan.course:
        return texts("test.no_course")
    gate = course.gate(archive, plan.course, datetime.date.today())
    test, result = _last(drafting)
    if gate.open:
        return ""
    if test is None:
        return texts("test.none", days=gate.wait_days)
    if result is None:
        waited = gate.waited_days or 0
        late = waited >= gate.wait_days
        key = "test.no_result" if late else "test.too_soon"
        return texts(key, waited=waited, days=gate.wait_days)
    if result.body.result != bodies.NEGATIVE:
        return texts("test.not_negative", result=texts("test." + result.body.result))
    return texts("test.seen_early", days=gate.wait_days)


def _last(
    drafting: Drafting,
) -> tuple[Entry[bodies.Test] | None, Entry[bodies.TestResult] | None]:
    """The course's last test injection, and what was last seen of it."""
    plan, archive = drafting.plan, drafting.page.house.archive
    tests = entries.read(archive, bodies.Test, about=plan.course)
    if not tests:
        return None, None
    results = entries.read(archive, bodies.TestResult, about=tests[-1].number)
    return tests[-1], results[-1] if results else None


class _Test:
    """Forms for what comes next: the test itself, then what was seen."""

    def __init__(self, drafting: Drafting):
        self._drafting = drafting
        self._day = datetime.date.today().isoformat()
        self._seen: str = ""
        self._words = ""
        self._place = ui.element("div")
        self._draw()

    def _draw(self) -> None:
        texts = self._drafting.texts
        self._place.clear()
        with self._place:
            said = open_point(self._drafting)
            notice(said or texts("test.passed"), WATCH if said else GOOD)
            if not self._drafting.plan.course:
                return
            test, result = _last(self._drafting)
            if test:
                told = texts("test.given", day=test.body.done.isoformat())
                if result:
                    seen = texts("test." + result.body.result)
                    told += " " + texts("test.was", day=result.body.seen.isoformat(), result=seen)
                notice(told)
            with card(texts("test.enter_result") if test else texts("test.enter_test")):
                with box("product-fields"):
                    line(texts("test.seen_on") if test else texts("test.date"), self._day,
                         self._set_day, 10, "", "test-day").props("type=date")  # fmt: skip
                if test:
                    self._ask_result()
                else:
                    button(texts("test.enter_test"), self._enter_test, "primary", "enter-test")

    def _ask_result(self) -> None:
        texts = self._drafting.texts
        choice(texts("test.result"), {one: texts("test." + one) for one in _RESULTS}, self._seen,
               self._set_seen, "result")  # fmt: skip
        line(texts("test.words"), self._words, self._set_words, _WORDS_MAX, "", "test-words")
        with box("rehearse-row"):
            button(texts("test.enter_result"), self._enter_result, "primary", "enter-result")
            button(texts("test.another"), self._enter_test, mark="another-test")

    def _set_day(self, day: str) -> None:
        self._day = day

    def _set_seen(self, seen: str) -> None:
        self._seen = seen

    def _set_words(self, words: str) -> None:
        self._words = words

    def _enter_test(self) -> None:
        day = self._date()
        if day:
            products = used(self._drafting.plan)
            self._write(bodies.Test(done=day, products=products), self._drafting.plan.course)

    def _enter_result(self) -> None:
        test, _ = _last(self._drafting)
        day = self._date()
        found = _NAMED.get(self._seen)
        if test and day and found:
            body = bodies.TestResult(seen=day, result=found, words=self._words)
            self._write(body, test.number)
        elif day:
            ui.notify(self._drafting.texts("test.say_result"), type="warning")

    def _date(self) -> datetime.date | None:
        try:
            day = datetime.date.fromisoformat(self._day)
        except ValueError:
            day = None
        if day is None or day > datetime.date.today():
            ui.notify(self._drafting.texts("test.no_day"), type="warning")
            return None
        return day

    def _write(self, body: bodies.Test | bodies.TestResult, about: int) -> None:
        page = self._drafting.page
        try:
            entries.write(page.house.archive, page.login.user_id, body, about=about)
        except Trouble as trouble:
            ui.notify(str(trouble), type="negative", multi_line=True)
            return
        self._day = datetime.date.today().isoformat()
        self._drafting.changed()
        self._draw()
