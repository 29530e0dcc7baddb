"""On which line of a TOML text a field stands: a scan of its own, for `tomllib` gives no positions.

The scan knows keys, strings, brackets and comments and trusts the rest to be TOML. It takes any
text in time and memory proportional to its length; what it says of text that is not TOML is void.
It also finds keys nested so deep that `tomllib`, whose cost grows with the square, must not see it.
"""

import re
import tomllib

import msgspec

from mesohost.program.faults import printable

PARTS_MAX = 8
NESTING_MAX = 16
_KEY_MAX = 40
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'{1,2}(?!'))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+|\n|[\[\]{},=.]"
    r"|[^\s\[\]{},=.#\"']++",
    re.DOTALL,
)


class Lines(msgspec.Struct, frozen=True):
    """Lines, from 1, by field path; `too_deep` is the first line nested too deep, or 0."""

    by_path: dict[str, int]
    too_deep: int = 0

    def of(self, at: str) -> int:
        """The line of `at`, or of the nearest table around it that has one; else 1."""
        while at:
            if at in self.by_path:
                return self.by_path[at]
            at = at[: max(at.rfind("."), at.rfind("["), 0)]
        return 1


def key_text(key: str) -> str:
    """A key as paths show it: quoted where it is not bare, cut where it is long."""
    cut = printable(key, _KEY_MAX)
    return cut if _BARE.fullmatch(cut) else f'"{cut}"'


def find_lines(text: str) -> Lines:
    """Scan a whole TOML text."""
    scan = _Scan()
    for match in _TOKEN.finditer(text):
        token = match.group()
        if not token.startswith("#"):
            scan.take(token, text.startswith("[[", match.start()))
            scan.line += token.count("\n")
        if scan.too_deep:
            break
    return Lines(scan.by_path, scan.too_deep)


class _Open(msgspec.Struct):
    """An open bracket inside a value: `{` or `[`, whose path, and which element is being read."""

    bracket: str
    path: str
    number: int = 1


class _Scan:
    """The state between two tokens. `here` is the path of the value being read."""

    def __init__(self) -> None:
        self.by_path: dict[str, int] = {}
        self.too_deep = 0
        self.line = 1
        self._state = self._key
        self._parts: list[str] = []
        self._base = ""
        self._here = ""
        self._open: list[_Open] = []
        self._tables: dict[str, int] = {}
        self._double = False

    def take(self, token: str, double: bool) -> None:
        """The next token; `double` where it begins `[[`."""
        if token == "\n" and not self._open:
            self._expect_key()
        elif token != "\n":
            self._double = self._double or (double and self._state == self._key)
            self._state(token)
        if len(self._parts) > PARTS_MAX or len(self._open) > NESTING_MAX:
            self.too_deep = self.line

    def _expect_key(self) -> None:
        self._state = self._key
        self._parts = []
        self._double = False

    def _key(self, token: str) -> None:
        if token == "[" and not self._open and not self._parts:
            self._state = self._header
        elif token == "=":
            self._here = self._open[-1].path if self._open else self._base
            for part in self._parts:
                self._here = _joined(self._here, part)
                self._note(self._here)
            self._state = self._value
        elif token == "}":
            self._close()
        elif token == ",":
            self._parts = []
        elif token not in ".[]{":
            self._parts.append(_unquoted(token))

    def _header(self, token: str) -> None:
        if token == "]":
            self._enter()
            self._state = self._rest
        elif token not in ".[{},=":
            self._parts.append(_unquoted(token))

    def _enter(self) -> None:
        path = ""
        for index, part in enumerate(self._parts, 1):
            path = _joined(path, part)
            self._note(path)
            if self._double and index == len(self._parts):
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = f"{path}[{self._tables[path]}]"
                self._note(path)
        self._base = path

    def _value(self, token: str) -> None:
        if token == ",":
            self._next()
        elif token in "}]":
            self._close()
        elif token in "[{":
            self._note(self._here)
            self._open.append(_Open(token, self._here))
            self._begin()
        elif token not in ".=":
            self._note(self._here)

    def _rest(self, token: str) -> None:
        """What follows a table's header on its line says nothing."""

    def _next(self) -> None:
        if self._open:
            self._open[-1].number += 1
            self._begin()

    def _begin(self) -> None:
        inner = self._open[-1]
        if inner.bracket == "{":
            self._expect_key()
        else:
            self._here = f"{inner.path}[{inner.number}]"

    def _close(self) -> None:
        if self._open:
            self._open.pop()
        self._state = self._value
        self._parts = []

    def _note(self, path: str) -> None:
        self.by_path.setdefault(path, self.line)


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _unquoted(token: str) -> str:
    if token[0] not in "\"'":
        return key_text(token)
    try:
        return key_text(tomllib.loads(f"key = {token}")["key"])
    except tomllib.TOMLDecodeError:
        return key_text(token)
