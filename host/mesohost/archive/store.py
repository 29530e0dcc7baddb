"""An archive: a folder with one database in it."""

import re
import secrets
from pathlib import Path

import sqlalchemy as sa

from mesohost.archive import adopting
from mesohost.archive.database import Database
from mesohost.archive.log import GunLog, begun, now
from mesohost.archive.tables import IDENTITY, LOGS
from mesohost.troubles import ArchiveTrouble

FILE = "archive.sqlite"
BOARD = re.compile(r"[0-9A-Za-z_-]{1,32}")


class Archive:
    """An archive in `folder`. Nothing is created before the id is asked for.

    `said` is what opening it did that somebody should know: logs of the older form that were
    imported, or could not be.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.path = folder / FILE
        self.database = Database(self.path)
        self.said: list[str] = []
        self._id = ""
        self._adopted = False

    @property
    def id(self) -> str:
        """The archive's id, 32 hex digits, made once. Raises ArchiveTrouble."""
        if not self._id:
            self.database.begin(self._fill)
            self._id = self._read_id()
            self._adopt()
        return self._id

    def _fill(self, connection: sa.Connection) -> None:
        # Guns know an archive of the older form by its id.
        made = adopting.older_id(self.folder) or secrets.token_hex(16)
        connection.execute(sa.insert(IDENTITY), [{"archive": made, "created": now()}])

    def _read_id(self) -> str:
        with self.database.reading() as connection:
            found = connection.execute(sa.select(IDENTITY.c.archive)).scalar()
        if found is None:
            raise ArchiveTrouble(
                f"{self.path}: the archive's id is missing",
                ["restore a backup: mesogun archive restore FILE --replace"],
            )
        return found

    def _adopt(self) -> None:
        if not self._adopted:
            self._adopted = True
            self.said += adopting.adopt(self)

    def open(self) -> bool:
        """Whether there is an archive; one of an older form or schema is brought up to this one.
        Raises ArchiveTrouble."""
        if self.database.revision() is None and not adopting.older(self.folder):
            return False
        return bool(self.id)

    def boards(self) -> list[str]:
        """The guns whose records are here, by their board ids."""
        return sorted({board for board, _ in self.logs()})

    def logs(self) -> list[tuple[str, int]]:
        """(board, part) of every log here, in order."""
        if not self.open():
            return []
        with self.database.reading() as connection:
            rows = connection.execute(sa.select(LOGS.c.board, LOGS.c.part))
            return sorted((row.board, row.part) for row in rows)

    def log(self, board: str, part: int | None = None) -> GunLog:
        """The records of one gun, none at first: of its newest log, or of the one named. Raises
        ArchiveTrouble where they cannot be read."""
        if not BOARD.fullmatch(board):
            raise ArchiveTrouble(
                f"{board!r} is no gun's board id", ["see those held: mesogun archive verify"]
            )
        parts = [found for name, found in self.logs() if name == board]
        return GunLog(self, board, part or max(parts, default=1))

    def renew(self, board: str) -> int:
        """Begin a new log of a gun whose journal was exchanged or erased; its part. What is held
        stays. Raises ArchiveTrouble where there is no log to follow, or it is empty."""
        log = self.log(board)
        if not log.last:
            raise ArchiveTrouble(
                f"{self.path}: there are no records of {board} that a new log could follow",
                ["pull them: mesogun pull"],
            )
        with self.database.writing() as connection:
            begun(connection, board, log.part + 1)
        return log.part + 1
