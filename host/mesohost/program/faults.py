"""What is wrong in a program file, and how it reads.

A `Flaw` is one thing wrong with a value, wherever that stands. A `FileFault` adds file, line and
field path. Paths read as in the file and count from 1: `zones[1].depth` is the first zone's depth.
"""

import datetime
import math
from collections.abc import Iterable

import msgspec

from mesofw.core import errors

_SHOWN_MAX = 60
_PATH_MAX = 80
_NEAR_MAX = 40
_NEAR_ENOUGH = 0.7
_SOFT = "nothing, if it is meant: the gun asks the operator to confirm it"


class Flaw(msgspec.Struct, frozen=True):
    """A core error code with what was found and what is allowed.

    `hint` asks whether something else was meant; `remedy` is what to do where that can be said more
    exactly than core's table does.
    """

    code: int
    found: str
    allowed: str
    hint: str = ""
    remedy: str = ""


class FileFault(msgspec.Struct, frozen=True):
    """One thing wrong in a file, or with `soft` one thing that the operator has to confirm.

    `line` and `column` count from 1; `line` is None where the fault is of the file as a whole,
    `column` where the line is all that is known. `at` is the field path, empty where the file could
    not be parsed. `hint` asks whether something else was meant, `remedy` is what to do.
    """

    file: str
    line: int | None
    column: int | None
    at: str
    code: int
    found: str
    allowed: str
    hint: str
    remedy: str
    soft: bool = False

    @property
    def name(self) -> str:
        """The code's short name, as on the wire."""
        return errors.name(self.code)

    @property
    def cause(self) -> str:
        """What the code means, in the operator's words."""
        return errors.cause(self.code)

    @property
    def place(self) -> str:
        """Where, as editors and terminals link it: `face.toml:23: zones[2].depth`."""
        numbers = [str(number) for number in (self.line, self.column) if number is not None]
        place = ":".join([self.file, *numbers])
        return f"{place}: {self.at}" if self.at else place

    def __str__(self) -> str:
        allowed = f", allowed: {self.allowed}" if self.allowed else ""
        to_do = f"{self.hint} {self.remedy}".strip()
        return f"{self.place}: {self.cause}\n    found: {self.found}{allowed}\n    to do: {to_do}"


def placed(
    flaw: Flaw,
    file: str,
    line: int | None = None,
    at: str = "",
    *,
    column: int | None = None,
    soft: bool = False,
) -> FileFault:
    """A flaw with its place; `soft` makes it a warning."""
    remedy = _SOFT if soft else flaw.remedy or errors.remedy(flaw.code)
    return FileFault(
        file=file,
        line=line,
        column=column,
        at=printable(at, _PATH_MAX),
        code=flaw.code,
        found=flaw.found,
        allowed=flaw.allowed,
        hint=flaw.hint,
        remedy=remedy,
        soft=soft,
    )


def describe(value: object) -> str:
    """A value of a TOML file in one short line, without what could upset a terminal."""
    if isinstance(value, str):
        return f'"{printable(value)}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else "a number of more than 18 digits"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return "a table" if isinstance(value, dict) else "an array"


def printable(text: str, most: int = _SHOWN_MAX) -> str:
    """`text` cut to `most` characters, with those that do not print escaped."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of `known` that `word` was most likely meant to be, or the empty text.

    Blanks and case do not count.
    """
    if len(word) > _NEAR_MAX:
        return ""
    from difflib import get_close_matches  # Only a file with faults pays for it.

    plain = {_plain(name): name for name in known}
    close = get_close_matches(_plain(word), plain, n=1, cutoff=_NEAR_ENOUGH)
    return plain[close[0]] if close else ""


def _plain(word: str) -> str:
    return "".join(word.split()).casefold()
