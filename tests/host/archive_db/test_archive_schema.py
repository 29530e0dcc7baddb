"""The schema: its migrations, from the first one on with data, and what a newer one is met with."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from filled import BOARD, RAWS, archive_of, dump, first_revision, head, held

from mesohost.archive import Archive, database, schema
from mesohost.archive.tables import APPEND_ONLY, META
from mesohost.troubles import ArchiveTrouble


def test_the_newest_revision_is_the_one_that_is_meant():
    assert schema.newest() == database.SCHEMA
    assert database.SCHEMA in schema.known()


def test_migrations_lead_to_the_tables_as_they_are_written(tmp_path: Path):
    archive = archive_of(tmp_path, 3)
    with archive.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, META) == []


def test_each_append_only_table_has_its_triggers(tmp_path: Path):
    archive = archive_of(tmp_path, 3)
    with closing(sqlite3.connect(archive.path)) as connection:
        found = {row[0] for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )}  # fmt: skip
    wanted = {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("UPDATE", "DELETE")}
    assert found == wanted


def test_an_archive_of_the_first_revision_is_brought_up_with_all_it_holds(tmp_path: Path):
    first_revision(tmp_path / "old")
    archive = Archive(tmp_path / "old")
    log = archive.log(BOARD)
    assert archive.id == "cd" * 16
    assert [one.raw for one in log.records()] == RAWS[:30]
    assert log.heads() == [head(30)]
    assert log.header
    assert log.header.firmware == "0.1.0"
    assert archive.database.revision() == database.SCHEMA
    log.append(held(31, 32))
    assert Archive(tmp_path / "old").log(BOARD).last_number == 32


def test_a_newer_schema_is_left_alone(tmp_path: Path):
    archive = archive_of(tmp_path, 3)
    with closing(sqlite3.connect(archive.path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = dump(archive.path)
    for use in (
        lambda: Archive(archive.folder).boards(),
        lambda: Archive(archive.folder).id,
        lambda: Archive(archive.folder).log(BOARD),
    ):
        with pytest.raises(ArchiveTrouble, match="newer mesogun") as told:
            use()
        assert told.value.remedies == ("update this one: pip install -U mesogun",)
    assert dump(archive.path) == before


def test_the_schema_can_be_had_for_postgresql():
    config = schema.config()
    config.set_main_option("sqlalchemy.url", "postgresql://")
    config.output_buffer = io.StringIO()
    command.upgrade(config, "head", sql=True)
    written = config.output_buffer.getvalue()
    assert all(f"CREATE TABLE {table} " in written for table in META.tables)
    assert written.count("EXECUTE FUNCTION refuse_change()") == 2 * len(APPEND_ONLY)


def test_what_is_durable_and_checked_is_switched_on(tmp_path: Path):
    archive = archive_of(tmp_path, 3)
    with archive.database.reading() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
