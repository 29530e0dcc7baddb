"""A virtual gun on a measuring bench: its carriage under a dial indicator, its motors run free.

Loads and torques are those of `carriage` and `torque`, the gun's truth that of `truth`. Figures of
instruments and of StallGuard are estimates.
"""

import random

from mesofw.core.machine import AXES, OUT
from mesofw.core.machine import CARRIAGE as CARRIAGE_AXIS
from mesosim import hardware
from mesosim.axis import Axis
from mesosim.carriage import Carriage
from mesosim.skin import Skin
from mesosim.torque import Motor
from mesosim.truth import Truth

CARRIAGE, PLUNGER = 0, 1
_DIAL_UM = 1.0
_DIAL_NOISE_UM = 1.0
_HOME_SPREAD_UM = 3.0
_SWITCH_MS = 2.0
_CURRENT_SPREAD = 0.02
_PLUNGER_FREE_N = 0.5
# Of a syringe's collar in its cradle, and of the force at which the plunger stops.
_SEAT_SPREAD_UM = 5.0
BLOCK_UM = 5_000.0
_CELL_MN = 10.0
# StallGuard's reading with all torque to spare, and its noise; readings of one run.
_STALL_FREE = 400.0
_STALL_NOISE = 12.0
_STALL_READINGS = 16


class MeasuringBench:
    """One gun of a seed, without syringe and needle."""

    def __init__(self, seed: int):
        self._rng = random.Random(seed + 5_000_011)
        self.truth = truth = Truth.draw(seed)
        self._steps = [0, 0]
        self._axis = Axis("carriage", CARRIAGE, truth, self._steps, [0.0, 0.0], 0.0)
        self._carriage = Carriage(truth, Skin(truth), [0.0, 0.0])
        self._motors = (self._carriage.motor, Motor(PLUNGER, truth))
        self._cell_zero_mn = self._rng.uniform(-200.0, 200.0)
        self._current = tuple(1 + self._rng.gauss(0.0, _CURRENT_SPREAD) for _ in AXES)
        self._dial_zero_um = self._dial(truth.foot_um)
        self._homed_um = 0.0
        self.home()

    def home(self) -> None:
        """Find the home switch again, never at quite the same place."""
        spread_um = self._rng.gauss(0.0, _HOME_SPREAD_UM)
        self._homed_um = self.truth.switch_um + spread_um
        self._steps[CARRIAGE] = 0

    def go(self, steps: int) -> None:
        """Go to so many steps from home."""
        self._steps[CARRIAGE] = steps

    def place_um(self) -> float:
        """Where the carriage truly is."""
        return self._homed_um + self._axis.place_um(self._steps[CARRIAGE])

    def dial_um(self) -> float:
        """What the dial indicator under the foot shows."""
        return self._dial(self.place_um()) - self._dial_zero_um

    def let_go(self) -> float:
        """Power off; the time until the home switch closed, in ms."""
        back = self._carriage.spring_back(0, self.place_um())
        reached_us = back.reach_us(self.truth.switch_um)
        self._steps[CARRIAGE] = 0
        return (reached_us if reached_us is not None else back.end_us) / 1000 + _SWITCH_MS

    def seek(self) -> float:
        """Where the plunger meets a gauge block of BLOCK_UM on an empty syringe's stopper, in µm by
        nominal steps."""
        truth = self.truth
        met_um = truth.empty_um - truth.switch_um - BLOCK_UM
        met_um += self._rng.gauss(0.0, _SEAT_SPREAD_UM)
        nominal_um = AXES[PLUNGER].step_nm / 1000
        return met_um / truth.plunger_step_um * nominal_um

    def hold(self, axis: int) -> None:
        """Hold still."""

    def current_ma(self, axis: int) -> float:
        """What the clamp meter shows while an axis holds."""
        rated_a = hardware.gun().number(AXES[axis].name, "motor", "current_a")
        return rated_a * 1000 * self._current[axis]

    def run(self, axis: int, share: float) -> tuple[int, list[int]]:
        """There and back at a share of the top speed: nm between steps and encoder, StallGuard."""
        line = AXES[axis]
        speed_mm_s = line.speed_hz * share * line.step_nm / 1e6
        motor, supply_mv = self._motors[axis], self.truth.supply_mv
        mass_g = self._carriage.mass_g if axis == CARRIAGE else 0.0
        load_n = self._load_n(axis)
        accel_m_s2 = OUT[0] / 1000
        most_n = motor.range_n(speed_mm_s, accel_m_s2, mass_g, supply_mv)[1]
        free_n = motor.range_n(speed_mm_s, 0.0, mass_g, supply_mv)[1]
        if most_n < load_n:
            return line.travel_steps * line.step_nm // 2, [0] * _STALL_READINGS
        spare = _STALL_FREE * (1 - load_n / free_n)
        readings = [max(0, round(spare + self._rng.gauss(0.0, _STALL_NOISE)))
                    for _ in range(_STALL_READINGS)]  # fmt: skip
        return 0, readings

    def force_mn(self) -> int:
        """What the force cell reads with nothing on it."""
        return round(self._cell_zero_mn + self._rng.gauss(0.0, _CELL_MN))

    def _load_n(self, axis: int) -> float:
        if axis == PLUNGER:
            return _PLUNGER_FREE_N * self.truth.drag_scale
        half_um = CARRIAGE_AXIS.travel_steps * CARRIAGE_AXIS.step_nm / 2000
        return self._carriage.load_n(half_um, True, False, False)

    def _dial(self, place_um: float) -> float:
        read_um = place_um + self._rng.gauss(0.0, _DIAL_NOISE_UM)
        return round(read_um / _DIAL_UM) * _DIAL_UM
