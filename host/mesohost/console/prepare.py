"""Preparing a session: six steps, each a page's content, that can be walked forth and back."""

from collections.abc import Callable
from functools import partial

from nicegui import ui

from mesohost.console import plan as plans
from mesohost.console import (
    prepare_patient,
    prepare_products,
    prepare_rehearse,
    prepare_test,
    prepare_zones,
)
from mesohost.console import prepare_screening as screening
from mesohost.console.drafting import Drafting
from mesohost.console.frame import Page
from mesohost.console.plan import PATIENT, PRODUCTS, REHEARSE, SCREENING, STEPS, TEST, ZONES
from mesohost.console.widgets import Words, attribute, box, button

# Each step: what draws it, and what says what is still open there (None: nothing).
_DRAWN: dict[str, Callable[[Drafting], None]] = {
    PATIENT: prepare_patient.draw,
    SCREENING: screening.draw,
    TEST: prepare_test.draw,
    PRODUCTS: prepare_products.draw,
    ZONES: prepare_zones.draw,
    REHEARSE: lambda drafting: prepare_rehearse.draw(drafting, tuple(_OPEN.values())),
}
_OPEN: dict[str, Callable[[Drafting], str]] = {
    PATIENT: prepare_patient.open_point,
    SCREENING: screening.open_point,
    TEST: prepare_test.open_point,
    PRODUCTS: prepare_products.open_point,
    ZONES: prepare_zones.open_point,
    REHEARSE: prepare_rehearse.open_point,
}


class _Walk:
    def __init__(self, page: Page):
        self._drafting = Drafting(page, plans.kept(page.house.folder))
        self._bar = ui.element("nav").classes("steps")
        self._bar.props["aria-label"] = page.texts("prepare.steps")
        self._steps = self._make_bar()
        self._content = ui.element("div")
        with box("walk"):
            self._back = button(page.texts("prepare.back"), lambda: self._go(-1), mark="back")
            self._on = button(page.texts("prepare.next"), lambda: self._go(1), "primary", "next")
        self._draw()

    def _draw(self) -> None:
        drafting = self._drafting
        texts, step = drafting.texts, drafting.plan.step
        drafting.forget()
        self._content.clear()
        with self._content:
            Words("h2", texts("prepare." + step))
            _DRAWN[step](drafting)
        at = STEPS.index(step)
        self._back.set_visibility(at > 0)
        self._on.set_visibility(at < len(STEPS) - 1)
        drafting.then(self._bar, self._draw_bar)

    def _make_bar(self) -> dict[str, Words]:
        """The steps' buttons, made once: one that is pressed must not be made anew meanwhile."""
        made: dict[str, Words] = {}
        with self._bar:
            for number, step in enumerate(STEPS, 1):
                one = Words("button", f"{number} {self._drafting.texts('prepare.' + step)}")
                one.props.update({"type": "button", "data-testid": f"step-{step}"})
                one.on("click", partial(self._to, step))
                made[step] = one
        return made

    def _draw_bar(self) -> None:
        for step, one in self._steps.items():
            one.classes(replace="way-step " + ("todo" if self._open(step) else "done"))
            here = step == self._drafting.plan.step
            attribute(one, "aria-current", "step" if here else "false")

    def _open(self, step: str) -> str:
        return _OPEN[step](self._drafting)

    def _go(self, by: int) -> None:
        self._to(STEPS[STEPS.index(self._drafting.plan.step) + by])

    def _to(self, step: str, *_: object) -> None:
        if step == self._drafting.plan.step:
            return  # what is being typed there stays
        self._drafting.plan.step = step
        self._drafting.changed()
        self._draw()
        ui.run_javascript("window.scrollTo(0, 0)")


def prepare_page(page: Page) -> None:
    """The content of the page on which a session is prepared."""
    _Walk(page)
