"""The firmware's build: the hash over its modules, the same on the board and on the computer."""

import hashlib
from pathlib import Path

import pytest

from mesofw.board import build

FILES = {"__init__.mpy": b"", "core/gun.mpy": b"gun" * 1000, "core/a/deep.mpy": b"x", "z.mpy": b"z"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def test_it_is_the_hash_over_paths_and_bytes_in_their_order(folder: Path):
    digest = hashlib.sha256()
    for name in sorted(FILES):
        digest.update(name.encode() + FILES[name])
    assert build.found(str(folder)) == digest.hexdigest()[:16]


def test_a_byte_a_name_or_a_file_more_makes_another(folder: Path):
    before = build.found(str(folder))
    (folder / "z.mpy").write_bytes(b"Z")
    assert build.found(str(folder)) != before
    (folder / "z.mpy").write_bytes(b"z")
    assert build.found(str(folder)) == before
    (folder / "z.mpy").rename(folder / "y.mpy")
    assert build.found(str(folder)) != before
    (folder / "y.mpy").rename(folder / "z.mpy")
    (folder / "core" / "more.mpy").write_bytes(b"")
    assert build.found(str(folder)) != before


def test_what_was_written_down_is_told(folder: Path):
    path = folder / "build.txt"
    path.write_text("00c0ffee00c0ffee\n")
    assert build.told(str(path)) == "00c0ffee00c0ffee"
    path.write_text("")
    assert build.told(str(path)) == build.UNKNOWN
