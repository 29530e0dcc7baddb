"""Several ways of doing the same, in turns: a machine whose speed wanders treats all alike."""

import gc
import time
from collections.abc import Callable
from statistics import median


def turns(ways: list[Callable[[], None]], rounds: int, times: int = 1) -> list[float]:
    """Medians of the seconds that each way takes once. A round does each `times` in a row; what
    the first time costs more is to be paid before."""
    took_s: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for do, own_s in zip(ways, took_s, strict=True):
            own_s.append(_took_s(do, times))
    return [median(own_s) for own_s in took_s]


def _took_s(do: Callable[[], None], times: int) -> float:
    gc.collect()
    began_s = time.perf_counter()
    for _ in range(times):
        do()
    return (time.perf_counter() - began_s) / times
