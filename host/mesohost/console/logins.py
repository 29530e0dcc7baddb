"""Who is logged in, for how long, and how often a password may be tried."""

import hashlib
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

OPERATOR, ENGINEER = "operator", "engineer"
# A session ends when nobody touched the page for so long, and after a working day in any case.
IDLE_S = 60 * 60
WHOLE_S = 12 * 60 * 60
# So many wrong passwords a name, and of all names, are taken within this time.
WINDOW_S = 5 * 60
TRIES_A_NAME = 5
TRIES_ALL = 40
_NAMES_MAX = 1_000


@dataclass
class Login:
    """One person logged in: `user_id` as the archive knows them. `language` is how the pages speak
    to this person."""

    user_id: int
    user: str
    role: str
    language: str
    began_s: float
    seen_s: float


class Logins:
    """All who are logged in; `now_s` is a clock that only goes forward."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic):
        self._now_s = now_s
        self._held: dict[str, Login] = {}

    def open(self, user_id: int, user: str, role: str, language: str) -> str:
        """Log somebody in; the token that the browser keeps."""
        self._forget()
        token = secrets.token_urlsafe(32)
        now_s = self._now_s()
        self._held[_digest(token)] = Login(user_id, user, role, language, now_s, now_s)
        return token

    def of(self, token: str, touched: bool = True) -> Login | None:
        """Who holds a token, None where nobody (any more). `touched`: this is a sign of life."""
        login = self._held.get(_digest(token))
        if login is None or self._over(login):
            return None
        if touched:
            login.seen_s = self._now_s()
        return login

    def stands(self, login: Login) -> bool:
        """Whether a login is still in force; looking is no sign of life."""
        held = any(one is login for one in self._held.values())
        return held and not self._over(login)

    def close(self, token: str) -> None:
        """Log out; may be called again."""
        self._held.pop(_digest(token), None)

    def _over(self, login: Login) -> bool:
        now_s = self._now_s()
        return now_s - login.seen_s > IDLE_S or now_s - login.began_s > WHOLE_S

    def _forget(self) -> None:
        self._held = {key: login for key, login in self._held.items() if not self._over(login)}


class Tries:
    """Wrong passwords of late, by name and in all."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic):
        self._now_s = now_s
        self._all: deque[float] = deque()
        self._named: defaultdict[str, deque[float]] = defaultdict(deque)

    def wait_s(self, name: str) -> int:
        """How long this name has to wait before it may try again; 0: it may now."""
        named = self._named.get(name.casefold(), deque[float]())
        return max(self._wait_s(named, TRIES_A_NAME), self._wait_s(self._all, TRIES_ALL))

    def failed(self, name: str) -> None:
        """Note a wrong password."""
        if len(self._named) > _NAMES_MAX:
            self._named.clear()
        for tried in (self._all, self._named[name.casefold()]):
            tried.append(self._now_s())

    def passed(self, name: str) -> None:
        """Note a right one: what this name tried before counts no more."""
        self._named.pop(name.casefold(), None)

    def _wait_s(self, tried: deque[float], most: int) -> int:
        now_s = self._now_s()
        while tried and now_s - tried[0] >= WINDOW_S:
            tried.popleft()
        return 0 if len(tried) < most else int(tried[-most] + WINDOW_S - now_s) + 1


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
