"""Archives of the older form, a folder of `BOARD.jsonl` files: imported once, when the archive is
opened, and then moved aside into `imported/`.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mesohost.archive import jsonl
from mesohost.archive.held import Header
from mesohost.archive.importing import import_log
from mesohost.troubles import ArchiveTrouble, Trouble

if TYPE_CHECKING:
    from mesohost.archive.store import Archive

ASIDE = "imported"
_IDENTITY = "archive.json"
_ID = re.compile(r"[0-9a-f]{32}")


class _Identity(msgspec.Struct):
    format: int
    archive: str
    created: str


def older(folder: Path) -> list[Path]:
    """The files of records that lie in an archive's folder itself."""
    return sorted(folder.glob("*" + jsonl.SUFFIX))


def older_id(folder: Path) -> str:
    """The id of an archive of the older form, empty where there is none. Raises ArchiveTrouble
    where it is damaged: a new one would be refused by the guns."""
    path = folder / _IDENTITY
    if not path.exists():
        # Without the file, logs still know whose they are.
        known = [header.archive for header in map(_header, older(folder)) if header]
        return known[0] if known else ""
    try:
        identity = msgspec.json.decode(path.read_bytes(), type=_Identity)
    except OSError as error:
        raise ArchiveTrouble(f"{path}: cannot be read: {error.strerror or error}") from error
    except (msgspec.DecodeError, UnicodeError):
        identity = None
    if identity is None or not _ID.fullmatch(identity.archive):
        raise ArchiveTrouble(
            f"{path}: the archive's id is damaged",
            ["restore this file from a backup", "remove it: the logs beside it know the id"],
        )
    return identity.archive


def adopt(archive: "Archive") -> list[str]:
    """Import what lies in the archive's folder, and move it aside; what became of each file."""
    return [_adopted(archive, path) for path in older(archive.folder)]


def _adopted(archive: "Archive", path: Path) -> str:
    try:
        done = import_log(archive, path)
    except Trouble as trouble:
        return f"a log of the older form could not be imported and stays where it is: {trouble}"
    aside = archive.folder / ASIDE
    try:
        aside.mkdir(exist_ok=True)
        # The heads first: were the log gone, they would not be found again.
        for file in (jsonl.beside(path), path):
            if file.exists():
                file.replace(aside / file.name)
    except OSError as error:
        return f"{path} was imported but cannot be moved aside: {error.strerror or error}"
    return (
        f"a log of the older form was imported: {path.name}, {done.new} records; it is in {aside}"
    )


def _header(path: Path) -> Header | None:
    try:
        return jsonl.opened(path).header
    except ArchiveTrouble:
        return None
