"""After a fault: what takes the drivers, how far pressure is relieved, when files are written."""

from mesofw.core import errors, states
from mesofw.core.door import CARRIAGE, LIGHT_ALARM, PLUNGER, SOUND_HIGH, SOUND_OFF
from tests.core.support.bench import FOOT_STEPS, Bench
from tests.core.support.log import log_of
from tests.core.support.program import program_text, provision, zone


def shooting():
    """In a shot, the needle in."""
    bench = Bench()
    provision(bench, program_text(zone(mode="single", shots=5)))
    bench.ready()
    bench.set("trigger", 1)
    bench.until(states.SHOOTING)
    while bench.at[CARRIAGE] <= FOOT_STEPS:
        bench.run(1_000)
    bench.set("trigger", 0)
    return bench


def on_the_way_back():
    """Stopped by heat: the motor brings the needle home."""
    bench = shooting()
    bench.set("temperature_dc", 900)
    bench.until(states.FAULT)
    bench.run(1_000)
    assert bench.gun.drive.moving
    assert bench.at[CARRIAGE] > FOOT_STEPS
    return bench


def test_an_emergency_stop_on_the_way_back_cuts_the_drivers():
    bench = on_the_way_back()
    bench.set("stop", 1)
    bench.run(100)
    assert not bench.gun.drive.moving
    assert not bench.gun.drive.carriage_on
    bench.set("stop", 0)
    bench.run(500_000)
    assert bench.at[CARRIAGE] == 0


def test_no_other_hazard_stops_the_way_back():
    bench = on_the_way_back()
    bench.unseat()
    assert bench.at[CARRIAGE] <= 0


def test_a_force_cell_that_lies_takes_the_plunger_no_further_than_the_stopper():
    bench = shooting()
    met = bench.gun.session.found_steps
    assert 0 < met < bench.gun.inputs.plunger_steps
    bench.force_offset_mn = 25_000
    bench.until(states.FAULT)
    bench.run(20_000_000)
    assert bench.gun.trouble == errors.OCCLUSION
    assert not bench.gun.drive.moving
    assert bench.gun.inputs.plunger_steps >= met
    assert bench.at[PLUNGER] > 0


def test_a_needle_that_stays_out_is_an_alarm_of_its_own():
    bench = shooting()
    bench.jammed = True
    bench.set("faulty", 1)
    bench.until(states.FAULT)
    bench.turn(1)
    assert (bench.light, bench.sound) == (LIGHT_ALARM, SOUND_OFF)
    bench.run(1_000_000)
    assert bench.gun.trouble == errors.NOT_RETRACTED
    assert (bench.light, bench.sound) == (LIGHT_ALARM, SOUND_HIGH)
    faults = [record.a for record in log_of(bench) if record.code == errors.EVENT_FAULT]
    assert faults == [errors.DRIVER_SILENT, errors.NOT_RETRACTED]


def test_no_shot_while_the_foot_is_off_again_before_its_switch_has_settled():
    bench = Bench()
    provision(bench, program_text(zone(mode="single", shots=5)))
    bench.ready()
    bench.set("contact", 0)
    bench.run(100_000)
    bench.set("contact", 1)
    bench.run(3_000)
    bench.set("contact", 0)
    bench.run(1_000)
    bench.set("pedal", 1)
    bench.run(100_000)
    assert bench.gun.session.shots == 0
    assert not bench.broken


def test_no_file_is_written_while_the_needle_may_be_in():
    bench = shooting()
    bench.jammed = True
    bench.set("faulty", 1)
    bench.until(states.FAULT)
    bench.run(20_000_000)
    assert bench.gun.trouble == errors.NOT_RETRACTED
    assert bench.gun.journal.unmoved() > 0
    bench.jammed = False
    bench.at[CARRIAGE] = 0
    bench.run(3_000_000)
    assert bench.gun.journal.unmoved() == 0
    assert not bench.broken


def test_what_only_a_restart_mends_stays_so_also_where_the_needle_stays_out():
    bench = shooting()
    bench.jammed = True
    bench.gun.stop(errors.INTERNAL)
    bench.run(2_000_000)
    assert bench.gun.trouble == errors.NOT_RETRACTED
    bench.jammed = False
    bench.set("trigger", 0)
    bench.run(2_000_000)
    bench.click()
    assert bench.gun.state == states.FAULT
