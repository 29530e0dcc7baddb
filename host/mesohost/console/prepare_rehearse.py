"""The last step: what is still open, a rehearsal with its picture, and the way into the gun."""

from collections.abc import Callable, Sequence

from nicegui import ui

from mesohost.clinic import bodies
from mesohost.console import loading, rehearsing
from mesohost.console.catalogue import Texts
from mesohost.console.drafting import Drafting
from mesohost.console.rehearsing import Rehearsed
from mesohost.console.widgets import (
    BAD,
    WATCH,
    Figure,
    Words,
    box,
    button,
    card,
    line,
    notice,
)
from mesohost.nearness import Near
from mesohost.program import Program
from mesohost.troubles import Trouble

_REASON_MAX = 200
_SHOWN_NL = 1_000


OpenPoint = Callable[[Drafting], str]


def draw(drafting: Drafting, steps: Sequence[OpenPoint]) -> None:
    """The step's content; `steps` say what is open in all of them."""
    _Rehearse(drafting, steps)


def limit_name(texts: Texts, limit: str) -> str:
    """What a limit is called: the clinic's by its words, a program's by its field's path."""
    key = "limit." + limit.replace(" ", "_")
    return texts(key) if texts.has(key) else limit


def open_point(drafting: Drafting) -> str:
    """What is still open here, in words; empty where nothing is."""
    if drafting.plan.how != bodies.GUN:
        return ""
    program = drafting.loaded.program
    done = program is not None and drafting.plan.rehearsed == program.sha256
    return "" if done else drafting.texts("rehearse.open")


class _Rehearse:
    def __init__(self, drafting: Drafting, steps: Sequence[OpenPoint]):
        self._drafting = drafting
        self._steps = steps
        texts, plan = drafting.texts, drafting.plan
        self._open = ui.element("div")
        with box("rehearse-row"):
            self._run = button(texts("rehearse.run"), self._rehearse, "primary", "rehearse")
            by_gun = plan.how == bodies.GUN
            self._load = button(
                texts("rehearse.load" if by_gun else "rehearse.record"),
                self._into_gun,
                "primary",
                "load",
            )
        self._said = ui.element("div")
        self._said.props["aria-live"] = "polite"
        self._result = ui.element("div")
        program = drafting.loaded.program
        found = loading.findings(drafting.page.house, plan, program) if program else []
        for at, one in enumerate(found):
            with card(classes="soft-limit"):
                said = texts("rehearse.limit", limit=limit_name(texts, one.limit),
                             found=one.found, allowed=one.allowed)  # fmt: skip
                if one.hard:
                    notice(said + " " + texts("rehearse.hard"), BAD)
                    continue
                notice(said, WATCH)
                line(texts("rehearse.reason", least=loading.REASON_MIN),
                     plan.reasons.get(one.limit, ""),
                     lambda text, limit=one.limit: self._reason(limit, text), _REASON_MAX, "",
                     f"reason-{at + 1}")  # fmt: skip
        if program and plan.rehearsed == program.sha256 and plan.outcome:
            self._show(plan.outcome, program)
        drafting.then(self._open, self._draw_open)

    def _draw_open(self) -> None:
        drafting = self._drafting
        texts, program = drafting.texts, drafting.loaded.program
        points = self._open_points()
        self._open.clear()
        with self._open:
            for point in points:
                notice(point, WATCH)
            if program:
                total = texts.show("total_nl", program.total_nl)
                Words("p", texts("rehearse.sum", title=program.title, patient=program.patient,
                                 zones=len(program.zones), shots=program.shots, total=total),
                      "totals-line")  # fmt: skip
        self._run.set_enabled(program is not None)
        self._load.set_enabled(program is not None and not points)

    def _open_points(self) -> list[str]:
        """What still stands in the way of loading, in the order of the steps."""
        drafting = self._drafting
        program, texts, house = drafting.loaded.program, drafting.texts, drafting.page.house
        points = [said for step in self._steps if (said := step(drafting))]
        if program is None:
            points.append(texts("rehearse.faulty"))
        elif loading.open_findings(house, drafting.plan, program):
            points.append(texts("rehearse.reason_open"))
        return list(dict.fromkeys(points))

    def _reason(self, at: str, text: str) -> None:
        self._drafting.plan.reasons[at] = text
        self._drafting.changed()

    async def _rehearse(self) -> None:
        drafting = self._drafting
        program = drafting.loaded.program
        if program is None:
            return
        self._run.set_enabled(False)
        self._tell(drafting.texts("rehearse.runs"), "")
        try:
            outcome = await rehearsing.rehearse(
                program, drafting.page.house.picture(program.sha256)
            )
        except Trouble as trouble:
            self._tell(str(trouble), BAD)
            return
        finally:
            self._run.set_enabled(True)
        self._said.clear()
        if not outcome.stopped:
            drafting.plan.rehearsed = program.sha256
        drafting.plan.outcome = outcome
        drafting.changed()
        self._show(outcome, program)

    def _show(self, outcome: Rehearsed, program: Program) -> None:
        texts = self._drafting.texts
        self._result.clear()
        with self._result:
            if outcome.stopped:
                notice(texts("rehearse.stopped", why=outcome.stopped), BAD)
            with card(texts("rehearse.result")), box("figures"):
                minutes = max(1, round(outcome.duration_s / 60))
                Figure(texts("rehearse.minutes")).show(texts("rehearse.min", minutes=minutes))
                Figure(texts("rehearse.syringes")).show(str(outcome.syringes), program.syringe)
                given = texts.show("volume_nl", outcome.volume_nl // _SHOWN_NL * _SHOWN_NL)
                Figure(texts("session.given")).show(given)
                left = texts.show("volume_nl", outcome.left_nl // _SHOWN_NL * _SHOWN_NL)
                Figure(texts("rehearse.left")).show(left)
            for near in outcome.near:
                notice(near_said(texts, near), WATCH)
            with card(texts("rehearse.picture")):
                picture = ui.element("img").classes("rehearsal")
                alt = texts("rehearse.picture_says", title=program.title)
                picture.props.update({"src": f"/rehearsal/{program.sha256}.svg", "alt": alt})

    async def _into_gun(self) -> None:
        drafting = self._drafting
        texts = drafting.texts
        self._load.set_enabled(False)
        self._tell(texts("rehearse.loads"), "")
        try:
            where = await loading.load(drafting)
        except Trouble as trouble:
            self._tell(str(trouble), BAD)
            self._load.set_enabled(True)
            return
        ui.navigate.to(where)

    def _tell(self, text: str, kind: str) -> None:
        self._said.clear()
        with self._said:
            notice(text, kind)


def near_said(texts: Texts, near: Near) -> str:
    """A limit that comes near, in the page's language."""
    what, used, limit = near.what, near.used, near.limit
    if near.kind:
        strict = texts("near." + near.strict) if near.strict else ""
        what = texts("near." + near.kind, of=near.of, strict=strict)
        used = texts.show(near.field, near.used_value)
        limit = texts.show(near.field, near.limit_value)
    return texts("rehearse.near", what=what, used=used, limit=limit, percent=near.percent)
