"""What is fitted against what physics says of it, worked out apart and with floats."""

import math

from mesofw.core import fit, parts
from mesofw.core.machine import CARRIAGE, OUT, PLUNGER
from tests.core.support import fluid
from tests.core.support.check import numbers
from tests.core.support.program import fit_of, head

VERIFIES = {
    "test_the_highest_flow_is_what_pressure_and_plunger_stand": ("SR-054",),
    "test_the_wait_after_a_dose_is_what_the_pressure_takes_to_fall": ("SR-049",),
    "test_the_back_off_stays_within_the_play_but_for_a_hundredth_of_the_smallest_dose": ("SR-052",),
    "test_a_bore_beyond_its_tolerance_is_not_taken_and_nothing_is_learned": ("SR-126",),
    "test_friction_is_taken_within_what_a_stopper_may_have": ("SR-127",),
    "test_where_the_motor_has_nothing_left_the_carriage_does_not_go": ("SR-042",),
}

PPM = 1_000_000
NBAR = 1_000_000_000
PA_NBAR = 1e4
TOLERANCE_UM = 19


def each_fit(viscosities=(1_000,)):
    for syringe in parts.SYRINGE_NAMES:
        for needle in parts.NEEDLE_NAMES:
            for viscosity in viscosities:
                yield fit_of(syringe=syringe, needle=needle, viscosity_upa_s=viscosity)


def test_pressure_is_viscous_and_kinetic():
    for needle in parts.NEEDLE_NAMES:
        for viscosity, length_um, pins in ((500, 4_000, 1), (1_000, 13_000, 5), (20_000, 6_000, 9)):
            figures = {"length_um": length_um, "pins": pins, "viscosity_upa_s": viscosity}
            fitted = fit_of(needle=needle, **figures)
            for flow_nl_s in (1_000, 20_000, 300_000):
                expected = fluid.needle_pa(head(needle=needle, **figures), flow_nl_s) * PA_NBAR
                off = abs(fitted.pressure_nbar(flow_nl_s) - expected) / expected
                assert off < 0.005, (needle, figures, flow_nl_s, off)


def test_pins_share_the_flow():
    one, five = fit_of(), fit_of(pins=5)
    for flow_nl_s in (1_000, 50_000):
        alone = one.pressure_nbar(flow_nl_s)
        assert abs(five.pressure_nbar(5 * flow_nl_s) - alone) < alone // 100


def test_flow_is_pressure_turned_round():
    for fitted in each_fit((500, 1_000, 100_000)):
        for flow_nl_s in (1_000, 37_000, 500_000):
            back = fitted.flow_nl_s(fitted.pressure_nbar(flow_nl_s))
            assert abs(back - flow_nl_s) <= 1 + flow_nl_s // 1_000


def test_the_highest_flow_is_what_pressure_and_plunger_stand():
    by_speed = 0
    for fitted in each_fit((1_000, 10_000)):
        most = fitted.most_flow_nl_s()
        limit_nbar = fitted.syringe.pressure_mbar * NBAR // 1000
        speed = PLUNGER.speed_hz * fitted.step_fl / 1e6
        assert most <= speed
        assert fitted.pressure_nbar(most) <= limit_nbar + limit_nbar // 2_000
        more = most + most // 50 + 2
        if fitted.pressure_nbar(more) <= limit_nbar:
            by_speed += 1
            assert abs(most - speed) < 2
    # A 1 mL syringe with a wide needle is as fast as its plunger.
    assert by_speed > 0


def test_what_gives_way_grows_with_the_filling_and_by_the_calibration():
    fitted = fit_of(syringe="10 mL")
    syringe = fitted.syringe
    given = []
    for filled_nl in (0, 5_000_000, 10_000_000):
        fitted.filled_nl = filled_nl
        given.append(fitted.compliance_nl_bar())
    middle = (syringe.empty_nl_bar + syringe.full_nl_bar) // 2
    assert given == [syringe.empty_nl_bar, middle, syringe.full_nl_bar]
    fitted.compliance_ppm = 1_500_000
    assert abs(fitted.compliance_nl_bar() - syringe.full_nl_bar * 3 // 2) <= 1


def test_the_logarithm_is_good_to_two_ten_thousandths():
    for above, below in zip(numbers(3, 300, 1, 500_000), numbers(4, 300, 1, 500_000)):
        above, below = max(above, below), min(above, below)
        expected = math.log(above / below)
        assert abs(fit.ln_parts(above, below) / fit.PARTS - expected) <= 2e-4 + expected / 5_000
    assert fit.ln_parts(7, 7) == 0


class Flow:
    """The syringe as an equation: C dp/dt = what the plunger sweeps - what the needle passes."""

    def __init__(self, fitted, dt_s=25e-6):
        self.c = fitted.compliance_nl_bar()
        pa = fluid.pressure_pa(1.0, fitted.needle.bore_um, fitted.length_um, fitted.pins, 0)
        both = fluid.pressure_pa(
            1.0, fitted.needle.bore_um, fitted.length_um, fitted.pins, fitted.viscosity_upa_s
        )
        scale = fitted.scale_ppm / 1e6 / 1e5
        self.k = pa * scale
        self.r = (both - pa) * scale
        self.ramp = fitted.press_hz_s() * fitted.step_fl / 1e6
        self.dt_s = dt_s
        self.bar = 0.0

    def out(self):
        root = math.sqrt(self.r * self.r + 4.0 * self.k * self.bar)
        return 2.0 * self.bar / (self.r + root) if self.bar > 0.0 else 0.0

    def pass_by(self, swept_nl_s):
        before = self.bar
        slope = (swept_nl_s - self.out()) / self.c
        self.bar = max(0.0, before + slope * self.dt_s)
        again = (swept_nl_s - self.out()) / self.c
        self.bar = max(0.0, before + (slope + again) / 2.0 * self.dt_s)

    def push(self, flow_nl_s, volume_nl, start_nl_s=0.0):
        """A stroke from a flow (0: from rest) up to `flow_nl_s` and down to rest."""
        slowing_nl = flow_nl_s * flow_nl_s / (2.0 * self.ramp)
        flow = start_nl_s
        left_nl = float(volume_nl)
        while left_nl > slowing_nl:
            flow = min(flow_nl_s, flow + self.ramp * self.dt_s)
            left_nl -= flow * self.dt_s
            self.pass_by(flow)
        while flow > 0.0:
            self.pass_by(flow)
            flow -= self.ramp * self.dt_s

    def settle_us(self, rest_nl):
        """How long until no more than so much is still to come."""
        passed = 0
        while self.bar * self.c > rest_nl:
            self.pass_by(0.0)
            passed += 1
        return passed * self.dt_s * 1e6


def waits():
    """(fit, flow, volume) of doses at the flow that is best for them."""
    for syringe, needle, viscosity in (
        ("1 mL", "27G", 1_000),
        ("1 mL", "30G", 5_000),
        ("3 mL", "27G", 1_000),
        ("3 mL", "30G", 1_000),
        ("5 mL", "29G", 2_000),
        ("10 mL", "27G", 1_000),
    ):
        fitted = fit_of(syringe=syringe, needle=needle, viscosity_upa_s=viscosity)
        for volume_nl in (10_000, 50_000):
            yield fitted, fitted.best_flow_nl_s(volume_nl, fitted.most_flow_nl_s()), volume_nl


def test_the_wait_after_a_dose_is_what_the_pressure_takes_to_fall():
    for fitted, flow_nl_s, volume_nl in waits():
        said_us = fitted.decay_us(flow_nl_s, volume_nl)
        # Without back-off the stroke begins at rest; made up, at any speed up to the full flow.
        for start_nl_s in (0.0, float(flow_nl_s)):
            flow = Flow(fitted)
            slowing_nl = flow_nl_s * flow_nl_s / (2.0 * flow.ramp)
            if 2.0 * slowing_nl > volume_nl:
                continue
            flow.push(flow_nl_s, volume_nl, start_nl_s)
            true_us = flow.settle_us(volume_nl / 100.0)
            what = (fitted.syringe_name, fitted.needle_name, volume_nl, said_us, true_us)
            assert true_us <= said_us + 500, what
            assert said_us <= 1.25 * true_us + 8_000, what


def test_a_small_dose_is_not_waited_for_as_if_its_pressure_had_become_even():
    fitted = fit_of(syringe="10 mL", needle="30G")
    flow_nl_s, volume_nl = 75_000, 8_000
    flow = Flow(fitted)
    flow.push(flow_nl_s, volume_nl)
    short_us = flow.settle_us(volume_nl / 100.0)
    flow.bar = flow.r * flow_nl_s + flow.k * flow_nl_s * flow_nl_s
    even_us = flow.settle_us(volume_nl / 100.0)
    said_us = fitted.decay_us(flow_nl_s, volume_nl)
    assert short_us <= said_us < (short_us + even_us) / 2.0, (short_us, said_us, even_us)


def test_the_wait_after_the_slightest_flow_is_found_too():
    for syringe in ("1 mL", "10 mL"):
        fitted = fit_of(syringe=syringe, needle="34G", viscosity_upa_s=100_000)
        for flow_nl_s in (1, 2, 40, 255, 256, 600):
            assert fitted.decay_us(flow_nl_s, 10_000) >= 0


def test_a_needle_that_resists_more_is_waited_for_longer():
    fitted = fit_of(needle="30G")
    plain_us = fitted.decay_us(50_000, 20_000)
    fitted.learn(fitted.viscosity_upa_s, 1_400_000)
    assert 1.3 * plain_us < fitted.decay_us(50_000, 20_000) < 1.6 * plain_us


def dose_us(fitted, flow_nl_s, volume_nl):
    ramp = fitted.press_hz_s() * fitted.step_fl / 1e6
    pushing_s = volume_nl / flow_nl_s + flow_nl_s / ramp
    return pushing_s * 1e6 + fitted.decay_us(flow_nl_s, volume_nl)


def test_the_best_flow_makes_the_dose_shortest():
    for fitted in each_fit():
        most = fitted.most_flow_nl_s()
        for volume_nl in (8_000, 20_000, 200_000):
            best = fitted.best_flow_nl_s(volume_nl, most)
            assert 0 < best <= most
            shortest = min(dose_us(fitted, max(1, most * part // 100), volume_nl) for part in
                           range(1, 101))  # fmt: skip
            took = dose_us(fitted, best, volume_nl)
            what = (fitted.syringe_name, fitted.needle_name, volume_nl, best, took, shortest)
            assert took <= 1.02 * shortest + 1_000, what


def test_the_best_flow_stays_below_what_is_set():
    for most in (1_000, 40_000, 300_000):
        assert fit_of().best_flow_nl_s(200_000, most) <= most


def test_the_plunger_draws_back_by_the_springs_way_and_the_nuts_play():
    for name in parts.SYRINGE_NAMES:
        fitted = fit_of(syringe=name)
        fitted.backlash_nm = 7_000
        # From pushing against friction to drawing against it: twice the friction's way.
        way_um = 2.0 * fitted.friction_mn / (fitted.syringe.stiffness_mn_um * 1_000.0)
        assert abs(fitted.play_nm() - way_um * 1_000.0 * 1_000.0 - 7_000) <= 1


def test_the_back_off_stays_within_the_play_but_for_a_hundredth_of_the_smallest_dose():
    for fitted in each_fit():
        for friction_mn in (fitted.syringe.glide_mn // 2, 2 * fitted.syringe.glide_mn):
            fitted.friction_mn = friction_mn
            fitted.settle()
            back_nm = fitted.backoff_steps * PLUNGER.step_nm
            beyond_nl = (back_nm - fitted.play_nm()) * parts.bore_um2(fitted.syringe_name) / 1e9
            assert beyond_nl <= fitted.syringe.least_nl / 100
            assert back_nm > 0.9 * fitted.play_nm()


def force_mn(fitted, bore_um, flow_nl_s, factor=1.0):
    pressure_pa = fluid.pressure_pa(
        flow_nl_s, bore_um, fitted.length_um, fitted.pins, fitted.viscosity_upa_s
    )
    return int(factor * pressure_pa * parts.bore_um2(fitted.syringe_name) * 1e-9)


def test_every_bore_within_its_tolerance_is_taken():
    for fitted in each_fit():
        flow_nl_s = fitted.prime_flow_nl_s()
        for off_um in (-TOLERANCE_UM, 0, TOLERANCE_UM):
            bore_um = fitted.needle.bore_um + off_um
            mn = force_mn(fitted, bore_um, flow_nl_s)
            assert fitted.resists(mn, flow_nl_s), (fitted.needle_name, off_um)
            expected = (fitted.needle.bore_um / bore_um) ** 4
            assert abs(fitted.scale_ppm / PPM / expected - 1.0) < 0.03


def test_a_bore_beyond_its_tolerance_is_not_taken_and_nothing_is_learned():
    for fitted in each_fit():
        flow_nl_s = fitted.prime_flow_nl_s()
        plain = fitted.pressure_nbar(flow_nl_s)
        for off_um in (-TOLERANCE_UM - 10, TOLERANCE_UM + 14):
            mn = force_mn(fitted, fitted.needle.bore_um + off_um, flow_nl_s)
            assert not fitted.resists(mn, flow_nl_s), (fitted.needle_name, off_um)
            assert (fitted.scale_ppm, fitted.pressure_nbar(flow_nl_s)) == (PPM, plain)
        assert not fitted.resists(0, flow_nl_s)


def test_friction_is_taken_within_what_a_stopper_may_have():
    fitted = fit_of()
    usual_mn = fitted.syringe.glide_mn
    for felt_mn, taken_mn in (
        (usual_mn, usual_mn),
        (usual_mn + 123, usual_mn + 123),
        (0, usual_mn // 2),
        (10 * usual_mn, 2 * usual_mn),
        (-40, usual_mn // 2),
    ):
        fitted.rubs(felt_mn)
        assert fitted.friction_mn == taken_mn


def test_the_carriage_speeds_up_by_what_spring_and_puncture_leave():
    top_mm_s = CARRIAGE.speed_hz * CARRIAGE.step_nm / 1e6
    for name in parts.SYRINGE_NAMES:
        for needle, pins in (("27G", 1), ("34G", 5)):
            fitted = fit_of(syringe=name, needle=needle, pins=pins)
            for travel_um in (1_500, 5_000, 14_000):
                accel = fitted.out_mm_s2(travel_um)
                speeding_mm = min(
                    top_mm_s * top_mm_s / (2.0 * accel),
                    travel_um / 1000.0 * OUT[1] / (accel + OUT[1]),
                )
                needs_mn = fitted.syringe.moved_g * accel / 1000.0
                # The spring's 0.1 N/mm, the puncture of every pin.
                needs_mn += 100.0 * speeding_mm + pins * fitted.needle.puncture_mn
                assert needs_mn <= fitted.syringe.spare_mn + 2.0, (name, needle, travel_um)
                assert needs_mn >= 0.97 * fitted.syringe.spare_mn, (name, needle, travel_um)


def test_where_the_motor_has_nothing_left_the_carriage_does_not_go():
    assert fit_of(pins=9).out_mm_s2(5_000) == 0
