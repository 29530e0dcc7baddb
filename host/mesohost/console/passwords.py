"""Passwords: kept as argon2 hashes, of a length that holds."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 10
MOST = 200


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def hashed(password: str) -> str:
    """A password as it is kept."""
    return _hasher().hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password that is kept. As long for a name that nobody has (None), so that
    the time does not tell which names there are."""
    try:
        return _hasher().verify(kept or _nobody(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
