"""Our side of link rows: `mesogun sim` in a process of its own, and a `Gun` on its terminal."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mesohost.gun import Gun
from mesosim.process import interpreter
from tests.bench.rows import Unavailable

_LOOKS = 600
_LOOK_S = 0.1
_END_S = 5.0


@contextmanager
def served(state: Path) -> Iterator[Gun]:
    """An idle gun, its firmware on MicroPython with its memory in the folder `state`.

    Raises Unavailable where there is no MicroPython or no pseudo-terminal.
    """
    if interpreter() is None or sys.platform == "win32":
        raise Unavailable("it takes MicroPython and a pseudo-terminal")
    command = [str(Path(sys.executable).with_name("mesogun")), "sim", "--pace", "1"]
    command += ["--firmware", "micropython", "--state", str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            name = process.stdout.readline().split()[-1]
            with Gun.open(name) as gun:
                _settle(gun)
                yield gun
        finally:
            process.terminate()
            process.wait(_END_S)


def _settle(gun: Gun) -> None:
    """Wait until the gun has homed."""
    for _ in range(_LOOKS):
        if gun.status().state == "idle":
            return
        gun.wait(_LOOK_S)
    raise RuntimeError(f"the gun is not idle: {gun.status()}")
