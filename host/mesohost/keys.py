"""The engineer's key on the computer's side: a file, and the answer to a gun's challenge.

The key stands in a file that only its owner may read. It is never printed or logged, and sent once
only, to a board that has none (`flashing`): what goes over the wire is an HMAC over the gun's
challenge and the change that is asked for.
"""

import binascii
import contextlib
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import Any

from mesofw.core import keyed
from mesohost.troubles import FileTrouble

_keyed: Any = keyed
KEY_BYTES: int = keyed.KEY_BYTES


class KeyFile:
    """A key, read from its file. Its text never shows it."""

    def __init__(self, path: Path):
        """Raises FileTrouble where there is no key, or others may read it."""
        self._path = path
        try:
            with path.open("rb") as file:
                open_to = stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077
                text = file.read(4 * KEY_BYTES)
        except OSError as error:
            raise FileTrouble(
                f"{path}: the key cannot be read: {error.strerror or error}",
                ["name the engineer's key: --key FILE"],
            ) from error
        if open_to and os.name == "posix":
            raise FileTrouble(
                f"{path}: others may read this key", [f"make it yours alone: chmod 600 {path}"]
            )
        try:
            self._key = binascii.unhexlify(text.strip())
        except ValueError:
            self._key = b""
        if len(self._key) != KEY_BYTES:
            raise FileTrouble(
                f"{path}: this is no key: a key is {2 * KEY_BYTES} hex digits",
                ["name the engineer's key: --key FILE"],
            )

    def __repr__(self) -> str:
        return f"KeyFile({str(self._path)!r})"

    def text(self) -> bytes:
        """The key as a gun stores it: 64 hex digits. For a new gun, over a cable, only."""
        return binascii.hexlify(self._key)

    def answer(self, challenge: str, request: str, change: str = "") -> str:
        """The HMAC-SHA256 (64 hex digits) that lets a gun carry out `request` with this change;
        see `mesofw.core.keyed.signed`."""
        message = _keyed.signed(challenge, request, change)
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def create(path: Path) -> None:
    """Write a new random key into a new file that only its owner may read. Raises FileTrouble where
    the file is there already or cannot be written."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise FileTrouble(
            f"{path}: there is a file already; it was left as it is", ["name another file"]
        ) from error
    except OSError as error:
        raise FileTrouble(f"{path}: cannot be written: {error.strerror or error}") from error
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(KEY_BYTES).encode() + b"\n")
        file.flush()
        # Some file systems cannot be told to be durable.
        with contextlib.suppress(OSError):
            os.fsync(file.fileno())
