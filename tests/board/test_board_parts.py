"""Parts of the board that need no Pico: they run on desktop MicroPython."""

import os
import subprocess
from pathlib import Path

from tests import needs
from tests.session.layers import ROOT

HERE = Path(__file__).parent


def micropython(script: str, stdin: bytes = b"") -> bytes:
    """What a script of this folder prints on MicroPython, with the firmware's sources on its
    path."""
    command = [*needs.micropython(), str(HERE / script)]
    paths = os.environ | {"MICROPYPATH": str(ROOT / "firmware")}
    ended = subprocess.run(
        command, input=stdin, capture_output=True, env=paths, timeout=20, check=False
    )
    assert ended.returncode == 0, ended.stdout.decode()
    return ended.stdout


def test_the_link_passes_every_byte_in_order_and_ctrl_c_too():
    sent = bytes(range(256)).replace(b".", b"") * 20 + b"."
    assert micropython("echo.py", sent) == sent


def test_files_are_written_in_place_listed_and_removed():
    told = micropython("files_on_littlefs.py").decode().splitlines()
    assert told == ["[('log.00000001', 3)] b'aXc' True", "[]"]
