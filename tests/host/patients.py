"""What tests of the doctor share: virtual guns that something is wrong with, and an engineer with
hands at the gun."""

from collections.abc import Callable
from pathlib import Path

from test_keys import Answered, allow, keyed_world

from mesohost.doctor import run, table
from mesohost.doctor.case import Case
from mesohost.doctor.hands_checks import HANDS
from mesohost.doctor.model import FAILED, Course, Line
from mesohost.keys import KeyFile
from mesohost.port import Port
from mesosim.hands import Hands
from mesosim.port import WorldPort
from mesosim.stage import Stage
from mesosim.verbs import do
from mesosim.world import World

# What hands do for each thing that the doctor asks for, as steps of a scenario.
_DO = {
    "trigger": (("press trigger",), ("release trigger",)),
    "pedal": (("press pedal",), ("release pedal",)),
    "knob": (("press knob",), ("release knob",)),
    "turn": (("turn 2",), ()),
    "foot": (("place",), ("lift",)),
    "seat": (("seat 1 mL filled 0.2 mL with 30G 4 mm",), ("unseat",)),
    "stop": (("press stop", "wait 200 ms"), ("free stop", "wait 200 ms", "click")),
}


class Engineer:
    """Does at the gun what is asked for; see `case.Front`. `hands`: there is somebody."""

    def __init__(self, world: World, hands: bool = True, moves: bool = True):
        self.hands = hands
        self._moves = moves
        self._stage = Stage(world, None, lambda: None)
        self._steps: dict[str, tuple[str, ...]] = {}
        for hand in HANDS:
            did, undid = _DO[hand.id]
            self._steps[hand.id + hand.do] = did
            self._steps[hand.id + hand.undo] = undid
        self._next = [hand.id + text for hand in HANDS for text in (hand.do, hand.undo) if text]
        self.asked: list[str] = []

    def ask(self, text: str) -> None:
        self.asked.append(text)
        if self._next and self._next[0].endswith(text):
            for step in self._steps[self._next.pop(0)]:
                do(self._stage, step)

    def agrees_to_move(self, text: str) -> bool:
        self.asked.append(text)
        return self._moves


def case_of(
    world: World,
    front: Engineer | None = None,
    key: Path | None = None,
    moves: bool = False,
    port: Port | None = None,
    answer: Callable[[Hands], None] = allow,
) -> Case:
    """A gun to be looked at. Time is the world's own."""
    opened = port or Answered(world, answer)
    return Case(
        lambda: opened,
        front or Engineer(world, hands=False),
        KeyFile(key) if key else None,
        moves,
        clock=lambda: world.now_us / 1e6,
        sleep=lambda seconds: world.run_for(int(seconds * 1e6)),
    )


def examined(case: Case) -> Course:
    """All checks, and the gun left as it was."""
    try:
        return run.examine(case, table.CHECKS, lambda _line: None)
    finally:
        case.leave()


def first_failed(course: Course) -> Line:
    return next(line for line in course.lines if line.verdict == FAILED)


def after(world: World, *steps: str) -> World:
    """A world in which these steps of a scenario have been carried out."""
    stage = Stage(world, None, lambda: None)
    for step in steps:
        do(stage, step)
    return world


def restarted(world: World, *steps: str) -> World:
    """A gun that was switched off, to which these steps happened, and that has come up again."""
    return after(world, "power off", "wait 1 s", *steps, "power on", "wait 30 s")


__all__ = ["Engineer", "WorldPort", "after", "case_of", "examined", "first_failed", "keyed_world",
           "restarted"]  # fmt: skip
