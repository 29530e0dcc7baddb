"""The carriage: its spring, its weight, its guides and the skin, against its motor or without it.

The spring takes up the screw's backlash: it presses home all the time, so that both ways end on
the same flank. Without power it brings the needle home against detent, guides, weight, skin and
whatever jams (`physics.spring.return_s`: a mass on a spring against a constant force); where that
is too much, the needle stays where spring and drag balance.
"""

import math
from dataclasses import dataclass

from mesosim import hardware
from mesosim.motor import Leg
from mesosim.physics import spring
from mesosim.physics.gun import Syringe
from mesosim.physics.spring import Spring
from mesosim.skin import Skin
from mesosim.torque import Motor
from mesosim.truth import POINTINGS, Truth

GRAVITY_M_S2 = 9.81
# Weight against the needle's way out, by `POINTINGS`.
_UPHILL: dict[str, float] = dict(zip(POINTINGS, (-1.0, 0.0, 1.0), strict=True))


@dataclass(frozen=True)
class Return:
    """A way home by the spring alone: from rest at a time and place to where it ends."""

    since_us: int
    from_um: float
    end_us: float
    end_um: float
    omega: float
    balance_um: float

    def um(self, now_us: float) -> float:
        """Where the carriage is."""
        if now_us >= self.end_us:
            return self.end_um
        turn = self.omega * (now_us - self.since_us) / 1e6
        return self.balance_um + (self.from_um - self.balance_um) * math.cos(turn)

    def reach_us(self, place_um: float) -> float | None:
        """When it comes to a place; None where it does not."""
        if not self.end_um <= place_um < self.from_um:
            return None
        part = (place_um - self.balance_um) / (self.from_um - self.balance_um)
        return self.since_us + math.acos(part) / self.omega * 1e6


class Carriage:
    """Loads on the carriage. `pointing` is where the needle points, of `POINTINGS`; `extra_load_n`
    what jams the axes either way."""

    def __init__(self, truth: Truth, skin: Skin, extra_load_n: list[float]):
        gun = hardware.gun()
        nominal = gun.spring
        self._truth = truth
        self._skin = skin
        self._mover = gun.screw("carriage")
        self._spring = Spring(nominal.preload_n * truth.spring_scale, nominal.rate_n_mm)
        self._inertia_gcm2 = gun.axis("carriage", 0.0).inertia_gcm2
        self._guides_n = gun.number("carriage", "guide_friction_n") * truth.drag_scale
        self._detent_n = spring.detent_n(self._mover, gun.number("carriage", "motor", "detent_mnm"))
        self.motor = Motor(0, truth)
        self.pointing = truth.pointing
        self._extra_load_n = extra_load_n
        self.mass_g = 0.0
        self.take_syringe(None)

    def take_syringe(self, fitted: Syringe | None) -> None:
        """Another syringe rides, or none."""
        self.mass_g = hardware.riding_g(fitted)

    def loads(self) -> tuple[object, ...]:
        """All that the load depends on besides the place."""
        skin = self._skin
        return (self.pointing, self._extra_load_n[0], self.mass_g, skin.dent_um, skin.puncture_n,
                skin.bone_um)  # fmt: skip

    def _uphill_n(self) -> float:
        return self.mass_g * 1e-3 * GRAVITY_M_S2 * _UPHILL[self.pointing]

    def load_n(self, place_um: float, forward: bool, inside: bool, contact: bool) -> float:
        """Force against the motion at a place: spring, weight, guides, skin, what jams."""
        way_n = self._spring.force_n(place_um / 1000) + self._uphill_n()
        load_n = (way_n if forward else -way_n) + self._guides_n + self._extra_load_n[0]
        if contact:
            depth_um = place_um - self._truth.foot_um
            if forward:
                load_n += self._skin.load_n(depth_um, inside)
            elif inside:
                load_n += self._skin.drag_n
        return load_n

    def stall(
        self, leg: Leg, rotor: float, contact: bool, inside: bool, supply_mv: int,
        passed_at: dict[str, float],
    ) -> int | None:  # fmt: skip
        """After how many pulses of a leg, begun with the rotor at `rotor`, its motor stalls.

        `passed_at` gives the rotor at the places `puncture` and `bone` as far as there are any.
        """
        way = leg.direction
        step_um = self._truth.carriage_step_um
        key = (rotor, contact, inside, supply_mv, self.loads())
        if key in leg.found:
            return leg.found[key]
        passed: dict[str, int] = {}
        if way > 0 and contact:
            for name, there in passed_at.items():
                pulse = math.ceil(there - rotor)
                if 0 <= pulse <= leg.pulses:
                    passed[name] = pulse
        puncture = 0 if inside else passed.get("puncture", leg.pulses + 1)

        def load(pulse: int) -> float:
            # The last moment before the puncture is the hardest.
            within = inside or pulse > puncture
            return self.load_n((rotor + way * pulse) * step_um, way > 0, within, contact)

        found = self.motor.stall(leg, load, passed.values(), self.mass_g, supply_mv)
        leg.found[key] = found
        return found

    def spring_back(self, now_us: int, from_um: float) -> Return:
        """The way home from a place, its motor without power."""
        drag_n = self._detent_n + self._guides_n + self._extra_load_n[0] - self._uphill_n()
        if self._skin.inside:
            drag_n += self._skin.drag_n
        mass_g = spring.effective_g(self._mover, self.mass_g, self._inertia_gcm2)
        omega = math.sqrt(self._spring.rate_n_mm * 1e3 / (mass_g * 1e-3))
        balance_mm = (drag_n - self._spring.preload_n) / self._spring.rate_n_mm
        balance_um = balance_mm * 1000
        if from_um <= balance_um:
            return Return(now_us, from_um, now_us, from_um, omega, balance_um)
        if balance_mm >= 0:
            quarter_us = math.pi / 2 / omega * 1e6
            return Return(now_us, from_um, now_us + quarter_us, balance_um, omega, balance_um)
        lasts_s = spring.return_s(self._spring, max(0.0, from_um) / 1000, mass_g, drag_n)
        return Return(now_us, from_um, now_us + lasts_s * 1e6, min(0.0, from_um), omega, balance_um)
