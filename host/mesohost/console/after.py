"""After the session: planned against done, what the patient is told, the report, the next one."""

import datetime
from functools import partial

import msgspec
from nicegui import ui

from mesohost.clinic import bodies, course, entries, patients, sessions
from mesohost.clinic.entries import Entry
from mesohost.clinic.sessions import Story
from mesohost.console import noting, reporting
from mesohost.console import plan as plans
from mesohost.console.frame import Page, follow
from mesohost.console.widgets import (
    BAD,
    GOOD,
    WATCH,
    Amount,
    Words,
    box,
    button,
    card,
    line,
    link,
    notice,
)
from mesohost.report import Report
from mesohost.troubles import Trouble

_LISTED_MAX = 8
_WORDS_MAX = 300
_ENDS: tuple[bodies.SessionEnd, ...] = (bodies.DONE, bodies.BROKEN_OFF, bodies.NOT_BEGUN)
_SHOWN_NL = 1_000


def after_page(page: Page, wanted: int | None) -> None:
    """The page's content, of the session `wanted`, else the newest."""
    texts, archive = page.texts, page.house.archive
    found = entries.read(archive, bodies.Session)
    if not found:
        Words("p", texts("after.none"), "notice")
        return
    chosen = next((one for one in found if one.number == wanted), found[-1])
    names = {one.id: one.reference for one in patients.everyone(archive)}
    with box("zone-list", "nav", aria_label=texts("after.choose")):
        for one in reversed(found[-_LISTED_MAX:]):
            said = texts("home.line", patient=names.get(one.patient or 0, ""), number=one.body.nth,
                         day=one.body.day.isoformat())  # fmt: skip
            way = link(said, f"/after?session={one.number}", "zone-chip")
            way.props["aria-current"] = str(one.number == chosen.number).lower()
    _After(page, chosen)


class _After:
    def __init__(self, page: Page, session: Entry[bodies.Session]):
        self._page = page
        self._session = session
        self._given = list(session.body.planned)
        self._words = ""
        self._pulled: tuple[int, str] | None = None
        self._said = ui.element("div")
        with card(page.texts("after.planned")):
            self._table = ui.element("div")
        noting.panel(page, session)
        self._care()
        with card(page.texts("after.end")):
            self._end = ui.element("div")
        follow(page, self._look)

    @property
    def _story(self) -> Story:
        return sessions.story(self._page.house.archive, self._session.number)

    def _look(self) -> None:
        """Records of the session come in by themselves: then the table is drawn anew."""
        last = (self._page.house.pulled_count, self._page.house.kept_trouble)
        if last != self._pulled:
            self._pulled = last
            self._draw()

    def _draw(self) -> None:
        story = self._story
        self._draw_table(story)
        self._draw_end(story)

    def _draw_table(self, story: Story) -> None:
        texts, archive = self._page.texts, self._page.house.archive
        self._table.clear()
        with self._table:
            if self._session.body.how != bodies.GUN:
                self._by_hand(story)
                return
            report = reporting.report_of(archive, self._session.number)
            done = report if isinstance(report, Report) else None
            if self._page.house.kept_trouble:
                notice(self._page.house.kept_trouble, BAD)
            if done is None:
                notice(texts("after.no_records"), WATCH)
            _planned_and_done(self._page, self._session.body, done)
            if done:
                self._reports(("html", "pdf", "csv"))

    def _reports(self, kinds: tuple[str, ...]) -> None:
        """The ways to the report, the first one the usual."""
        with box("rehearse-row"):
            for kind in kinds:
                look = "big as-button" + " primary" * (kind == kinds[0])
                where = f"/report/{self._session.number}.{kind}"
                link(self._page.texts("after." + kind), where, look)

    def _by_hand(self, story: Story) -> None:
        """What was given without the gun is said zone by zone; what was said stands."""
        texts = self._page.texts
        done = story.ended
        for at, zone in enumerate(done.given if done else self._given):
            dose = texts.show("volume_nl", zone.volume_nl)
            if done:
                Words("p", f"{zone.name}: {zone.points} × {dose}")
            else:
                Amount(f"{zone.name} × {dose}", zone.points, 1, 0, 2_000, "",
                       lambda count, at=at: self._count(at, round(count)), texts,
                       f"given-{at + 1}")  # fmt: skip
        if done:
            self._reports(("html", "pdf"))

    def _count(self, at: int, points: int) -> None:
        self._given[at] = msgspec.structs.replace(self._given[at], points=points)

    def _care(self) -> None:
        texts = self._page.texts
        with card(texts("after.care")):
            area = ui.textarea(texts("after.care_say"), value=texts("after.care_text"))
            area.props("outlined stack-label autogrow").classes("line")
            area.props["data-testid"] = "care"
            said = ui.element("div")

            def told() -> None:
                said.clear()
                with said:
                    for one in self._story.aftercare:
                        when = one.at.astimezone().strftime("%Y-%m-%d %H:%M")
                        notice(texts("after.care_given", at=when), GOOD)

            def give() -> None:
                body = bodies.AfterCare(text=str(area.value or "")[:2_000])
                if self._write(body):
                    told()

            button(texts("after.care_give"), give, "primary", "give-care")
            told()

    def _draw_end(self, story: Story) -> None:
        texts = self._page.texts
        self._end.clear()
        with self._end:
            if story.ended:
                notice(texts("after.ended", how=texts("after." + story.ended.how)), GOOD)
                if story.ended.words:
                    Words("p", story.ended.words)
                self._propose(story)
                return
            line(texts("after.words"), self._words, self._say, _WORDS_MAX, "", "end-words")
            with box("rehearse-row"):
                for how in _ENDS:
                    kind = "primary" if how == bodies.DONE else ""
                    button(texts("after." + how), partial(self._finish, how), kind,
                           f"end-{how}")  # fmt: skip

    def _say(self, words: str) -> None:
        self._words = words

    def _finish(self, how: bodies.SessionEnd) -> None:
        given = tuple(self._given)
        if self._session.body.how == bodies.GUN or how == bodies.NOT_BEGUN:
            given = ()
        if self._story.ended is None:
            if not self._write(bodies.Ended(how=how, given=given, words=self._words)):
                return
            self._draw()
            plans.forget(self._page.house.folder, self._session.body.program_sha256)
        else:
            self._draw()

    def _propose(self, story: Story) -> None:
        texts = self._page.texts
        if story.course is None:
            return
        today = datetime.date.today()
        proposal = course.propose(self._page.house.archive, story.course.number, today)
        if proposal.over:
            notice(texts("after.course_over", of=proposal.sessions), GOOD)
        else:
            notice(texts("after.proposed", number=proposal.nth, of=proposal.sessions,
                         day=proposal.day.isoformat()))  # fmt: skip

    def _write(self, body: bodies.AfterCare | bodies.Ended) -> bool:
        page = self._page
        try:
            entries.write(page.house.archive, page.login.user_id, body,
                          about=self._session.number)  # fmt: skip
        except Trouble as trouble:
            ui.notify(str(trouble), type="negative", multi_line=True)
            return False
        return True


def _planned_and_done(page: Page, session: bodies.Session, report: Report | None) -> None:
    """A row a zone: what was planned, and what the gun recorded."""
    texts = page.texts
    with box("table-wide"), box("table", "table"):
        with box("", "thead"), box("", "tr"):
            for name in ("zone", "shots", "volume", "depth"):
                Words("th", texts("after." + name)).props["scope"] = "col"
        with box("", "tbody"):
            for at, zone in enumerate(session.planned):
                done = report.zones[at].done if report and at < len(report.zones) else None
                shots = str(done.shots) if done else "–"
                measured_nl = done.measured_nl // _SHOWN_NL * _SHOWN_NL if done else 0
                given = texts.show("volume_nl", measured_nl) if done else "–"
                with box("", "tr"):
                    Words("th", zone.name).props["scope"] = "row"
                    Words("td", texts("after.plan_cell", done=shots, planned=zone.points))
                    total = texts.show("volume_nl", zone.total_nl)
                    Words("td", texts("after.plan_cell", done=given, planned=total))
                    Words("td", texts.show("depth_um", zone.depth_um))
