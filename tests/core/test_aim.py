"""A zone's shot in numbers: what is worked out, and what is refused with the nearest possible."""

import math

from mesofw.core import aim, errors, parts
from mesofw.core.aim import DWELL_MAX_US, LONGEST_S, Aim, most_per_min, reach, sin_ppm
from mesofw.core.fields import show
from mesofw.core.machine import AXES, TICKS_PER_US
from mesofw.core.modes import MODE, MODES
from tests.core.support.program import asked, fit_of

VERIFIES = {
    "test_the_wait_is_what_is_set_or_what_the_pressure_takes": ("SR-049",),
    "test_a_slanted_needle_comes_out_by_depth_over_sine": ("SR-028",),
    "test_a_depth_beyond_the_carriage_is_refused": ("SR-030",),
    "test_a_slanted_depth_beyond_the_carriage_is_refused_with_the_depth_that_is_not": ("SR-030",),
    "test_pins_that_are_too_hard_to_push_in_are_refused": ("SR-042",),
    "test_a_dose_below_the_syringes_smallest_is_refused": ("SR-059",),
    "test_a_fluid_that_hardly_passes_is_refused": ("SR-056",),
    "test_pressure_that_stays_is_refused": ("SR-057",),
    "test_a_shot_longer_than_the_clock_can_watch_is_refused": ("SR-058",),
    "test_the_longest_shot_is_within_what_the_wrapping_clock_can_watch": ("SR-058",),
    "test_a_rate_beyond_the_shots_time_is_refused_and_the_slowest_part_named": ("SR-055",),
}

STEP_PM = 5_000_000


def take(fitted, foot_um=1_000, step_pm=STEP_PM, **changes):
    """(aim, fault) at such a zone."""
    zone = asked(**changes)
    one = Aim()
    steps = zone["volume_nl"] * 1_000_000 // fitted.step_fl
    return one, one.take(zone, fitted, foot_um, step_pm, steps)


def taken(fitted, **changes):
    one, fault = take(fitted, **changes)
    assert fault is None, (fault.at, fault.code, fault.found, fault.allowed)
    return one


def refused(fitted, code, at, part, **changes):
    """The Fault, after a look at its code, its place and the part that it names."""
    fault = take(fitted, **changes)[1]
    assert fault is not None
    assert (fault.code, fault.at) == (code, at)
    assert part in fault.allowed, fault.allowed
    return fault


def number(text, after="up to "):
    """The first number behind `after`."""
    return float(text[text.index(after) + len(after) :].split(" ")[0])


def test_depth_and_dose_become_steps():
    one = taken(fit_of(), depth_um=4_000, volume_nl=20_000)
    assert one.depth_steps == 1_000
    assert one.dose_steps == 20_000_000_000 // fit_of().step_fl
    assert taken(fit_of(), step_pm=5_050_000, foot_um=1_200).depth_steps == round(5_200 / 5.05)


def test_the_flow_is_the_least_of_what_is_set_what_passes_and_what_is_best():
    fitted = fit_of()
    most = fitted.most_flow_nl_s()
    slow = taken(fitted, mode="single", volume_nl=200_000, flow_nl_s=20_000)
    assert slow.flow_nl_s == 20_000
    for volume_nl in (2_100, 20_000, 1_000_000):
        one = taken(fitted, mode="single", volume_nl=volume_nl, flow_nl_s=500_000)
        assert one.flow_nl_s == fitted.best_flow_nl_s(volume_nl, most) <= most
        # A short stroke does not reach its flow.
        assert one.flow_hz <= one.flow_nl_s * 1_000_000 // fitted.step_fl


def test_the_wait_is_what_is_set_or_what_the_pressure_takes():
    fitted = fit_of()
    one = taken(fitted, mode="single", dwell_ms=0)
    flow_nl_s = one.flow_hz * fitted.step_fl // 1_000_000
    assert one.dwell_us == fitted.decay_us(flow_nl_s, 20_000) > 10_000
    assert taken(fitted, mode="single", dwell_ms=300).dwell_us == 300_000


def test_the_back_off_is_the_fits():
    fitted = fit_of()
    assert taken(fitted).backoff_steps == fitted.backoff_steps > 0


def test_a_slanted_needle_comes_out_by_depth_over_sine():
    for angle_deg in range(15, 91):
        expected = 4_000 / math.sin(math.radians(angle_deg))
        assert abs(reach(asked(depth_um=4_000, angle_deg=angle_deg)) - expected) <= 1
        assert abs(sin_ppm(angle_deg) - 1e6 * math.sin(math.radians(angle_deg))) <= 1
    assert (sin_ppm(0), sin_ppm(30), sin_ppm(90)) == (0, 500_000, 1_000_000)
    assert taken(fit_of(), mode="single", depth_um=2_000, angle_deg=30).depth_steps == 1_000


def test_a_dry_shot_lasts_as_long_as_its_moves():
    one = taken(fit_of(), mode="dry", volume_nl=0)
    assert one.dose_ticks() == 0
    assert one.lasts_us == one.moves_ticks() // TICKS_PER_US


def test_a_depth_beyond_the_carriage_is_refused():
    far = {"mode": "single", "step_pm": 4_500_000, "foot_um": 3_000}
    fault = refused(
        fit_of(), errors.BEYOND_DEVICE, "depth", "(limit: carriage)", depth_um=13_000, **far
    )
    assert fault.found == "13 mm"
    nearest_um = int(1_000 * number(fault.allowed))
    assert 11_000 < nearest_um < 13_000
    assert taken(fit_of(), depth_um=nearest_um, **far).depth_steps <= AXES[0].travel_steps


def test_a_slanted_depth_beyond_the_carriage_is_refused_with_the_depth_that_is_not():
    far = {"mode": "single", "step_pm": 4_500_000, "foot_um": 3_000, "angle_deg": 20}
    fault = refused(
        fit_of(), errors.BEYOND_DEVICE, "depth", "(limit: carriage)", depth_um=5_000, **far
    )
    nearest_um = int(1_000 * number(fault.allowed) + 0.5)
    one = taken(fit_of(), depth_um=nearest_um, **far)
    assert 0 <= AXES[0].travel_steps - one.depth_steps <= 3


def test_pins_that_are_too_hard_to_push_in_are_refused():
    for name in parts.SYRINGE_NAMES:
        for needle in ("27G", "30G", "34G"):
            fitted = fit_of(syringe=name, needle=needle, pins=9)
            fault = take(fitted, mode="single", depth_um=3_000)[1]
            if fault is None:
                continue
            assert (fault.code, fault.at) == (errors.PUNCTURE_TOO_HARD, "needle.pins")
            assert (fault.found, fitted.pins) == ("9", 9)
            assert "(limit: carriage motor)" in fault.allowed
            pins = int(number(fault.allowed))
            taken(fit_of(syringe=name, needle=needle, pins=pins), mode="single", depth_um=3_000)
            more = fit_of(syringe=name, needle=needle, pins=pins + 1)
            assert take(more, mode="single", depth_um=3_000)[1].code == errors.PUNCTURE_TOO_HARD
    refused(fit_of(pins=9), errors.PUNCTURE_TOO_HARD, "needle.pins", "carriage", mode="single")


def test_a_dose_below_the_syringes_smallest_is_refused():
    for name in parts.SYRINGE_NAMES:
        least_nl = parts.SYRINGES[name].least_nl
        fault = refused(
            fit_of(syringe=name), errors.DOSE_TOO_SMALL, "volume", "from the %s syringe" % name,
            mode="single", volume_nl=least_nl - 1,
        )  # fmt: skip
        assert fault.allowed.startswith(show("volume_nl", least_nl) + " or more")
        taken(fit_of(syringe=name), mode="single", volume_nl=least_nl)


def test_a_fluid_that_hardly_passes_is_refused():
    for name in parts.SYRINGE_NAMES:
        thick = {"syringe": name, "needle": "34G"}
        pusher = "syringe seal" if name in ("1 mL", "3 mL") else "plunger motor"
        fitted = fit_of(viscosity_upa_s=100_000, **thick)
        fault = refused(
            fitted, errors.NOT_SIZED, "viscosity", "(limit: 34G needle and %s)" % pusher,
            mode="single", volume_nl=20_000,
        )  # fmt: skip
        assert fitted.viscosity_upa_s == 100_000
        nearest = int(1_000 * number(fault.allowed))
        most = fit_of(viscosity_upa_s=nearest, **thick)
        assert most.most_flow_nl_s() >= aim.FLOW_LEAST_NL_S
        assert fit_of(viscosity_upa_s=nearest + 20, **thick).most_flow_nl_s() < aim.FLOW_LEAST_NL_S
        assert aim.unsized(most) is None


def test_pressure_that_stays_is_refused():
    stays = {"syringe": "10 mL", "needle": "34G"}
    shot = {"mode": "single", "volume_nl": 10_000}
    fitted = fit_of(viscosity_upa_s=2_000, **stays)
    fault = refused(
        fitted, errors.PRESSURE_STAYS, "volume", "(limit: 34G needle on 10 mL syringe)", **shot
    )
    assert fitted.viscosity_upa_s == 2_000
    assert show("dwell_ms", DWELL_MAX_US // 1_000) in fault.allowed
    nearest = int(1_000 * number(fault.allowed, "at up to "))
    assert 0 < nearest < 2_000
    if nearest >= 500:
        one = taken(fit_of(viscosity_upa_s=nearest, **stays), **shot)
        assert one.dwell_us <= DWELL_MAX_US


def test_a_shot_longer_than_the_clock_can_watch_is_refused():
    slow = {"mode": "single", "flow_nl_s": 1_000}
    fault = refused(
        fit_of(), errors.SHOT_TOO_LONG, "flow", "(limit: the flow that is set)",
        volume_nl=2_000_000, **slow,
    )  # fmt: skip
    assert show("duration_s", LONGEST_S) in fault.allowed
    nearest_nl = int(1_000 * number(fault.allowed, "that is "))
    assert 250_000 < nearest_nl < 300_000
    assert taken(fit_of(), volume_nl=nearest_nl, **slow).lasts_us < LONGEST_S * 1_000_000
    thin = {"syringe": "10 mL", "needle": "34G"}
    fault = refused(
        fit_of(**thin), errors.SHOT_TOO_LONG, "volume", "34G needle", mode="single",
        volume_nl=2_000_000,
    )  # fmt: skip
    nearest_nl = int(1_000 * number(fault.allowed, "that is "))
    taken(fit_of(**thin), mode="single", volume_nl=nearest_nl)


def test_the_longest_shot_is_within_what_the_wrapping_clock_can_watch():
    assert LONGEST_S * 1_000_000 + 100_000 < 1 << 29


def rate(fitted, part, **changes):
    """The highest rate that is allowed where a higher one is asked for: it is accepted then, and
    one more is not."""
    changes["rate_per_min"] = 600
    fault = refused(fitted, errors.RATE_UNREACHABLE, "rate", "(limit: %s)" % part, **changes)
    assert fault.found == "600 /min"
    most = int(number(fault.allowed))
    changes["rate_per_min"] = most
    one = taken(fitted, **changes)
    assert most == most_per_min(one.lasts_us)
    assert one.lasts_us * most < 60_000_000
    changes["rate_per_min"] = most + 1
    assert take(fitted, **changes)[1].code == errors.RATE_UNREACHABLE
    return most


def test_a_rate_beyond_the_shots_time_is_refused_and_the_slowest_part_named():
    fast = {"flow_nl_s": 500_000, "dwell_ms": 0}
    needle = "30G needle on 10 mL syringe"
    assert rate(fit_of(syringe="10 mL", needle="30G"), needle, **fast) < 60
    quick = {"depth_um": 2_000, "volume_nl": 10_000}
    nappage = fit_of(syringe="1 mL", needle="30G", length_um=4_000)
    assert 440 < rate(nappage, "30G needle on 1 mL syringe", mode="nappage", **quick, **fast) < 470
    rate(fit_of(), "the dwell that is set", dwell_ms=2_000)
    rate(fit_of(), "the flow that is set", flow_nl_s=10_000, dwell_ms=0)
    deep = {"depth_um": 13_000, "layer": "deep", "mode": "dry", "volume_nl": 0}
    rate(fit_of(pins=2), "carriage motor", **deep)


def test_only_where_shots_follow_each_other_the_rate_counts():
    for name in MODES:
        fault = take(fit_of(syringe="10 mL"), mode=name, rate_per_min=600)[1]
        assert (fault is not None) == MODE[name].repeats, name


def test_a_refusal_leaves_what_is_fitted_as_it_was():
    for changes, zone in (
        ({"pins": 9}, {}),
        ({"needle": "34G", "viscosity_upa_s": 100_000}, {}),
        ({"syringe": "10 mL", "needle": "34G", "viscosity_upa_s": 2_000}, {"volume_nl": 10_000}),
    ):
        fitted = fit_of(**changes)
        fitted.learn(fitted.viscosity_upa_s, 1_100_000)
        before = dict(fitted.__dict__)
        assert take(fitted, mode="single", **zone)[1] is not None
        assert fitted.__dict__ == before


def test_every_refusal_fits_the_wire_and_says_what_is_possible():
    zones = (
        {"rate_per_min": 600},
        {"mode": "single", "volume_nl": 1_000},
        {"mode": "single", "volume_nl": 2_000_000, "flow_nl_s": 1_000},
        {"mode": "single", "volume_nl": 10_000},
    )
    seen = set()
    for syringe in parts.SYRINGE_NAMES:
        for needle in ("27G", "30G thin", "34G"):
            for pins, viscosity in ((1, 1_000), (9, 1_000), (1, 4_000), (1, 100_000)):
                for zone in zones:
                    fitted = fit_of(
                        syringe=syringe, needle=needle, pins=pins, viscosity_upa_s=viscosity
                    )
                    fault = take(fitted, **zone)[1]
                    if fault is None:
                        continue
                    seen.add(fault.code)
                    assert fault.found
                    assert len(fault.allowed) <= 100, fault.allowed
                    assert "(limit: " in fault.allowed or "syringe" in fault.allowed
    assert seen == {
        errors.RATE_UNREACHABLE,
        errors.DOSE_TOO_SMALL,
        errors.SHOT_TOO_LONG,
        errors.PUNCTURE_TOO_HARD,
        errors.NOT_SIZED,
        errors.PRESSURE_STAYS,
    }
