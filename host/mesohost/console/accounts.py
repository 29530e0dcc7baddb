"""Who may log in: names, roles and passwords."""

from typing import NamedTuple

from mesohost.console import passwords
from mesohost.console.logins import ROLES


class Account(NamedTuple):
    """Somebody who may log in."""

    name: str
    role: str
    kept: str


class Accounts:
    def __init__(self) -> None:
        self._held: dict[str, Account] = {}

    def any(self) -> bool:
        return bool(self._held)

    def add(self, name: str, role: str, password: str) -> None:
        assert role in ROLES
        self._held[name.casefold()] = Account(name, role, passwords.hashed(password))

    def check(self, name: str, password: str) -> Account | None:
        account = self._held.get(name.casefold())
        return account if passwords.fits(password, account.kept if account else None) else None
