"""The exchange format: a file of one gun's records, `BOARD.jsonl`, and one of its heads beside it.

The first line is the log's header; each further line is a record: number, decoded fields, and
`raw`, its 96 bytes in hex, which alone count when it is read. `BOARD.heads` holds what the gun said
its newest record's chain link was, a line for each time that it was pulled.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from mesohost import files, records
from mesohost.archive.held import FORMAT, Header, Held
from mesohost.heads import Head
from mesohost.troubles import ArchiveTrouble

SUFFIX = ".jsonl"
_HEADER_MAX = 65_536


class LogFile(msgspec.Struct):
    """A file of records, of which the header has been read. `end` is where its last whole line
    ends; `torn_bytes` stand behind that, as a crash leaves them."""

    path: Path
    header: Header
    end: int
    torn_bytes: int

    def records(self) -> Iterator[Held]:
        """All records in the order of their lines. Raises ArchiveTrouble."""
        with self.path.open("rb") as file:
            left = self.end - len(file.readline())
            for number, line in enumerate(file, 2):
                left -= len(line)
                if left < 0:
                    return
                held = parse(line)
                if held is None:
                    raise _broken(self.path, f"line {number}")
                yield held

    def heads(self) -> list[Head]:
        """The heads that go with it; a torn last line is passed over. Raises ArchiveTrouble."""
        return read_heads(self.path)


class _Line(msgspec.Struct):
    number: int
    raw: str
    unix_ms: int | None = None
    trouble: str = ""


def opened(path: Path) -> LogFile:
    """A file of records, its header checked. Raises ArchiveTrouble where it is none."""
    try:
        with path.open("rb") as file:
            first = file.readline(_HEADER_MAX)
            size = file.seek(0, os.SEEK_END)
            end = _last_line_end(file.fileno(), size)
    except OSError as error:
        raise ArchiveTrouble(
            f"{path}: cannot be read: {error.strerror or error}",
            ["check its name and permissions", "write one: mesogun archive export"],
        ) from error
    header = _decoded(first, Header)
    if header is None:
        raise _broken(path, "its first line")
    if header.format > FORMAT:
        raise ArchiveTrouble(
            f"{path}: written by a newer mesogun (format {header.format}; this one knows up to "
            f"{FORMAT})",
            ["update this one: pip install -U mesogun"],
        )
    if path.name != name_of(header):
        raise ArchiveTrouble(
            f"{path}: these are the records of another gun, {header.board}",
            [f"rename the file back to {name_of(header)}"],
        )
    return LogFile(path, header, end, size - end)


def name_of(header: Header) -> str:
    """The name of the file that a log is written to."""
    part = "" if header.part == 1 else f".{header.part}"
    return f"{header.board}{part}{SUFFIX}"


def write(folder: Path, header: Header, held: Iterable[Held], heads: Iterable[Head]) -> Path:
    """Write a log and its heads into `folder`, in place of older ones; its path. Raises OSError:
    then the older ones are still there."""
    path = folder / name_of(header)
    lines = [msgspec.json.encode(head) + b"\n" for head in heads]
    files.create(beside(path), b"".join(lines))
    files.create_of(path, _text(header, held))
    return path


def beside(log: Path) -> Path:
    """The file of heads that goes with a file of records."""
    return log.with_suffix(".heads")


def read_heads(log: Path) -> list[Head]:
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
        head = _decoded(line, Head)
        if head is None:
            raise ArchiveTrouble(
                f"{path}: line {number} is damaged",
                ["take a sound copy of this file", "write one: mesogun archive export"],
            )
        heads.append(head)
    return heads


def parse(line: bytes) -> Held | None:
    """The record in a line, None where it is damaged. What counts are the raw bytes."""
    parsed = _decoded(line, _Line)
    if parsed is None:
        return None
    try:
        raw = bytes.fromhex(parsed.raw)
        record = records.decode(raw)
    except ValueError:
        return None
    if not parsed.trouble and record.number != parsed.number:
        return None
    return Held(parsed.number, record, raw, parsed.unix_ms, parsed.trouble)


def _text(header: Header, held: Iterable[Held]) -> Iterator[bytes]:
    yield msgspec.json.encode(header) + b"\n"
    for one in held:
        fields: dict[str, object] = dict(msgspec.structs.asdict(one.record))
        fields["number"] = one.number
        if one.unix_ms is not None:
            fields["unix_ms"] = one.unix_ms
        if one.trouble:
            fields["trouble"] = one.trouble
        fields["raw"] = one.raw.hex()
        yield msgspec.json.encode(fields) + b"\n"


def _last_line_end(descriptor: int, size: int) -> int:
    """Where the last whole line of a file of `size` bytes ends."""
    end = size
    while end:
        start = max(0, end - _HEADER_MAX)
        os.lseek(descriptor, start, os.SEEK_SET)
        found = os.read(descriptor, end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


_Kind = TypeVar("_Kind")


def _decoded(data: bytes, kind: type[_Kind]) -> _Kind | None:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeError):
        return None


def _broken(path: Path, where: str) -> ArchiveTrouble:
    return ArchiveTrouble(
        f"{path}: damaged: {where}",
        ["take a sound copy of this file", "write one: mesogun archive export"],
    )
