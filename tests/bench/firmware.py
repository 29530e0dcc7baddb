"""The row of the firmware's size: what is copied onto the Pico."""

from collections.abc import Iterator
from pathlib import Path

from mesosim.compiled import PICO, compile_into, firmware
from mesosim.process import interpreter
from tests.bench.place import Place
from tests.bench.rows import LOWER, Row, Unavailable


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
    compile_into(folder, firmware(), processor=PICO)
    for path in folder.rglob("*.mpy"):
        yield path.relative_to(folder / "mesofw").as_posix(), path.stat().st_size
