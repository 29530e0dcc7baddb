"""Virtual guns at the calibration bench, and somebody who answers what a session asks."""

import dataclasses
import random

from mesohost.calibration import design, session, strokes, volume
from mesohost.calibration.balance import Balance
from mesohost.calibration.design import LEVELS_NL
from mesohost.calibration.model import Conditions, Points, Setup
from mesohost.troubles import Trouble
from mesosim.weighing import VESSEL_MM, BalancePort, PulledPlug, WeighingBench

SYRINGES = tuple(LEVELS_NL)
# Strokes in a calibration, about; what goes wrong is drawn among them.
_STROKES = 50


def gun(seed, syringe=None, mishaps=True):
    """The gun of a seed with a syringe, by turns one of all; into one of its strokes a drop falls,
    in another the plug is pulled."""
    rng = random.Random(seed)
    drop_at, pull_at = rng.sample(range(2, _STROKES), 2) if mishaps else (None, None)
    syringe = syringe or SYRINGES[seed % len(SYRINGES)]
    return WeighingBench(seed, syringe, drop_at=drop_at, pull_at=pull_at)


def balance_of(bench):
    """Its balance, spoken to over its port."""
    return Balance(BalancePort(bench), lambda: bench.now_s)


def conditions(bench):
    """The room as its instruments say."""
    return Conditions(**dataclasses.asdict(bench.read_room()))


def setup(bench, **other):
    """Whose calibration it is."""
    of = {"board": "b00c1", "syringe": bench.syringe, "syringe_lot": "L42", "needle": "27G",
          "balance": "B021002593", "operator": "OP2", "vessel_mm": VESSEL_MM}  # fmt: skip
    return Setup(**{**of, **other})


class Wired:
    """The bench as a calibration sees it: what goes wrong is a Trouble."""

    def __init__(self, bench):
        self._bench = bench

    def __getattr__(self, name):
        called = getattr(self._bench, name)

        def call(*arguments):
            try:
                return called(*arguments)
            except PulledPlug as pulled:
                raise Trouble(str(pulled)) from pulled

        return call


class Hands:
    """The front of a session at a virtual bench. `steps` are the steps that came, in order."""

    def __init__(self, bench, **who):
        self.bench = bench
        self.who = who
        self.steps = []
        self.failures = []
        self.told = []

    def answer(self, step, done, known):  # noqa: ARG002
        """Do what the step says."""
        self.steps.append(step.id)
        if isinstance(step, session.Form):
            return self._fill(step)
        if isinstance(step, session.Result):
            return step.acceptable
        last = step.id.rpartition("-")[2]
        if last in ("cap", "uncap", "seated"):
            self.bench.cap(last == "cap")
        return True

    def _fill(self, form):
        if form.id != "who":
            return dataclasses.asdict(self.bench.read_room())
        known = {"board": "b00c1", "syringe": self.bench.syringe, "syringe_lot": "L42",
                 "balance": "B021002593", "operator": "OP2",
                 "vessel_mm": str(VESSEL_MM)}  # fmt: skip
        return {**known, **self.who}

    def working(self, step, done, known):  # noqa: ARG002
        """An action."""
        self.steps.append(step.id)

    def wrong(self, why):
        """What was answered is wrong."""
        self.told.append(why)

    def failed(self, step, why):
        """What went wrong."""
        self.failures.append((step.id, why))


def measured(bench):
    """All points of a calibration, without a session around it: what fails is done again."""
    wired, scale = Wired(bench), balance_of(bench)
    scale.identify()
    conditioning = design.conditioning_steps(bench.syringe)
    wired.prepare(conditioning)
    weighed, friction = [], []
    for unit in design.units(bench.syringe, "b00c1 L42"):
        try:
            found = strokes.weigh_unit(wired, scale, unit)
        except Trouble:
            wired.prepare(conditioning)
            found = strokes.weigh_unit(wired, scale, unit)
        weighed += found
        friction.append(strokes.feel_friction(wired))
    bench.cap(True)
    left_um = bench.left_um()
    pressed = strokes.press(wired, design.presses(bench.syringe))
    return Points(tuple(weighed), tuple(friction), pressed, left_um)


def calibrated(bench):
    """The result of a calibration, without a session around it."""
    before = conditions(bench)
    points = measured(bench)
    return volume.analyse(setup(bench), before, points)
