"""One console for one archive, one for one gun: a lock that its process's end opens, however that
comes."""

import os
import re
from pathlib import Path
from typing import IO

from mesohost.troubles import ArchiveTrouble, PortTrouble, Trouble

_SIZE = 1_024
_NAME = re.compile(r"[^A-Za-z0-9]+")


class Lock:
    """A file that one process at a time holds. What is written into it tells who."""

    def __init__(self, path: Path):
        self.path = path
        self._file: IO[bytes] | None = None

    def take(self, note: str) -> str | None:
        """Take it and leave a note; None, or the note of whoever has it. Raises OSError where the
        file cannot be written."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+b")
        if not _locked(file):
            file.seek(0)
            held = file.read(_SIZE).decode(errors="replace").strip()
            file.close()
            return held
        file.seek(0)
        file.truncate()
        file.write(note.encode())
        file.flush()
        self._file = file
        return None

    def free(self) -> None:
        """Give it back; may be called again."""
        if self._file:
            self._file.close()
            self._file = None


def for_archive(folder: Path, url: str) -> Lock:
    """The lock of an archive's folder. Raises ArchiveTrouble that names the other console."""
    lock = Lock(folder / "console.lock")
    try:
        other = lock.take(url)
    except OSError as error:
        raise ArchiveTrouble(
            f"{folder} cannot be written: {error.strerror}",
            ["check its permissions and that the disk has room", "choose another: --archive DIR"],
        ) from error
    if other is not None:
        raise ArchiveTrouble(
            f"another console works on the archive {folder}",
            [f"use that one: {other}" if other else "use that one", "or end it first"],
        )
    return lock


def for_gun(port: str, folder: Path) -> Lock:
    """The lock of a gun's port. Raises PortTrouble that says so where a console has it."""
    lock = Lock(folder / f"gun-{_NAME.sub('-', port).strip('-')}.lock")
    try:
        other = lock.take(str(os.getpid()))
    except OSError as error:
        raise Trouble(f"{lock.path} cannot be written: {error.strerror}") from error
    if other is not None:
        raise PortTrouble(
            f"{port}: another console talks to this gun (process {other})",
            ["use that one, or end it first", "choose another gun: --port PORT"],
        )
    return lock


if os.name == "nt":
    import msvcrt

    def _locked(file: IO[bytes]) -> bool:
        # Far behind what is written, so that the note can be read.
        file.seek(_SIZE * 1_024)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
