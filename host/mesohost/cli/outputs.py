"""Files that commands write because they were asked to: checked before long work, told in full."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from mesohost.troubles import FileTrouble


@contextmanager
def writing(path: Path) -> Generator[None]:
    """What writes `path`. Raises FileTrouble where that fails."""
    try:
        yield
    except OSError as error:
        raise _cannot(path, error.strerror or str(error)) from error


def check_writable(path: Path) -> None:
    """Raises FileTrouble where `path` could not be written; nothing is written."""
    folder = path.parent
    if not folder.is_dir():
        raise _cannot(path, f"{folder} is no folder")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise _cannot(path, "permission denied")


def _cannot(path: Path, why: str) -> FileTrouble:
    return FileTrouble(
        f"{path}: cannot be written: {why}", ["check the folder and its permissions"]
    )
