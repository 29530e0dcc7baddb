"""The rows of the whole emulated chip, measured where a MicroPython image is named.

Times are the emulated processor's: its buses have no contention and its flash no cache misses, so
the real chip is slower by what these cost.
"""

from tests.bench.place import Place
from tests.bench.rows import HIGHER, LOWER, Row, Unavailable
from tests.whole_chip import disk, figures
from tests.whole_chip.chip import Chip, left_out


def _possible() -> None:
    why = left_out()
    if why:
        raise Unavailable(why)


def _started(place: Place) -> figures.Start:
    with Chip(disk.make(place.fresh())) as chip:
        return figures.start(chip)


def _planned(place: Place) -> list[figures.Plan]:
    with Chip(disk.make(place.fresh())) as chip:
        return figures.plans(chip)


def plan_ms(place: Place) -> list[Row]:
    """Planning a zone. Raises Unavailable without an image."""
    _possible()
    plans = place.once(_planned)
    worst = max(plans, key=lambda one: one.whole_us)
    note = (
        f"worst of {len(plans)} zones ({worst.mode}, {worst.depth_um} µm, {worst.volume_nl} nL): "
        f"{worst.take_us / 1000:.1f} ms for its figures, {worst.plan_us / 1000:.1f} ms for its "
        f"timetable; the usual zone {plans[0].whole_us / 1000:.1f} ms"
    )
    return [Row("plan_ms", worst.whole_us / 1000, "ms", LOWER, 20, note=note)]


def chip_heap_free_kb(place: Place) -> list[Row]:
    """Heap that is left with all modules read in and the gun made. Raises Unavailable without an
    image."""
    _possible()
    one = place.once(_started)
    note = (
        f"at rest after the self-test, before any shot (1,024 bytes); board in memory, "
        f"{one.board_b / 1024:.1f} kB of it, in place of drivers, display and buffers of DMA"
    )
    return [Row("chip_heap_free_kb", one.free_b / 1024, "kB", HIGHER, 80, note=note)]


def chip_boot_s(place: Place) -> list[Row]:
    """From reset to the self-test passed. Raises Unavailable without an image."""
    _possible()
    one = place.once(_started)
    note = (
        f"{one.read_us / 1e6:.2f} s of it until the modules are read in; board in memory, no "
        "program stored, no drivers to set up"
    )
    return [Row("chip_boot_s", one.tested_us / 1e6, "s", LOWER, 3, note=note)]
