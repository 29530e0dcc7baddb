"""What the steps of preparing share: the plan, what core says of it, and how a fault is told."""

import datetime
from collections.abc import Callable

from nicegui import ui

from mesohost.console import plan as plans
from mesohost.console.catalogue import Texts
from mesohost.console.frame import Page
from mesohost.console.plan import Plan
from mesohost.console.widgets import BAD, WATCH, Words
from mesohost.program import FileFault, Loaded
from mesohost.troubles import Trouble


class Drafting:
    """One page that prepares. `changed` writes the plan down and has it checked anew."""

    def __init__(self, page: Page, plan: Plan):
        self.page = page
        self.plan = plan
        self.loaded: Loaded = plans.checked(plan, datetime.date.today())
        self._after: list[tuple[ui.element, Callable[[], None]]] = []

    @property
    def texts(self) -> Texts:
        """The page's texts."""
        return self.page.texts

    def changed(self) -> None:
        """Keep what was changed, check it, and have what depends on it drawn anew."""
        self.loaded = plans.checked(self.plan, datetime.date.today())
        try:
            plans.keep(self.plan, self.page.house.folder)
        except Trouble as trouble:
            ui.notify(str(trouble), type="negative", multi_line=True)
        self._after = [one for one in self._after if not one[0].is_deleted]
        for _, draw in tuple(self._after):
            draw()

    def then(self, place: ui.element, draw: Callable[[], None]) -> None:
        """Draw something now, and again after each change as long as its place is there."""
        self._after.append((place, draw))
        draw()

    def forget(self) -> None:
        """The step is left: nothing of it is drawn any more."""
        self._after.clear()


def told(texts: Texts, fault: FileFault) -> str:
    """A fault in one sentence: what it is, what was found, what is allowed, what to do."""
    key = fault.at.rpartition(".")[2]
    named = texts.of("named", key)
    parts = [f"{named}: {texts.cause(fault.code)}" if key else texts.cause(fault.code)]
    if fault.found and fault.allowed:
        parts.append(texts("check.found", found=fault.found, allowed=fault.allowed))
    if not fault.soft:
        parts.append(texts.remedy(fault.code))
    return " · ".join(part for part in parts if part)


def faults(drafting: Drafting, start: str) -> None:
    """The faults and soft limits of a part of the plan, as a list that keeps up with changes."""
    element = ui.element("div")
    element.props["aria-live"] = "polite"

    def draw() -> None:
        element.clear()
        loaded = drafting.loaded
        with element:
            for fault in plans.within(loaded.faults, start):
                Words("p", told(drafting.texts, fault), f"notice {BAD}")
            for fault in plans.within(loaded.warnings, start):
                Words("p", told(drafting.texts, fault), f"notice {WATCH}")

    drafting.then(element, draw)
