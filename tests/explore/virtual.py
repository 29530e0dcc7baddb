"""The virtual gun under the same rules: a world whose firmware's every step is judged, and what its
plant says of each shot beside the record."""

import binascii
from typing import Any

from mesofw.core import dose, records, states
from mesofw.core.door import CARRIAGE
from mesosim.board import SimBoard
from mesosim.firmware import InProcess
from mesosim.plant import Plant
from mesosim.provision import provision
from mesosim.world import World
from tests.explore.engineer import KEY
from tests.explore.eye import Eye, Seeing
from tests.explore.rules import broken_by
from tests.explore.seen import Seen
from tests.explore.watched import Violated

# The plunger's periodic step error, its encoder's half count and the calibration's error, in steps.
SLACK_STEPS = 20
EMPTY_SLACK_STEPS = 400
HOME_OFF_UM = 150.0
# A shot's dose as DESIGN's figures hold it: the larger of both.
OFF_NL = 1_000
OFF_PART = 10


class PlantBody:
    """Where things truly are in a plant."""

    def __init__(self, plant: Plant):
        self._plant = plant
        self._broken: list[str] = []

    @property
    def light(self) -> int:
        return self._plant.light

    @property
    def sound(self) -> int:
        return self._plant.sound

    @property
    def screen(self) -> list[str]:
        return self._plant.screen

    def tip_out(self) -> bool:
        return self._plant.depth_um() > 0

    def plunger(self) -> int:
        return round(self._plant.plunger_um() / self._plant.truth.plunger_step_um)

    def slack(self) -> int:
        return SLACK_STEPS

    def late(self) -> bool:
        return True

    def running(self) -> bool:
        return self._plant.moving

    def driven(self) -> bool:
        return self._plant.drivers.on[CARRIAGE]

    def empty_at(self) -> int:
        truth = self._plant.truth
        return round(truth.empty_um / truth.plunger_step_um) + EMPTY_SLACK_STEPS

    def zero_off(self) -> bool:
        plant = self._plant
        _, steps, _ = plant.axes[CARRIAGE].seen()
        return abs(plant.carriage_um() - steps * plant.truth.carriage_step_um) > HOME_OFF_UM

    def broken(self) -> list[str]:
        return self._broken


class Session:
    """One gun, seed by seed, with a program in its slot, whose log is held against its plant.

    `clean` until something is done that makes a record's volume and the fluid differ.
    """

    def __init__(self, seed: int, text: bytes):
        self._text = text
        self._seed = seed
        self.eye: Any = None
        self.clean = True
        self.steps = 0
        self.events: dict[tuple[int, int, bool], int] = {}
        self.visited: dict[int, int] = {}
        self.shots = 0  # records of shots that moved something
        self.given_nl = 0  # what they say
        self.swept_nl = 0.0  # what the plunger truly swept in them
        self.trail: list[str] = []
        self.world = World(seed, self._start)

    def _start(self, board: SimBoard, now_us: int, stored: dict[str, bytes]) -> InProcess:
        if self.eye is None:
            self.eye = Eye(PlantBody(board.plant), self)
        board.plant.screen = []
        held = {**stored, "program": self._text, "key": binascii.hexlify(KEY)}
        return _Judged(board, now_us, held, self.eye)

    def __call__(self, seen: Seen) -> None:
        """Judge one step. Raises Violated."""
        self.steps += 1
        self.visited[seen.state] = self.visited.get(seen.state, 0) + 1
        for event in seen.events:
            self.events[event] = self.events.get(event, 0) + 1
        names = broken_by(seen)
        for record in seen.records:
            if record.kind == records.SHOT and not record.flags & records.TRAINING:
                names += self._held_against_truth(seen, record)
        if names:
            state = states.STATES[seen.state]
            told = "gun %d, %s, trouble %d, %s, %s" % (
                self._seed, state, seen.gun.trouble, seen.body.screen, seen.starts,
            )  # fmt: skip
            raise Violated(names, told + "; " + " > ".join(self.trail))

    def _held_against_truth(self, seen: Seen, record: Any) -> list[str]:
        """What a shot's record says against what the plunger swept."""
        self.shots += 1
        doser = seen.gun.session.doser
        if record.flags & records.INTERRUPTED or doser is None:
            return []
        step_fl = doser.step_fl
        pushed = max(0, seen.ghost.pushed - seen.gun.session.backoff_steps)
        swept_nl = dose.volume_nl(pushed, step_fl)
        told_nl = record.volume_stepped_nl
        self.given_nl += told_nl
        self.swept_nl += swept_nl
        slack_nl = dose.volume_nl(SLACK_STEPS, step_fl)
        off = self.clean and abs(told_nl - swept_nl) > slack_nl
        return ["record and truth agree"] if off else []

    def totals(self) -> None:
        """What the records say against what the plant gave. Raises AssertionError."""
        assert self.shots == self.eye.ghost.started
        if not self.clean:
            return
        shots = [given for given in self.world.plant.given if given.depth_um > 0]
        fluid_nl = sum(given.tissue_nl + given.outside_nl for given in shots)
        allowed_nl = max(OFF_NL * max(1, self.shots), self.given_nl // OFF_PART)
        assert abs(fluid_nl - self.given_nl) <= allowed_nl, (fluid_nl, self.given_nl, self.trail)
        _, drawn_from_tissue_nl = self.world.plant.drawn_nl()
        assert drawn_from_tissue_nl == 0.0


class _Judged(InProcess):
    """The firmware in this process, seen by an eye."""

    def __init__(self, board: SimBoard, now_us: int, stored: dict[str, bytes], eye: Eye):
        provision(board, stored)
        self.gun = Seeing(board, now_us, eye)
        self.state = self.gun.state
