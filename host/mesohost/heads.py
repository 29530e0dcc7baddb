"""Heads of a gun's log: what the gun said its newest record's chain link was, each time it was
pulled.

An unkeyed chain shows accidents; whoever writes all of it anew is shown only by a head that was
noted before. So heads stand in a file of their own beside the records, and are only ever appended.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from mesofw.core import records as core
from mesohost import files
from mesohost.archive import Held
from mesohost.troubles import ArchiveTrouble

_core: Any = core


class Head(msgspec.Struct, frozen=True):
    """The chain link (32 hex digits) of record `number`, as the gun told it."""

    number: int
    head: str


def beside(log: Path) -> Path:
    """The file of heads that goes with a file of records."""
    return log.with_suffix(".heads")


def read(log: Path) -> list[Head]:
    """The heads noted for a file of records, in order; a torn last line is passed over. Raises
    ArchiveTrouble for any other line that is none."""
    path = beside(log)
    try:
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    except OSError as error:
        raise ArchiveTrouble(f"{path}: cannot be read: {error.strerror or error}") from error
    heads: list[Head] = []
    for number, line in enumerate(lines, 1):
        if not line.endswith(b"\n"):
            break
        try:
            heads.append(msgspec.json.decode(line, type=Head))
        except (msgspec.DecodeError, UnicodeError) as error:
            raise ArchiveTrouble(
                f"{path}: line {number} is damaged", ["restore this file from a backup"]
            ) from error
    return heads


def note(log: Path, head: Head) -> None:
    """Append a head, durably, unless it is the last one there. Raises ArchiveTrouble."""
    known = read(log)
    if known and known[-1] == head:
        return
    path = beside(log)
    whole = b"".join(msgspec.json.encode(one) + b"\n" for one in known)
    try:
        if not path.exists():
            files.create(path, b"")
        files.replace_tail(path, len(whole), msgspec.json.encode(head) + b"\n")
    except OSError as error:
        raise ArchiveTrouble(
            f"{path}: cannot be written: {error.strerror or error}",
            ["check its permissions and the free space"],
        ) from error


def contradicted(heads: Iterable[Head], held: Iterable[Held]) -> list[Head]:
    """Those heads whose record is held with another chain link."""
    wanted = {head.number: head for head in heads}
    return [
        wanted[one.number]
        for one in held
        if one.number in wanted and _core.digest(one.raw).hex() != wanted[one.number].head
    ]
