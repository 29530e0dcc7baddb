"""What priming tells the gun of needle, stopper and syringe, and what it does not take."""

from mesofw.core import errors, parts, states
from mesofw.core.priming import SETTLE_LEAST_US
from tests.core.support.bench import HALF_S, Bench
from tests.core.support.program import fit_of, program_text, provision, step_fl, zone

VERIFIES = {
    "test_a_needle_beyond_its_tolerance_is_the_wrong_one": ("SR-126",),
    "test_another_needle_than_the_programs_is_noticed": ("SR-126",),
    "test_another_syringe_than_the_programs_is_noticed": ("SR-126",),
    "test_the_stoppers_friction_is_learned_within_what_a_stopper_may_have": ("SR-127",),
    "test_a_stroke_that_the_foot_cut_short_tells_nothing": ("SR-120",),
    "test_what_was_learned_is_forgotten_with_the_syringe": ("SR-128",),
}

PPM = 1_000_000


def loading(*zones, **changes):
    """A gun whose program was just confirmed."""
    bench = Bench()
    provision(bench, program_text(*zones or (zone(mode="single"),), **changes))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    return bench


def priming(fill_nl=900_000, **changes):
    bench = loading(**changes)
    bench.fit("", fill_nl)
    return bench


def primed(bench):
    """One stroke and the press after it, whatever is armed then; gives the fit that has learned."""
    bench.stroke()
    bench.click()
    bench.while_in(states.PRIMING)
    assert bench.gun.primed
    assert bench.broken == []
    return bench.gun.session.fit


def refuses(bench):
    """One stroke and the press after it; the gun must take nothing of it."""
    bench.stroke()
    if bench.gun.state == states.PRIMING:
        bench.click()
    bench.until(states.FAULT)
    assert not bench.gun.primed
    return bench.gun.trouble


def test_a_nominal_needle_is_learned_as_one():
    for name in parts.SYRINGE_NAMES:
        for needle in ("27G", "30G", "34G"):
            bench = priming(parts.SYRINGES[name].volume_nl // 2, syringe=name, needle=needle)
            fit = primed(bench)
            # Read off in whole mN.
            assert abs(fit.scale_ppm - PPM) < 20_000, (name, needle, fit.scale_ppm)


def test_a_needle_is_learned_by_how_much_it_resists():
    for resists in (0.7, 0.9, 1.25, 1.6):
        bench = priming()
        bench.resists = resists
        fit = primed(bench)
        assert abs(fit.scale_ppm / PPM - resists) < 0.02 * resists
        # More of it leaves more to wait for and lets less through.
        plain = fit_of()
        plain.filled_nl = fit.filled_nl
        assert (fit.decay_us(50_000, 20_000) > plain.decay_us(50_000, 20_000)) == (resists > 1.0)
        assert (fit.most_flow_nl_s() < plain.most_flow_nl_s()) == (resists > 1.0)


def test_a_needle_beyond_its_tolerance_is_the_wrong_one():
    for resists in (0.5, 2.0):
        bench = priming()
        bench.resists = resists
        assert refuses(bench) == errors.NEEDLE_WRONG


def test_another_needle_than_the_programs_is_noticed():
    for asked, needle in (("27G", "32G"), ("30G", "27G"), ("32G", "27G"), ("30G", "34G")):
        bench = priming(needle=asked)
        bench.really = {"needle": needle}
        code = refuses(bench)
        # A much narrower one is felt as an occlusion before the stroke is over.
        assert code in (errors.NEEDLE_WRONG, errors.OCCLUSION), (asked, needle)


def test_another_syringe_than_the_programs_is_noticed():
    for asked, syringe in (("10 mL", "5 mL"), ("5 mL", "3 mL"), ("3 mL", "1 mL"), ("3 mL", "5 mL")):
        bench = loading(syringe=asked)
        bench.fit(syringe, 700_000)
        assert refuses(bench) == errors.NEEDLE_WRONG, (asked, syringe)


def test_a_needle_with_nothing_in_its_way_is_the_wrong_one():
    bench = priming()
    bench.resists = 0.0
    assert refuses(bench) == errors.NEEDLE_WRONG


def test_the_stoppers_friction_is_learned_within_what_a_stopper_may_have():
    usual_mn = parts.SYRINGES["3 mL"].glide_mn
    for friction_mn, learned_mn in (
        (3_300, 3_300),
        (2_100, 2_100),
        (usual_mn * 3, usual_mn * 2),
    ):
        bench = priming()
        bench.friction_mn = friction_mn
        fit = primed(bench)
        assert fit.friction_mn == learned_mn
        # The gun backs off by what the stopper's rod gives way.
        plain = fit_of()
        assert (fit.backoff_steps > plain.backoff_steps) == (learned_mn > usual_mn)


def test_the_friction_of_the_stopper_is_not_taken_for_the_needles_resistance():
    scales = []
    for friction_mn in (2_000, 3_000, 6_000):
        bench = priming()
        bench.friction_mn = friction_mn
        scales.append(primed(bench).scale_ppm)
    assert scales[0] == scales[1] == scales[2]


def test_a_stroke_that_the_foot_cut_short_tells_nothing():
    bench = priming()
    bench.set("trigger", 1)
    bench.run(100_000)
    assert bench.gun.drive.moving
    bench.set("contact", 1)
    bench.run(1_000)
    assert not bench.gun.drive.moving
    bench.set("trigger", 0)
    bench.set("contact", 0)
    bench.run(HALF_S)
    bench.click()
    assert bench.gun.state == states.PRIMING
    assert not bench.gun.primed
    # A whole stroke does.
    assert abs(primed(bench).scale_ppm - PPM) < 20_000


def test_a_stroke_cut_short_after_a_whole_one_changes_nothing_of_it():
    bench = priming()
    bench.stroke()
    bench.resists = 3.0
    bench.set("trigger", 1)
    bench.run(60_000)
    bench.set("contact", 1)
    bench.run(1_000)
    bench.set("trigger", 0)
    bench.set("contact", 0)
    bench.run(HALF_S)
    bench.click()
    bench.until(states.READY)
    assert abs(bench.gun.session.fit.scale_ppm - PPM) < 20_000


def test_the_last_stroke_counts():
    bench = priming()
    bench.stroke()
    bench.resists = 1.3
    assert abs(primed(bench).scale_ppm - 1_300_000) < 20_000


def test_a_press_counts_once_the_stroke_has_settled():
    bench = priming()
    bench.settles_us = 90_000
    bench.set("trigger", 1)
    while not bench.gun.drive.moving:
        bench.step(bench.now_us + HALF_S)
    bench.set("trigger", 0)
    while bench.gun.drive.moving:
        bench.step(bench.now_us + HALF_S)
    done_us = bench.now_us
    bench.click()
    assert bench.now_us < done_us + SETTLE_LEAST_US + 60_000
    assert not bench.gun.primed
    assert bench.gun.state == states.PRIMING
    bench.until(states.READY)
    fit = bench.gun.session.fit
    assert fit.friction_mn == 3_300
    assert abs(fit.scale_ppm - PPM) < 20_000


def test_a_press_in_mid_stroke_counts_after_it():
    bench = priming()
    bench.set("trigger", 1)
    while not bench.gun.drive.moving:
        bench.step(bench.now_us + HALF_S)
    bench.set("trigger", 0)
    bench.click()
    bench.until(states.READY)
    assert bench.gun.session.fit.friction_mn == 3_300


def test_a_slow_needle_is_waited_for_longer():
    """The pressure of a thin needle on a soft syringe falls for seconds; friction is read after."""
    bench = priming(syringe="10 mL", needle="30G")
    bench.settles_us = 1_000_000
    assert primed(bench).friction_mn == 6_600


def test_a_stroke_is_long_enough_for_an_even_flow():
    for name in parts.SYRINGE_NAMES:
        fit = fit_of(syringe=name)
        bench = priming(parts.SYRINGES[name].volume_nl // 2, syringe=name)
        before = bench.given_steps
        bench.stroke()
        given_nl = (bench.given_steps - before) * step_fl(name) // 1_000_000
        flow_nl_s = fit.prime_flow_nl_s()
        stored_nl = fit.compliance_nl_bar() * fit.pressure_nbar(flow_nl_s) // 1_000_000_000
        assert given_nl >= max(20_000, 5 * stored_nl) - 50, name


def test_priming_presses_with_a_fifth_of_what_the_syringe_stands():
    for name in parts.SYRINGE_NAMES:
        for needle in parts.NEEDLE_NAMES:
            fit = fit_of(syringe=name, needle=needle)
            pressure = fit.pressure_nbar(fit.prime_flow_nl_s()) / 1e9
            most = parts.SYRINGES[name].pressure_mbar / 1000
            assert 0.97 * most / 5 <= pressure <= 1.001 * most / 5, (name, needle)


def test_what_was_learned_is_forgotten_with_the_syringe():
    bench = priming()
    bench.resists = 1.5
    first = primed(bench)
    bench.click()
    bench.until(states.PAUSED)
    bench.turn(1)
    bench.click()
    bench.resists = 1.0
    bench.fit()
    fit = bench.gun.session.fit
    assert fit is not first
    assert (fit.scale_ppm, fit.backoff_steps) == (PPM, 0)
    assert abs(primed(bench).scale_ppm - PPM) < 20_000
