"""What a driver's StallGuard reads of a motion: how much of the motor's torque the load left over.

Its figures (with all torque to spare, noise, readings of one motion) are estimates; `measuring` has
the same of a gun on its own bench.
"""

import random

from mesofw.core.door import CARRIAGE, PLUNGER
from mesosim.carriage import Carriage
from mesosim.cartridge import Cartridge
from mesosim.motor import Leg, Run
from mesosim.torque import Motor
from mesosim.truth import Truth

NONE = -1
_FREE = 400.0
_NOISE = 12.0
_READINGS = 16
# What the nut and its guides ask of the plunger's motor where nothing presses back.
_PLUNGER_FREE_N = 0.5
_SEED = 6_000_011


class Stalls:
    """The readings of one gun's two drivers. `note` is called as a run starts."""

    def __init__(self, truth: Truth, carriage: Carriage, cartridge: Cartridge):
        self._truth = truth
        self._carriage = carriage
        self._cartridge = cartridge
        self._plunger = Motor(PLUNGER, truth)
        self._run: Run | None = None
        self._supply_mv = 0
        self._runs = 0
        self._taken = [True, True]

    def note(self, run: Run, supply_mv: int) -> None:
        """A run starts at this supply."""
        self._run = run
        self._supply_mv = supply_mv
        self._runs += 1
        self._taken = [False, False]

    def take(self, axis: int) -> int:
        """The lowest reading of an axis in the last run; NONE where it did not move, or this was
        asked before."""
        reading = self._lowest(axis)
        self._taken[axis] = True
        return reading

    def lowest(self) -> list[int]:
        """The same of both axes; they can still be taken."""
        return [self._lowest(axis) for axis in (CARRIAGE, PLUNGER)]

    def _lowest(self, axis: int) -> int:
        run = self._run
        if run is None or self._taken[axis]:
            return NONE
        places = [place for place, leg in enumerate(run.legs) if leg.axis == axis]
        if not places:
            return NONE
        if any(_stood(run, place) for place in places):
            return 0
        rng = random.Random(f"{self._truth.seed + _SEED} {self._runs} {axis}")
        noise = min(rng.gauss(0.0, _NOISE) for _ in range(_READINGS))
        spare = min(self._spare(run.legs[place]) for place in places)
        return max(0, round(spare * _FREE + noise))

    def _spare(self, leg: Leg) -> float:
        """The share of the torque that the load leaves over at top speed."""
        if leg.axis == PLUNGER:
            motor, mass_g = self._plunger, 0.0
            load_n = _PLUNGER_FREE_N * self._truth.drag_scale
            if leg.direction > 0:
                load_n += max(0.0, self._cartridge.peak_mn) / 1000
        else:
            motor, mass_g = self._carriage.motor, self._carriage.mass_g
            half_um = leg.pulses * self._truth.carriage_step_um / 2
            load_n = self._carriage.load_n(half_um, leg.direction > 0, False, False)
        most_n = motor.range_n(motor.top_um_s(leg) / 1000, 0.0, mass_g, self._supply_mv)[1]
        return 1 - load_n / most_n if most_n > 0 else 0.0


def _stood(run: Run, place: int) -> bool:
    """Whether a leg's motor has stood where pulses came."""
    stall = run.stalls[place]
    out = run.legs[place].pulses if place < run.at else run.done(place)
    return stall is not None and out > stall
