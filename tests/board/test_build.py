"""The firmware's build: the hash over its modules, the same on the board and on the computer."""

import binascii
import hashlib
from pathlib import Path

import pytest

from mesofw.board import build

FILES = {"__init__.mpy": b"", "core/gun.mpy": b"gun" * 1000, "core/a/deep.mpy": b"x", "z.mpy": b"z"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in FILES.items():
        path = tmp_path / "mesofw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "mesofw"


def test_it_is_the_hash_over_paths_and_bytes_in_their_order(folder: Path):
    whole = b"".join(name.encode() + FILES[name] for name in sorted(FILES))
    wanted = f"{hashlib.sha256(whole).hexdigest()[:16]} {binascii.crc32(whole):08x}"
    assert build.line(str(folder)) == wanted
    assert build.crc_of(str(folder)) == wanted[-8:]


def test_a_byte_a_name_or_a_file_more_makes_another(folder: Path):
    before = build.line(str(folder))
    (folder / "z.mpy").write_bytes(b"Z")
    changed = {build.line(str(folder))}
    (folder / "z.mpy").write_bytes(b"z")
    assert build.line(str(folder)) == before
    (folder / "z.mpy").rename(folder / "y.mpy")
    changed.add(build.line(str(folder)))
    (folder / "y.mpy").rename(folder / "z.mpy")
    (folder / "core" / "more.mpy").write_bytes(b"")
    changed.add(build.line(str(folder)))
    assert before not in changed
    assert len({line[-8:] for line in changed}) == 3


def test_what_was_written_down_is_told(folder: Path):
    path = folder.parent / "build.txt"
    path.write_text(build.line(str(folder)) + "\n")
    assert build.told(str(path)) == tuple(build.line(str(folder)).split())


@pytest.mark.parametrize("text", ["", "00c0ffee", "a b c"])
def test_what_is_no_such_line_is_an_unknown_build(folder: Path, text: str):
    path = folder.parent / "build.txt"
    path.write_text(text)
    assert build.told(str(path)) == (build.UNKNOWN, "")
    assert build.told(str(folder / "none.txt")) == (build.UNKNOWN, "")
