"""In training: the virtual gun's hands, as buttons."""

from collections.abc import Callable

from nicegui import ui

from mesohost.console.frame import Page, follow
from mesohost.console.training import HANDS, MISHAPS, Hand
from mesohost.console.virtual import VirtualGun
from mesohost.console.widgets import BAD, Words, box, button, card, notice, say
from mesohost.troubles import Trouble


def panel(page: Page, virtual: VirtualGun) -> None:
    """Hands and mishaps, each there when the gun's state has a use for it."""
    texts = page.texts
    buttons: list[tuple[ui.button, Hand]] = []

    def act(hand: Hand) -> None:
        virtual.do(hand)
        show()

    with card(texts("hands.title"), "hands-card"):
        with box("hands"):
            for hand in HANDS:
                buttons.append((_button(page, hand, act), hand))
        with box("mishaps", "details"):
            Words("summary", texts("hands.mishaps"))
            with box("hands"):
                for hand in MISHAPS:
                    buttons.append((_button(page, hand, act), hand))
        told = notice("", BAD)
        on = button(texts("hands.switch_on"), lambda: _switch_on(virtual), "primary", "switch_on")

    def show() -> None:
        status = page.house.service.live.status
        state = status.state if status else ""
        for one, hand in buttons:
            fits = not hand.states or state in hand.states
            one.set_visibility(virtual.on and fits)
            one.set_enabled(not virtual.busy)
        say(told, virtual.said)
        told.set_visibility(bool(virtual.said))
        on.set_visibility(not virtual.on)

    follow(page, show)


def _button(page: Page, hand: Hand, act: Callable[[Hand], None]) -> ui.button:
    return button(page.texts("hand." + hand.name), lambda: act(hand), mark=hand.name)


def _switch_on(virtual: VirtualGun) -> None:
    try:
        virtual.start()
    except Trouble as trouble:
        ui.notify(str(trouble), type="negative")
