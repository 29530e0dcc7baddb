"""Armed: while all that a shot needs holds, the board starts it as the trigger closes."""

from mesofw.core import errors, records, states
from mesofw.core.door import CARRIAGE
from mesofw.core.motion import TICKS_PER_US, duration_ticks
from mesofw.core.resting import ADVANCE_LEAST_TICKS
from tests.core.support.bench import FOOT_STEPS, Bench
from tests.core.support.host import Host
from tests.core.support.log import began_ms, events_of, last_event, log_of, shots_of
from tests.core.support.program import program_text, provision, zone

VERIFIES = {
    "test_the_mark_is_there_before_the_needle_leaves_the_foot": ("SR-226",),
    "test_each_dose_is_taken_once_however_often_the_gun_is_armed": ("SR-225", "SR-235"),
    "test_whatever_a_shot_needs_disarms_when_it_goes": ("SR-225",),
    "test_no_shot_is_armed_while_the_trigger_is_held_or_bounces": ("SR-236",),
    "test_training_and_what_the_pedal_starts_go_the_other_way": ("SR-237",),
    "test_a_needle_that_is_out_too_soon_for_the_mark_is_not_armed": ("SR-233",),
    "test_records_stay_in_the_ring_while_armed_until_it_is_nearly_full": ("SR-231",),
    "test_what_a_host_asks_of_files_and_memory_disarms_for_a_moment": ("SR-231",),
    "test_a_press_while_the_gun_disarms_is_one_whole_shot": ("SR-230",),
    "test_a_fault_while_the_trigger_closes_is_one_shot_stopped_at_once": ("SR-230",),
    "test_a_mark_that_cannot_be_kept_stops_the_shot_at_once": ("SR-227",),
    "test_power_lost_while_armed_leaves_no_shot": ("SR-228",),
    "test_power_lost_right_after_the_mark_leaves_an_interrupted_shot": ("SR-226", "SR-229"),
    "test_a_gun_that_hangs_as_it_is_fired_has_an_interrupted_shot": ("SR-234",),
    "test_a_gun_that_hangs_while_armed_has_none": ("SR-228",),
}

SINGLE = {"mode": "single", "shots": 9}


def ready(*zones, kind=Bench, **changes):
    bench = kind()
    provision(bench, program_text(*zones or (zone(**SINGLE),), **changes))
    bench.ready()
    return bench


def press_unseen(bench, duration_us=3_000):
    """The trigger closes for a moment in which the gun is not stepped."""
    kept = bench._due_us
    bench.set("trigger", 1)
    bench._due_us = kept
    bench._advance(bench.now_us + duration_us)
    bench.set("trigger", 0)


def test_a_ready_gun_on_skin_is_armed_and_the_trigger_itself_starts_the_shot():
    bench = ready()
    assert bench.armed
    bench.run(7_321_000)
    bench.set("trigger", 1)
    # Before the gun has been stepped.
    assert bench._running
    assert bench.now.fired == 1
    bench.run(60_000)
    assert bench.gun.state == states.SHOOTING
    bench.set("trigger", 0)
    bench.while_in(states.SHOOTING)
    record = shots_of(bench)[0]
    assert record.flags & records.COMPLETE
    assert record.a >= 7_321
    assert abs(record.end_ms - began_ms(record) - bench.gun.session.table.duration_us // 1000) < 30
    bench.run(100_000)
    assert bench.armed
    assert bench.broken == []


def test_a_pull_that_the_gun_never_sees_is_one_whole_shot():
    bench = ready()
    press_unseen(bench)
    bench.run(2_000_000)
    assert [record.flags & 7 for record in shots_of(bench)] == [records.COMPLETE]
    assert bench.gun.state == states.READY
    assert bench.broken == []


def test_in_perfusion_a_bounce_at_the_start_is_no_letting_go():
    bench = ready(zone(mode="perfusion", volume_nl=100_000, shots=2))
    bench.set("trigger", 1)
    bench.set("trigger", 0)
    bench.run(2_000)
    bench.set("trigger", 1)
    bench.run(5_000_000)
    bench.set("trigger", 0)
    bench.run(100_000)
    assert [record.flags & 7 for record in shots_of(bench)] == [records.COMPLETE]


def test_the_mark_is_there_before_the_needle_leaves_the_foot():
    bench = ready()
    spent = bench.power.spent
    bench.set("trigger", 1)
    bench.step(bench.now_us)
    assert bench.power.spent == spent + 12
    assert bench.gun.journal.open
    assert bench.at[CARRIAGE] < FOOT_STEPS


def test_each_dose_is_taken_once_however_often_the_gun_is_armed():
    bench = ready(zone(mode="single", volume_nl=5_003, shots=40))
    owed = 0
    for _ in range(7):
        bench.set("contact", 0)
        bench.run(100_000)
        assert not bench.armed
        assert bench.gun.session.doser.carry_fl == owed
        bench.set("contact", 1)
        bench.run(100_000)
        assert bench.armed
    before = bench.given_steps
    for _ in range(12):
        bench.pull()
        bench.while_in(states.SHOOTING)
        bench.run(100_000)
    given_fl = (bench.given_steps - before) * bench.gun.session.doser.step_fl
    assert 0 <= 12 * 5_003_000_000 + owed - given_fl < bench.gun.session.doser.step_fl
    assert bench.broken == []


def test_whatever_a_shot_needs_disarms_when_it_goes():
    for name, value in (
        ("contact", 0),
        ("seated", 0),
        ("stop", 1),
        ("supply_mv", 9_000),
        ("temperature_dc", 800),
        ("pedal", 1),
        ("press", 1),
        ("faulty", 2),
    ):
        bench = ready()
        bench.set(name, value)
        bench.run(10_000)
        assert not bench.armed, name
        assert bench.broken == [], name


def test_neither_without_contact_nor_with_the_stop_pressed_does_the_trigger_start_anything():
    for name, value in (("contact", 0), ("stop", 1)):
        bench = ready()
        # In the very moment before the gun could see it.
        setattr(bench.now, name, value)
        bench.set("trigger", 1)
        assert not bench._running
        bench.run(100_000)
        assert bench.gun.session.shots == 0
        assert bench.deepest <= FOOT_STEPS
        assert bench.broken == []


def test_no_shot_is_armed_while_the_trigger_is_held_or_bounces():
    bench = ready()
    bench.pull()
    bench.while_in(states.SHOOTING)
    bench.set("trigger", 1)
    bench.run(2_000_000)
    assert (bench.gun.session.shots, bench.gun.state) == (2, states.READY)
    assert not bench.armed
    bench.set("trigger", 0)
    bench.run(19_000)
    assert not bench.armed
    bench.run(2_000)
    assert bench.armed


def test_training_and_what_the_pedal_starts_go_the_other_way():
    bench = ready(purpose="training")
    assert not bench.armed
    bench.pull()
    bench.run(2_000_000)
    assert bench.gun.session.shots == 1
    bench = ready()
    bench.set("pedal", 1)
    bench.run(60_000)
    bench.set("pedal", 0)
    bench.while_in(states.SHOOTING)
    record = shots_of(bench)[0]
    assert (record.a, record.flags & 7) == (0, records.COMPLETE)
    assert bench.broken == []


def test_a_needle_that_is_out_too_soon_for_the_mark_is_not_armed():
    bench = ready()
    table = bench.gun.session.table
    first = table.phases[0]
    assert duration_ticks(table.segments, first.first, first.count) >= ADVANCE_LEAST_TICKS
    arming = bench.gun.arming
    arming.off()
    table.clear()
    table.move(0, CARRIAGE, 200, 50_000, (10_000_000, 10_000_000))
    assert table.duration_us < ADVANCE_LEAST_TICKS // TICKS_PER_US
    arming.step()
    assert not bench.armed


def test_an_idle_alert_is_recorded_and_the_gun_armed_again():
    bench = ready()
    bench.run(301_000_000)
    assert errors.EVENT_ALERT in events_of(bench)
    assert bench.armed
    bench.run(300_000_000)
    assert (bench.gun.state, bench.armed) == (states.PAUSED, False)
    assert bench.broken == []


def test_records_stay_in_the_ring_while_armed_until_it_is_nearly_full():
    bench = ready(zone(mode="single", volume_nl=2_100, shots=60))
    kept = bench.gun.journal.unmoved()
    bench.run(5_000_000)
    assert bench.gun.journal.unmoved() == kept > 0
    for _ in range(40):
        bench.pull()
        bench.while_in(states.SHOOTING)
        bench.run(30_000)
    assert len(shots_of(bench)) == 40
    assert bench.gun.journal.room() > 0
    bench.set("contact", 0)
    bench.run(3_000_000)
    assert bench.gun.journal.unmoved() == 0
    assert bench.broken == []


def test_what_a_host_asks_of_files_and_memory_disarms_for_a_moment():
    bench = ready()
    host = Host(bench)
    host.hello()
    bench.run(100_000)
    last = bench.gun.journal.last
    host.ask("acknowledge", number=last, archive="0a" * 16)
    host.ask("health")
    host.ask("status")
    assert bench.armed
    host.ask("clock", unix_s=1_767_225_600, quality_ms=40)
    assert bench.armed
    assert last_event(bench).code == errors.EVENT_CLOCK
    assert bench.broken == []


class Racing(Bench):
    """The trigger closes just before the gun disarms, after it has looked at its inputs."""

    races = False

    def motion_disarm(self):
        if self.races and self.armed:
            self.races = False
            self.now.trigger = 1
            self.trigger_closes()
        return super().motion_disarm()


def race(act):
    """A gun on which `act(bench, host)` makes it disarm, the trigger being quicker."""
    bench = ready(kind=Racing)
    host = Host(bench)
    host.hello()
    bench.run(100_000)
    assert bench.armed
    bench.races = True
    act(bench, host)
    bench.run(10_000)
    assert not bench.races
    bench.set("trigger", 0)
    bench.run(3_000_000)
    shots = shots_of(bench)
    assert len(shots) == 1
    assert bench.shots_begun == bench.shots_ended
    assert bench.errors == []
    assert bench.broken == []
    return bench, shots[0]


def test_a_press_while_the_gun_disarms_is_one_whole_shot():
    for act, state, code in (
        (lambda bench, host: bench.set("press", 1), states.PAUSED, errors.EVENT_PAUSED),
        (lambda bench, host: host.ask("pause"), states.PAUSED, errors.EVENT_PAUSED),
        (lambda bench, host: host.send("health"), states.READY, 0),
        (lambda bench, host: bench.set("pedal", 1), states.READY, 0),
        (
            lambda bench, host: host.ask("clock", unix_s=1_767_225_600, quality_ms=40),
            states.READY,
            errors.EVENT_CLOCK,
        ),
    ):
        bench, record = race(act)
        if bench.now.pedal:
            bench.set("pedal", 0)
            bench.run(1_000_000)
        assert bench.gun.state == state
        assert record.flags & 7 == records.COMPLETE
        assert not code or last_event(bench).code == code


def test_a_fault_while_the_trigger_closes_is_one_shot_stopped_at_once():
    bench, record = race(lambda bench, host: bench.set("temperature_dc", 800))
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.OVERHEATED)
    assert (record.flags & 7, record.stopped) == (records.PARTIAL, errors.OVERHEATED)


def test_an_error_of_the_firmwares_own_while_the_trigger_closes_is_recorded():
    class Failing(Racing):
        fails = False

        def link_read(self, buffer):
            if self.fails:
                self.fails = False
                self.now.trigger = 1
                self.trigger_closes()
                raise RuntimeError("link_read")
            return super().link_read(buffer)

    bench = ready(kind=Failing)
    bench.fails = True
    bench.set("turns", 1)
    bench.run(1_000_000)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.INTERNAL)
    assert [record.flags & 7 for record in shots_of(bench)] == [records.PARTIAL]
    assert bench.at[CARRIAGE] <= 4
    assert bench.broken == []


def test_a_mark_that_cannot_be_kept_stops_the_shot_at_once():
    bench = ready()
    primed = bench.given_steps
    bench.fram_dead = True
    bench.set("trigger", 1)
    bench.run(1_000_000)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.JOURNAL_FAILED)
    assert bench.deepest <= FOOT_STEPS
    assert bench.given_steps == primed
    assert bench.broken == []


def lasting(bench):
    """The log once the power has gone and come back, hands off."""
    for name in ("trigger", "contact"):
        setattr(bench.now, name, 0)
    bench.off()
    bench.on()
    bench.run(100_000)
    return log_of(bench)


def test_power_lost_while_armed_leaves_no_shot():
    bench = ready()
    assert bench.armed
    before = log_of(bench)
    told = lasting(bench)
    assert [record.kind for record in told[len(before) :]] == [records.EVENT]
    assert bench.gun.session.shots == 0


def test_power_lost_between_start_and_mark_leaves_no_shot_and_the_needle_in_the_foot():
    bench = ready()
    press_unseen(bench, 5_000)
    assert bench._running
    assert bench.deepest <= FOOT_STEPS
    lasting(bench)
    assert shots_of(bench) == []


def test_power_lost_right_after_the_mark_leaves_an_interrupted_shot():
    bench = ready()
    bench.run(2_000_000)
    bench.set("trigger", 1)
    bench.step(bench.now_us)
    lasting(bench)
    record = shots_of(bench)[0]
    assert record.flags & 7 == records.INTERRUPTED
    assert record.a >= 2_000
    assert bench.gun.session.shots == 1


def test_a_gun_that_hangs_as_it_is_fired_has_an_interrupted_shot():
    bench = ready()
    press_unseen(bench, 1_000_000)
    primed = bench.given_steps
    assert bench.shots_begun == 1
    bench.now.contact = 0
    bench.hang()
    bench.run(100_000)
    assert primed > 0
    record = shots_of(bench)[0]
    assert record.flags & 7 == records.INTERRUPTED
    assert (bench.gun.session.shots, bench.gun.session.given_nl) == (1, 20_000)


def test_a_gun_that_hangs_while_armed_has_none():
    bench = ready()
    bench.now.contact = 0
    bench.hang()
    bench.run(100_000)
    assert shots_of(bench) == []


def test_an_armed_gun_that_waits_writes_nothing():
    bench = ready()
    bench.run(1_000_000)
    spent = bench.power.spent
    bench.run(8_000_000)
    assert bench.power.spent == spent
