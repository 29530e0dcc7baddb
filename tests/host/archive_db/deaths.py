"""Work that a process dies of, at a step of one's choice: killed between two calls into C, or in
the middle of a write, where a file grows beyond a bound.
"""

import os
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Iterator

_WENT_WRONG = 3


def calls(work: Callable[[], object]) -> int:
    """How many calls into C the work makes; it is done in a process of its own."""
    reader, writer = os.pipe()

    def count() -> None:
        made = 0

        def profile(_frame: object, event: str, _what: object) -> None:
            nonlocal made
            made += event == "c_call"

        sys.setprofile(profile)
        work()
        sys.setprofile(None)
        os.write(writer, str(made).encode())

    assert _child(count) == 0
    os.close(writer)
    with os.fdopen(reader) as told:
        return int(told.read())


def killed_at(call: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed (SIGKILL) before its call number `call` into C;
    whether it came to that."""

    def die() -> None:
        left = call

        def profile(_frame: object, event: str, _what: object) -> None:
            nonlocal left
            if event == "c_call":
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(profile)
        work()
        sys.setprofile(None)

    return _child(die) == -signal.SIGKILL


def killed_in_write(most_bytes: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that dies in the write which would make any file longer than
    `most_bytes`; whether it came to that."""

    def die() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
        work()

    return _child(die) == -signal.SIGXFSZ


def steps(count: int, most: int) -> Iterator[int]:
    """At most `most` of `count` steps: half of them all over, half the last ones, in which what was
    done becomes lasting."""
    half = most // 2
    spread = {round(n * (count - 1) / half) for n in range(half)}
    yield from sorted(spread | set(range(max(0, count - half), count)))


def _child(work: Callable[[], object]) -> int:
    """The work in a fork of this process: its exit code, negative for a signal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(_WENT_WRONG)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
