"""What all pages of one console share, and who asks."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from starlette.requests import Request

from mesohost.archive import Archive
from mesohost.clinic import bodies, drafts, patients, protocols, users
from mesohost.clinic.entries import Entry
from mesohost.console import pulling
from mesohost.console.catalogue import Texts, speak
from mesohost.console.guided import Guided
from mesohost.console.logins import Login, Logins, Tries
from mesohost.console.service import GunService, Live
from mesohost.console.virtual import VirtualGun
from mesohost.gun import Gun
from mesohost.keys import KeyFile
from mesohost.program import Program
from mesohost.troubles import ArchiveTrouble, ClinicTrouble, RecordsBroken

LOOPBACK = "127.0.0.1"
_ROLES: dict[str, users.Role] = {role: role for role in users.ROLES}
_TRAINING = "protocols/training-face.toml"


@dataclass
class House:
    """One console: its archive, its port, its gun. `virtual` is the virtual gun of training, None
    otherwise; `key` is the engineer's, where it was named; `guided` is the calibration that is
    under way; `setup_code` lets whoever started the console make the first user."""

    archive: Archive
    port: int
    opened: Callable[[], Gun]
    virtual: VirtualGun | None = None
    key: KeyFile | None = None
    guided: Guided | None = None
    logins: Logins = field(default_factory=Logins)
    tries: Tries = field(default_factory=Tries)
    kept_trouble: str = ""
    pulled_count: int = 0
    _program: tuple[str, Program | None] = ("", None)
    setup_code: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    def __post_init__(self) -> None:
        self.service = GunService(self.opened, self.gun_is_idle)

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
        if self.training or users.everyone(self.archive):
            return self.url
        return f"{self.url}setup?code={self.setup_code}"

    def program_of(self, live: Live) -> Program | None:
        """The program that the gun holds, where it was loaded from here."""
        sha256 = live.program.sha256 if live.program else ""
        if sha256 != self._program[0]:
            try:
                kept = patients.kept_program(self.archive, sha256) if sha256 else None
            except ArchiveTrouble:
                return None  # what the gun does can be seen all the same
            self._program = (sha256, kept.program if kept else None)
        return self._program[1]

    def may_approve(self, login: Login) -> bool:
        """Whether who is logged in may approve protocols."""
        return users.of_id(self.archive, login.user_id).approver

    def trainee(self, role: str) -> users.User | None:
        """In training: who practises in a role, made at the first call, with a short protocol that
        is approved; None for a role that there is not."""
        known = _ROLES.get(role)
        if known is None:
            return None
        name = f"trainee-{known}"
        everyone = users.everyone(self.archive)
        for user in everyone:
            if user.name == name:
                return user
        # Nobody logs in by it: in training a click is enough.
        password = secrets.token_urlsafe(16)
        made = users.add(self.archive, name, known, password, approver=True)
        if not everyone:
            text = (resources.files("mesohost.console") / _TRAINING).read_text("utf-8")
            version = protocols.add(self.archive, text, by=made.id, file=_TRAINING)
            protocols.approve(self.archive, version, by=made.id)
            threading.Thread(target=self.take_drafts, args=(made.id,), daemon=True).start()
        return made

    def take_drafts(self, user_id: int) -> None:
        """The examples into the library, as drafts, where they are not there yet."""
        for name, text in drafts.texts():
            protocols.add(self.archive, text, by=user_id, file=name, author=drafts.AUTHOR)

    def session_of(self, live: Live) -> Entry[bodies.Session] | None:
        """The open session of the program that the gun holds, where it was prepared here."""
        return pulling.of_program(self.archive, live.program.sha256) if live.program else None

    def gun_is_idle(self, gun: Gun) -> bool:
        """The gun has time for its log; called by the service. Whether all was brought that can be
        brought: the gun keeps what is not acknowledged."""
        try:
            pulling.bring(gun, self.archive)
        except (ArchiveTrouble, RecordsBroken, ClinicTrouble) as trouble:
            self.kept_trouble = str(trouble)
            return not isinstance(trouble, ArchiveTrouble)
        self.kept_trouble = ""
        self.pulled_count += 1
        return True

    @property
    def folder(self) -> Path:
        """The archive's folder, where the console keeps what is not yet in the archive."""
        return self.archive.folder

    def picture(self, sha256: str) -> Path:
        """Where the picture of a program's rehearsal is."""
        return self.folder / "page" / f"{sha256}.svg"


def login_of(request: Request) -> Login:
    """Who asks; the guard has let nobody else in."""
    login: Login | None = request.scope["state"]["login"]
    if login is None:
        raise PermissionError("nobody is logged in")
    return login


def texts_of(request: Request) -> Texts:
    """The texts in the language of who asks."""
    return speak(login_of(request).language)
