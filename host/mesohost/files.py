"""Files that a crash or a full disk leaves whole: created at once, or appended to."""

import contextlib
import os
from pathlib import Path


def create(path: Path, data: bytes) -> int:
    """Write a whole file durably, in place of what is there; its length. Raises OSError: then what
    was there still is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.with_name(path.name + ".new")
    try:
        with spare.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        spare.replace(path)
    except OSError:
        spare.unlink(missing_ok=True)
        raise
    # Windows opens no folders; there the name is durable with the file.
    with contextlib.suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return len(data)


def replace_tail(path: Path, end: int, data: bytes) -> int:
    """Put `data` in place of everything after the first `end` bytes, durably; the new length.

    Raises OSError: then the first `end` bytes are still there and nothing else.
    """
    with path.open("r+b", buffering=0) as file:
        file.truncate(end)
        file.seek(end)
        view = memoryview(data)
        try:
            while view:
                view = view[file.write(view) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(end)
            raise
    return end + len(data)
