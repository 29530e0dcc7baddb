"""Which strokes a volume calibration makes: doses, blanks and turns, in an order drawn by lot.

Doses of three sizes, ten of each at least (ISO 8655-6 takes ten a volume), give volume per step,
bias and spread. Blanks, in which nothing is given, give evaporation and the balance's drift. Turns,
a stroke back and the same forth with the needle's tip under water, give the play. By lot, so that
nothing that changes with time looks like any of them.
"""

import random

import msgspec

from mesofw.core import dose, parts
from mesofw.core.fit import Fit
from mesofw.core.machine import PLUNGER
from mesohost.calibration.model import BLANK, DOSE

TURN = "turn"
# Of the smallest dose some more, since the balance's noise is the largest part of its spread.
REPEATS = (14, 10, 10)
BLANKS = 8
TURNS = 10
# The sizes at which doses are judged, in nL, by syringe: from DOMAIN's yardstick, so that all
# together leave a seventh of the syringe for strokes that are done again.
LEVELS_NL = {
    "1 mL": (10_000, 20_000, 50_000),
    "3 mL": (20_000, 50_000, 100_000),
    "5 mL": (50_000, 100_000, 200_000),
    "10 mL": (50_000, 100_000, 200_000),
}
# A turn goes further than any play: that of a stopper with the most friction, and of its sticking.
_TURN_OVER_PLAY = 3
# Against the cap: part of the highest pressure, pushes, and of all steps those before the first
# reading, which break the stopper loose.
_PRESS_PART = 0.8
_PRESSES = 9
_LOOSE_PART = 0.4


class Unit(msgspec.Struct, frozen=True):
    """One thing to do between readings: DOSE or TURN of so many steps, or BLANK."""

    kind: str
    steps: int


def nominal_step_fl(syringe: str) -> int:
    """Nominal volume of a plunger step, in fL."""
    return dose.step_volume_fl(parts.bore_um2(syringe), PLUNGER.step_nm)


def nominal_fit(syringe: str) -> Fit:
    """Core's own figures for this syringe, nominal, with water behind the widest needle."""
    head = {
        "syringe": syringe, "needle": "27G", "pins": 1, "length_um": 4_000,
        "viscosity_upa_s": 1_000,
    }  # fmt: skip
    fitted = Fit(head)
    fitted.step_fl = nominal_step_fl(syringe)
    return fitted


def units(syringe: str, seed: str) -> list[Unit]:
    """The strokes of one calibration, in the order that the seed draws."""
    step_fl = nominal_step_fl(syringe)
    turn = Unit(TURN, _TURN_OVER_PLAY * nominal_fit(syringe).play_nm() // PLUNGER.step_nm)
    doses = [Unit(DOSE, dose.steps_for(level, step_fl)) for level in LEVELS_NL[syringe]]
    drawn = [one for one, count in zip(doses, REPEATS, strict=True) for _ in range(count)]
    drawn += [Unit(BLANK, 0)] * BLANKS + [turn] * TURNS
    random.Random(seed).shuffle(drawn)
    return drawn


def conditioning_steps(syringe: str) -> int:
    """A stroke that no reading is taken of: it presses the stopper into one direction."""
    return dose.steps_for(LEVELS_NL[syringe][1], nominal_step_fl(syringe))


def presses(syringe: str) -> tuple[int, ...]:
    """Pushes against the cap, in steps; the force is read after each."""
    fitted = nominal_fit(syringe)
    fitted.filled_nl = 0
    # Of the compliance of an empty syringe, so that a fuller one stays below the pressure meant.
    pressed_nl = fitted.compliance_nl_bar() * fitted.syringe.pressure_mbar / 1000 * _PRESS_PART
    steps = round(pressed_nl * dose.FL_PER_NL / fitted.step_fl)
    loose = round(steps * _LOOSE_PART)
    return (loose, *((steps - loose) // (_PRESSES - 1) for _ in range(_PRESSES - 1)))
