"""What is fitted, syringe, needle and fluid, and what it allows: flow, wait, accelerations.

Pressure behind a needle is R·Q + k·Q² (Hagen-Poiseuille and the kinetic part of Hagenbach and
Couette); what gives way in the syringe stores volume in proportion to it. Integers: nbar, nl, nl/s.
"""

from mesofw.core import parts
from mesofw.core.dose import FL_PER_NL
from mesofw.core.machine import CARRIAGE, OUT, PLUNGER
from mesofw.core.motion import isqrt

PPM = 1_000_000
NBAR = 1_000_000_000
# A dose counts as given when no more than this part of it is still to come.
LEFT_PART = 100
# A slower way out than this is none.
OUT_LEAST_MM_S2 = 1_000
# The carriage's spring: 0.1 N/mm.
SPRING_UM_MN = 10
# Its way to top speed at 1 mm/s².
_TOP_UM = 500 * (CARRIAGE.speed_hz * CARRIAGE.step_nm // 1_000_000) ** 2
BORE_TOLERANCE_UM = 19
# How many flows are tried for the best one.
FLOWS_TRIED = 8
# Fractions are in 1/16,384: products of two stay below 30 bits.
PARTS = 1 << 14
LN_2 = 11_357
NEWTON_STEPS = 12
# Priming presses with this part of the highest pressure.
PRIME_PART = 5


class Fit:
    """A syringe with a needle of `pins` and a fluid on it, as a program's head names them.

    Nominal until the gun has learned better: `scale_ppm` is the pressure of this needle over the
    nominal one's, `friction_mn` the stopper's, `compliance_ppm` the gun's over the nominal;
    `filled_nl` is what the syringe holds. `step_fl`, a plunger step's volume, is set by whoever
    knows it; `settle` then works out `backoff_steps`.
    """

    def __init__(self, head: dict):
        self.syringe_name = head["syringe"]
        self.needle_name = head["needle"]
        self.syringe = parts.SYRINGES[self.syringe_name]
        self.needle = parts.NEEDLES[self.needle_name]
        self.pins = head["pins"]
        self.length_um = head["length_um"]
        self.friction_mn = self.syringe.glide_mn
        self.backlash_nm = NOMINAL_BACKLASH_NM
        self.compliance_ppm = PPM
        self.filled_nl = self.syringe.volume_nl
        self.backoff_steps = 0
        self.step_fl = 0
        self.learn(head["viscosity_upa_s"], PPM)

    def learn(self, viscosity_upa_s: int, scale_ppm: int) -> None:
        """Take a viscosity, and how much more than nominal this needle resists."""
        self.viscosity_upa_s = viscosity_upa_s
        self.scale_ppm = scale_ppm
        bore4 = self.needle.bore_um**4 * PPM
        length_um = self.length_um + parts.HUB_UM
        # 128 μ L / (π d⁴) in nbar per nl/s.
        viscous = 1_280_000 * viscosity_upa_s * length_um * 113 // 355
        self._viscous = viscous * scale_ppm // (bore4 * self.pins)
        # 2.28 ρ / 2 / A² in 1e-6 nbar per (nl/s)², ρ of water.
        kinetic = 18_481_000_000_000 * scale_ppm
        self._kinetic = kinetic // (bore4 * self.pins * self.pins)

    def resists(self, force_mn: int, flow_nl_s: int) -> bool:
        """Take the force that pressed a flow through, friction off; False where no needle of this
        bore, its tolerance included, asks for it: then nothing is taken."""
        self.learn(self.viscosity_upa_s, PPM)
        # 100 mN on 1 mm² are 1 bar.
        pressure_nbar = force_mn * 10_000_000_000_000 // parts.bore_um2(self.syringe_name)
        scale_ppm = pressure_nbar * PPM // self.pressure_nbar(flow_nl_s)
        bore_um = self.needle.bore_um
        least = 85 * bore_um**4 * 10_000 // (bore_um + BORE_TOLERANCE_UM) ** 4
        most = 120 * bore_um**4 * 10_000 // (bore_um - BORE_TOLERANCE_UM) ** 4
        if not least <= scale_ppm <= most:
            return False
        self.learn(self.viscosity_upa_s, scale_ppm)
        return True

    def rubs(self, friction_mn: int) -> None:
        """Take the stopper's friction as it was felt, within what a stopper may have."""
        usual_mn = self.syringe.glide_mn
        self.friction_mn = min(max(friction_mn, usual_mn // 2), 2 * usual_mn)

    def prime_flow_nl_s(self) -> int:
        """A flow at which the needle's resistance shows, and the narrowest is not overpressed."""
        return self.flow_nl_s(self.syringe.pressure_mbar * NBAR // 1000 // PRIME_PART)

    def learning_nl(self, flow_nl_s: int) -> int:
        """The stroke in whose course a flow becomes even: six times what its pressure stores."""
        return 6 * self.compliance_nl_bar() * self.pressure_nbar(flow_nl_s) // NBAR

    def pressure_nbar(self, flow_nl_s: int) -> int:
        """Pressure behind the needle at a steady flow."""
        return self._viscous * flow_nl_s + self._kinetic * flow_nl_s * flow_nl_s // PPM

    def flow_nl_s(self, pressure_nbar: int) -> int:
        """The steady flow that a pressure drives: `pressure_nbar` turned round."""
        square = self._viscous * self._viscous + 4 * self._kinetic * pressure_nbar // PPM
        return 2 * pressure_nbar // (self._viscous + isqrt(square))

    def compliance_nl_bar(self) -> int:
        """What gives way at the present filling."""
        syringe = self.syringe
        more = syringe.full_nl_bar - syringe.empty_nl_bar
        nominal = syringe.empty_nl_bar + more * self.filled_nl // syringe.volume_nl
        return nominal * self.compliance_ppm // PPM

    def most_flow_nl_s(self) -> int:
        """The highest flow: by pressure, and by the plunger's speed."""
        by_pressure = self.flow_nl_s(self.syringe.pressure_mbar * 1_000_000)
        return min(by_pressure, self.fastest_nl_s())

    def fastest_nl_s(self) -> int:
        """Flow at the plunger's top speed."""
        return PLUNGER.speed_hz * self.step_fl // FL_PER_NL

    def best_flow_nl_s(self, volume_nl: int, most_nl_s: int) -> int:
        """The flow up to `most_nl_s` that makes a dose's time shortest: more dispenses sooner, but
        leaves more pressure to wait for."""
        # Where the pressure becomes even, the time V/Q + Q/ramp + decay(Q) is shortest at the zero
        # of its derivative; where it does not, at a higher flow: the best of some up to the most.
        compliance = self.compliance_nl_bar()
        linear = compliance * self._viscous
        square = 2000 * compliance * self._kinetic + NBAR * NBAR // self._ramp_nl_s2()
        best = max(1, most_nl_s)
        if best * (square * best // NBAR + linear) <= volume_nl * NBAR:
            return best
        both = linear + isqrt(linear * linear + 4 * square * volume_nl)
        least = 2 * volume_nl * NBAR // both
        least_us = self._dose_us(best, volume_nl)
        for part in range(FLOWS_TRIED):
            flow_nl_s = max(1, least + (most_nl_s - least) * part // FLOWS_TRIED)
            lasts_us = self._dose_us(flow_nl_s, volume_nl)
            if lasts_us < least_us:
                best, least_us = flow_nl_s, lasts_us
        return best

    def _dose_us(self, flow_nl_s: int, volume_nl: int) -> int:
        pushing_us = volume_nl * PPM // flow_nl_s + flow_nl_s * PPM // self._ramp_nl_s2()
        return pushing_us + self.decay_us(flow_nl_s, volume_nl)

    def _ramp_nl_s2(self) -> int:
        return self.press_hz_s() * self.step_fl // FL_PER_NL

    def decay_us(self, flow_nl_s: int, volume_nl: int) -> int:
        """How long after a dose at a flow the pressure takes to fall to where 1 % of the dose is
        still to come: C (R ln(Q₀/Q) + 2 k (Q₀ - Q)), exact for p = R Q + k Q²."""
        compliance = self.compliance_nl_bar()
        end_nbar = volume_nl * NBAR // (LEFT_PART * compliance)
        start_nbar = self._stop_nbar(flow_nl_s, volume_nl, compliance)
        if start_nbar <= end_nbar:
            return 0
        start_nl_s = self.flow_nl_s(start_nbar)
        end_nl_s = max(1, self.flow_nl_s(end_nbar))
        linear_us = compliance * self._viscous // 1000 * ln_parts(start_nl_s, end_nl_s) // PARTS
        return linear_us + 2 * compliance * self._kinetic * (start_nl_s - end_nl_s) // NBAR

    def _stop_nbar(self, flow_nl_s: int, volume_nl: int, compliance: int) -> int:
        """The pressure as the plunger comes to rest after a dose, never reckoned too low."""
        slowing_us = flow_nl_s * PPM // self._ramp_nl_s2()
        slowing_nl = flow_nl_s * slowing_us // 2_000_000
        # As if all before had been pushed at the full flow, which leaves the least time to flow.
        pushed_us = max(0, volume_nl - slowing_nl) * PPM // flow_nl_s
        nbar = self.pressure_nbar(self._reached_nl_s(flow_nl_s, pushed_us, compliance))
        # While the plunger slows down more flows out than it sweeps.
        least_nl_s = self.flow_nl_s(max(0, nbar - slowing_nl * NBAR // compliance))
        out_nl = least_nl_s * slowing_us // PPM - slowing_nl
        return max(0, nbar - out_nl * NBAR // compliance)

    def _reached_nl_s(self, sweep_nl_s: int, for_us: int, compliance: int) -> int:
        """The flow out of the needle after a sweep from rest, never reckoned too low: from
        t = C ((R + 2 k s) ln(s / (s - Q)) - 2 k Q) with Q = u s, by Newton's method from above,
        where it stays, for t(u) curves upwards."""
        square_us = 2 * compliance * self._kinetic * sweep_nl_s // NBAR
        both_us = compliance * self._viscous // 1000 + square_us
        if for_us > 6 * both_us:
            return sweep_nl_s
        # In small numbers, which the gun reckons ten times as fast.
        while both_us > 4095:
            both_us >>= 1
            square_us >>= 1
            for_us = (for_us >> 1) + 1
        # From 1 - u = exp(-(t + 2 k C s) / (C (R + 2 k s))), which is too small for u < 1; by
        # powers of two, and between them by the tangent, which is too small too.
        halved = (for_us + square_us) * PARTS // both_us + 1
        left = max(64, ((22_063 - halved % LN_2) * 11_585 >> 14) >> halved // LN_2)
        part = PARTS - left
        for _ in range(NEWTON_STEPS):
            over = both_us * ln_parts(PARTS, PARTS - part) - square_us * part - for_us * PARTS
            if over <= 0:
                # Never reached while it is looked for: then the flow is nearly the sweep's.
                return sweep_nl_s if left == 64 else (sweep_nl_s * part >> 14) + 1
            less = over // (both_us * PARTS // (PARTS - part) - square_us)
            if less < 16:
                break
            part -= less
        return (sweep_nl_s * part >> 14) + 1

    def play_nm(self) -> int:
        """How far the plunger draws back before the stopper follows: the drive's spring from the
        friction one way to the friction the other way, and the nut's play."""
        return 2000 * self.friction_mn // self.syringe.stiffness_mn_um + self.backlash_nm

    def settle(self) -> None:
        """Fix the back-off for what is fitted: short of the play, so that the rod's push is taken
        off the stopper and pressure is never drawn below zero."""
        share = 95 * self.play_nm() // 100
        relief_steps = self.syringe.least_nl * FL_PER_NL // (LEFT_PART * self.step_fl)
        self.backoff_steps = share // PLUNGER.step_nm + relief_steps

    def press_hz_s(self) -> int:
        """The plunger's acceleration in steps/s², both ways."""
        return PLUNGER.hz_s(self.syringe.press_mm_s2)

    def spare_mn(self, travel_um: int) -> int:
        """What the carriage's motor has left at a travel from home, spring and puncture off."""
        spring_mn = travel_um // SPRING_UM_MN
        return self.syringe.spare_mn - spring_mn - self.pins * self.needle.puncture_mn

    def out_mm_s2(self, travel_um: int) -> int:
        """Acceleration of the carriage towards the skin; below OUT_LEAST_MM_S2 where its motor
        cannot do it with its margin."""
        spare_mn = self.spare_mn(travel_um)
        if spare_mn <= 0:
            return 0
        # The spring counts as far out as the carriage speeds up; reckoned from the least
        # acceleration on, so that it is never reckoned too weak.
        spare_mn += travel_um // SPRING_UM_MN
        at_um = travel_um
        before_um = accel = 0
        for _ in range(9):
            accel = max(1, (spare_mn - at_um // SPRING_UM_MN) * 1000 // self.syringe.moved_g)
            if at_um == before_um:
                break
            before_um = at_um
            at_um = min(_TOP_UM // accel, travel_um * OUT[1] // (accel + OUT[1]), at_um)
        return accel


NOMINAL_BACKLASH_NM = 5_000


def ln_parts(above: int, below: int) -> int:
    """ln(above / below) in 1/16,384, for above >= below > 0: halved to below 2, then the series of
    the area tangent. In small numbers: exact to 1 in 10,000."""
    total = 0
    while above >= 2 * below:
        above = (above + 1) >> 1
        total += LN_2
    while above > 0x7FFF:
        above >>= 1
        below >>= 1
    term = (above - below) * PARTS // (above + below)
    square = term * term >> 14
    odd = 1
    while term:
        total += 2 * term // odd
        term = term * square >> 14
        odd += 2
    return total
