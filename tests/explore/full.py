"""The long run: each kind of gun explored in a process of its own for as long as there is time,
then long random sessions. `rows()` is what a runner of hunts calls; `python -m tests.explore.full`
prints the tables too."""

import gc
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.bench.rows import HIGHER, LOWER, Row, table
from tests.explore import machine
from tests.explore.roots import LABELS, roots
from tests.explore.search import Found, coverage, explore

SECONDS = 300.0
MOST = 10_000_000
SESSIONS, ACTS = 200, 40


def explored(label: str, most_faults: int, seconds: float) -> Found:
    """One kind of gun, with up to so many hazards and failing parts at once."""
    begun = roots((label,))
    for bench in begun:
        bench.most_faults = most_faults
    gc.freeze()
    return explore(begun, MOST, until_s=time.monotonic() + seconds)


def _told(job: tuple[str, int, float]) -> Found:
    found = explored(*job)
    # What is handed back is counted, not carried.
    found.kept = len(found.situations)
    found.situations = set()
    return found


def jobs(seconds: float) -> list[tuple[str, int, float]]:
    """(kind of gun, faults at once, seconds): first alone, then in pairs."""
    pairs = [(label, faults) for faults in (1, 2) for label in LABELS]
    workers = os.cpu_count() or 1
    # What is whole sooner leaves its time to nobody: each gets its share.
    share_s = seconds * workers / len(pairs)
    return [(label, faults, share_s) for label, faults in pairs]


def together(founds: list[Found]) -> Found:
    """What several explorations came to."""
    out = Found(whole=all(found.whole for found in founds))
    for found in founds:
        out.kept += found.kept or len(found.situations)
        out.transitions += found.transitions
        out.steps += found.steps
        out.left += found.left
        out.violations += found.violations
        for event, count in found.events.items():
            out.events[event] = out.events.get(event, 0) + count
        for at, led in found.led.items():
            out.led.setdefault(at, set()).update(led)
    return out


def run(seconds: float = SECONDS) -> Found:
    """All kinds of guns, on all processors."""
    # Not forked: the runner may have threads.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return together(list(pool.map(_told, jobs(seconds))))


def rows(seconds: float = SECONDS, sessions: int = SESSIONS) -> list[Row]:
    """The rows `states_explored`, `transitions_explored`, `state_violations`; prints what was
    covered, and the violations."""
    found = run(seconds)
    print(coverage(found))
    for broken in found.violations:
        print(broken, file=sys.stderr)
    violations = len(found.violations)
    try:
        done = machine.run(sessions, ACTS)
        print(machine.told(done))
        shots = done.shots
    except AssertionError as broken:
        print(broken, file=sys.stderr)
        violations += 1
        shots = 0
    note = f"{len(LABELS)} kinds of guns; {found.left:,} situations were left to look at"
    steps = f"{found.steps:,} steps judged by every rule"
    also = f"besides, {sessions} random sessions with {shots:,} shots"
    return [
        Row("states_explored", found.kept, "situations", HIGHER, note=note),
        Row("transitions_explored", found.transitions, "", HIGHER, note=steps),
        Row("state_violations", violations, "", LOWER, 0, note=also),
    ]


if __name__ == "__main__":
    print(table(rows(float(sys.argv[1]) if sys.argv[1:] else SECONDS)))
