"""The stage of a scenario: a world, its operator, and a host that can load the program."""

from collections.abc import Callable
from typing import Any

from mesofw.core.program import parse_line
from mesosim.hands import Hands
from mesosim.operator import Operator
from mesosim.world import World

_NO_PROGRAM: dict[str, Any] = {}


class StepFailed(Exception):
    """A step whose outcome is not as it says."""


class StepRefused(StepFailed):
    """A line that is no step, or in which what is filled in does not fit."""


class Stage:
    """A world, its operator and the host, on which steps are carried out.

    `load` is called by the step `load`: it sends the program as the host does.
    """

    def __init__(self, world: World, text: bytes | None, load: Callable[[], None]):
        self.world = world
        self.hands = Hands(world)
        self.load = load
        sections: list[tuple[str, dict[str, Any]]] = [
            parse_line(line) for line in (text or b"").splitlines()
        ]
        self.head: dict[str, Any] = next(
            (section for kind, section in sections if kind == "program"), _NO_PROGRAM
        )
        zones = [section for kind, section in sections if kind == "zone"]
        self.operator = Operator(world, self.head, zones)
