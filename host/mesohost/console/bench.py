"""The engineer's page: the doctor, and the guided calibrations, by the terminal's definitions."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nicegui import ui

from mesohost.calibration import kinds, record
from mesohost.calibration.session import CHOICE, NUMBER, Entry, Form, Result
from mesohost.console.catalogue import Texts
from mesohost.console.frame import Page
from mesohost.console.guided import Guided
from mesohost.console.widgets import BAD, GOOD, WATCH, Words, box, button, card, choice, notice
from mesohost.doctor import model, run, table
from mesohost.doctor.case import Case
from mesohost.doctor.model import Line
from mesohost.gun import Gun
from mesohost.port import Port
from mesohost.troubles import Trouble

_LOOK_S = 0.2
_KINDS = {model.OK: (GOOD, "bench.ok"), model.FAILED: (BAD, "bench.failed"),
          model.NOT_DONE: ("", "bench.not_done")}  # fmt: skip
_CAUSES_MAX = 3


def bench_page(page: Page) -> None:
    """The page's content."""
    Words("p", page.texts("bench.own_words"))
    _Doctor(page)
    _Calibrations(page)


class _Lent:
    """The service's port, lent to who must not close it."""

    def __init__(self, port: Port):
        self._port = port

    def write(self, data: bytes) -> None:
        self._port.write(data)

    def read(self, timeout_s: float) -> bytes:
        return self._port.read(timeout_s)

    def close(self) -> None:
        """It stays open: the service goes on with it."""


class _Looks:
    """The doctor's front: nobody presses anything, and nothing moves."""

    hands = False

    def ask(self, text: str) -> None:
        del text

    def agrees_to_move(self, text: str) -> bool:
        del text
        return False


class _Doctor:
    def __init__(self, page: Page):
        self._page = page
        texts = page.texts
        with card(texts("bench.doctor")):
            Words("p", texts("bench.doctor_says"))
            self._button = button(texts("bench.look"), self._look, "primary", "doctor")
            self._lines = ui.element("div")
            self._lines.props["aria-live"] = "polite"

    async def _look(self) -> None:
        page, texts = self._page, self._page.texts
        self._button.set_enabled(False)
        self._lines.clear()
        with self._lines:
            notice(texts("bench.looking"))
        try:
            lines = await page.house.service.do(_examined)
        except Trouble as trouble:
            self._lines.clear()
            with self._lines:
                notice(str(trouble), BAD)
            return
        finally:
            self._button.set_enabled(True)
        self._lines.clear()
        with self._lines:
            verdicts = [one.verdict for one in lines]
            ok, failed, left = (verdicts.count(one) for one in _KINDS)
            notice(texts("bench.count", ok=ok, failed=failed, left=left), BAD if failed else GOOD)
            for one in lines:
                if one.verdict != model.NOT_DONE:
                    _line(texts, one)


def _examined(gun: Gun) -> list[Line]:
    port = _Lent(gun.port)
    case = Case(lambda: port, _Looks())
    return run.examine(case, table.CHECKS, lambda _: None).lines


def _line(texts: Texts, one: Line) -> None:
    kind, said = _KINDS[one.verdict]
    with box("doctor-line " + kind, lang="en"):
        Words("strong", f"{one.title}: {texts(said)}")
        Words("span", one.seen)
        if one.verdict == model.FAILED:
            Words("span", texts("bench.allowed", allowed=one.allowed))
            for cause in one.causes[:_CAUSES_MAX]:
                Words("span", texts("bench.cause", cause=cause.what, do=cause.do))


class _Calibrations:
    def __init__(self, page: Page):
        self._page = page
        self._version = -1
        self._fields: dict[str, Callable[[], object]] = {}
        with card(page.texts("bench.calibrations")):
            self._place = ui.element("div")
            self._place.props["aria-live"] = "polite"
        self._look()
        ui.timer(_LOOK_S, self._look)

    def _look(self) -> None:
        guided = self._page.house.guided
        version = guided.version if guided else 0
        if version != self._version:
            self._version = version
            self._place.clear()
            with self._place:
                self._draw(guided)

    def _draw(self, guided: Guided | None) -> None:
        texts = self._page.texts
        if guided and guided.said:
            notice(guided.said, BAD)
        if guided and guided.path:
            notice(texts("bench.accepted" if guided.accepted else "bench.not_accepted"),
                   GOOD if guided.accepted else WATCH)  # fmt: skip
            Words("p", texts("bench.kept", path=guided.path))
        if guided is None or guided.over:
            self._offer()
        elif guided.shown is None:
            notice(texts("bench.working", text=guided.doing or "…"))
            if guided.at_gun:
                notice(texts("bench.at_gun", text=guided.at_gun), WATCH)
        else:
            self._step(guided)

    def _offer(self) -> None:
        texts, house = self._page.texts, self._page.house
        if not house.training and house.key is None:
            notice(texts("bench.no_key"), WATCH)
            return
        if house.training:
            Words("p", texts("bench.practice"))
        for kind in kinds.KINDS:
            with box("listed"):
                Words("span", texts("bench." + kind))
                button(texts("bench.begin"), partial(self._begin, kind), "",
                       f"begin-{kind}")  # fmt: skip

    def _begin(self, kind: str) -> None:
        house = self._page.house
        if house.guided and not house.guided.over:
            return
        guided = house.guided = Guided(kind)
        if house.training:
            guided.start(lambda: _practised(guided, house.folder))
        else:
            house.service.submit(lambda gun: guided.run(lambda: _at_gun(guided, gun, self._page)))
        self._look()

    def _step(self, guided: Guided) -> None:
        texts, step = self._page.texts, guided.shown
        done, known = guided.place
        Words("p", texts("bench.place", done=done + 1, known=max(known, done + 1)), "state-word")
        with box("guided-step", lang="en"):
            Words("p", step.text if step else "", "guided-text")
            if isinstance(step, Form):
                hints = {**guided.hints(step), **guided.refused}
                self._fields = {entry.name: _field(entry, hints.get(entry.name, entry.default))
                                for entry in step.entries}  # fmt: skip
            if isinstance(step, Result):
                Words("pre", "\n".join(step.lines), "gun-screen")
        with box("rehearse-row"):
            if isinstance(step, Form):
                button(texts("bench.answer"), lambda: self._send(guided), "primary", "answer")
            elif isinstance(step, Result):
                if step.acceptable:
                    button(texts("bench.keep"), lambda: guided.give(True), "primary", "answer")
                button(texts("bench.discard"), lambda: guided.give(False), "", "discard")
            else:
                button(texts("bench.done"), lambda: guided.give(True), "primary", "answer")
            button(texts("bench.leave"), guided.leave, "danger", "leave")

    def _send(self, guided: Guided) -> None:
        guided.give({name: read() for name, read in self._fields.items()})


def _field(entry: Entry, offered: object) -> Callable[[], object]:
    """A field for an entry; gives what reads it."""
    label = f"{entry.label} ({entry.unit})" if entry.unit else entry.label
    shown = (
        "" if offered is None else f"{offered:g}" if isinstance(offered, float) else str(offered)
    )
    if entry.kind == CHOICE:
        held = {"value": shown}
        choice(label, {one: one for one in entry.choices}, shown,
               lambda one: held.update(value=one), entry.name)  # fmt: skip
        return lambda: held["value"]
    made: Any = ui.input(label, value=shown).props("outlined stack-label").classes("line")
    made.props["data-testid"] = entry.name
    if entry.kind == NUMBER:
        made.props["inputmode"] = "decimal"
    return lambda: str(made.value or "").strip()


def _practised(guided: Guided, folder: Path) -> tuple[Path, bool]:
    from mesohost.cli.practice import practised

    return practised(guided.kind, 1, folder / "practice", guided.fronted)


def _at_gun(guided: Guided, gun: Gun, page: Page) -> tuple[Path, bool]:
    from mesohost.calibration import running
    from mesohost.calibration.stand import Stand

    key = page.house.key
    if key is None:
        raise Trouble(page.texts("bench.no_key"))
    folder = record.default_folder()
    journal = running.journal_of(folder, guided.kind, running.identified(gun).board)
    stand = Stand(gun, key, guided.tell)
    path, one = running.at_gun(guided.kind, journal, stand, guided, guided)
    return path, one.accepted
