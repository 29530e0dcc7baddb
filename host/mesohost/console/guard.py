"""Lets in only who is logged in, from this computer and from the console's own pages.

Every request and every websocket passes here before anything else sees it: host and origin, size,
path, login and role are checked, and each answer carries the headers that keep a page's scripts to
those that the console sent.
"""

import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from mesohost.console.catalogue import Texts, preferred, speak
from mesohost.console.logins import ENGINEER, Login, Logins

MAX_BODY_BYTES = 300_000
_MAX_PATH = 2_000
# Open to everybody: what a person needs to log in.
OPEN = ("/login", "/setup", "/language", "/static/")
# Paths that need a role: all others need any login.
ROLE_OF = {"/bench": ENGINEER}
_SOCKET = "/_nicegui_ws"
_READS = ("GET", "HEAD")
_EVENT = '42["event"'
_EXPIRED = 4401
_HEADERS = (
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
# An ASGI application, and what it is called with.
Asgi = Callable[[Any, Any, Any], Any]


class Guard:
    """An ASGI application around another one. `port` is where the console is served."""

    def __init__(self, app: Asgi, logins: Logins, port: int):
        self._app = app
        self._logins = logins
        self._port = port
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._origins = tuple(f"http://{host}" for host in self._hosts)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """See ASGI."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1")
                   for name, value in scope["headers"]}  # fmt: skip
        token = cookie(headers.get("cookie", ""), cookie_name(self._port))
        login = self._logins.of(token, touched=scope["type"] == "http")
        scope = {**scope, "headers": [one for one in scope["headers"]
                                      if not one[0].startswith(b"x-forwarded")]}  # fmt: skip
        scope.setdefault("state", {})["login"] = login
        texts = speak(login.language if login else preferred(headers.get("accept-language", "")))
        refused = self._refused(scope, headers, login)
        if scope["type"] == "websocket":
            if refused:
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self._socket(scope, receive, send, token)
        elif refused == HTTPStatus.SEE_OTHER:
            await _redirect(send, "/login?next=" + quote(scope["path"]))
        elif refused:
            await _plain(send, refused, texts)
        else:
            await self._page(scope, receive, send, texts)

    def _refused(self, scope: Any, headers: dict[str, str], login: Login | None) -> int:
        """The status with which this is refused; 0 where it is let in."""
        path: str = scope["path"]
        odd = ".." in path or "\\" in path or not path.isprintable() or "//" in path
        if odd or len(path) + len(scope.get("query_string", b"")) > _MAX_PATH:
            return HTTPStatus.BAD_REQUEST
        if headers.get("host", "") not in self._hosts:
            return HTTPStatus.MISDIRECTED_REQUEST
        socket = scope["type"] == "websocket"
        changes = socket or scope["method"] not in _READS
        if changes and headers.get("origin", "") not in self._origins:
            return HTTPStatus.FORBIDDEN
        if path.startswith(_SOCKET) and not socket:
            return HTTPStatus.FORBIDDEN
        if any(path == one or (one.endswith("/") and path.startswith(one)) for one in OPEN):
            return 0
        if login is None:
            return HTTPStatus.FORBIDDEN if changes else HTTPStatus.SEE_OTHER
        needed = next((role for start, role in ROLE_OF.items() if path.startswith(start)), "")
        return HTTPStatus.FORBIDDEN if needed and login.role != needed else 0

    async def _socket(self, scope: Any, receive: Any, send: Any, token: str) -> None:
        """The page's live connection, which ends with its login."""

        async def heard() -> Any:
            message = await receive()
            if message["type"] == "websocket.receive":
                touched = (message.get("text") or "").startswith(_EVENT)
                if self._logins.of(token, touched) is None:
                    await send({"type": "websocket.close", "code": _EXPIRED})
                    return {"type": "websocket.disconnect", "code": _EXPIRED}
            return message

        await self._app(scope, heard, send)

    async def _page(self, scope: Any, receive: Any, send: Any, texts: Texts) -> None:
        body = await _body(receive)
        if body is None:
            await _plain(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, texts)
            return
        pieces = [{"type": "http.request", "body": body, "more_body": False}]

        async def replayed() -> Any:
            return pieces.pop() if pieces else await receive()

        await self._app(scope, replayed, _Sealed(send, self._hosts))


class _Sealed:
    """Sends an answer with the console's headers; a page's own scripts are marked as such, and the
    browser runs no others."""

    def __init__(self, send: Any, hosts: tuple[str, ...]):
        self._send = send
        self._hosts = hosts
        self._start: Any = None
        self._html = b""

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            names = dict(message["headers"])
            if names.get(b"content-type", b"").startswith(b"text/html"):
                self._start = message
                return
            message["headers"] = [*message["headers"], *_sealed(_policy("", self._hosts))]
        elif self._start is not None:
            self._html += message.get("body", b"")
            if message.get("more_body"):
                return
            nonce = secrets.token_urlsafe(16)
            # What people typed is escaped wherever it stands in a page.
            body = self._html.replace(b"<script", b'<script nonce="%s"' % nonce.encode())
            kept = [one for one in self._start["headers"]
                    if one[0] not in (b"content-length", b"cache-control")]  # fmt: skip
            kept += [(b"content-length", b"%d" % len(body)), (b"cache-control", b"no-store")]
            kept += _sealed(_policy(nonce, self._hosts))
            await self._send({**self._start, "headers": kept})
            message = {**message, "body": body}
        await self._send(message)


def cookie_name(port: int) -> str:
    """The name of the login's cookie; browsers do not tell ports apart."""
    return f"mesogun-{port}"


def cookie(header: str, name: str) -> str:
    """The value of a cookie, or the empty text."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def _policy(nonce: str, hosts: tuple[str, ...]) -> str:
    # NiceGUI's pages compile their own event handlers, hence unsafe-eval.
    scripts = f"'self' 'nonce-{nonce}' 'unsafe-eval'" if nonce else "'self'"
    sockets = " ".join(f"ws://{host}" for host in hosts)
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data:; font-src 'self'; connect-src 'self' {sockets}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _sealed(policy: str) -> list[tuple[bytes, bytes]]:
    pairs = (*_HEADERS, ("content-security-policy", policy))
    return [(name.encode(), value.encode()) for name, value in pairs]


async def _body(receive: Any) -> bytes | None:
    """The whole body, None where it is too large."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        if not message.get("more_body"):
            return body


async def _answer(send: Any, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    told = [(name.encode(), value.encode()) for name, value in headers]
    told += [(b"content-length", b"%d" % len(body)), (b"cache-control", b"no-store")]
    start = {"type": "http.response.start", "status": int(status)}
    await send({**start, "headers": [*told, *_sealed(_policy("", ()))]})
    await send({"type": "http.response.body", "body": body})


async def _redirect(send: Any, where: str) -> None:
    await _answer(send, HTTPStatus.SEE_OTHER, [("location", where)], b"")


async def _plain(send: Any, status: int, texts: Texts) -> None:
    body = texts(f"refused.{int(status)}").encode()
    await _answer(send, status, [("content-type", "text/plain; charset=utf-8")], body)
