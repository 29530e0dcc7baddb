"""Journal memory and files of the virtual gun, both of which can lose power in mid-write.

`Power` counts the bytes that are written; when its budget is spent the rest of the write is lost
and `PowerLost` ends the firmware. Files behave as littlefs does: what was written is there after
`close`.
"""

import errno
from typing import Literal

FRAM_BYTES = 32_768
FLASH_BYTES = 1_441_792


class PowerLost(BaseException):
    """The supply went away; no handler of the firmware's own sees it."""


class Power:
    """A budget of bytes that may still be written; None for no end."""

    def __init__(self) -> None:
        self.budget: int | None = None

    def spend(self, count: int) -> int:
        """How many of `count` bytes are still written."""
        if self.budget is None:
            return count
        kept = min(count, self.budget)
        self.budget -= kept
        return kept


class Fram:
    """Journal memory, written byte after byte. While it `fails` it does not answer: nothing is
    kept, and what is read is all ones."""

    def __init__(self, power: Power):
        self.data = bytearray(FRAM_BYTES)
        self.fails = False
        self._power = power

    def read(self, address: int, buffer: bytearray | memoryview) -> None:
        """Fill `buffer` from `address`."""
        if self.fails:
            buffer[:] = b"\xff" * len(buffer)
        else:
            buffer[:] = self.data[address : address + len(buffer)]

    def write(self, address: int, data: bytes | memoryview) -> None:
        """Write, or as much as power lasts. Raises PowerLost."""
        if self.fails:
            return
        kept = self._power.spend(len(data))
        self.data[address : address + kept] = data[:kept]
        if kept < len(data):
            raise PowerLost


class Files:
    """A flat folder of files in memory. While it `fails`, nothing can be written."""

    def __init__(self, power: Power):
        self.held: dict[str, bytes] = {}
        self.fails = False
        self._power = power

    def open(self, name: str, mode: str) -> "File":
        """Open a file in mode rb, wb, ab or r+b. Raises OSError."""
        if mode in ("rb", "r+b") and name not in self.held:
            raise OSError(errno.ENOENT, name)
        kept = b"" if mode == "wb" else self.held.get(name, b"")
        if mode == "wb":
            self.held[name] = b""
        return File(self, name, kept, mode)

    def commit(self, name: str, data: bytes, written: int) -> None:
        """A file was closed after `written` bytes: it is whole, or as before where power failed."""
        if self.fails:
            raise OSError(errno.EIO, name)
        if self._power.spend(written) < written:
            raise PowerLost
        if (
            sum(map(len, self.held.values())) - len(self.held.get(name, b"")) + len(data)
            > FLASH_BYTES
        ):
            raise OSError(errno.ENOSPC, name)
        self.held[name] = data

    def remove(self, name: str) -> None:
        """Remove a file. Raises OSError."""
        if self.held.pop(name, None) is None:
            raise OSError(errno.ENOENT, name)

    def free_bytes(self) -> int:
        """Bytes that still fit."""
        return FLASH_BYTES - sum(map(len, self.held.values()))


class File:
    """One open file."""

    def __init__(self, files: Files, name: str, data: bytes, mode: str):
        self._files = files
        self._name = name
        self._reads: Literal[True] | bytearray = True if mode == "rb" else bytearray(data)
        self._data = data
        self._at = len(data) if mode == "ab" else 0
        self._written = 0

    def seek(self, offset: int) -> None:
        """Go to a byte; beyond the end, zeros fill the gap once something is written."""
        self._at = offset

    def readinto(self, buffer: bytearray | memoryview) -> int:
        """Read at most `len(buffer)` bytes; how many."""
        source = self._data if self._reads is True else self._reads
        part = source[self._at : self._at + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def write(self, data: bytes | memoryview) -> int:
        """Write at the present place. Raises OSError on a file opened to be read."""
        if self._reads is True:
            raise OSError(errno.EBADF, self._name)
        held = self._reads
        if self._at > len(held):
            held.extend(bytes(self._at - len(held)))
        held[self._at : self._at + len(data)] = data
        self._at += len(data)
        self._written += len(data)
        return len(data)

    def close(self) -> None:
        """What was written is kept from now on. Raises OSError, PowerLost."""
        if self._reads is not True and self._written:
            written, self._written = self._written, 0
            self._files.commit(self._name, bytes(self._reads), written)
