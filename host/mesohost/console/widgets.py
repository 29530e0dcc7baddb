"""The few things that pages are made of. Text goes in as text, never as HTML."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

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
    return made.classes(f"big {kind}").mark(mark or text)


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
