"""The stage of a scenario: a world, its operator, and a host that can load the program."""

from collections.abc import Callable
from typing import Any, Protocol

from mesofw.core import records
from mesofw.core.program import parse_line
from mesosim.hands import Hands
from mesosim.operator import Operator
from mesosim.world import World

_NO_PROGRAM: dict[str, Any] = {}


class StepFailed(Exception):
    """A step whose outcome is not as it says."""


class StepRefused(StepFailed):
    """A line that is no step, or in which what is filled in does not fit."""


class HostSide(Protocol):
    """What a host does beside loading the program."""

    def load_half(self) -> None:
        """Send half of the program, then nothing more."""
        ...

    def set_clock(self, unix_s: int) -> None:
        """Set the gun's clock."""
        ...

    def ask_to_calibrate(self) -> None:
        """Ask for calibrating under the key that the gun holds; the reply is not waited for."""
        ...

    def bench(self, do: str, axis: int, steps: int) -> None:
        """Ask for an act of the bench; the reply is not waited for."""
        ...

    def refused(self) -> int:
        """The code with which the gun has refused what was asked for last by one of these two; 0
        where it has not, or not yet."""
        ...

    def pull(self, first: int) -> list[bytes]:
        """The log's records from number `first` on."""
        ...


class Stage:
    """A world, its operator and the host, on which steps are carried out.

    `load` is called by the step `load`: it sends the program as the host does. `since_us` is when
    the last step that did something began; `still_us` tells of each stop that was looked for
    whether it was the emergency stop's, and after how long the pulses ended; `reports_meant` is
    whether the firmware's own errors are part of the scenario.
    """

    def __init__(
        self, world: World, text: bytes | None, load: Callable[[], None],
        host: HostSide | None = None,
    ):  # fmt: skip
        self.world = world
        self.hands = Hands(world)
        self.load = load
        self.since_us = 0
        self.still_us: list[tuple[bool, int]] = []
        self.reports_meant = False
        self.events_seen = 0
        self._host = host
        self._log: list[bytes] = []
        sections: list[tuple[str, dict[str, Any]]] = [
            parse_line(line) for line in (text or b"").splitlines()
        ]
        self.head: dict[str, Any] = next(
            (section for kind, section in sections if kind == "program"), _NO_PROGRAM
        )
        zones = [section for kind, section in sections if kind == "zone"]
        self.operator = Operator(world, self.head, zones)

    def host_side(self) -> HostSide:
        """The host. Raises StepFailed where there is none."""
        if self._host is None:
            raise StepFailed("there is no host here that could do it")
        return self._host

    def log(self) -> list[bytes]:
        """All records of the log, from the first on; while the gun is off, those known already."""
        if self.world.on:
            self._log += self.host_side().pull(len(self._log) + 1)
        return self._log

    def last_shot(self) -> bytes:
        """The record of the last shot. Raises StepFailed where there is none."""
        for raw in reversed(self.log()):
            if raw[6] == records.SHOT:
                return raw
        raise StepFailed("the log has no shot")
