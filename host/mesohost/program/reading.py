"""A file to parsed TOML with lines, or the one fault that keeps it from being read at all."""

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from mesofw.core import errors
from mesohost.program.faults import FileFault, Flaw, placed
from mesohost.program.lines import NESTING_MAX, PARTS_MAX, Lines, find_lines

MAX_BYTES = 256 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_UNQUOTED = re.compile(r"=\s*(-?[0-9][0-9.,]*\s*[^\W\d_%/][^\s\"'#,{}\[\]=]*|[0-9.,]+\s*[%/]\S*)")
_TYPOGRAPHIC = re.compile("[“”„‘’‚«»]")


class Document(msgspec.Struct, frozen=True):
    """A file's tables, as `tomllib` gives them, and its lines."""

    tables: dict[str, Any]
    lines: Lines


def read_bytes(path: str | os.PathLike[str]) -> bytes | FileFault:
    """The bytes of a regular file of at most `MAX_BYTES`."""
    file = os.fspath(path)
    try:
        state = os.stat(file)
        if not stat.S_ISREG(state.st_mode):
            what = "a directory" if stat.S_ISDIR(state.st_mode) else "no regular file"
            return _unreadable(file, what)
        if state.st_size > MAX_BYTES:
            return _too_large(file, state.st_size)
        with Path(file).open("rb") as source:
            return source.read(MAX_BYTES + 1)
    except (OSError, ValueError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
        return _unreadable(file, str(reason).lower())


def parse(data: bytes, file: str) -> Document | FileFault:
    """Parse the bytes of a program file; `file` is the name that messages show."""
    if len(data) > MAX_BYTES:
        return _too_large(file, len(data))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        return _not_utf8(data, wrong.start, file)
    lines = find_lines(text)
    if lines.too_deep:
        allowed = f"up to {PARTS_MAX} parts a key and {NESTING_MAX} levels"
        flaw = Flaw(errors.NOT_TOML, "keys nested too deep", allowed, remedy="nest them less deep")
        return placed(flaw, file, lines.too_deep)
    try:
        return Document(tomllib.loads(text), lines)
    except tomllib.TOMLDecodeError as wrong:
        return _not_toml(text, str(wrong), file)
    except ValueError:
        # tomllib hands a number to int as it is, which refuses thousands of digits.
        found = "a number of thousands of digits"
        return placed(Flaw(errors.NOT_TOML, found, "numbers of up to 18 digits"), file)


def _unreadable(file: str, found: str) -> FileFault:
    return placed(Flaw(errors.UNREADABLE, found, "a program file"), file)


def _too_large(file: str, size: int) -> FileFault:
    return placed(Flaw(errors.TOO_LARGE, f"{size} bytes", f"up to {MAX_BYTES} bytes"), file)


def _not_utf8(data: bytes, position: int, file: str) -> FileFault:
    line = data.count(b"\n", 0, position) + 1
    found = f"byte 0x{data[position]:02X} at position {position}"
    hint = "is it UTF-16?" if data.startswith(_UTF16) else ""
    return placed(Flaw(errors.NOT_UTF8, found, "UTF-8 text", hint), file, line)


def _not_toml(text: str, message: str, file: str) -> FileFault:
    rows = text.replace("\r\n", "\n").split("\n")
    line, column, found = len(rows), len(rows[-1]) + 1, message
    match = _PLACE.fullmatch(message)
    if match:
        found = match[1]
        if match[2]:
            line, column = int(match[2]), int(match[3])
    found = found[:1].lower() + found[1:]
    flaw = Flaw(errors.NOT_TOML, found, "", remedy=_remedy(rows[line - 1]))
    return placed(flaw, file, line, column=column)


def _remedy(row: str) -> str:
    """What to do about what most often is wrong with a line that is not TOML."""
    if _TYPOGRAPHIC.search(row):
        return 'write straight quotes: "'
    unquoted = _UNQUOTED.search(row)
    if unquoted:
        return f'write the quantity in quotes: "{unquoted[1].strip()}"'
    return ""
