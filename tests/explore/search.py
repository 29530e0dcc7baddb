"""The exploration itself: breadth-first from the roots, every move from every new situation."""

import gc
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mesofw.core import states
from tests.explore.key import key
from tests.explore.moves import MOVES, Move
from tests.explore.troubles import mend
from tests.explore.watched import Violated, restored, snapshot, unravel

VIOLATIONS_MAX = 20
# Every bench is a ring of references: they are swept this often, and not in between.
COLLECT = 20_000
# Of so many ways that come to what is known already, one is looked at as well.
OTHERS = 400


@dataclass
class Found:
    """What an exploration came to. `whole`: nothing new was left to look at."""

    situations: set[tuple[Any, ...]] = field(default_factory=set[tuple[Any, ...]])
    kept: int = 0  # how many, where they are told without being carried
    transitions: int = 0
    steps: int = 0
    whole: bool = False
    left: int = 0
    # Situations that were looked at a second time, come to on another way, and new ones found so.
    others: int = 0
    unfolded: int = 0
    violations: list[Violated] = field(default_factory=list[Violated])
    # (state, event) asked for, and how often the table had it or had not.
    events: dict[tuple[int, int, bool], int] = field(
        default_factory=dict[tuple[int, int, bool], int]
    )
    # (state, move): the states that it led to.
    led: dict[tuple[int, str], set[int]] = field(default_factory=dict[tuple[int, str], set[int]])

    def take(self, bench: Any, state: int, name: str) -> None:
        """What one move showed."""
        self.transitions += 1
        self.steps += bench.steps
        for event, count in bench.events.items():
            self.events[event] = self.events.get(event, 0) + count
        self.led.setdefault((state, name), set()).add(bench.gun.state)


def _key_from(bench: Any) -> bytes:
    bench.steps = 0
    bench.events = {}
    return snapshot(bench)


@contextmanager
def _swept_by_hand() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def explore(
    roots: Sequence[Any],
    most: int,
    moves: Sequence[Move] = MOVES,
    until_s: float | None = None,
    stop_at: str = "",
    deepest: int = 1_000,
) -> Found:
    """Look at up to `most` transitions, at most `deepest` in a row, or until the clock says
    `until_s`, or until a rule named `stop_at` is broken."""
    with _swept_by_hand():
        return _explore(roots, most, moves, until_s, stop_at, deepest)


def _explore(
    roots: Sequence[Any],
    most: int,
    moves: Sequence[Move],
    until_s: float | None,
    stop_at: str,
    deepest: int,
) -> Found:
    found = Found()
    collected = 0
    waiting: deque[tuple[int, int, bytes]] = deque()
    for bench in roots:
        situation = key(bench)
        if situation not in found.situations:
            found.situations.add(situation)
            waiting.append((0, bench.gun.state, _key_from(bench)))
    labels = {bench.label for bench in roots}
    others: deque[tuple[int, int, bytes]] = deque()
    second = False
    while waiting or others:
        if found.transitions // COLLECT != collected:
            collected = found.transitions // COLLECT
            # What has outlived one sweep lasts: only the benches since then are looked at.
            gc.collect(1)
        if found.transitions >= most or (until_s is not None and time.monotonic() >= until_s):
            found.left = len(waiting) + len(others)
            return found
        second = not waiting
        depth, state, kept = (others if second else waiting).popleft()
        found.others += second
        looked_at = restored(kept)
        for name, act in [(name, act) for name, possible, act in moves if possible(looked_at)]:
            bench = restored(kept)
            bench.trail = [*bench.trail, name]
            try:
                act(bench)
            except Violated as broken:
                found.violations.append(broken)
                if stop_at in broken.names or len(found.violations) >= VIOLATIONS_MAX:
                    return found
                continue
            mend(bench)
            found.take(bench, state, name)
            situation = key(bench)
            if bench.label not in labels:
                # It has become a gun of another kind, whose own search looks at it.
                pass
            elif situation in found.situations:
                if not second and depth + 1 < deepest and found.transitions % OTHERS == 0:
                    others.append((depth + 1, bench.gun.state, _key_from(bench)))
            else:
                found.situations.add(situation)
                found.unfolded += second
                if depth + 1 < deepest:
                    waiting.append((depth + 1, bench.gun.state, _key_from(bench)))
            unravel(bench)
        unravel(looked_at)
    found.whole = True
    return found


def coverage(found: Found) -> str:
    """The reachable states × events table: how often each row of the state table was taken, `.` for
    what the table does not have, `-` where it was asked for without one."""
    names = [name for name in vars(states) if _is_event(name)]
    names.sort(key=lambda name: getattr(states, name))
    lines = ["%-10s" % "" + " ".join("%9s" % name[:9].lower() for name in names)]
    for state, told in enumerate(states.STATES):
        cells = [_cell(found, state, event) for event in range(len(names))]
        lines.append("%-10s" % told + " ".join("%9s" % cell for cell in cells))
    return "\n".join(lines)


def _cell(found: Found, state: int, event: int) -> str:
    if (state, event) in states.TRANSITIONS:
        return str(found.events.get((state, event, True), 0))
    return "-" if found.events.get((state, event, False)) else "."


def _is_event(name: str) -> bool:
    # Events are named like states and needs: they are the keys of the table that are no states.
    value = getattr(states, name)
    events = {event for _, event in states.TRANSITIONS}
    return (
        name.isupper()
        and isinstance(value, int)
        and value in events
        and name.lower() not in states.STATES
        and not name.startswith(("ALL", "_"))
    )
