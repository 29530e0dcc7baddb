"""The gun, as a program on the computer sees it: one plain class over one port.

Every call can be repeated: the gun does nothing twice, and nothing here moves anything. Names carry
their units.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType

from mesohost import answers, pulling, upload
from mesohost.answers import (
    Acknowledged,
    ClockOffset,
    Health,
    Hello,
    ProgramInfo,
    Seen,
    Shown,
    Status,
)
from mesohost.bench import Bench
from mesohost.exchange import Exchange
from mesohost.heads import Head
from mesohost.keyed import Keyed
from mesohost.keys import KeyFile
from mesohost.port import Port, open_port
from mesohost.tracing import ENDLESS, TakeSamples, Traced, trace
from mesohost.upload import Progress

_CLOCK_TRIES = 3
# The gun keeps whole seconds.
_CLOCK_GRAIN_MS = 1_000
_CLOCK_SLACK_MS = 100
_QUALITY_MAX_MS = 60_000


class Gun:
    """One gun over one port; a context manager that closes the port.

    Time passes only while the port is read, so a virtual gun's port brings its own. All methods
    raise NoAnswer, GunRefused, ProtocolMismatch and PortTrouble, each with what to do.
    """

    def __init__(self, port: Port, nonce: str = ""):
        """`nonce` names the session on the wire; by default it is a random one."""
        self.port = port
        self._exchange = Exchange(port, nonce)

    @classmethod
    def open(cls, name: str) -> "Gun":
        """The gun on a port by name or URL. Raises PortTrouble."""
        return cls(open_port(name))

    def __enter__(self) -> "Gun":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the port back."""
        self.port.close()

    def hello(self) -> Hello:
        """Who answers: releases, board, and the records that it holds."""
        return answers.read(self._exchange.open(), Hello)

    def status(self) -> Status:
        """What the gun does now."""
        return answers.read(self._exchange.ask("status"), Status)

    def shown(self) -> Shown:
        """The same, and what its screen says."""
        told = self._exchange.ask("status")
        return answers.read(told | self._exchange.ask("screen"), Shown)

    def health(self) -> Health:
        """Memory, supply and temperature; only while nothing moves."""
        return answers.read(self._exchange.ask("health"), Health)

    def load(self, text: bytes, progress: Progress | None = None) -> ProgramInfo:
        """Store a program (its canonical text); the operator then confirms it on the gun.

        Only while the gun is idle. `progress(done, total)` counts bytes.
        """
        return upload.load(self._exchange, text, progress)

    def program(self) -> ProgramInfo | None:
        """The program that the gun holds, None where it holds none."""
        return upload.program(self._exchange)

    def pull(
        self, first: int, count: int | None = None, progress: Progress | None = None
    ) -> Iterator[bytes]:
        """Raw records of 96 bytes from number `first` on, in order, complete: `count` of them, or
        all that there are now. `progress(done, total)` counts records.

        At a number that the gun does not hold it raises GunRefused (NOT_HELD), after those before.
        """
        return pulling.pull(self._exchange, first, count, progress)

    def held(self, number: int) -> int | None:
        """The first record number from `number` on that the gun holds, None where it holds none."""
        return pulling.held(self._exchange, number)

    def head(self) -> Head:
        """The newest record's number and chain link, as the gun tells it."""
        return pulling.head(self._exchange)

    def acknowledge(self, number: int, archive_id: str) -> Acknowledged:
        """Tell the gun that the archive (32 hex digits) holds all records up to `number` for good.

        The first archive to do so is the gun's own from then on.
        """
        arguments = {"number": number, "archive": archive_id}
        return answers.read(self._exchange.ask("acknowledge", arguments), Acknowledged)

    def clock(self, now_s: Callable[[], float] = time.time) -> ClockOffset:
        """Set the gun's clock to `now_s()`, the Unix time in s; the offset that it then has.

        The gun is told how far the time may be off; where a request took longer than that, again.
        """
        quality_ms = _CLOCK_GRAIN_MS + 2 * self.offset(now_s).quality_ms
        tries = 0
        while True:
            before_s = now_s()
            told_ms = min(quality_ms, _QUALITY_MAX_MS)
            arguments = {"unix_s": int(before_s), "quality_ms": told_ms}
            at_ms = int(self._exchange.ask("clock", arguments)["at_ms"])
            after_s = now_s()
            quality_ms = _CLOCK_GRAIN_MS + round((after_s - before_s) * 1000)
            tries += 1
            if quality_ms <= told_ms + _CLOCK_SLACK_MS or tries == _CLOCK_TRIES:
                return _offset(before_s, after_s, at_ms)

    def offset(self, now_s: Callable[[], float] = time.time) -> ClockOffset:
        """The gun's clock against `now_s()`, measured; nothing is set."""
        before_s = now_s()
        at_ms = self.status().at_ms
        return _offset(before_s, now_s(), at_ms)

    def record(self, name: str) -> dict[str, int]:
        """The gun's own `settings`, `calibration` or `commissioning`, by core's names; empty where
        it has none."""
        return {
            key: int(value) for key, value in self._exchange.ask("record", {"record": name}).items()
        }

    def inputs(self) -> Seen:
        """What the gun sees of its switches and sensors; only while nothing moves."""
        return answers.read(self._exchange.ask("inputs"), Seen)

    def keyed(self, key: KeyFile) -> Keyed:
        """What only an engineer may change."""
        return Keyed(self._exchange, key)

    def bench(self) -> Bench:
        """The gun's motions one by one, once `Keyed.calibrate` has been allowed."""
        return Bench(self._exchange)

    def trace(
        self,
        names: Sequence[str],
        period_us: int,
        count: int = ENDLESS,
        take: TakeSamples | None = None,
    ) -> Traced:
        """Variables (of `tracing.NAMES`) as they run: `count` samples, one each `period_us`, less
        those that are lost, which are counted.

        `take(traced)` is called with what there is so far as samples come in, and ends the trace
        by True. It begins once nothing moves, and then goes on whatever the gun does.
        """
        return trace(self._exchange, Traced(names), period_us, count, take)

    def pause(self) -> str:
        """Ask for a pause; the gun's state then. A gun that is not armed has nothing to pause."""
        return str(self._exchange.ask("pause")["state"])

    def wait(self, wait_s: float) -> None:
        """Let at most `wait_s` pass, in the port's own time."""
        self._exchange.rest(wait_s)


def _offset(before_s: float, after_s: float, at_ms: int) -> ClockOffset:
    middle_ms = round((before_s + after_s) * 500)
    return ClockOffset(middle_ms - at_ms, max(1, round((after_s - before_s) * 500)))
