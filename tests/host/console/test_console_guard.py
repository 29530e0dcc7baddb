"""Who is let in: from this computer, from the console's own pages, logged in, with the role."""

import asyncio
import contextlib
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from mesohost.console.guard import MAX_BODY_BYTES, Guard, cookie_name
from mesohost.console.logins import IDLE_S, Logins

PORT = 8642
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


async def page(request: Request) -> HTMLResponse:
    return HTMLResponse(f"<script>1</script>{request.scope['state']['login']}")


async def taken(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await socket.send_text(await socket.receive_text())


class House:
    def __init__(self) -> None:
        self.clock = Clock()
        self.logins = Logins(self.clock)
        app = Starlette(routes=[
            Route("/", page), Route("/login", page, methods=["GET", "POST"]), Route("/bench", page),
            Route("/taken", taken, methods=["POST"]), WebSocketRoute("/_nicegui_ws/", echo),
        ])  # fmt: skip
        self.guard = Guard(app, self.logins, PORT)

    def ask(self, path: str, method: str = "GET", role: str = "", **more: Any) -> httpx.Response:
        headers = {"host": HOST, "origin": ORIGIN} | more.pop("headers", {})
        if role:
            token = self.logins.open(1, "Ana", role, "en")
            headers["cookie"] = f"other=1; {cookie_name(PORT)}={token}"

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.guard)
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
                return await client.request(method, path, headers=headers, **more)

        return asyncio.run(asked())


@pytest.fixture
def house() -> House:
    return House()


def test_who_is_not_logged_in_is_sent_to_the_login(house):
    answer = house.ask("/")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/"
    assert house.ask("/login").status_code == 200
    assert house.ask("/taken", "POST").status_code == 403


def test_who_is_logged_in_sees_the_page(house):
    answer = house.ask("/", role="operator")
    assert answer.status_code == 200
    assert "Ana" in answer.text


def test_a_role_is_asked_for(house):
    assert house.ask("/bench", role="operator").status_code == 403
    assert house.ask("/bench/doctor", role="operator").status_code == 403
    assert house.ask("/bench", role="engineer").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8642", "127.0.0.1", ""])
def test_another_host_is_refused(house, host):
    assert house.ask("/login", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:9"])
def test_a_forged_origin_changes_nothing(house, origin):
    answer = house.ask("/taken", "POST", "operator", headers={"origin": origin})
    assert answer.status_code == 403
    assert "Refused" in answer.text


@pytest.mark.parametrize(
    "path", ["/a/../b", "/..", "/a\\b", "//evil.example", "/a\0b", "/a\nb", "/" + "x" * 3_000]
)
def test_odd_paths_are_refused(house, path):
    """As they come in when a client does not tidy them up."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in logged_in(house).items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": raw, "query_string": b""}
    asyncio.run(house.guard(scope, receive, send))
    assert sent[0]["status"] == 400


def test_a_body_is_limited(house):
    most = b"x" * MAX_BODY_BYTES
    assert house.ask("/taken", "POST", "operator", content=most).text == str(MAX_BODY_BYTES)
    assert house.ask("/taken", "POST", "operator", content=most + b"x").status_code == 413


def test_only_scripts_that_the_console_sent_run(house):
    answer = house.ask("/", role="operator")
    policy = answer.headers["content-security-policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'<script nonce="{nonce}">' in answer.text
    assert "script-src 'self' 'nonce-" in policy
    assert "frame-ancestors 'none'" in policy
    assert nonce not in house.ask("/", role="operator").headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cache-control"] == "no-store"


def test_a_refusal_speaks_the_browsers_language(house):
    answer = house.ask("/taken", "POST", headers={"accept-language": "fr", "origin": "null"})
    assert answer.text.startswith("Refusé")


def socket(house: House, headers: dict[str, str], sent: list[str]) -> list[dict[str, Any]]:
    """What the guard sends on a websocket on which these texts come in; an empty one is a pause in
    which the login grows old."""
    waiting = [{"type": "websocket.connect"}]
    waiting += [{"type": "websocket.receive", "text": text} for text in sent]
    waiting.append({"type": "websocket.disconnect", "code": 1000})
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        message = waiting.pop(0)
        if message.get("text") == "":
            house.clock.now_s += IDLE_S + 1
            message = waiting.pop(0)
        return message

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "websocket", "path": "/_nicegui_ws/", "headers": raw, "query_string": b"",
             "subprotocols": []}  # fmt: skip
    asyncio.run(house.guard(scope, receive, send))
    return answers


def logged_in(house: House) -> dict[str, str]:
    token = house.logins.open(1, "Ana", "operator", "en")
    return {"host": HOST, "origin": ORIGIN, "cookie": f"{cookie_name(PORT)}={token}"}


def test_a_websocket_of_who_is_logged_in_is_let_in(house):
    answers = socket(house, logged_in(house), ["hello"])
    assert [one["type"] for one in answers] == ["websocket.accept", "websocket.send"]


@pytest.mark.parametrize("change", [{"cookie": ""}, {"origin": "http://evil.example"},
                                    {"origin": "null"}, {"host": "evil.example"}])  # fmt: skip
def test_any_other_websocket_is_closed(house, change):
    answers = socket(house, logged_in(house) | change, ["hello"])
    assert [one["type"] for one in answers] == ["websocket.close"]


def test_a_websocket_ends_with_its_login(house):
    answers = socket(house, logged_in(house), ["first", "", "second"])
    assert [one["type"] for one in answers] == [
        "websocket.accept", "websocket.send", "websocket.close",
    ]  # fmt: skip


def test_the_live_connection_is_a_websocket_only(house):
    assert house.ask("/_nicegui_ws/", role="operator").status_code == 403
