"""Where pulled records live: a folder with one file a gun, a line a record, safe against a crash.

`archive.json` holds the archive's id, by which a gun knows it again. `BOARD.jsonl` begins with a
header; each further line is a record: number, decoded fields, and `raw`, its 96 bytes in hex, which
alone count when it is read. Records are only ever appended.
"""

import datetime
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from mesohost import files, records
from mesohost.answers import Hello
from mesohost.records import ShotRecord
from mesohost.troubles import ArchiveTrouble

FORMAT = 1
_BOARD = re.compile(r"[0-9A-Za-z_-]{1,32}")
_ID = re.compile(r"[0-9a-f]{32}")
_TAIL_BYTES = 65_536
_ELSEWHERE = "or name another folder: --archive DIR"


class Held(msgspec.Struct, frozen=True):
    """A record in the archive.

    `unix_ms` is when it began by the host's clock, where that was known when it was pulled.
    `trouble` (of `records.HOW`) is what was wrong with it, else empty; where it is damaged, so is
    `record`.
    """

    number: int
    record: ShotRecord
    raw: bytes
    unix_ms: int | None = None
    trouble: str = ""


class Header(msgspec.Struct, frozen=True):
    """A log's first line: the gun as it was at the last pull, and the archive that it is of."""

    format: int
    archive: str
    created: str
    board: str
    firmware: str
    build: str
    hardware_verified: bool


class _Identity(msgspec.Struct):
    format: int
    archive: str
    created: str


class _Line(msgspec.Struct):
    number: int
    raw: str
    unix_ms: int | None = None
    trouble: str = ""


def default_folder() -> Path:
    """The archive's folder where none is named."""
    from platformdirs import user_data_dir  # Not every command needs it.

    return Path(user_data_dir("mesogun", appauthor=False))


class Archive:
    """An archive in `folder`. Nothing is created before the id is asked for."""

    def __init__(self, folder: Path):
        self.folder = folder

    @property
    def id(self) -> str:
        """The archive's id, 32 hex digits, made once. Raises ArchiveTrouble."""
        path = self.folder / "archive.json"
        if not path.exists():
            # Without the file, logs still know whose they are.
            known = [log.header.archive for log in map(self.log, self.boards()) if log.header]
            made = known[0] if known else secrets.token_hex(16)
            _create(path, msgspec.json.encode(_Identity(FORMAT, made, _now())) + b"\n")
            return made
        try:
            identity = _decode(path.read_bytes(), _Identity)
        except OSError as error:
            raise _unreadable(path, error) from error
        if identity:
            _check_format(path, identity.format)
        if identity is None or not _ID.fullmatch(identity.archive):
            raise ArchiveTrouble(
                f"{path}: the archive's id is damaged",
                ["restore this file from a backup", "remove it: the logs beside it know the id"],
            )
        return identity.archive

    def boards(self) -> list[str]:
        """The guns whose records are here, by their board ids."""
        return sorted(path.stem for path in self.folder.glob("*.jsonl"))

    def log(self, board: str) -> "GunLog":
        """The records of one gun, none at first. Raises ArchiveTrouble where the file is not so."""
        if not _BOARD.fullmatch(board):
            raise ArchiveTrouble(f"{board!r} is no gun's board id", ["see those here: --archive"])
        return GunLog(self, board)


class GunLog:
    """The records of one gun.

    `header` is None before the first pull, `last` is the newest record held, `cut_bytes` counts
    what a crash left behind it: the next `append` removes that.
    """

    def __init__(self, archive: Archive, board: str):
        self._archive = archive
        self.board = board
        self.path = archive.folder / f"{board}.jsonl"
        self.header: Header | None = None
        self.last: Held | None = None
        self.cut_bytes = 0
        self._end = 0
        if self.path.exists():
            self._examine()

    @property
    def last_number(self) -> int:
        """The number of the newest record held, 0 where there is none."""
        return self.last.number if self.last else 0

    def _examine(self) -> None:
        try:
            with self.path.open("rb") as file:
                first = file.readline(_TAIL_BYTES)
                size = file.seek(0, os.SEEK_END)
                start = max(len(first), size - _TAIL_BYTES)
                file.seek(start)
                tail = file.read()
        except OSError as error:
            raise _unreadable(self.path, error) from error
        self.header = self._checked(first)
        whole = tail[: tail.rfind(b"\n") + 1]
        self._end = start + len(whole)
        self.cut_bytes = size - self._end
        lines = whole.splitlines()
        if lines:
            self.last = _held(lines[-1])
            if self.last is None:
                raise self._broken("its last line")

    def _checked(self, line: bytes) -> Header:
        header = _decode(line, Header)
        if header is None:
            raise self._broken("its first line")
        _check_format(self.path, header.format)
        if header.board != self.board:
            raise ArchiveTrouble(
                f"{self.path}: these are the records of another gun, {header.board}",
                [f"rename the file back to {header.board}.jsonl"],
            )
        return header

    def _broken(self, where: str) -> ArchiveTrouble:
        return ArchiveTrouble(
            f"{self.path}: damaged: {where}",
            ["restore this file from a backup", "move it away and pull what the gun still holds"],
        )

    def records(self) -> Iterator[Held]:
        """All records, oldest first; a torn last line is passed over. Raises ArchiveTrouble."""
        if not self.header:
            return
        with self.path.open("rb") as file:
            left = self._end - len(file.readline())
            for number, line in enumerate(file, 2):
                left -= len(line)
                if left < 0:
                    return
                held = _held(line)
                if held is None:
                    raise self._broken(f"line {number}")
                yield held

    def introduce(self, gun: Hello) -> None:
        """Note which gun the records come from. Raises ArchiveTrouble."""
        old = self.header
        header = Header(
            format=FORMAT,
            archive=self._archive.id,
            created=old.created if old else _now(),
            board=self.board,
            firmware=gun.firmware,
            build=gun.build,
            hardware_verified=gun.hardware_verified,
        )
        if header == old:
            return
        rest = b""
        if old:
            with self.path.open("rb") as file:
                first = len(file.readline())
                rest = file.read(self._end - first)
        self._end = _create(self.path, msgspec.json.encode(header) + b"\n" + rest)
        self.header = header
        self.cut_bytes = 0

    def append(self, held: Iterable[Held]) -> None:
        """Append records, durably, after `introduce`. Raises ArchiveTrouble where they cannot be
        stored: then all is as before."""
        lines = [_line(one) for one in held]
        try:
            self._end = files.replace_tail(self.path, self._end, b"".join(lines))
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self.cut_bytes = 0
        if lines:
            self.last = _held(lines[-1])


def _held(line: bytes) -> Held | None:
    """The record in a line, None where it is damaged. What counts are the raw bytes."""
    parsed = _decode(line, _Line)
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


def _line(held: Held) -> bytes:
    fields: dict[str, object] = dict(msgspec.structs.asdict(held.record))
    fields["number"] = held.number
    if held.unix_ms is not None:
        fields["unix_ms"] = held.unix_ms
    if held.trouble:
        fields["trouble"] = held.trouble
    fields["raw"] = held.raw.hex()
    return msgspec.json.encode(fields) + b"\n"


_Kind = TypeVar("_Kind")


def _decode(data: bytes, kind: type[_Kind]) -> _Kind | None:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeError):
        return None


def _check_format(path: Path, found: int) -> None:
    if found > FORMAT:
        raise ArchiveTrouble(
            f"{path}: written by a newer mesogun (format {found}; this one knows up to {FORMAT})",
            ["update this one: pip install -U mesogun"],
        )


def _create(path: Path, data: bytes) -> int:
    try:
        return files.create(path, data)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unreadable(path: Path, error: OSError) -> ArchiveTrouble:
    return ArchiveTrouble(
        f"{path}: cannot be read: {error.strerror or error}",
        [f"check its permissions, {_ELSEWHERE}"],
    )


def _unwritable(path: Path, error: OSError) -> ArchiveTrouble:
    return ArchiveTrouble(
        f"{path}: cannot be written: {error.strerror or error}",
        [f"check its permissions and the free space, {_ELSEWHERE}"],
    )


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
