"""The archive's process dies at any step, or the disk is full: nothing is lost, nothing double."""

import os
import resource
import signal
import sys
import tempfile
from pathlib import Path

import pytest
from deaths import calls, killed_at, killed_in_write, steps
from filled import BOARD, RAWS, archive_of, dump, exported, first_revision, held, numbers

from mesohost.archive import Archive
from mesohost.archive.backup import back_up, examine, restore
from mesohost.archive.database import SCHEMA
from mesohost.archive.importing import import_log
from mesohost.archive.verifying import verify_log
from mesohost.troubles import ArchiveTrouble

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked here")

KILLS = 16
# What is stored at once here makes the archive longer by so much.
GROWTH = range(0, 200_000, 15_000)


def whole(archive: Archive) -> int:
    """How many records a sound archive holds, all from the first on."""
    opened = Archive(archive.folder)
    if not opened.open():
        return 0
    examine(opened.path)
    log = opened.log(BOARD)
    assert verify_log(log).problems == ()
    found = [one.raw for one in log.records()]
    assert found == RAWS[: len(found)]
    return len(found)


def test_an_import_that_is_killed_has_stored_all_or_nothing(tmp_path: Path):
    path = exported(tmp_path, 1, 1_500)

    def work(folder: Path) -> None:
        import_log(Archive(folder), path)

    count = calls(lambda: work(archive_of(tmp_path / "counted", 10).folder))
    seen = set()
    for call in steps(count, KILLS):
        archive = archive_of(tmp_path / str(call), 10)
        killed_at(call, lambda: work(archive.folder))  # noqa: B023
        seen.add(whole(archive))
        work(archive.folder)
        assert whole(archive) == 1_500
    assert seen == {10, 1_500}


@pytest.mark.parametrize("die", [killed_in_write, None])
def test_an_import_in_a_full_disk_has_stored_all_or_nothing(tmp_path: Path, die):
    path = exported(tmp_path / "from", 1, 1_500)
    stopped = 0
    for most in GROWTH:
        folder = tmp_path / str(most)
        archive = archive_of(folder, 10)
        size = archive.path.stat().st_size

        def work() -> None:
            import_log(Archive(archive.folder), path)  # noqa: B023

        stopped += die(size + most, work) if die else refused(size + most, work)
        assert whole(archive) in (10, 1_500)
        work()
        assert whole(archive) == 1_500
    assert stopped > 5


def refused(most_bytes: int, work) -> bool:
    """Do the work where no file may get longer; whether it was refused, and how."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    told = ""
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, old[1]))
        work()
    except ArchiveTrouble as trouble:
        told = str(trouble)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, before)
    assert not told or "free space" in told or "make room" in told
    return bool(told)


def test_an_append_that_is_killed_is_there_whole_or_not_at_all(tmp_path: Path):
    def work(folder: Path) -> None:
        Archive(folder).log(BOARD).append(held(11, 200))

    count = calls(lambda: work(archive_of(tmp_path / "counted", 10).folder))
    seen = set()
    for call in steps(count, KILLS):
        archive = archive_of(tmp_path / str(call), 10)
        killed_at(call, lambda: work(archive.folder))  # noqa: B023
        seen.add(whole(archive))
    assert seen == {10, 200}


def test_the_making_of_an_archive_that_is_killed_is_begun_anew(tmp_path: Path):
    def made(number: int) -> Archive:
        return Archive(tmp_path / str(number))

    count = calls(lambda: made(-1).id)
    for call in steps(count, KILLS):
        archive = made(call)
        killed_at(call, lambda: archive.id)  # noqa: B023
        again = Archive(archive.folder)
        assert len(again.id) == 32
        assert Archive(archive.folder).id == again.id


def test_a_killed_upgrade_is_done_by_the_next_opening(tmp_path: Path):
    def older(name: object) -> Archive:
        archive = first_revision(tmp_path / str(name))
        assert archive.database.revision() == "0001"
        return archive

    count = calls(lambda: Archive(older("counted").folder).boards())
    seen = set()
    for call in steps(count, KILLS):
        folder = older(call).folder
        killed_at(call, lambda: Archive(folder).boards())  # noqa: B023
        seen.add(Archive(folder).database.revision())
        assert whole(Archive(folder)) == 30
        assert Archive(folder).database.revision() == SCHEMA
    assert seen == {"0001", SCHEMA}


def test_a_killed_backup_leaves_a_whole_copy_or_none(tmp_path: Path):
    archive = archive_of(tmp_path, 1_500)
    before = dump(archive.path)
    count = calls(lambda: back_up(Archive(archive.folder), tmp_path / "counted.sqlite"))
    seen = set()
    for call in steps(count, KILLS):
        copy = tmp_path / f"{call}.sqlite"
        killed_at(call, lambda: back_up(Archive(archive.folder), copy))  # noqa: B023
        seen.add(copy.exists())
        if not copy.exists():
            back_up(archive, copy)
        assert examine(copy).rows["records"] == 1_500
    assert seen == {False, True}
    assert dump(archive.path) == before


def test_a_killed_restore_leaves_the_old_archive_or_the_new_one(tmp_path: Path):
    copy = tmp_path / "copy.sqlite"
    back_up(archive_of(tmp_path / "copied", 300), copy)

    def work(folder: Path) -> None:
        restore(Archive(folder), copy, replace=True)

    count = calls(lambda: work(archive_of(tmp_path / "counted", 20).folder))
    seen = set()
    for call in steps(count, KILLS):
        archive = archive_of(tmp_path / str(call), 20)
        killed_at(call, lambda: work(archive.folder))  # noqa: B023
        held_now = whole(archive)
        seen.add(held_now)
        kept = list(archive.folder.glob("archive.old-*"))
        # Where the new one is in place, the old one is beside it.
        assert held_now == 20 or examine(kept[0]).rows["records"] == 20
        work(archive.folder)
        assert whole(archive) == 300
    assert seen == {20, 300}


@pytest.mark.parametrize("kind", ["backup", "restore"])
def test_a_full_disk_in_a_copy_leaves_the_archive(tmp_path: Path, kind: str):
    archive = archive_of(tmp_path, 1_500)
    copy = tmp_path / "copy.sqlite"
    back_up(archive, copy)
    before = dump(archive.path)
    target = tmp_path / "other.sqlite"

    def work() -> None:
        if kind == "backup":
            back_up(archive, target)
        else:
            restore(archive, copy, replace=True)

    for most in (0, 10_000, 100_000):
        assert refused(most, work)
        assert dump(archive.path) == before
        assert not target.exists()
        assert not list(tmp_path.rglob("*.new*"))


def test_a_read_only_folder_is_told_and_can_be_read(tmp_path: Path):
    archive = archive_of(tmp_path, 30)
    if os.geteuid() == 0:
        # To the system's own user nothing is read-only: somebody else tries.
        own = [path for path in tmp_path.parents if Path(tempfile.gettempdir()) in path.parents]
        for path in (tmp_path, *tmp_path.rglob("*"), *own):
            path.chmod(0o755 if path.is_dir() else 0o644)
    archive.folder.chmod(0o555)
    archive.path.chmod(0o444)

    def others() -> None:
        if os.geteuid() == 0:
            os.setuid(65_534)
        opened = Archive(archive.folder)
        assert numbers(opened) == list(range(1, 31))
        with pytest.raises(ArchiveTrouble, match="cannot be") as told:
            opened.log(BOARD).append(held(31, 40))
        assert any("--archive DIR" in remedy for remedy in told.value.remedies)
        with pytest.raises(ArchiveTrouble, match="cannot be"):
            _ = Archive(archive.folder / "new").id

    try:
        assert calls(others)
    finally:
        archive.folder.chmod(0o755)
    assert numbers(archive) == list(range(1, 31))
