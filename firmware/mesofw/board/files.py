"""The door's files on a mounted file system: littlefs on the Pico's flash."""

import os


class Files:
    """Files in one folder, as `core.duties.Board` asks for them.

    Writing to flash stops Python for tens of milliseconds, so `core` writes with the needle out
    only.
    """

    def __init__(self, folder: str):
        self._folder = folder.rstrip("/") + "/"

    def open(self, name: str, mode: str):
        """Open a file ("rb", "wb", "ab", "r+b"); what is written is durable at `close`. Raises
        OSError."""
        return open(self._folder + name, mode)

    def remove(self, name: str) -> None:
        """Remove a file. Raises OSError where there is none."""
        os.remove(self._folder + name)

    def list(self) -> list:
        """(name, bytes) of every file."""
        entries = os.ilistdir(self._folder)  # pyright: ignore[reportAttributeAccessIssue]
        return [(entry[0], entry[3]) for entry in entries]

    def free_bytes(self) -> int:
        """Bytes free for files."""
        stat = os.statvfs(self._folder)
        return stat[0] * stat[3]
