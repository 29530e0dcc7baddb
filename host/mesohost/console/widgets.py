"""The few things that pages are made of. Text goes in as text, never as HTML."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from mesohost.console.catalogue import Texts

GOOD, BAD, WATCH, PLAIN = "good", "bad", "watch", "plain"
Act = Callable[..., Any]


class Words(TextElement):
    """Text in an element of its own, such as `h1` or `p`."""

    def __init__(self, tag: str, text: str, classes: str = ""):
        super().__init__(tag=tag, text=text)
        self.classes(classes)


@contextmanager
def box(classes: str, tag: str = "div", **attributes: str) -> Generator[ui.element]:
    """An element that holds others."""
    element = ui.element(tag).classes(classes)
    element.props.update({name.replace("_", "-"): value for name, value in attributes.items()})
    with element:
        yield element


@contextmanager
def card(title: str = "", classes: str = "") -> Generator[ui.element]:
    """A part of a page with its heading."""
    with box(f"card {classes}", "section") as element:
        if title:
            Words("h2", title)
        yield element


def notice(text: str, kind: str = PLAIN) -> Words:
    """Something that has to be read; a bad one is read out at once."""
    words = Words("p", text, f"notice {kind}")
    words.props["role"] = "alert" if kind == BAD else "status"
    return words


def button(text: str, act: Act, kind: str = "", mark: str = "") -> ui.button:
    """A button of a finger's size. `kind` is `primary`, `danger` or empty, `mark` names it for
    tests."""
    made = ui.button(text, on_click=act, color=None).props("no-caps unelevated")
    made.props["data-testid"] = mark or text
    return made.classes(f"big {kind}")


def link(text: str, where: str, classes: str = "") -> Words:
    """A link to a page of the console."""
    words = Words("a", text, classes)
    words.props["href"] = where
    return words


class Figure:
    """A big number with its unit, and what it is."""

    def __init__(self, title: str, classes: str = ""):
        with box(f"figure {classes}"):
            Words("div", title, "figure-title")
            with box("figure-line"):
                self._number = Words("span", "–", "figure-number")
                self._unit = Words("span", "", "figure-unit")
            self._more = Words("div", "", "figure-more")

    def show(self, text: str, more: str = "") -> None:
        """Show `12.5 µL` or a bare number; `more` is a line below."""
        number, _, unit = text.partition(" ")
        for words, said in ((self._number, number), (self._unit, unit), (self._more, more)):
            if words.text != said:
                words.set_text(said)


def say(words: TextElement, text: str) -> None:
    """Change a text where it is another one: what stays is not sent again."""
    if words.text != text:
        words.set_text(text)


def choice(
    title: str, options: Mapping[str, str], chosen: str, act: Callable[[str], Any], name: str = ""
) -> None:
    """One of a few, as buttons side by side. `act` is given the key of the one that is taken."""
    made: dict[str, ui.element] = {}

    def take(key: str) -> None:
        for other, element in made.items():
            attribute(element, "aria-checked", str(other == key).lower())
        act(key)

    with box("choice"):
        Words("div", title, "field-title")
        with box("choice-row", role="radiogroup", aria_label=title):
            for key, text in options.items():
                one = Words("button", text, "option")
                one.props.update({"type": "button", "role": "radio",
                                  "aria-checked": str(key == chosen).lower()})  # fmt: skip
                one.props["data-testid"] = f"{name}-{key}"
                one.on("click", lambda _, key=key: take(key))
                made[key] = one


class Amount:
    """A number with its unit, typed or stepped by buttons of a finger's size. `act` is given each
    new value; what is no number, or out of `low` to `high`, is not taken over."""

    def __init__(
        self, title: str, value: float, step: float, low: float, high: float, unit: str,
        act: Callable[[float], Any], texts: Texts, name: str = "",
    ):  # fmt: skip
        self._act = act
        self._step, self._low, self._high = step, low, high
        with box("amount"):
            Words("div", title + (f" ({unit})" if unit else ""), "field-title")
            with box("amount-row"):
                less = Words("button", "−", "step").on("click", lambda: self._by(-1))
                less.props.update({"type": "button", "aria-label": texts("field.less", what=title)})
                self._input = ui.number(value=value, min=low, max=high, step=step,
                                        on_change=self._typed)  # fmt: skip
                self._input.props("outlined dense input-class=amount-input inputmode=decimal")
                self._input.props["aria-label"] = title
                self._input.props["data-testid"] = name or title
                more = Words("button", "+", "step").on("click", lambda: self._by(1))
                more.props.update({"type": "button", "aria-label": texts("field.more", what=title)})

    def set(self, value: float) -> None:
        """Show another value."""
        self._input.set_value(value)

    def _by(self, direction: int) -> None:
        value = float(self._input.value or 0) + direction * self._step
        self._input.set_value(round(min(self._high, max(self._low, value)), 6))

    def _typed(self, event: Any) -> None:
        value = event.value
        if isinstance(value, int | float) and self._low <= value <= self._high:
            self._act(float(value))


def line(
    title: str, value: str, act: Callable[[str], Any], most: int, hint: str = "", name: str = ""
) -> ui.input:
    """A line of text that is typed; `act` is given it when the field is left or Enter pressed."""
    made = ui.input(title, value=value).props("outlined stack-label")
    made.props["maxlength"] = most
    if hint:
        made.props["hint"] = hint

    def leave() -> None:
        act(str(made.value or "").strip())

    made.on("blur", leave).on("keydown.enter", leave)
    made.props["data-testid"] = name or title
    return made.classes("line")


def attribute(element: ui.element, name: str, value: str) -> None:
    """Change an attribute where it is another one."""
    props: Any = element.props
    if props.get(name) != value:
        props[name] = value
        element.update()
