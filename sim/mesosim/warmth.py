"""How warm the motors get: one thermal mass each, in closed form between changes of power.

Copper losses of both windings (`physics.heat.copper_w`) at the full current while an axis moves, at
gun.toml's `driver.hold_share` of it while it is held, none without power. Within a run the mean of
both counts, for the thermal mass takes minutes. Rise above the surroundings: P R with the time
constant R C (Newton's cooling), R × the gun's own scale.
"""

import math

from mesosim import hardware
from mesosim.physics import heat
from mesosim.truth import AXIS_NAMES, Truth

# How often the temperature is looked at: at full power a motor rises by less than 0.1 K meanwhile.
_LOOK_US = 500_000


class Warmth:
    """One motor's warmth."""

    def __init__(self, number: int, truth: Truth):
        gun = hardware.gun()
        name = AXIS_NAMES[number]
        winding = gun.winding(name)
        self._full_w = heat.copper_w(winding.current_a, winding.resistance_ohm)
        self._hold_share = gun.number("driver", "hold_share")
        self._k_w = gun.number(name, "motor", "heat_k_w") * truth.heat_scale[number]
        self._tau_us = self._k_w * gun.number(name, "motor", "heat_j_k") * 1e6
        self._since_us = 0
        self._since_k = 0.0
        self._final_k = 0.0

    def rise_k(self, now_us: int) -> float:
        """How much warmer than the surroundings the motor is."""
        left = math.exp((self._since_us - now_us) / self._tau_us)
        return self._final_k + (self._since_k - self._final_k) * left

    def power(self, now_us: int, on: bool, moving: float) -> None:
        """From now on the motor is on or off, and moves for a share 0 … 1 of the time."""
        mean_w = heat.mean_w(self._full_w, moving, self._hold_share) if on else 0.0
        final_k = heat.rise_k(mean_w, self._k_w)
        if final_k != self._final_k:
            self._since_k = self.rise_k(now_us)
            self._since_us = now_us
            self._final_k = final_k


class Motors:
    """Both motors: which are on, and how much warmer than the surroundings the hotter one is."""

    def __init__(self, truth: Truth):
        self._warmth = (Warmth(0, truth), Warmth(1, truth))
        self._asked: tuple[object, ...] = ()
        self._until_us = 0
        self._rise_dc = 0
        self.on = [False, False]

    def power(self, now_us: int, powered: bool, moving: tuple[float, float]) -> None:
        """From now on there is a supply or none, and each moves for a share of the time."""
        asked = (powered, *self.on, moving)
        if asked == self._asked:
            return
        self._asked = asked
        for warmth, on, share in zip(self._warmth, self.on, moving, strict=True):
            warmth.power(now_us, on and powered, share)

    def rise_dc(self, now_us: int) -> int:
        """The rise in tenths of a K, to half a second."""
        if now_us >= self._until_us:
            self._until_us = now_us + _LOOK_US
            one, other = self._warmth
            self._rise_dc = int(10 * max(one.rise_k(now_us), other.rise_k(now_us)))
        return self._rise_dc
