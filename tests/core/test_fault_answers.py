"""Faults whose answer is not told elsewhere: sensors that say nothing, pressure while priming, an
unset clock, a display that fails in a session."""

from mesofw.core import door, errors, states
from mesofw.core.door import CARRIAGE
from mesofw.core.fitting import LEFT_HOME_STEPS
from mesofw.core.starting import OFF_HOME_STEPS
from tests.core.support.bench import Bench
from tests.core.support.program import program_text, provision, zone

LOW = (door.LIGHT_LOW, door.SOUND_LOW)


def switched_on(bench):
    provision(bench, program_text(zone(mode="single", shots=5)))
    bench.on()
    return bench


class Counting(Bench):
    """Its carriage's encoder counts `by` for one."""

    by = 1

    def sample(self, inputs):
        Bench.sample(self, inputs)
        inputs.carriage_counts *= self.by


def test_an_encoder_that_does_not_follow_the_first_small_move_is_found_in_homing():
    for by in (0, -1):
        bench = Counting()
        bench.by = by
        switched_on(bench)
        bench.until(states.FAULT)
        assert bench.gun.trouble == errors.CARRIAGE_LOST
        assert bench.deepest <= OFF_HOME_STEPS
        assert not bench.given_steps


def test_a_whole_encoder_is_not_suspected():
    bench = switched_on(Counting())
    bench.until(states.IDLE)
    assert bench.gun.trouble == 0


class Stuck(Bench):
    """Its plunger's home switch stays closed."""

    def sample(self, inputs):
        Bench.sample(self, inputs)
        inputs.plunger_home = 1


def test_a_plunger_switch_that_does_not_open_is_found_before_any_stopper():
    bench = switched_on(Stuck())
    bench.until(states.IDLE)
    bench.confirm()
    bench.run(500_000)
    bench.seat("", 1_000_000)
    bench.click()
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.HOME_STUCK
    assert bench.gun.inputs.plunger_steps < LEFT_HOME_STEPS + 32_000
    assert not bench.given_steps


def test_an_occlusion_while_priming_is_relieved_too():
    bench = switched_on(Bench())
    bench.until(states.IDLE)
    bench.confirm()
    bench.fit("", 900_000)
    bench.blocked = True
    bench.set("trigger", 1)
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.OCCLUSION
    bench.set("trigger", 0)
    bench.run(5_000_000)
    gun = bench.gun
    assert gun.inputs.plunger_steps == gun.session.found_steps
    assert gun.inputs.force_mn <= gun.settings["contact_mn"]
    assert not bench.gun.drive.moving
    assert bench.at[CARRIAGE] <= OFF_HOME_STEPS
    assert not bench.broken


def totals(bench):
    """What the second page says."""
    bench.until(states.IDLE)
    bench.click()
    return bench.screen


def test_the_totals_say_where_expiry_cannot_be_judged():
    bench = switched_on(Bench())
    assert "Expiry unknown" in totals(bench)
    bench = switched_on(Bench())
    bench.gun.clock.set_epoch(1_768_478_400, 1_000)
    shown = totals(bench)
    assert "Press: confirm" in shown
    assert "Expiry unknown" not in shown


def test_a_display_that_fails_while_armed_is_told_by_light_and_sound():
    bench = Bench()
    provision(bench, program_text(zone(mode="single", shots=5)))
    bench.ready()
    assert (bench.light, bench.sound) != LOW
    bench.set("faulty", door.PART_DISPLAY)
    bench.run(10_000)
    assert bench.gun.state == states.READY
    assert (bench.light, bench.sound) == LOW
    bench.set("faulty", 0)
    bench.run(10_000)
    assert (bench.light, bench.sound) == (door.LIGHT_READY, door.SOUND_OFF)
