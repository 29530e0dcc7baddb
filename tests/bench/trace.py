"""Rows of a trace: how many samples a second come out of the gun, and whether any is lost."""

import time

from tests.bench.ours import served
from tests.bench.place import Place
from tests.bench.rows import HIGHER, Row

NAMES = ("plunger_steps", "force_mn")
_PERIOD_US = 150
_SAMPLES = 30_000


def trace_samples_per_s(place: Place) -> list[Row]:
    """A virtual gun's, in real time, over its terminal. Raises Unavailable where there is no
    MicroPython or no pseudo-terminal."""
    with served(place.fresh()) as gun:
        began_s = time.perf_counter()
        traced = gun.trace(NAMES, _PERIOD_US, _SAMPLES)
        took_s = time.perf_counter() - began_s
    if traced.lost + traced.missing:
        raise RuntimeError(f"{traced.lost} samples lost on the gun, {traced.missing} on the link")
    note = f"{_SAMPLES:,} samples of {' and '.join(NAMES)}, each {_PERIOD_US} µs; none lost"
    return [Row("trace_samples_per_s", len(traced.rows) / took_s, "/s", HIGHER, 5_000, note=note)]
