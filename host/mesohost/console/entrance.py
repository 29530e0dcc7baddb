"""Logging in and out, the first user, the language: plain pages without scripts, before anything
else is sent to a browser."""

import secrets
from asyncio import to_thread
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from mesohost.clinic import users
from mesohost.console.catalogue import Texts, languages, preferred, speak
from mesohost.console.guard import cookie, cookie_name
from mesohost.console.house import House
from mesohost.console.logins import ENGINEER, OPERATOR

_PASSWORD_MAX = 200
_LANGUAGE = "mesogun-language"
_YEAR_S = 365 * 24 * 3600


def routes(house: House) -> list[Route]:
    """The routes of the entrance."""
    door = _Door(house)
    return [
        Route("/login", door.login, methods=["GET", "POST"]),
        Route("/setup", door.setup, methods=["GET", "POST"]),
        Route("/logout", door.logout, methods=["POST"]),
        Route("/language", door.language, methods=["POST"]),
    ]


def cannot(house: House) -> Callable[[Request, Exception], Response]:
    """Makes the answer to a request in which something expected went wrong, such as a full disk."""

    def answer(request: Request, trouble: Exception) -> Response:
        # A form that was sent is filled in again where it stands.
        sent = request.method != "GET"
        parts = urlsplit(request.headers.get("referer", "/") if sent else str(request.url))
        again = local(parts.path + ("?" + parts.query if parts.query else ""))
        return _page("trouble", _texts(request), house, 503, why=str(trouble),
                     again=again)  # fmt: skip

    return answer


class _Door:
    def __init__(self, house: House):
        self._house = house

    async def login(self, request: Request) -> Response:
        """Name and password, or in training a click."""
        house, texts = self._house, _texts(request)
        onward = local(request.query_params.get("next", "/"))
        if request.method == "GET":
            if not house.training and not users.everyone(house.archive):
                return _page("empty", texts, house)
            return _page("login", texts, house, onward=onward)
        form = await _form(request)
        onward = local(form.get("next", "/"))
        name = form.get("name", "").strip()
        if house.training:
            trainee = await to_thread(house.trainee, form.get("role", OPERATOR))
            if trainee is None:
                return _page("login", texts, house, 400, onward=onward)
            return self._enter(trainee, texts, onward)
        wait_s = house.tries.wait_s(name)
        if wait_s:
            why = texts("login.wait", minutes=(wait_s + 59) // 60)
            return _page("login", texts, house, 429, onward=onward, why=why, name=name)
        password = form.get("password", "")[:_PASSWORD_MAX]
        user = await to_thread(users.log_in, house.archive, name, password)
        if user is None:
            house.tries.failed(name)
            why = texts("login.wrong")
            return _page("login", texts, house, 401, onward=onward, why=why, name=name)
        house.tries.passed(name)
        return self._enter(user, texts, onward)

    async def setup(self, request: Request) -> Response:
        """The first user, made by whoever started the console: only its address has the code."""
        house, texts = self._house, _texts(request)
        if house.training or users.everyone(house.archive):
            return RedirectResponse("/login", 303)
        form = await _form(request) if request.method == "POST" else dict(request.query_params)
        code = form.get("code", "")
        if not secrets.compare_digest(code.encode(), house.setup_code.encode()):
            return _page("empty", texts, house, 403)
        if request.method == "GET":
            return _page("setup", texts, house, code=code)
        name, password = form.get("name", "").strip(), form.get("password", "")
        why = ""
        if not 1 <= len(name) <= users.NAME_MAX or not name.isprintable():
            why = texts("setup.name_wrong", most=users.NAME_MAX)
        elif not users.PASSWORD_MIN <= len(password) <= _PASSWORD_MAX:
            why = texts("setup.password_short", least=users.PASSWORD_MIN)
        elif password != form.get("again", ""):
            why = texts("setup.not_same")
        if why:
            return _page("setup", texts, house, 400, code=code, why=why, name=name)
        user = await to_thread(users.add, house.archive, name, ENGINEER, password, approver=True)
        await to_thread(house.take_drafts, user.id)
        return self._enter(user, texts, "/")

    async def logout(self, request: Request) -> Response:
        """The end of a login."""
        name = cookie_name(self._house.port)
        self._house.logins.close(cookie(request.headers.get("cookie", ""), name))
        response = RedirectResponse("/login", 303)
        response.delete_cookie(name)
        return response

    async def language(self, request: Request) -> Response:
        """Another language, from now on and the next time."""
        form = await _form(request)
        code = form.get("code", "")
        response = RedirectResponse(local(form.get("next", "/")), 303)
        if code in languages():
            login = request.scope["state"]["login"]
            if login:
                login.language = code
            response.set_cookie(_LANGUAGE, code, max_age=_YEAR_S, httponly=True, samesite="strict")
        return response

    def _enter(self, user: users.User, texts: Texts, onward: str) -> Response:
        house = self._house
        token = house.logins.open(user.id, user.name, user.role, texts.code)
        response = RedirectResponse(onward, 303)
        response.set_cookie(cookie_name(house.port), token, httponly=True, samesite="strict")
        return response


def local(where: str) -> str:
    """A path of this console to go on to; the first page for anything else."""
    parts = urlsplit(where)
    outside = parts.scheme or parts.netloc or not where.startswith("/") or "\\" in where
    return "/" if outside or where.startswith("//") or not where.isprintable() else where


async def _form(request: Request) -> dict[str, str]:
    """A form's fields; its size is the guard's business."""
    body = await request.body()
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def _texts(request: Request) -> Texts:
    chosen = request.cookies.get(_LANGUAGE, "")
    return speak(chosen or preferred(request.headers.get("accept-language", "")))


def _page(which: str, texts: Texts, house: House, status: int = 200, **more: Any) -> Response:
    told: Mapping[str, Any] = {
        "which": which, "t": texts, "house": house, "languages": languages(), "why": "",
        "roles": (OPERATOR, ENGINEER), "least": users.PASSWORD_MIN, "onward": "/", **more,
    }  # fmt: skip
    return HTMLResponse(_environment().get_template("entrance.html").render(told), status)


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("mesohost.console"), autoescape=True,
                       trim_blocks=True, lstrip_blocks=True)  # fmt: skip
