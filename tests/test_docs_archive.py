"""docs/archive.md, gone through: every command, in order, says what the page says.

A `console` block is what somebody sees: behind `$` a command, the rest what it prints, in this
order, where … stands for anything.
"""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from mesofw.core import records
from mesohost import cli
from mesohost.archive import Archive, Header, Held, database, jsonl
from mesohost.archive.tables import APPEND_ONLY, META
from mesohost.clinic import areas, coursedata
from mesohost.heads import Head
from mesohost.program import Program
from mesohost.records import decode
from tests.docpages import docs, plain
from tests.host.shotlogs import HEADER, program_of, story

PAGE = docs("archive")
BOARD = "5157000000000001"
PASSWORD = "needles and pins"


def runs() -> Iterator[tuple[str, str]]:
    """(command, what is printed) of all console blocks, in the page's order."""
    for fence in PAGE.fences:
        if fence.info == "console":
            for run in ("\n".join(fence.lines)).split("$ ")[1:]:
                command, _, printed = run.partition("\n")
                yield command, printed.strip()


def exported(folder: Path, program: Program) -> None:
    """The log that the page begins with: a session of 36 records."""
    raws = story(program).raws
    held = [Held(n, decode(raw), raw) for n, raw in enumerate(raws, 1)]
    header: Header = msgspec.structs.replace(HEADER, board=BOARD)
    head = Head(len(raws), records.digest(raws[-1]).hex())
    jsonl.write(folder, header, held, [head])


def pattern(printed: str) -> re.Pattern[str]:
    """What a command prints, as a regular expression."""
    return re.compile(re.escape(printed).replace("…", ".*"), re.DOTALL)


def test_the_page_goes_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd):
    exported(tmp_path, program_of())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESOGUN_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in ("MESOGUN_PASSWORD", "MESOGUN_NEW_PASSWORD"):
        monkeypatch.setenv(name, PASSWORD)
    done = 0
    for command, printed in runs():
        words = shlex.split(command)
        assert words[0] == "mesogun"
        cli.run(words[1:])
        captured = capfd.readouterr()
        told = (captured.out + captured.err).strip()
        assert pattern(printed).fullmatch(told), f"$ {command}\n{told}"
        done += 1
    assert done > 12


def test_the_table_of_what_is_stored_is_that_of_the_schema():
    rows = PAGE.table("What is stored where").rows
    told = {name.strip(): row[2] for row in rows for name in plain(row[1]).split(",")}
    assert told.keys() == META.tables.keys()
    assert {name for name, changed in told.items() if changed.startswith("no")} == set(APPEND_ONLY)


def test_the_schema_that_is_shown_is_the_one_that_is_made(tmp_path: Path):
    archive = Archive(tmp_path)
    assert archive.id
    assert f"schema {database.SCHEMA}," in PAGE.text
    with archive.database.reading() as connection:
        assert set(sa.inspect(connection).get_table_names()) == {*META.tables, "alembic_version"}


def test_the_example_of_course_data_is_read():
    (text,) = (fence.text for fence in PAGE.fences if fence.info == "toml")
    zones = tuple(tomllib.loads(text)["areas"])
    read = coursedata.read(text, "page", zones)
    assert (read.sessions, read.interval_days, read.test_wait_days) == (5, 7, 3)
    assert set(read.areas.values()) <= areas.everywhere().keys()
