"""The rows of the whole emulated chip, measured where a MicroPython image is named.

Times are the emulated processor's: its buses have no contention and its flash no cache misses, so
the real chip is slower by what these cost.
"""

from tests.bench.place import Place
from tests.bench.rows import HIGHER, LOWER, Row, Unavailable
from tests.bench.trace import NAMES
from tests.whole_chip import figures, traced
from tests.whole_chip.chip import left_out, with_firmware


def _possible() -> None:
    why = left_out()
    if why:
        raise Unavailable(why)


def _planned(place: Place) -> list[figures.Plan]:
    del place
    with with_firmware() as chip:
        return figures.plans(chip)


def _reaction(place: Place) -> figures.Reaction:
    del place
    return figures.reaction()


def _used(place: Place) -> figures.Used:
    del place
    return figures.used()


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


def trigger_to_edge_us(place: Place) -> list[Row]:
    """From the trigger pin to the first pulse. Raises Unavailable without an image."""
    _possible()
    one = place.once(_reaction)
    note = f"worst of {one.presses} presses at any moment, the link flooded"
    return [Row("trigger_to_edge_us", one.trigger_us, "µs", LOWER, 100, note=note)]


def chip_estop_to_still_us(place: Place) -> list[Row]:
    """From the stop's pin to the last pulse. Raises Unavailable without an image."""
    _possible()
    one = place.once(_reaction)
    note = f"worst of {one.stops} in homing; the supply is cut at once, by hardware"
    return [Row("chip_estop_to_still_us", one.stop_us, "µs", LOWER, note=note)]


def step_max_us(place: Place) -> list[Row]:
    """The longest step of the gun in a burst. Raises Unavailable without an image."""
    del place
    _possible()
    one = figures.burst()
    note = f"of {one.steps} steps, in {one.state}; {one.answers} answers to a host meanwhile"
    return [Row("step_max_us", one.step_us, "µs", LOWER, 5_000, note=note)]


def chip_heap_free_kb(place: Place) -> list[Row]:
    """Heap that is left after many shots. Raises Unavailable without an image."""
    _possible()
    one = place.once(_used)
    free_b = one.free_b + one.watching_b
    note = (
        f"at rest, after {one.shots:,} shots (1,024 bytes): {one.free_b / 1024:.1f} found, and "
        f"{one.watching_b / 1024:.1f} that the bench's own loop takes (measured in idle)"
    )
    return [Row("chip_heap_free_kb", free_b / 1024, "kB", HIGHER, 80, note=note)]


def chip_shot_alloc_b(place: Place) -> list[Row]:
    """Heap that a shot takes. Raises Unavailable without an image."""
    _possible()
    one = place.once(_used)
    note = f"mean of {one.shots:,} shots, from one to the next; most {one.shot_max_b} B"
    return [Row("chip_shot_alloc_b", one.shot_b, "B", LOWER, 0, note=note)]


def chip_boot_s(place: Place) -> list[Row]:
    """From reset to the self-test passed. Raises Unavailable without an image."""
    del place
    _possible()
    one = figures.started()
    note = "modules read in, drivers set up, display begun, no program stored"
    return [Row("chip_boot_s", one.tested_us / 1e6, "s", LOWER, 3, note=note)]


def chip_trace_samples_per_s(place: Place) -> list[Row]:
    """Samples a second of a trace. Raises Unavailable without an image."""
    del place
    _possible()
    one = traced.rate(NAMES, 1_000, 4_000)
    note = (
        f"{' and '.join(NAMES)}, each 1 ms asked for: {100 * one.share:.0f} % of all that were "
        f"due, the others counted; usually {one.usual_us / 1000:.1f} ms between two, "
        f"{one.widest_us / 1000:.0f} ms at most"
    )
    return [Row("chip_trace_samples_per_s", one.rate, "/s", HIGHER, 300, note=note)]
