"""Notes and side effects of a session, written down as they come up."""

import datetime

from nicegui import ui

from mesohost.clinic import bodies, entries
from mesohost.clinic.entries import Entry
from mesohost.console.frame import Page
from mesohost.console.widgets import Words, box, button, card, choice, line
from mesohost.troubles import Trouble

_TEXT_MAX = 500
_NOTE = "note"
_EFFECTS: dict[str, bodies.Effect] = {
    "bruise": "bruise", "swelling": "swelling", "nodule": "nodule", "infection": "infection",
    "allergy": "allergy", "other": "other",
}  # fmt: skip
_SEVERITIES: dict[str, bodies.Severity] = {
    "mild": "mild", "moderate": "moderate", "severe": "severe",
}  # fmt: skip


def panel(page: Page, session: Entry[bodies.Session] | None) -> None:
    """What was written down about a session, and a form for more."""
    with card(page.texts("noting.title"), "noting-card"):
        if session is None:
            Words("p", page.texts("noting.none"))
        else:
            _Panel(page, session.number)


class _Panel:
    def __init__(self, page: Page, session: int):
        self._page = page
        self._session = session
        self._kind, self._severity, self._text = _NOTE, "mild", ""
        texts = page.texts
        self._list = ui.element("ul").classes("notes")
        kinds = {_NOTE: texts("noting.note")} | {one: texts("effect." + one) for one in _EFFECTS}
        choice(texts("noting.kind"), kinds, _NOTE, self._choose, "kind")
        with box("severity") as self._how_bad:
            choice(texts("noting.severity"),
                   {one: texts("severity." + one) for one in _SEVERITIES}, "mild",
                   self._grade, "severity")  # fmt: skip
        self._how_bad.set_visibility(False)
        with box("note-row"):
            self._input = line(texts("noting.text"), "", self._typed, _TEXT_MAX, "", "note-text")
            button(texts("noting.write"), self._write, "primary", "write-note")
        self._draw()

    def _draw(self) -> None:
        texts, archive = self._page.texts, self._page.house.archive
        notes = entries.read(archive, bodies.Note, about=self._session)
        effects = entries.read(archive, bodies.AdverseEffect, about=self._session)
        told = [(one.at, one.body.text) for one in notes]
        for one in effects:
            said = texts("noting.effect", effect=texts("effect." + one.body.effect),
                         severity=texts("severity." + one.body.severity))  # fmt: skip
            told.append((one.at, f"{said}: {one.body.text}" if one.body.text else said))
        self._list.clear()
        with self._list:
            for at, said in sorted(told):
                when = at.astimezone().strftime("%Y-%m-%d %H:%M")
                Words("li", texts("noting.line", at=when, text=said))

    def _choose(self, kind: str) -> None:
        self._kind = kind
        self._how_bad.set_visibility(kind != _NOTE)

    def _grade(self, severity: str) -> None:
        self._severity = severity

    def _typed(self, text: str) -> None:
        self._text = text

    def _write(self) -> None:
        page = self._page
        text = str(self._input.value or "").strip()[:_TEXT_MAX]
        if self._kind == _NOTE and not text:
            ui.notify(page.texts("noting.empty"), type="warning")
            return
        body: bodies.Note | bodies.AdverseEffect = bodies.Note(text=text)
        if self._kind != _NOTE:
            body = bodies.AdverseEffect(
                effect=_EFFECTS[self._kind], severity=_SEVERITIES[self._severity],
                began=datetime.date.today(), text=text,
            )  # fmt: skip
        try:
            entries.write(page.house.archive, page.login.user_id, body, about=self._session)
        except Trouble as trouble:
            ui.notify(str(trouble), type="negative", multi_line=True)
            return
        self._input.set_value("")
        self._draw()
