"""Priming: strokes until a drop shows, and when none may be made."""

from mesofw.core import errors, parts, states
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.switches import HOLD_US
from tests.core.support.bench import Bench
from tests.core.support.program import program_text, provision, step_fl, zone

VERIFIES = {
    "test_priming_does_not_push_on_skin": ("SR-121",),
    "test_priming_does_not_begin_by_a_trigger_that_was_held_before": ("SR-123",),
    "test_without_a_stroke_priming_is_not_over": ("SR-120",),
    "test_a_blocked_needle_is_found_while_priming": ("SR-102",),
    "test_a_fault_in_priming_stops_the_flow_at_once": ("SR-090",),
    "test_a_plunger_that_slips_while_priming_is_a_fault": ("SR-043",),
}


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


def test_priming_pushes_while_the_trigger_is_held_and_the_foot_is_free():
    bench = priming()
    bench.set("trigger", 1)
    bench.run(2_000_000)
    bench.set("trigger", 0)
    bench.run(1_000_000)
    given_nl = bench.given_steps * step_fl() // 1_000_000
    assert 60_000 < given_nl < 200_000
    before = bench.given_steps
    bench.run(2_000_000)
    assert bench.given_steps == before
    assert bench.broken == []


def test_priming_does_not_push_on_skin():
    bench = priming()
    bench.set("contact", 1)
    bench.run(100_000)
    before = bench.given_steps
    bench.pull()
    bench.run(1_000_000)
    assert bench.given_steps == before


def test_priming_does_not_begin_by_a_trigger_that_was_held_before():
    bench = loading()
    bench.run(500_000)
    bench.seat("", 900_000)
    bench.set("trigger", 1)
    bench.run(100_000)
    bench.click()
    bench.until(states.PRIMING)
    before = bench.given_steps
    bench.run(2_000_000)
    assert bench.given_steps == before
    bench.set("trigger", 0)
    bench.run(100_000)
    bench.pull()
    bench.run(1_000_000)
    assert bench.given_steps > before


def test_without_a_stroke_priming_is_not_over():
    bench = priming()
    for _ in range(3):
        bench.click()
        assert bench.gun.state == states.PRIMING
    bench.pull()
    bench.run(1_000_000)
    bench.click()
    bench.until(states.READY)
    assert bench.gun.primed


def test_after_priming_the_plunger_is_backed_off():
    bench = priming()
    bench.prime()
    back = bench.stopper - bench.at[PLUNGER]
    assert back == bench.gun.session.backoff_steps
    assert bench.at[CARRIAGE] <= 4


def test_a_blocked_needle_is_found_while_priming():
    bench = priming()
    bench.blocked = True
    bench.set("trigger", 1)
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.OCCLUSION
    assert bench.at[PLUNGER] - bench.stopper < 400
    bench.set("trigger", 0)
    assert bench.broken == []


def test_a_syringe_emptied_by_priming_is_changed():
    bench = loading()
    bench.fit("", 60_000)
    bench.set("trigger", 1)
    bench.until(states.LOADING)
    bench.set("trigger", 0)
    given_nl = bench.given_steps * step_fl() // 1_000_000
    assert given_nl <= 60_000


def test_a_fault_in_priming_stops_the_flow_at_once():
    for name, value, code in (
        ("stop", 1, errors.ESTOP),
        ("seated", 0, errors.SYRINGE_OUT),
        ("supply_mv", 5_000, errors.SUPPLY_LOST),
        ("temperature_dc", 900, errors.OVERHEATED),
    ):
        bench = priming()
        bench.set("trigger", 1)
        bench.run(100_000)
        assert bench.gun.drive.moving
        bench.set(name, value)
        bench.run(HOLD_US + 1_000)
        before = bench.given_steps
        bench.run(2_000_000)
        assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, code)
        assert bench.given_steps == before


def test_every_syringe_is_fitted_with_its_own_step():
    for name in parts.SYRINGE_NAMES:
        bench = loading(zone(mode="single"), syringe=name)
        bench.fit(name, parts.SYRINGES[name].volume_nl // 2)
        assert bench.gun.session.doser.step_fl == step_fl(name)
        bench.prime()
        assert bench.broken == []


def test_a_plunger_that_slips_while_priming_is_a_fault():
    bench = priming()
    bench.slipping[PLUNGER] = True
    bench.set("trigger", 1)
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.PLUNGER_LOST
    assert not bench.gun.primed


def test_a_session_can_be_ended_while_priming():
    bench = priming()
    bench.pull()
    bench.run(1_000_000)
    bench.turn(-1)
    assert bench.screen[0] == "End session?"
    before = bench.given_steps
    bench.pull()
    bench.run(1_000_000)
    assert bench.given_steps == before
    bench.click()
    assert bench.gun.state == states.IDLE
    assert not bench.gun.primed
