"""Training: everything but motion."""

from mesofw.core import errors, records, states
from mesofw.core.door import PLUNGER
from tests.core.support.bench import Bench
from tests.core.support.log import began_ms, events_of, last_event, log_of, shots_of
from tests.core.support.program import program_text, provision, zone
from tests.core.support.training import (
    SECOND_US,
    Watched,
    armed,
    fitted,
    idle,
    priming,
    ready,
    still,
)

VERIFIES = {
    "test_a_whole_session_is_gone_through_and_nothing_moves": ("SR-206",),
    "test_every_shot_is_recorded_as_training_and_gave_nothing": ("SR-207",),
    "test_a_treatment_is_never_recorded_as_training": ("SR-207",),
    "test_no_commissioning_is_needed": ("SR-007",),
    "test_the_foot_must_be_free_in_training_too": ("SR-114",),
    "test_with_the_plunger_in_a_syringe_no_training_begins": ("SR-208",),
    "test_what_is_played_is_what_a_session_does": ("SR-206",),
}


def test_a_whole_session_is_gone_through_and_nothing_moves():
    bench = ready(zone(shots=5), zone(mode="single", shots=1))
    at = list(bench.at)
    bench.set("trigger", 1)
    bench.until(states.PAUSED)
    bench.set("trigger", 0)
    bench.run(SECOND_US)
    bench.click()
    bench.pull()
    bench.until(states.IDLE)
    assert bench.gun.session.shots == 6
    assert bench.at == at
    assert still(bench)
    assert (bench.broken, bench.errors) == ([], [])


def test_every_shot_is_recorded_as_training_and_gave_nothing():
    bench = ready(zone(shots=3))
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    shots = shots_of(bench)
    assert [record.shot for record in shots] == [1, 2, 3]
    for record in shots:
        flags = records.COMPLETE | records.OPEN_SESSION | records.TRAINING
        assert (record.flags, record.stopped) == (flags, 0)
        assert (record.depth_um, record.volume_nl) == (4_000, 20_000)
        assert (record.depth_stepped_um, record.depth_measured_um) == (0, 0)
        assert (record.volume_stepped_nl, record.volume_measured_nl) == (0, 0)
        assert (record.force_peak_mn, record.session_nl) == (0, 0)
    assert bench.gun.session.given_nl == 0
    for record in log_of(bench):
        assert record.flags & records.TRAINING


def test_a_treatment_is_never_recorded_as_training():
    bench = Bench()
    provision(bench, program_text(zone(shots=2)))
    bench.ready()
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    for record in log_of(bench):
        assert not record.flags & records.TRAINING


def test_time_passes_as_in_a_treatment():
    lasts = []
    for purpose in ("treatment", "training"):
        bench = Bench()
        text = program_text(zone(mode="single", volume_nl=100_000, shots=1), purpose=purpose)
        provision(bench, text)
        bench.on()
        bench.until(states.IDLE)
        bench.confirm()
        bench.run(3 * SECOND_US)
        bench.seat("", 3_000_000)
        begun_us = bench.now_us
        bench.click()
        bench.until(states.PRIMING)
        seeking_us = bench.now_us - begun_us
        armed(bench).pull()
        bench.until(states.IDLE)
        record = shots_of(bench)[0]
        lasts.append((seeking_us, record.end_ms - began_ms(record)))
    assert abs(lasts[0][0] - lasts[1][0]) < 20_000
    assert abs(lasts[0][1] - lasts[1][1]) <= 10


def test_a_burst_keeps_its_rate_in_training_too():
    bench = ready(zone(shots=6))
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    at_ms = [record.at_ms for record in shots_of(bench)]
    assert [after - before for before, after in zip(at_ms, at_ms[1:])] == [500] * 5


def test_no_commissioning_is_needed():
    bench = Watched()
    provision(bench, program_text(zone(shots=1), purpose="training"))
    for name in ("commissioning.a", "commissioning.b"):
        bench.held.pop(name, None)
    bench.on()
    bench.until(states.IDLE)
    assert bench.gun.commissioning is None
    bench.confirm()
    armed(fitted(bench)).pull()
    bench.until(states.IDLE)
    assert bench.gun.session.shots == 1


def test_the_screens_say_so():
    bench = idle(zone(mode="single", shots=3))
    bench.run(SECOND_US)
    assert bench.screen[0] == "New training?"
    bench.confirm()
    bench.run(SECOND_US)
    assert bench.screen[0] == "Training loading"
    assert bench.screen[2:6] == ["Seat syringe", "3 mL", "Training:", "no needle"]
    bench.seat()
    assert bench.screen[2] == "No needle on?"
    bench.click()
    bench.until(states.PRIMING)
    bench.run(100_000)
    assert bench.screen[0] == "Training priming"
    bench.prime()
    bench.run(100_000)
    assert bench.screen[:2] == ["Training", "Ready single"]
    bench.click()
    assert bench.screen[0] == "Training paused"


def test_every_screen_of_training_fits():
    class Measuring(Watched):
        def show(self, lines):
            assert len(lines) <= 8, lines
            for line in lines:
                assert len(line) <= 16, line
            Watched.show(self, lines)

    bench = Measuring()
    long = zone(name="N" * 24, mode="perfusion", volume_nl=20_000, shots=9)
    provision(bench, program_text(long, purpose="training", title="T" * 40, patient="P" * 24))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    fitted(bench)
    for _ in range(5):
        bench.turn(1)
    bench.prime()
    bench.click()
    assert bench.errors == []


def test_contact_and_trigger_are_asked_for_as_in_a_treatment():
    bench = ready(zone(mode="single", shots=3))
    bench.set("contact", 0)
    bench.run(SECOND_US)
    bench.pull()
    assert bench.gun.session.shots == 0
    refused = [record for record in log_of(bench) if record.code == errors.EVENT_REFUSED]
    assert [record.a for record in refused] == [errors.NO_CONTACT]


def test_contact_lost_in_mid_shot_stops_and_pauses():
    bench = ready(zone(mode="single", volume_nl=200_000, shots=3))
    bench.set("trigger", 1)
    bench.run(SECOND_US)
    bench.set("contact", 0)
    bench.until(states.PAUSED)
    record = shots_of(bench)[0]
    assert record.flags & 7 == records.PARTIAL
    assert record.flags & records.TRAINING
    assert (record.stopped, record.volume_stepped_nl) == (errors.CONTACT_LOST, 0)
    assert bench.gun.session.given_nl == 0
    assert still(bench)


def test_a_perfusion_is_held_in_training_too():
    bench = ready(zone(mode="perfusion", volume_nl=100_000, flow_nl_s=10_000, shots=2))
    bench.set("trigger", 1)
    bench.run(3 * SECOND_US)
    bench.set("trigger", 0)
    bench.until(states.READY)
    assert shots_of(bench)[0].flags & records.PARTIAL
    assert still(bench)


def test_a_syringe_that_pops_out_is_a_fault_and_the_axes_are_homed_anew():
    bench = ready(zone(mode="single", shots=3))
    bench.set("seated", 0)
    bench.run(100_000)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.SYRINGE_OUT)
    bench.set("contact", 0)
    bench.set("seated", 1)
    bench.run(4 * SECOND_US)
    bench.click()
    bench.until(states.IDLE)
    assert bench.gun.session.open
    assert bench.screen[0] == "Resume training?"
    # Homing is real.
    assert bench.orders > 0


def test_a_fault_in_mid_shot_is_recorded_and_lets_go_of_the_axes():
    bench = ready(zone(mode="single", volume_nl=200_000, shots=3))
    bench.set("trigger", 1)
    bench.run(SECOND_US)
    bench.set("stop", 1)
    bench.run(SECOND_US)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.ESTOP)
    assert not bench.gun.drive.moving
    record = shots_of(bench)[0]
    assert (record.stopped, record.flags & 7) == (errors.ESTOP, records.PARTIAL)
    assert record.flags & records.TRAINING
    assert bench.given_steps == 0
    bench.set("trigger", 0)
    bench.set("stop", 0)
    bench.set("contact", 0)
    bench.run(SECOND_US)
    bench.click()
    bench.until(states.IDLE)
    assert bench.errors == []


def test_the_syringe_counts_as_full_and_what_the_shots_would_give_is_taken_off():
    bench = priming(zone(shots=10))
    assert abs(bench.gun.volume_left_nl() - 3_000_000) <= 20
    armed(bench)
    before_nl = bench.gun.volume_left_nl()
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert abs(before_nl - bench.gun.volume_left_nl() - 200_000) < 100
    lefts = [record.volume_left_nl for record in shots_of(bench)]
    assert lefts == sorted(lefts, reverse=True)


def test_no_shot_that_the_syringe_could_not_finish():
    bench = ready(zone(mode="burst", volume_nl=400_000, shots=9, rate_per_min=10))
    bench.set("trigger", 1)
    bench.until(states.LOADING, 200_000_000)
    assert bench.gun.session.shots == 7
    assert errors.EVENT_REFUSED in events_of(bench)
    bench.set("trigger", 0)
    bench.set("contact", 0)
    bench.run(5 * SECOND_US)
    bench.unseat()
    bench.seat()
    bench.click()
    bench.until(states.PRIMING)
    assert abs(bench.gun.volume_left_nl() - 3_000_000) <= 20
    assert still(bench)


def test_priming_learns_nothing_and_needs_nothing_to_learn():
    bench = priming(zone(mode="single", shots=3))
    bench.run(SECOND_US)
    bench.prime()
    fit = bench.gun.session.fit
    assert fit.scale_ppm == 1_000_000
    assert fit.friction_mn == fit.syringe.glide_mn


def test_the_foot_must_be_free_in_training_too():
    bench = idle()
    bench.confirm()
    bench.run(SECOND_US)
    bench.seat()
    bench.set("contact", 1)
    bench.run(100_000)
    bench.click()
    assert bench.screen[0] == "Not possible:"
    assert bench.gun.state == states.LOADING


def test_with_the_plunger_in_a_syringe_no_training_begins():
    bench = Watched()
    provision(bench, program_text(zone(shots=2)))
    bench.ready()
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    bench.set("trigger", 0)
    bench.set("contact", 0)
    assert bench.gun.inputs.plunger_steps > 0
    bench.gun.session.program.head["purpose"] = "training"
    bench.click()
    bench.click()
    assert bench.gun.state == states.IDLE
    assert "plunger" in " ".join(bench.screen)
    assert (last_event(bench).code, last_event(bench).a) == (errors.EVENT_REFUSED, errors.NOT_NOW)


def test_power_lost_in_training_gives_nothing_to_the_session():
    bench = ready(zone(mode="single", volume_nl=200_000, shots=3))
    bench.set("trigger", 1)
    bench.run(SECOND_US)
    assert bench.gun.journal.open
    bench.off()
    bench.set("trigger", 0)
    bench.set("contact", 0)
    bench.on()
    bench.until(states.IDLE)
    record = shots_of(bench)[-1]
    assert record.flags & records.INTERRUPTED
    assert record.flags & records.TRAINING
    assert bench.gun.session.given_nl == 0
    assert bench.gun.session.shots == 1
    assert bench.at[PLUNGER] <= 80


def test_what_is_played_is_what_a_session_does():
    for state in (states.HOMING, states.IDLE, states.FAULT):
        assert state not in states.PLAYED
    # On the bench everything is real, whatever program the gun holds.
    assert set(states.FORWARD) - set(states.PLAYED) == {states.CALIBRATING}


def test_records_are_stored_away_while_a_long_burst_is_played():
    bench = ready(zone(shots=60, volume_nl=3_000, rate_per_min=240))
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert len(shots_of(bench)) == 60
    assert bench.gun.journal.capacity < 60
    assert still(bench)
    assert bench.errors == []
