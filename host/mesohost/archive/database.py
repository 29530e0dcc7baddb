"""The archive's database: opened, brought to the newest schema, its transactions.

SQLite in WAL mode, every commit durable, foreign keys checked. A reader sees one state for as long
as it reads; of writers there is one at a time. Nothing but this module is about SQLite: an engine
of another kind can be handed in.
"""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool

from mesohost.archive.troubled import telling
from mesohost.troubles import ArchiveTrouble

# The newest revision in `migrations`; a test keeps the two equal.
SCHEMA = "0002"
_BUSY_S = 10
# What is erased is overwritten, and not only let go of.
_PRAGMAS = ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON")


class Database:
    """The database in the file `path`, which is made at the first `writing`."""

    def __init__(self, path: Path, engine: sa.Engine | None = None):
        self.path = path
        self.engine = engine or _engine(path)
        self._ready = False

    @property
    def exists(self) -> bool:
        """Whether there is a database to read."""
        return self._ready or self.engine.dialect.name != "sqlite" or self.path.exists()

    @contextmanager
    def reading(self) -> Generator[sa.Connection]:
        """A connection that sees one state. Raises ArchiveTrouble."""
        self._prepare()
        with telling(self.path), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Generator[sa.Connection]:
        """A connection for a change that is stored whole as the block ends, or not at all. Raises
        ArchiveTrouble."""
        self._prepare()
        with telling(self.path), self._write() as connection:
            yield connection

    def begin(self, fill: Callable[[sa.Connection], object]) -> None:
        """Make the database where there is none, with what `fill` puts into it, in one step."""
        if self._ready or self.revision() is not None:
            return
        with telling(self.path):
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ArchiveTrouble(
                    f"{self.path}: cannot be written: {error.strerror or error}",
                    ["check the folder and its permissions, or name another: --archive DIR"],
                ) from error
            with self._write() as connection:
                # Another program may have been quicker.
                if _revision(connection) is None:
                    upgrade(connection)
                    fill(connection)

    def settle(self) -> None:
        """Move everything into the one file, so that nothing older is left beside it."""
        if self.engine.dialect.name == "sqlite":
            with telling(self.path), self.engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def revision(self) -> str | None:
        """The revision of the schema, None where there is no archive yet."""
        if self._ready:
            return SCHEMA
        if not self.exists:
            return None
        with telling(self.path), self.engine.connect() as connection:
            return _revision(connection)

    @contextmanager
    def _write(self) -> Generator[sa.Connection]:
        with self.engine.execution_options(writing=True).begin() as connection:
            yield connection

    def _prepare(self) -> None:
        """Bring an older schema to the newest. Raises ArchiveTrouble for a newer one."""
        if self._ready:
            return
        found = self.revision()
        if found is None:
            raise ArchiveTrouble(
                f"{self.path}: there is no archive", ["pull a gun's log into it: mesogun pull"]
            )
        if found != SCHEMA:
            self._raise_schema(found)
        self._ready = True

    def _raise_schema(self, found: str) -> None:
        from mesohost.archive.schema import known  # Alembic takes its time to import.

        if found not in known():
            raise ArchiveTrouble(
                f"{self.path}: written by a newer mesogun (schema {found}; this one knows up to "
                f"{SCHEMA})",
                ["update this one: pip install -U mesogun"],
            )
        with telling(self.path), self._write() as connection:
            upgrade(connection)


def upgrade(connection: sa.Connection, to: str = "head") -> None:
    """Bring the schema up, in the connection's transaction."""
    from mesohost.archive import schema

    schema.upgrade(connection, to)


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _engine(path: Path) -> sa.Engine:
    # A folder that nobody may write to, as on a medium with a copy, can still be read.
    still = path.exists() and not os.access(path.parent, os.W_OK)
    still = still and not path.with_name(path.name + "-wal").exists()
    how = "?mode=ro&immutable=1&uri=true" if still else ""
    place = f"file:{path.absolute().as_posix()}{how}" if still else path.absolute().as_posix()
    # A connection lasts for one piece of work: between two the file alone is the whole archive.
    engine = sa.create_engine(
        f"sqlite:///{place}", poolclass=NullPool, connect_args={"timeout": _BUSY_S}
    )

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where SQLAlchemy says so
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        if not still:
            cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()

    def began(connection: sa.Connection) -> None:
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)
    return engine
