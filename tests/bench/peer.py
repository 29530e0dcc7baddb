"""The peer of link rows: `mpremote`'s own transport to a MicroPython prompt on a pseudo-terminal.

The same interpreter with the same heap as the firmware has, and the same littlefs on the same block
device. The interpreter sits on the terminal's other end itself, without a process between: the most
favourable way for the peer.
"""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from mesosim.compiled import compiled
from mesosim.process import interpreter
from tests.bench.rows import Unavailable

HEAP = "384k"
FLASH = "/flash"
_MOUNT = """
import vfs
from mesosim.target import storage
storage.mount(storage.Disk(%r, storage.Power()), vfs, %r)
"""
_END_S = 5.0


@contextmanager
def prompt(folder: Path) -> Iterator[Any]:
    """A `SerialTransport` in the raw REPL of an interpreter whose flash, in `folder`, is mounted.

    Raises Unavailable where there is no MicroPython or no pseudo-terminal.
    """
    command = interpreter()
    if command is None or sys.platform == "win32":
        raise Unavailable("it takes MicroPython and a pseudo-terminal")
    import tty

    from mpremote.transport_serial import SerialTransport

    master, slave = os.openpty()
    process = None
    try:
        tty.setraw(slave)
        process = subprocess.Popen(
            [*command, "-X", "heapsize=" + HEAP],
            stdin=master,
            stdout=master,
            stderr=master,
            env=os.environ | {"MICROPYPATH": str(compiled())},
        )
        transport = SerialTransport(os.ttyname(slave))
        try:
            transport.enter_raw_repl(soft_reset=False)
            transport.exec(_MOUNT % (str(folder / "flash.bin"), FLASH))
            yield transport
        finally:
            transport.serial.close()
    finally:
        if process:
            process.terminate()
            process.wait(_END_S)
        os.close(master)
        os.close(slave)


def copy(transport: Any, source: Path, dest: str) -> None:
    """What `mpremote fs cp --force SOURCE :DEST` does once it is connected."""
    from mpremote.commands import do_filesystem_cp

    # No terminal, so no progress bar.
    with redirect_stdout(io.StringIO()):
        do_filesystem_cp(SimpleNamespace(transport=transport), str(source), ":" + dest, False)
