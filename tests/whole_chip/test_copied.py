"""The firmware is put on the chip with mpremote, as an engineer may do, and comes up there."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.whole_chip import disk
from tests.whole_chip.chip import Chip, image

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def copied(
    possible: None,  # noqa: ARG001
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Chip]:
    """A blank chip, then the firmware's files."""
    folder = tmp_path_factory.mktemp("firmware")
    for name, data in disk.firmware_files().items():
        (folder / name).write_bytes(data)
    with Chip(disk.micropython(image())) as chip:
        mpremote(chip.port, "cp", *map(str, sorted(folder.iterdir())), ":")
        yield chip


def mpremote(port: str, *arguments: str) -> str:
    """Run mpremote on a chip without resetting it. Raises AssertionError."""
    command = [sys.executable, "-m", "mpremote", "connect", port, "resume", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


_HASHES = """
import binascii, hashlib, os
def walk(folder):
    for name, kind, *_ in os.ilistdir(folder):
        path = folder + name
        if kind == 0x4000:
            walk(path + "/")
        else:
            digest = hashlib.sha256()
            with open(path, "rb") as file:
                piece = file.read(1024)
                while piece:
                    digest.update(piece)
                    piece = file.read(1024)
            print(path, binascii.hexlify(digest.digest()).decode())
walk("/")
"""


def test_every_file_is_there_to_the_byte(copied: Chip) -> None:
    told = dict(line.split() for line in copied.run(_HASHES).split("\n") if line)
    files = disk.firmware_files()
    assert told == {"/" + name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def test_the_bundle_is_whole_and_modules_are_read_in_from_it(copied: Chip) -> None:
    code = disk.MOUNTED + "import mesofw.core.texts\nprint(held[0].build, held[1])\n"
    assert copied.run(code) == f"{disk.build_told()} True\n"
