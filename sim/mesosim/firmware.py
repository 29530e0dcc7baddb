"""The firmware as the world runs it: one `step` after another, and what can be seen of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

# Held, so that a gun in this process need not read them in again and again.
from mesofw.core import calibrating as calibrating
from mesofw.core import fitting as fitting
from mesofw.core import priming as priming
from mesofw.core import scan as scan
from mesofw.core import starting as starting
from mesofw.core.gun import Gun
from mesosim.board import SimBoard
from mesosim.provision import provision


@dataclass
class View:
    """What an observer may know of the firmware after a step; the operator's eyes, not its
    hands."""

    state: int = 0
    trouble: int = 0
    zone: int = 0
    zone_left: int = 0
    shots: int = 0
    given_nl: int = 0
    left_nl: int = 0
    last: int = 0


VIEW_FIELDS = tuple(View.__dataclass_fields__)


class Firmware(Protocol):
    """Firmware behind the plant: in this process or in one of its own."""

    @property
    def state(self) -> int:
        """The state after the last step; `view` has it too, and much more."""
        ...

    @property
    def view(self) -> View:
        """What can be seen after the last step."""
        ...

    def step(self, now_us: int) -> int:
        """One step at the wrapped time; gives the µs until the next one at the latest."""
        ...

    def close(self) -> None:
        """Power off."""
        ...


Start = Callable[[SimBoard, int, dict[str, bytes]], Firmware]


class InProcess:
    """The firmware's core on CPython, in this process."""

    def __init__(self, board: SimBoard, now_us: int, records: dict[str, bytes]):
        provision(board, records)
        self.gun = Gun(board, now_us)
        self.state = self.gun.state

    @property
    def view(self) -> View:
        """What can be seen of the gun now."""
        gun = self.gun
        session = gun.session
        return View(
            gun.state, gun.trouble, session.zone, session.zone_left(), session.shots,
            session.given_nl, gun.volume_left_nl(), gun.journal.last,
        )  # fmt: skip

    def step(self, now_us: int) -> int:
        wait_us = self.gun.step(now_us)
        self.state = self.gun.state
        return wait_us

    def close(self) -> None:
        """Nothing outlives the power but memory and files."""
