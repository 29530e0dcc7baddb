"""A gun's log, out of the archive or from a file, read for a report: damage is noted, not fatal.

The archive itself refuses a damaged file. A report has to be made of such a file too, and of one
that was renamed or copied elsewhere.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from mesohost import records
from mesohost.archive import FORMAT, Header, Held
from mesohost.report.chain import is_whole
from mesohost.troubles import ArchiveTrouble

if TYPE_CHECKING:
    from mesohost.archive import GunLog

_SHOWN_MAX = 3
_LATEST_MS = 1 << 42  # in the year 2109


class NotALog(ArchiveTrouble):
    """The file is no gun's log, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Log:
    """What a log file holds, in the order of its lines. `header` is None where that is damaged.

    `damage` says in words which lines cannot be believed; those of no use at all are left out.
    `torn` is whether the last line is half-written, as a crash leaves it; it is left out too.
    """

    header: Header | None
    held: tuple[Held, ...]
    damage: tuple[str, ...]
    torn: bool


def log_of(log: "GunLog") -> Log:
    """A gun's log in the archive. Raises ArchiveTrouble."""
    return Log(log.header, tuple(log.records()), (), torn=False)


def read_log(path: Path) -> Log:
    """Read a gun's log. Raises NotALog."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotALog(
            f"{path}: cannot be read: {error.strerror or error}",
            ["check its name and permissions", "pull the gun's log: mesogun pull"],
        ) from error
    return parse_log(data, str(path))


def parse_log(data: bytes, name: str) -> Log:
    """Like `read_log`, of a file's bytes; `name` is what messages call it."""
    lines = data.split(b"\n")
    torn = bool(lines.pop())
    header = _header(lines[0], name) if lines else None
    held: list[Held] = []
    damage: list[str] = []
    for number, line in enumerate(lines[1:], 2):
        one, wrong = _held(line)
        if one:
            held.append(one)
        if wrong:
            damage.append(f"line {number}: {wrong}")
    if header is None and not held:
        raise NotALog(
            f"{name}: this is no gun's log",
            ["name an exported log, BOARD.jsonl", "pull the gun's log: mesogun pull"],
        )
    if header is None:
        damage.insert(0, "line 1: the log's head is damaged, so it is not known which gun this was")
    return Log(header, tuple(held), tuple(damage), torn)


def _header(line: bytes, name: str) -> Header | None:
    try:
        header = msgspec.json.decode(line, type=Header)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    if header.format > FORMAT:
        raise NotALog(
            f"{name}: written by a newer mesogun (format {header.format}; this one knows up to "
            f"{FORMAT})",
            ["update this one: pip install -U mesogun"],
        )
    return header


def _held(line: bytes) -> tuple[Held | None, str]:
    """The record in a line, and what is wrong with it. What counts are its raw bytes."""
    try:
        fields: Any = msgspec.json.decode(line)
        raw = bytes.fromhex(fields["raw"])
        record = records.decode(raw)
    except (msgspec.DecodeError, ValueError, TypeError, KeyError, RecursionError):
        return None, "it holds no record that can be read"
    number, unix_ms = fields.get("number"), fields.get("unix_ms")
    held = Held(
        number=number if type(number) is int else record.number,
        record=record,
        raw=raw,
        unix_ms=unix_ms if type(unix_ms) is int and 0 < unix_ms < _LATEST_MS else None,
    )
    if not is_whole(held):
        return held, ""  # the chain's check says so, by its number
    names = [name for name in record.__struct_fields__ if fields.get(name) != getattr(record, name)]
    if not names:
        return held, ""
    more = "" if len(names) <= _SHOWN_MAX else f" and {len(names) - _SHOWN_MAX} more"
    shown = ", ".join(names[:_SHOWN_MAX])
    return held, f"its text and its bytes differ ({shown}{more}); the bytes count"
