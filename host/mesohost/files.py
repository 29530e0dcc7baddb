"""Files that a crash or a full disk leaves whole: created at once, or appended to."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path


def create(path: Path, data: bytes) -> int:
    """Write a whole file durably, in place of what is there; its length. Raises OSError: then what
    was there still is."""
    create_of(path, (data,))
    return len(data)


def create_of(path: Path, parts: Iterable[bytes]) -> None:
    """Like `create`, of parts that are written one by one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.with_name(path.name + ".new")
    try:
        with spare.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        spare.replace(path)
    except BaseException:
        spare.unlink(missing_ok=True)
        raise
    settle(path.parent)


def settle(folder: Path) -> None:
    """Make the names in a folder durable."""
    # Windows opens no folders; there the name is durable with the file.
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
