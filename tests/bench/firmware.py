"""The row of the firmware's size: what is put onto the Pico."""

from mesosim import bundled
from mesosim.compiled import for_the_pico
from mesosim.process import interpreter
from tests.bench.place import Place
from tests.bench.rows import LOWER, Row, Unavailable


def firmware_kb(place: Place) -> list[Row]:
    """The bundle of all modules of core and board, and what reads it in. Raises Unavailable where
    there is no compiler."""
    if interpreter() is None:
        raise Unavailable("it takes mpy-cross")
    folder = place.fresh()
    total = sum(len(data) for data in for_the_pico(folder).values())
    sizes = {path: len(data) for path, data in bundled.modules(folder / "mesofw").items()}
    board = sum(size for path, size in sizes.items() if path.startswith("board/"))
    note = f"{len(sizes)} modules, {board / 1024:.1f} kB of them the board's (1,024 bytes)"
    return [Row("firmware_kb", total / 1024, "kB", LOWER, 128, note=note)]
