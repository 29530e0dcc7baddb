"""The whole search: each kind of gun explored until nothing new is left, then with two failures at
once for as long as there is time, then long random sessions. `rows()` is what a runner of hunts
calls; `python -m tests.explore.full` prints the tables too."""

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

# For the whole search, on one processor; what is told of pairs takes PAIRS_S more.
SECONDS = 3_000.0
PAIRS_S = 300.0
MOST = 10_000_000
SESSIONS, ACTS = 200, 40
# (kind of gun, failures at once, when to leave off by the clock)
Job = tuple[str, int, float]


def explored(label: str, most_faults: int, seconds: float) -> Found:
    """One kind of gun, with up to so many hazards and failing parts at once."""
    begun = roots((label,))
    for bench in begun:
        bench.most_faults = most_faults
    gc.freeze()
    return explore(begun, MOST, until_s=time.monotonic() + seconds)


def _told(job: Job) -> Found:
    label, most_faults, until_s = job
    began_s = time.monotonic()
    found = explored(label, most_faults, max(0.0, until_s - began_s))
    # What is handed back is counted, not carried.
    found.kept = len(found.situations)
    found.situations = set()
    seconds = time.monotonic() - began_s
    print(f"{label}, {most_faults} at once: {told(found)}, {seconds:.0f} s", flush=True)
    return found


def told(found: Found) -> str:
    """What a search came to, in a line."""
    return (
        f"{found.kept:,} situations, {found.transitions:,} transitions, {found.left:,} left,"
        f" {len(found.violations)} violations; {found.others:,} looked at on another way,"
        f" {found.unfolded:,} new ones by that"
    )


def together(founds: list[Found]) -> Found:
    """What several explorations came to."""
    out = Found(whole=all(found.whole for found in founds))
    for found in founds:
        out.kept += found.kept or len(found.situations)
        out.transitions += found.transitions
        out.steps += found.steps
        out.left += found.left
        out.others += found.others
        out.unfolded += found.unfolded
        out.violations += found.violations
        for event, count in found.events.items():
            out.events[event] = out.events.get(event, 0) + count
        for at, led in found.led.items():
            out.led.setdefault(at, set()).update(led)
    return out


def run(seconds: float = SECONDS, pairs_s: float = PAIRS_S) -> tuple[Found, Found]:
    """All kinds of guns on all processors: with one failure at a time, and with two."""
    workers = os.cpu_count() or 1
    share_s = pairs_s * workers / len(LABELS)
    # Not forked: the runner may have threads.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        until_s = time.monotonic() + seconds
        alone = together(list(pool.map(_told, [(label, 1, until_s) for label in LABELS])))
        # The clocks of processes on one machine agree; a share begins as its job does.
        pairs = [pool.submit(_shared, label, share_s) for label in LABELS if pairs_s]
        return alone, together([one.result() for one in pairs])


def _shared(label: str, share_s: float) -> Found:
    return _told((label, 2, time.monotonic() + share_s))


def rows(seconds: float = SECONDS, pairs_s: float = PAIRS_S, sessions: int = SESSIONS) -> list[Row]:
    """The rows `states_explored`, `states_left`, `transitions_explored`, `state_violations`; prints
    what was covered, and the violations."""
    alone, pairs = run(seconds, pairs_s)
    print(coverage(alone))
    for broken in (*alone.violations, *pairs.violations):
        print(broken, file=sys.stderr)
    violations = len(alone.violations) + len(pairs.violations)
    try:
        done = machine.run(sessions, ACTS)
        print(machine.told(done))
        shots = done.shots
    except AssertionError as broken:
        print(broken, file=sys.stderr)
        violations += 1
        shots = 0
    note = f"{len(LABELS)} kinds of guns; {alone.others:,} looked at on a second way as well"
    steps = f"{alone.steps:,} steps judged by every rule"
    also = (
        f"besides, {pairs.transitions:,} transitions with two failures at once,"
        f" {sessions} random sessions with {shots:,} shots"
    )
    return [
        Row("states_explored", alone.kept, "situations", HIGHER, note=note),
        Row("states_left", alone.left, "situations", LOWER, 0, note="found, not looked at"),
        Row("states_unfolded", alone.unfolded, "situations", LOWER, None, note=UNFOLDED),
        Row("transitions_explored", alone.transitions, "", HIGHER, note=steps),
        Row("state_violations", violations, "", LOWER, 0, note=also),
    ]


UNFOLDED = "found only on a second way to a known one, then explored too"

if __name__ == "__main__":
    given = [float(text) for text in sys.argv[1:3]]
    print(table(rows(given[0] if given else SECONDS, given[1] if given[1:] else PAIRS_S)))
