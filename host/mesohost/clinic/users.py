"""Users: who may do what, and whether a password is theirs."""

import datetime
from typing import Literal

import msgspec
import sqlalchemy as sa

from mesohost.archive import Archive
from mesohost.archive.tables import USERS
from mesohost.clinic import bodies, entries
from mesohost.clinic.refusing import ClinicTrouble, NotAllowed

Role = Literal["operator", "engineer"]
ROLES: tuple[Role, ...] = ("operator", "engineer")
NAME_MAX = 64
PASSWORD_MIN = 10


class User(msgspec.Struct, frozen=True):
    """A user. An `approver` decides which protocols and limits the clinic works by."""

    id: int
    name: str
    role: Role
    approver: bool
    active: bool


def add(
    archive: Archive,
    name: str,
    role: Role,
    password: str,
    *,
    approver: bool = False,
    by: int | None = None,
    at: datetime.datetime | None = None,
) -> User:
    """Add a user; without `by` the entry is the new user's own. Raises ClinicTrouble for a name
    that is taken or empty, an unknown role, or a password that is too short."""
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MAX or not name.isprintable():
        raise ClinicTrouble(f"a user's name has 1 to {NAME_MAX} characters")
    if role not in ROLES:
        raise ClinicTrouble(f"there is no role {role!r}", [f"name one: {' or '.join(ROLES)}"])
    row = {"name": name, "role": role, "approver": approver, "active": True}
    hashed = _hashed(password)
    _ = archive.id  # makes the archive where there is none
    with archive.database.writing() as connection:
        same = sa.select(USERS.c.id).where(sa.func.lower(USERS.c.name) == name.lower())
        if connection.execute(same).first():
            raise ClinicTrouble(f"there is a user {name} already", ["choose another name"])
        connection.execute(sa.insert(USERS), [{**row, "hash": hashed}])
        made = _one(connection, name)
        _noted(connection, made, "added", by or made.id, at)
    return made


def everyone(archive: Archive) -> list[User]:
    """All users, those who left too, by name."""
    if not archive.open():
        return []
    with archive.database.reading() as connection:
        return [_user(row) for row in connection.execute(sa.select(USERS).order_by(USERS.c.name))]


def named(archive: Archive, name: str) -> User:
    """The user of a name. Raises ClinicTrouble where there is none."""
    found = [user for user in everyone(archive) if user.name.lower() == name.strip().lower()]
    if not found:
        raise ClinicTrouble(f"there is no user {name!r}", ["add one: mesogun user add NAME"])
    return found[0]


def of_id(archive: Archive, number: int) -> User:
    """The user of an id. Raises ClinicTrouble where there is none."""
    found = [user for user in everyone(archive) if user.id == number]
    if not found:
        raise ClinicTrouble(f"there is no user {number}")
    return found[0]


def log_in(archive: Archive, name: str, password: str) -> User | None:
    """The user whose name and password these are; None where they are nobody's, or of one who
    left. It takes as long for a name that nobody has."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    user, kept = None, _NOBODYS
    if archive.open():
        with archive.database.reading() as connection:
            wanted = sa.select(USERS).where(sa.func.lower(USERS.c.name) == name.strip().lower())
            row = connection.execute(wanted).first()
            if row is not None and row.active:
                user, kept = _user(row), row.hash
    try:
        PasswordHasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return None
    return user


def set_password(
    archive: Archive, name: str, password: str, *, by: int, at: datetime.datetime | None = None
) -> User:
    """Give a user another password. Raises ClinicTrouble."""
    return _changed(archive, name, {"hash": _hashed(password)}, "password", by, at)


def set_active(
    archive: Archive, name: str, active: bool, *, by: int, at: datetime.datetime | None = None
) -> User:
    """Let a user in again, or no longer. Raises ClinicTrouble."""
    what = "active" if active else "inactive"
    return _changed(archive, name, {"active": active}, what, by, at)


def set_role(
    archive: Archive,
    name: str,
    role: Role,
    approver: bool,
    *,
    by: int,
    at: datetime.datetime | None = None,
) -> User:
    """Change what a user may do. Raises ClinicTrouble."""
    return _changed(archive, name, {"role": role, "approver": approver}, "role", by, at)


def approver(archive: Archive, number: int) -> User:
    """The user of an id, who may approve. Raises NotAllowed."""
    user = of_id(archive, number)
    if not (user.approver and user.active):
        raise NotAllowed(
            f"{user.name} may not approve protocols and limits",
            ["ask somebody who may: mesogun user list"],
        )
    return user


def _changed(
    archive: Archive,
    name: str,
    values: dict[str, object],
    what: str,
    by: int,
    at: datetime.datetime | None,
) -> User:
    user = named(archive, name)
    with archive.database.writing() as connection:
        connection.execute(sa.update(USERS).where(USERS.c.id == user.id).values(values))
        changed = _one(connection, user.name)
        _noted(connection, changed, what, by, at)
    return changed


def _noted(
    connection: sa.Connection, user: User, what: str, by: int, at: datetime.datetime | None
) -> None:
    told = bodies.User(name=user.name, role=user.role, approver=user.approver, what=what)
    entries.put(connection, by, told, at=at)


def _one(connection: sa.Connection, name: str) -> User:
    return _user(connection.execute(sa.select(USERS).where(USERS.c.name == name)).one())


def _user(row: object) -> User:
    return msgspec.convert(row, User, from_attributes=True)


def _hashed(password: str) -> str:
    from argon2 import PasswordHasher  # Only who sets or checks a password pays for it.

    if len(password) < PASSWORD_MIN:
        raise ClinicTrouble(f"a password has at least {PASSWORD_MIN} characters")
    return PasswordHasher().hash(password)


# The hash of a text that nobody has: what a name without a user is compared with.
_NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA"
    "$MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"
)
