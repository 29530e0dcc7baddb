"""What the plunger pushes: a syringe in its cradle with a needle on it, its force and its flow.

What gives way is the barrel, the stopper's face and the drive (`physics.syringe.compliance_nl_bar`)
at the present filling, and air at one bar, isothermal: air_nl / 1 bar. Resistance is that of
`physics.needle` with the needle's own bore. Each seated piece is drawn anew (`Piece`).
"""

import copy
import random
from dataclasses import dataclass

from mesosim import hardware
from mesosim.fluid import Fluid
from mesosim.physics import needle, relax, syringe
from mesosim.physics.gun import Needle, Syringe
from mesosim.physics.needle import Tube
from mesosim.stopper import Rod, Stopper
from mesosim.truth import Truth, near_by

# A blocked needle lets a millionth through.
_BLOCKED = 1e6
# 1 bar on 1 mm² is 100 mN.
_MN_PER_BAR_MM2 = 100.0
# What the clip holds beyond the force at which the stopper breaks loose; an estimate.
_CLIP_N = 4.0
_FRICTION_TOLERANCE = 0.20
_PIECE_TOLERANCE = 0.003
_SEED = 2_000_003


@dataclass(frozen=True)
class Seated:
    """A filled syringe with its needle as they truly are: bore area in mm² (= nl/µm), length of
    a full filling in µm, what gives way of it empty and how much more full, in nl/bar."""

    syringe: Syringe
    needle: Needle
    tube: Tube
    viscosity_mpa_s: float
    area_mm2: float
    full_um: float
    empty_nl_bar: float
    full_nl_bar: float


class Cartridge:
    """The cradle and what is in it. Volumes in nl, forces in mN, times in µs.

    `peak_mn` is the highest force since it was last set.
    """

    def __init__(self, truth: Truth):
        self._truth = truth
        self._rng = random.Random(truth.seed + _SEED)
        self._given_before_nl = 0.0
        self._blocked = False
        self.seated: Seated | None = None
        self.stopper: Stopper | None = None
        self.fluid: Fluid | None = None
        self._mn_bar = 0.0
        self.air_nl = 0.0
        self.force_offset_mn = 0
        self.peak_mn = 0.0

    def seat(
        self, name: str, fill_nl: float, gauge: str, length_um: float, pins: int,
        viscosity_mpa_s: float, air_nl: float, plunger_um: float,
    ) -> None:  # fmt: skip
        """A filled syringe with a new needle; the plunger stands at a place. Raises StopIteration
        for a syringe or needle that gun.toml does not know."""
        self.unseat()
        truth, gun, rng = self._truth, hardware.gun(), self._rng
        near = near_by(rng)
        fitted, hollow = gun.syringe(name), gun.needle(gauge)
        scale = truth.bore_scale[name] * near(1.0, _PIECE_TOLERANCE)
        area_mm2 = syringe.area_mm2(fitted.barrel.bore_um) * scale
        nominal = gun.tube(hollow, length_um / 1000, pins)
        tube = Tube(near(nominal.inner_um, hollow.tolerance_um), nominal.length_um, pins)
        self._mn_bar = _MN_PER_BAR_MM2 * area_mm2
        drive_n_mm = fitted.drive_n_mm * truth.drive_scale
        gives_way = truth.compliance_scale[name]
        empty_nl_bar = syringe.compliance_nl_bar(fitted.barrel, 0.0, drive_n_mm) * gives_way
        self.seated = Seated(
            fitted, hollow, tube, viscosity_mpa_s, area_mm2, fitted.barrel.stroke_um,
            empty_nl_bar, syringe.barrel_nl_bar(fitted.barrel, 1.0) * gives_way,
        )  # fmt: skip
        friction = near(1.0, _FRICTION_TOLERANCE)
        stick_n = (fitted.break_n - fitted.glide_n) * friction
        stiffness_n_um = drive_n_mm / 1000
        rod = Rod(
            fitted.glide_n * friction, fitted.break_n * friction, stiffness_n_um,
            truth.plunger_backlash_um,
            gun.number("plunger", "stick_spread") * stick_n / stiffness_n_um,
            fitted.break_n * friction + _CLIP_N,
        )  # fmt: skip
        stands_um = truth.empty_um - fill_nl / area_mm2
        self.stopper = Stopper(rod, stands_um, plunger_um, random.Random(rng.getrandbits(32)))
        self.air_nl = air_nl
        self.fluid = Fluid(1.0, 0.0, 1.0)
        self.refresh()

    def unseat(self) -> None:
        """The syringe comes out."""
        self._given_before_nl = self.given_nl()
        self.seated = self.stopper = self.fluid = None

    def block(self, blocked: bool) -> None:
        """The needle is blocked, or free again."""
        self._blocked = blocked
        self.refresh()

    def refill(self) -> None:
        """Work out anew what gives way at the present filling."""
        fluid = self.fluid
        if fluid:
            fluid.set_path(fluid.linear, fluid.square, self.compliance_nl_bar())

    def refresh(self) -> None:
        """Work out resistance and compliance anew: what is fitted, filled and blocked now."""
        seated, fluid = self.seated, self.fluid
        if not seated or not fluid:
            return
        blocked = _BLOCKED if self._blocked else 1.0
        linear = needle.viscous_bar_s_nl(seated.tube, seated.viscosity_mpa_s) * blocked
        fluid.set_path(linear, needle.kinetic_bar_s2_nl2(seated.tube), self.compliance_nl_bar())

    def compliance_nl_bar(self) -> float:
        """What gives way at the present filling; 0 where there is no syringe."""
        seated, stopper = self.seated, self.stopper
        if not seated or not stopper:
            return 0.0
        full = (self._truth.empty_um - stopper.stands_um) / seated.full_um
        return seated.empty_nl_bar + seated.full_nl_bar * max(0.0, full) + self.air_nl

    def given_nl(self) -> float:
        """All that has left the needles so far, less what was drawn in."""
        fluid = self.fluid
        return self._given_before_nl + (fluid.out_nl - fluid.drawn_nl if fluid else 0.0)

    def ahead(self) -> "Cartridge":
        """A twin to look ahead with."""
        twin = copy.copy(self)
        twin.fluid = copy.copy(self.fluid)
        twin.stopper = self.stopper.copy() if self.stopper else None
        return twin

    def stand_at(self, place_um: float) -> None:
        """The plunger has been stopped at a place, a few pulses off where it was reckoned."""
        stopper, fluid, seated = self.stopper, self.fluid, self.seated
        if stopper and fluid and seated and stopper.at_um != place_um:
            stroke_um = stopper.shift(place_um - stopper.at_um)
            if stroke_um:
                fluid.jump(stroke_um * seated.area_mm2)

    def stand(self, at_us: float, duration_us: float) -> None:
        """The plunger stands; what is stored flows on."""
        stopper, fluid = self.stopper, self.fluid
        if stopper and fluid and duration_us > 0.0:
            stopper.rest(at_us)
            if fluid.flow > 0.0:
                fluid.pass_outwards(duration_us * 1e-6, 0.0)
            elif fluid.stored_nl:
                fluid.pass_time(duration_us * 1e-6, 0.0)

    def move(self, at_us: float, duration_us: float, travel_um: float) -> None:
        """The plunger travels at a constant speed from `at_us` on, or stands."""
        stopper, fluid, seated = self.stopper, self.fluid, self.seated
        if not stopper or not fluid or not seated:
            return
        if not travel_um:
            self.stand(at_us, duration_us)
            return
        area_mm2 = seated.area_mm2
        gliding = stopper.gliding
        if gliding and gliding * travel_um > 0.0:
            stopper.at_um += travel_um
            stopper.stands_um += travel_um
            if gliding > 0 and fluid.flow >= 0.0 and duration_us > 0.0:
                fluid.pass_outwards(duration_us * 1e-6, travel_um * area_mm2)
            else:
                self._sweep(stopper, fluid, duration_us, travel_um * area_mm2)
        else:
            for lasts_us, stroke_um in stopper.move(at_us, duration_us, travel_um):
                self._sweep(stopper, fluid, lasts_us, stroke_um * area_mm2)
                if stopper.gliding > gliding:
                    # It has just broken loose.
                    gliding = stopper.gliding
                    pressing_mn = fluid.stored_nl / fluid.compliance * self._mn_bar
                    force_mn = stopper.break_n * 1000 + pressing_mn + self.force_offset_mn
                    self.peak_mn = max(self.peak_mn, force_mn)
        if travel_um > 0.0:
            force_mn = self.force_mn()
            if force_mn > self.peak_mn:
                self.peak_mn = force_mn

    def _sweep(self, stopper: Stopper, fluid: Fluid, duration_us: float, swept_nl: float) -> None:
        """The stopper sweeps a volume; where it is pulled too hard, the clip lets go on the way."""
        if swept_nl < 0.0 and stopper.gliding < 0 and duration_us > 0.0 and self.seated:
            area_mm2 = self.seated.area_mm2
            hold_n = stopper.rod.clip_n - stopper.rod.glide_n
            sweep = swept_nl / duration_us * 1e6
            until_us = fluid.until_s(sweep, -hold_n * 1000 / self._mn_bar) * 1e6
            if until_us < duration_us:
                back_um = swept_nl / area_mm2 * (1.0 - until_us / duration_us)
                stopper.glide(-back_um)
                stopper.let_go(back_um)
                fluid.pass_time(until_us * 1e-6, sweep * until_us * 1e-6)
                fluid.pass_time((duration_us - until_us) * 1e-6, 0.0)
                return
        fluid.pass_time(duration_us * 1e-6, swept_nl)

    def force_mn(self) -> float:
        """Force on the cell: pressure on the stopper and its friction; 0 before the first touch."""
        stopper, fluid = self.stopper, self.fluid
        if not stopper or not fluid or not stopper.touched:
            return self.force_offset_mn
        pressing_mn = fluid.stored_nl / fluid.compliance * self._mn_bar
        return stopper.friction_n() * 1000 + pressing_mn + self.force_offset_mn

    def most_mn(self, way: int, speed_um_s: float, travel_um: float, until_us: float) -> float:
        """What the force against the plunger cannot pass until a time while it goes one way (1 or
        -1), at most so fast and so far."""
        stopper, fluid, seated = self.stopper, self.fluid, self.seated
        if not stopper or not fluid or not seated:
            return way * self.force_offset_mn
        rod, area_mm2 = stopper.rod, seated.area_mm2
        travel_um -= stopper.room_um(way)
        bar = way * fluid.bar()
        if travel_um > 0.0:
            # No pressure is above that of pushing all of it at the top speed.
            flow = relax.flow_after(
                fluid.linear, fluid.square, fluid.compliance, max(0.0, way * fluid.flow),
                speed_um_s * area_mm2, travel_um / speed_um_s,
            )  # fmt: skip
            bar = max(bar, relax.bar_at(fluid.linear, fluid.square, flow))
        friction_n = stopper.friction_by_n(until_us)
        loose_um = (friction_n - rod.glide_n) / rod.stiffness_n_um + 2 * rod.spread_um
        bar += loose_um * area_mm2 / fluid.compliance
        friction_n += 2 * rod.spread_um * rod.stiffness_n_um
        pressing_mn = bar * self._mn_bar
        if way < 0:
            pressing_mn = min(pressing_mn, (rod.clip_n - friction_n) * 1000)
        return friction_n * 1000 + pressing_mn + way * self.force_offset_mn
