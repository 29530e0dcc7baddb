"""The commissioning record: all that the doctor saw of a gun, in a file, and its number on the gun.

The gun gets it only where every check passed, the moving ones too. It says that somebody looked;
`hardware_verified` is the firmware's own word and is not changed by it.
"""

import datetime
import re
from pathlib import Path
from typing import Any

import msgspec

from mesofw import VERSION
from mesofw.core import settings
from mesohost import files
from mesohost.doctor.case import Case
from mesohost.doctor.model import Course, Line
from mesohost.troubles import FileTrouble, Trouble

FORMAT = 1
NAME = "commissioning"
_settings: Any = settings
_FIELDS = {field.name: field for field in _settings.RECORDS[NAME]}
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z_-]+")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One go of the doctor. `id` is the number that the gun holds it under, 0: the gun does not.
    `complete`: every check was done and is fine."""

    format: int
    tool: str
    board: str
    firmware: str
    build: str
    hardware_verified: bool
    at: str
    operator: str
    complete: bool
    id: int
    checks: tuple[Line, ...]


def made(case: Case, course: Course, operator: str, at: datetime.datetime, number: int) -> Record:
    """The record of a course; of a gun that did not answer its board is empty."""
    hello = case.hello
    return Record(
        format=FORMAT,
        tool=VERSION,
        board=hello.board if hello else "",
        firmware=hello.firmware if hello else "",
        build=hello.build if hello else "",
        hardware_verified=bool(hello and hello.hardware_verified),
        at=at.isoformat(timespec="seconds"),
        operator=operator,
        complete=course.complete,
        id=number,
        checks=tuple(course.lines),
    )


def store(case: Case, course: Course, today: datetime.date) -> int:
    """Store on the gun, under the key, that it was commissioned today; its number. Somebody has to
    allow it there. Raises Trouble where not every check passed, GunRefused."""
    if not course.complete or case.key is None:
        raise Trouble(
            "not every check passed: the gun is not commissioned",
            ["mend what failed, and run all of them: mesogun doctor --moves --key FILE"],
        )
    held = case.gun.record(NAME)
    bounds = _FIELDS["id"]
    number = held.get("id", 0) % bounds.high + bounds.low
    changes = {"date": int(today.strftime("%Y%m%d")), "id": number}
    case.front.ask("read what is asked for, and press the knob: the gun is then commissioned")
    case.gun.keyed(case.key).store(NAME, changes, held)
    return number


def default_path(record: Record) -> Path:
    """Where a record is kept that has no file of its own."""
    from mesohost import archive

    at = re.sub(r"[-:]", "", record.at[:19])
    board = _NOT_IN_NAMES.sub("-", record.board).strip("-") or "unnamed"
    return archive.default_folder() / NAME / board / f"{at}.json"


def keep(path: Path, record: Record) -> None:
    """Write a record's file. Raises FileTrouble."""
    try:
        files.create(path, msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")
    except OSError as error:
        raise FileTrouble(
            f"{path}: cannot be written: {error.strerror or error}",
            ["name another file: --record FILE"],
        ) from error
