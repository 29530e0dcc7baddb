"""What all pages of one console share, and who asks."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request

from mesohost.console.accounts import Accounts
from mesohost.console.catalogue import Texts, speak
from mesohost.console.logins import Login, Logins, Tries
from mesohost.console.service import GunService, Live
from mesohost.console.virtual import VirtualGun
from mesohost.program import Program

LOOPBACK = "127.0.0.1"


@dataclass
class House:
    """One console: its archive's folder, its port, its gun. `virtual` is the virtual gun of
    training, None otherwise; `setup_code` lets whoever started the console make the first user."""

    folder: Path
    port: int
    service: GunService
    accounts: Accounts
    virtual: VirtualGun | None = None
    programs: dict[str, Program] = field(default_factory=dict[str, Program])
    logins: Logins = field(default_factory=Logins)
    tries: Tries = field(default_factory=Tries)
    kept_trouble: str = ""
    setup_code: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def training(self) -> bool:
        """Whether all this is practice."""
        return self.virtual is not None

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://{LOOPBACK}:{self.port}/"

    @property
    def entrance(self) -> str:
        """Where the browser is sent first: where nobody has an account yet, to make one."""
        if self.training or self.accounts.any():
            return self.url
        return f"{self.url}setup?code={self.setup_code}"

    def program_of(self, live: Live) -> Program | None:
        """The program that the gun holds, where it was loaded from here."""
        return self.programs.get(live.program.sha256) if live.program else None


def login_of(request: Request) -> Login:
    """Who asks; the guard has let nobody else in."""
    login: Login | None = request.scope["state"]["login"]
    if login is None:
        raise PermissionError("nobody is logged in")
    return login


def texts_of(request: Request) -> Texts:
    """The texts in the language of who asks."""
    return speak(login_of(request).language)
