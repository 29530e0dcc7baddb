"""What stands around every page: title, ways to the other pages, the gun's state, who works."""

import copy
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, NamedTuple, cast
from urllib.parse import quote

from nicegui import Client, ui
from starlette.requests import Request

from mesohost.console.catalogue import Texts, languages
from mesohost.console.guard import ROLE_OF
from mesohost.console.house import House, login_of, texts_of
from mesohost.console.logins import Login
from mesohost.console.widgets import Words, box, link
from mesohost.troubles import Trouble

# Path and the catalogue's name of each page that there is a way to.
PAGES = (("/", "home"), ("/prepare", "prepare"), ("/session", "session"), ("/after", "after"))
ENGINEERS = (("/bench", "bench"),)
# So soon a page is left whose login is over.
_LOOK_S = 2.0


class Page(NamedTuple):
    """One page for one person."""

    house: House
    texts: Texts
    login: Login
    client: Client

    def closing(self, act: Callable[[], None]) -> None:
        """Have something done once the page is gone."""
        client: Any = self.client
        client.on_delete(act)


@contextmanager
def framed(house: House, request: Request, name: str) -> Generator[Page]:
    """A page's frame; what is made within is its content."""
    client = ui.context.client
    texts, login = texts_of(request), login_of(request)
    # The page is one for all who call it: the language is this one's own.
    client.page = copy.copy(client.page)
    client.page.language = cast(Any, texts("html_language"))
    page = Page(house, texts, login, client)
    ui.add_head_html('<link rel="stylesheet" href="/static/console.css">')
    ui.page_title(f"{texts('page.' + name)} · {texts('entrance.title')}")
    client.layout.props("view=lHh")
    client.content.classes(replace="content")
    if house.training:
        Words("p", texts("training.band"), "training-band").props("role=note")
    with box("top", "header"):
        with box("ways", "nav", aria_label=texts("frame.pages")):
            rows = (*PAGES, *(one for one in ENGINEERS if ROLE_OF.get(one[0]) == login.role))
            for path, other in rows:
                way = link(texts("page." + other), path, "way")
                if other == name:
                    way.props["aria-current"] = "page"
        _gun_chip(page)
        _person(page, request.url.path)
    ui.on_exception(_tell)
    ui.timer(_LOOK_S, lambda: _leave(page, request.url.path))
    with box("main", "main"):
        Words("h1", texts("page." + name))
        yield page


def _leave(page: Page, path: str) -> None:
    """Away from a page whose login is over, to come back to it after the next."""
    if not page.house.logins.stands(page.login):
        ui.navigate.to("/login?next=" + quote(path))


def _tell(error: Exception) -> None:
    """What no part of the page expected, such as a full disk, is told on it."""
    if isinstance(error, Trouble):
        ui.notify(str(error), type="negative", multi_line=True)


def follow(page: Page, show: Callable[[], None]) -> None:
    """Call `show` now, and after each change of what is known of the gun, as long as the page is
    there."""

    def changed() -> None:
        with page.client:
            try:
                show()
            except Trouble as trouble:  # the other pages are told all the same
                _tell(trouble)

    leave = page.house.service.listen(changed)
    page.closing(leave)
    show()


def _gun_chip(page: Page) -> None:
    with box("gun-chip", role="status") as chip:
        words = Words("span", "")

    def show() -> None:
        live = page.house.service.live
        state = live.status.state if live.linked and live.status else "lost"
        said = page.texts("gun.label", state=page.texts("state." + state))
        if words.text != said:
            words.set_text(said)
            chip.classes(replace=f"gun-chip state-{state}")

    follow(page, show)


def _person(page: Page, path: str) -> None:
    texts = page.texts
    with box("person"):
        Words("span", f"{page.login.user} · {texts('role.' + page.login.role)}", "who")
        for code, other in languages().items():
            if code != texts.code:
                with _form("/language", {"code": code, "next": path}):
                    _submit(other("language")).props["lang"] = code
        with _form("/logout", {}):
            _submit(texts("frame.logout"))


@contextmanager
def _form(action: str, hidden: dict[str, str]) -> Generator[None]:
    with box("inline", "form", method="post", action=action):
        for name, value in hidden.items():
            ui.element("input").props.update({"type": "hidden", "name": name, "value": value})
        yield


def _submit(text: str) -> Words:
    words = Words("button", text, "small")
    words.props["type"] = "submit"
    return words
