"""Calibration files: everything that was measured and answered, what followed, how long it holds.

A file is never changed; a later calibration is another file beside it.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from mesohost import files
from mesohost.calibration.model import Verdict
from mesohost.calibration.session import Definition, Mishap, State
from mesohost.troubles import ArchiveTrouble, FileTrouble

FORMAT = 1
# A year, as ISO 8655-1 has it for piston-operated instruments in regular use (estimate: as
# remembered); and how long before its end it is spoken of.
VALID_DAYS = 365
REMIND_DAYS = 30
VALID = "valid"
DUE = "due soon"
OVERDUE = "overdue"
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z_-]+")


class Figure(msgspec.Struct, frozen=True):
    """One number that can be compared over time: a field of the gun's calibration or a figure of
    its own. `low` and `high` are its 95 % interval where one is known."""

    name: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """A finished session. `of` says what of (a syringe's name, an axis), `figures` are what can be
    compared, `fields` what goes to the gun, `result` all that was worked out."""

    format: int
    kind: str
    version: int
    board: str
    of: str
    begun: str
    ended: str
    valid_until: str
    accepted: bool
    operator: str
    fields: dict[str, int]
    figures: tuple[Figure, ...]
    verdicts: tuple[Verdict, ...]
    lines: tuple[str, ...]
    result: dict[str, Any]
    answers: dict[str, Any]
    mishaps: tuple[Mishap, ...] = ()

    @property
    def day(self) -> datetime.date:
        """The day on which it ended."""
        return datetime.date.fromisoformat(self.ended[:10])

    @property
    def until(self) -> datetime.date:
        """The last day on which it is valid."""
        return datetime.date.fromisoformat(self.valid_until)

    def standing(self, today: datetime.date) -> str:
        """VALID, DUE or OVERDUE."""
        return standing(self.until, today)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a kind of session makes of its answers."""

    of: str
    fields: dict[str, int]
    figures: tuple[Figure, ...]
    verdicts: tuple[Verdict, ...]
    lines: tuple[str, ...]
    result: dict[str, Any]


def standing(until: datetime.date, today: datetime.date) -> str:
    """VALID, DUE or OVERDUE, of what is valid until a day."""
    left = (until - today).days
    return OVERDUE if left < 0 else DUE if left <= REMIND_DAYS else VALID


def how_long(until: datetime.date, today: datetime.date) -> str:
    """The same in words: `valid, until 2027-01-31`."""
    stands = standing(until, today)
    return f"{stands}, since {until}" if stands == OVERDUE else f"{stands}, until {until}"


def finished(definition: Definition, state: State, outcome: Outcome, ended: str) -> Calibration:
    """The calibration that a session has come to."""
    day = datetime.date.fromisoformat(ended[:10])
    who = state.answers["who"]
    return Calibration(
        format=FORMAT,
        kind=definition.name,
        version=definition.version,
        board=str(who["board"]),
        of=outcome.of,
        begun=state.begun,
        ended=ended,
        valid_until=(day + datetime.timedelta(days=VALID_DAYS)).isoformat(),
        accepted=bool(state.answers["result"]),
        operator=str(who["operator"]),
        fields=outcome.fields,
        figures=outcome.figures,
        verdicts=outcome.verdicts,
        lines=outcome.lines,
        result=outcome.result,
        answers=state.answers,
        mishaps=state.mishaps,
    )


def default_folder() -> Path:
    """The folder of calibrations where none is named."""
    from mesohost import archive

    return archive.default_folder() / "calibrations"


def path_of(folder: Path, one: Calibration) -> Path:
    """Where a calibration is kept: `BOARD/volume-1-mL-20260131T101500.json`."""
    at = re.sub(r"[-:]", "", one.ended[:19])
    name = "-".join(_safe(part) for part in (one.kind, one.of, at) if part)
    return folder / _safe(one.board) / f"{name}.json"


def _safe(text: str) -> str:
    return _NOT_IN_NAMES.sub("-", text).strip("-") or "unnamed"


def keep(folder: Path, one: Calibration) -> Path:
    """Write a calibration's file; its path. Raises FileTrouble."""
    path = path_of(folder, one)
    try:
        files.create(path, msgspec.json.format(msgspec.json.encode(one), indent=1) + b"\n")
    except OSError as error:
        raise FileTrouble(
            f"{path}: cannot be written: {error.strerror or error}",
            ["make room on the disk; the session can be gone on with"],
        ) from error
    return path


def read(path: Path) -> Calibration:
    """A calibration's file. Raises ArchiveTrouble."""
    try:
        held = msgspec.json.decode(path.read_bytes(), type=Calibration)
    except OSError as error:
        raise ArchiveTrouble(f"{path}: cannot be read: {error.strerror or error}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ArchiveTrouble(
            f"{path}: this is no whole calibration file: {error}", ["restore it from a backup"]
        ) from error
    if held.format != FORMAT:
        raise ArchiveTrouble(
            f"{path}: format {held.format}; this release knows {FORMAT}",
            ["install the release of mesogun that wrote it"],
        )
    return held


def held(folder: Path) -> Iterator[Path]:
    """The calibration files of a folder, in the order of their names."""
    yield from sorted(folder.glob("*/*.json"))


def latest(calibrations: Iterable[Calibration]) -> list[Calibration]:
    """The newest accepted one of each gun, kind and `of`, in the order of their days."""
    newest: dict[tuple[str, str, str], Calibration] = {}
    for one in sorted(calibrations, key=lambda one: one.ended):
        if one.accepted:
            newest[one.board, one.kind, one.of] = one
    return sorted(newest.values(), key=lambda one: one.ended)


def reminders(calibrations: Sequence[Calibration], today: datetime.date) -> list[str]:
    """What has to be done anew, or soon."""
    return [
        f"{one.board}: {one.kind} {one.of}".rstrip() + f": {one.standing(today)}, "
        f"valid until {one.valid_until}"
        for one in latest(calibrations)
        if one.standing(today) != VALID
    ]
