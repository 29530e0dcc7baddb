"""Where rows are measured: a folder of their own, and what several of them share, made once."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

_Made = TypeVar("_Made")


class Place:
    """A folder and a stack of things to be closed, both gone at the end."""

    def __init__(self, stack: ExitStack, folder: Path):
        self.stack = stack
        self.folder = folder
        self._made: dict[Callable[..., Any], Any] = {}

    def fresh(self) -> Path:
        """A new empty folder."""
        return Path(mkdtemp(dir=self.folder))

    def once(self, make: "Callable[[Place], _Made]") -> _Made:
        """What `make(place)` gives; made by the first row that asks for it."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]
