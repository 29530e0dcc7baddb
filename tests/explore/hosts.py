"""What a host without a key may ask of the gun, in any state."""

import hashlib
from typing import Any

from mesofw.core import states
from mesofw.core.wire import PROTOCOL
from tests.core.support.host import Host
from tests.explore.watched import Watched

# A line is read in pieces, a step each.
LINE_US = 2_000
# What only an idle gun carries out is refused in one way: one stands for all.
_ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("health", {}),
    ("pull", {"first": 1, "count": 3}),
    ("acknowledge", {"number": 1, "archive": "11" * 16}),
    ("begin", {"sha256": "00" * 32, "length": 100}),
)


def called(bench: Watched) -> Any:
    """A host that says hello, in a session of its own."""
    bench.calls = bench.calls + 1
    host: Any = Host(bench, "e%d" % bench.calls)
    # An error of the gun's may cost it the line.
    host.send("hello", protocol=PROTOCOL)
    host.answer(LINE_US)
    return host


# What kind a gun without a program becomes by one.
_WITH_A_PROGRAM = {"no program": "plain", "calibrating": "keyed"}


def _pause(bench: Watched) -> None:
    host = called(bench)
    host.send("pause")
    host.answer()


def _ask(bench: Watched) -> None:
    """What touches memory or files, one after the other, whatever the gun answers."""
    host = called(bench)
    for name, arguments in _ASKED:
        host.send(name, **arguments)
        host.answer(LINE_US)


def _load(bench: Watched) -> None:
    """A whole upload, each line whatever the gun answers to the one before."""
    host = called(bench)
    host.sha256 = hashlib.sha256(bench.text).hexdigest()
    host.send("begin", sha256=host.sha256, length=len(bench.text))
    host.answer()
    host.chunks(bench.text)
    host.send("commit")
    host.answer()
    if bench.gun.session.program:
        bench.label = _WITH_A_PROGRAM.get(bench.label, bench.label)


def _clock(bench: Watched) -> None:
    host = called(bench)
    host.send("clock", unix_s=1_800_000_000, quality_ms=10)
    host.answer()


def _expires(bench: Watched) -> bool:
    return bench.label == "expired" and bench.gun.state == states.IDLE


def _always(_: Watched) -> bool:
    return True


MOVES = (
    ("host pauses", _always, _pause),
    ("host asks", _always, _ask),
    ("host sets the clock", _expires, _clock),
    ("host loads", lambda bench: bench.gun.state == states.IDLE, _load),
)
