"""One console for an archive, one for a gun."""

import subprocess
import sys

import pytest

from mesohost.console import lock
from mesohost.troubles import ArchiveTrouble, PortTrouble


def test_a_second_console_for_an_archive_is_told_where_the_first_is(tmp_path):
    first = lock.for_archive(tmp_path, "http://127.0.0.1:8642/")
    with pytest.raises(ArchiveTrouble, match="another console") as told:
        lock.for_archive(tmp_path, "http://127.0.0.1:9/")
    assert "http://127.0.0.1:8642/" in str(told.value)
    first.free()
    lock.for_archive(tmp_path, "http://127.0.0.1:9/").free()


def test_a_second_console_for_a_gun_is_refused(tmp_path):
    first = lock.for_gun("/dev/ttyACM0", tmp_path)
    with pytest.raises(PortTrouble, match="another console talks to this gun"):
        lock.for_gun("/dev/ttyACM0", tmp_path)
    lock.for_gun("/dev/ttyACM1", tmp_path).free()
    first.free()


def test_a_lock_ends_with_its_process(tmp_path):
    code = (
        "import sys; from pathlib import Path; from mesohost.console import lock\n"
        "lock.for_archive(Path(sys.argv[1]), 'x'); import os; os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    lock.for_archive(tmp_path, "http://127.0.0.1:8642/").free()


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "console.lock").mkdir()
    with pytest.raises(ArchiveTrouble, match="cannot be written"):
        lock.for_archive(tmp_path, "x")
