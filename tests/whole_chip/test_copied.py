"""The firmware is put on the chip with mpremote, as an engineer does it, and runs from there."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.whole_chip import disk
from tests.whole_chip.chip import Chip, image

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def copied(possible: None) -> Iterator[Chip]:  # noqa: ARG001
    """A blank chip, then all modules."""
    with Chip(disk.micropython(image())) as chip:
        mpremote(chip.port, "cp", "-r", str(disk.compiled() / "mesofw"), ":")
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
            with open(path, "rb") as file:
                print(path, binascii.hexlify(hashlib.sha256(file.read()).digest()).decode())
walk("/")
"""


def test_every_module_is_there_to_the_byte(copied: Chip) -> None:
    told = dict(line.split() for line in copied.run(_HASHES).split("\n") if line)
    wanted = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in disk.contents(disk.compiled()).items()
    }
    assert told == wanted
    assert len(wanted) == len(disk.modules())
