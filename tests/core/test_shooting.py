"""Armed and shooting: trigger, interlocks, phases, record."""

from mesofw.core import dose, errors, records, states
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.switches import HOLD_US
from tests.core.support.bench import FOOT_STEPS, Bench
from tests.core.support.host import Host
from tests.core.support.log import began_ms, events_of, last_event, log_of, shots_of
from tests.core.support.program import head, program_text, provision, step_fl, text_of, zone

VERIFIES = {
    "test_one_pull_is_one_shot": ("SR-014",),
    "test_a_shot_is_recorded_with_what_was_commanded_stepped_and_measured": ("SR-166",),
    "test_a_held_trigger_is_one_shot_in_single_and_many_in_burst": ("SR-014",),
    "test_a_bouncing_trigger_is_one_shot": ("SR-016",),
    "test_a_million_shots_would_not_drift_and_forty_do_not": ("SR-045",),
    "test_a_dry_zone_only_moves_the_needle": ("SR-061",),
    "test_after_the_last_shot_the_session_is_over": ("SR-083",),
    "test_after_a_zone_the_operator_goes_on_with_the_next": ("SR-083",),
    "test_no_shot_without_contact": ("SR-002", "SR-011"),
    "test_no_shot_that_the_syringe_cannot_finish": ("SR-009", "SR-130"),
    "test_no_shot_beyond_a_limit_of_program_or_gun": ("SR-011", "SR-069"),
    "test_no_shot_when_the_log_is_full": ("SR-010",),
    "test_an_armed_gun_left_alone_alerts_then_disarms": ("SR-021", "SR-022"),
    "test_a_pause_finishes_a_short_shot": ("SR-084",),
    "test_a_pause_stops_a_long_shot_at_once_and_it_is_recorded_as_partial": ("SR-085", "SR-167"),
    "test_an_interrupted_dose_is_never_completed_later": ("SR-086",),
    "test_contact_lost_in_mid_shot_withdraws_and_pauses": ("SR-087", "SR-088", "SR-167"),
    "test_contact_lost_at_the_very_start_is_one_partial_shot": ("SR-087",),
    "test_a_trigger_that_is_stuck_does_not_fire_for_ever": ("SR-018",),
    "test_an_occlusion_stops_in_the_same_shot_and_relieves_the_pressure": ("SR-100", "SR-103"),
    "test_a_fault_stops_flow_at_once_and_the_needle_comes_back": (
        "SR-051",
        "SR-090",
        "SR-093",
        "SR-094",
        "SR-095",
        "SR-096",
        "SR-104",
        "SR-167",
    ),
    "test_after_a_fault_the_plunger_is_backed_off_once_at_most": ("SR-053",),
    "test_lost_steps_cut_the_drivers_and_the_spring_withdraws": ("SR-036", "SR-043", "SR-092"),
    "test_a_dose_missed_by_more_than_a_tenth_is_a_fault": ("SR-044", "SR-166"),
    "test_a_host_may_pause_and_nothing_else": ("SR-175", "SR-183"),
    "test_a_pull_in_mid_shot_opens_no_file_with_the_needle_in": ("SR-160",),
    "test_a_clock_set_in_mid_shot_is_recorded_all_the_same": ("SR-169",),
    "test_no_file_is_opened_while_the_spring_takes_the_needle_back": ("SR-159",),
    "test_records_are_moved_to_the_store_between_shots_of_a_long_burst": ("SR-159",),
    "test_a_zone_that_this_gun_cannot_do_is_not_armed": ("SR-055",),
    "test_a_burst_ends_when_the_syringe_cannot_finish_another_shot": ("SR-009",),
}

SINGLE = {"mode": "single", "shots": 3}


def ready(*zones, **changes):
    bench = Bench()
    provision(bench, program_text(*zones, **changes))
    bench.ready()
    return bench


def given_nl(bench):
    return bench.given_steps * step_fl() // 1_000_000


def fire(bench):
    """Pull the trigger and wait for the shot to end."""
    bench.set("trigger", 1)
    bench.run(60_000)
    bench.set("trigger", 0)
    bench.run(1_000)
    bench.while_in(states.SHOOTING)


def test_one_pull_is_one_shot():
    bench = ready(zone(**SINGLE))
    primed = given_nl(bench)
    fire(bench)
    assert bench.gun.state == states.READY
    assert abs(given_nl(bench) - primed - 20_000) < 100
    assert bench.deepest == FOOT_STEPS + 800
    assert bench.at[CARRIAGE] <= 4
    assert bench.broken == []


def test_a_shot_is_recorded_with_what_was_commanded_stepped_and_measured():
    bench = ready(zone(**SINGLE))
    fire(bench)
    record = shots_of(bench)[0]
    assert (record.session, record.zone, record.shot, record.zone_shots) == (1, 1, 1, 1)
    assert (record.depth_um, record.depth_stepped_um) == (4000, 4000)
    assert abs(record.depth_measured_um - 4000) <= 4
    assert record.volume_nl == 20_000
    assert abs(record.volume_stepped_nl - 20_000) <= 41
    assert abs(record.volume_measured_nl - 20_000) <= 110
    assert record.flags == records.COMPLETE | records.OPEN_SESSION
    assert (record.stopped, record.session_nl, record.calibration) == (0, 20_000, 7)
    assert record.program == bench.gun.session.program_id()
    assert record.end_ms > record.at_ms
    # Friction, and the pressure of 100 µL/s behind the needle.
    assert abs(record.force_peak_mn - bench.glides_mn() - bench.flow_force_mn(100_000)) < 20
    assert record.volume_left_nl == bench.gun.volume_left_nl()


def test_a_held_trigger_is_one_shot_in_single_and_many_in_burst():
    bench = ready(zone(**SINGLE))
    bench.set("trigger", 1)
    bench.run(10_000_000)
    assert bench.gun.session.shots == 1
    bench = ready(zone(mode="burst", shots=9))
    bench.set("trigger", 1)
    bench.run(2_100_000)
    bench.set("trigger", 0)
    bench.run(1_000_000)
    assert bench.gun.session.shots == 5


def test_a_bouncing_trigger_is_one_shot():
    bench = ready(zone(**SINGLE))
    bounces = ((1, 300), (0, 500), (1, 900), (0, 2_000), (1, 40_000), (0, 400), (1, 90))
    for level, wait_us in bounces:
        bench.set("trigger", level)
        bench.run(wait_us)
    bench.set("trigger", 0)
    bench.run(2_000_000)
    assert bench.gun.session.shots == 1


def test_the_pedal_is_a_trigger_too():
    bench = ready(zone(**SINGLE))
    bench.set("pedal", 1)
    bench.run(60_000)
    bench.set("pedal", 0)
    bench.while_in(states.SHOOTING)
    assert bench.gun.session.shots == 1


def test_a_burst_keeps_its_rate():
    bench = ready(zone(mode="burst", shots=6, rate_per_min=120))
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    at_ms = [began_ms(record) for record in shots_of(bench)]
    assert [after - before for before, after in zip(at_ms, at_ms[1:])] == [500] * 5


def test_a_million_shots_would_not_drift_and_forty_do_not():
    bench = ready(zone(mode="burst", shots=40, volume_nl=5_000, rate_per_min=240))
    primed = bench.given_steps
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    steps = bench.given_steps - primed
    assert 0 <= 40 * 5_000 * dose.FL_PER_NL - steps * step_fl() < step_fl()
    assert bench.broken == []


def test_a_dry_zone_only_moves_the_needle():
    bench = ready(zone(mode="dry", volume_nl=0, shots=2))
    primed = bench.given_steps
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert bench.given_steps == primed
    assert bench.deepest == FOOT_STEPS + 800
    assert [record.flags & records.DRY for record in shots_of(bench)] == [records.DRY] * 2


def test_a_force_cell_a_little_below_zero_is_no_trouble():
    bench = ready(zone(mode="dry", volume_nl=0, shots=1))
    bench.force_offset_mn = -40
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert shots_of(bench)[0].force_peak_mn == 0
    assert bench.errors == []


def test_after_the_last_shot_the_session_is_over():
    bench = ready(zone(mode="burst", shots=2))
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert not bench.gun.session.open
    assert last_event(bench).code == errors.EVENT_ENDED
    assert (last_event(bench).a, last_event(bench).b) == (2, 40_000)
    bench.run(5_000_000)
    assert bench.gun.session.shots == 2


def test_after_a_zone_the_operator_goes_on_with_the_next():
    bench = ready(zone(mode="burst", shots=2), zone(name="Arm", volume_nl=5_000, shots=1))
    bench.set("trigger", 1)
    bench.until(states.PAUSED)
    bench.run(3_000_000)
    assert (bench.gun.state, bench.gun.session.shots) == (states.PAUSED, 2)
    bench.set("trigger", 0)
    bench.run(100_000)
    bench.click()
    assert bench.gun.state == states.READY
    assert bench.screen[:3] == ["Ready burst", "Arm", "4 mm  5 µL"]
    fire(bench)
    bench.until(states.IDLE)
    assert [(record.zone, record.volume_nl) for record in shots_of(bench)] == [
        (1, 20_000),
        (1, 20_000),
        (2, 5_000),
    ]


def refused(bench, code):
    """The next pull of the trigger is refused with this code, shown and recorded."""
    before = bench.given_steps, bench.gun.session.shots
    bench.pull()
    assert (bench.given_steps, bench.gun.session.shots) == before
    record = [row for row in log_of(bench) if row.code == errors.EVENT_REFUSED][-1]
    assert record.a == code
    assert bench.screen[0] == "Not possible:"
    assert bench.broken == []


def test_no_shot_without_contact():
    bench = ready(zone(**SINGLE))
    bench.set("contact", 0)
    bench.run(100_000)
    refused(bench, errors.NO_CONTACT)
    assert bench.gun.state == states.READY


def test_no_shot_that_the_syringe_cannot_finish():
    bench = Bench()
    provision(bench, program_text(zone(mode="single", volume_nl=40_000, shots=5)))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    bench.fit("", 100_000)
    bench.prime()
    bench.set("contact", 1)
    bench.run(500_000)
    fire(bench)
    left = bench.gun.volume_left_nl()
    assert left < 40_000
    refused(bench, errors.VOLUME_SHORT)
    assert bench.gun.state == states.LOADING
    assert bench.gun.session.shots == 1
    # A new syringe, and the zone goes on where it was.
    bench.set("contact", 0)
    bench.fit()
    bench.prime()
    bench.set("contact", 1)
    bench.run(100_000)
    fire(bench)
    assert bench.gun.session.shots == 2


def test_no_shot_beyond_a_limit_of_program_or_gun():
    bench = Bench()
    limits = ("hard", {"session_nl": 70_000})
    provision(bench, text_of(("program", head()), limits, ("zone", zone(mode="single", shots=3))))
    bench.ready()
    bench.gun.session.given_nl = 60_000
    bench.run(2_000_000)
    refused(bench, errors.SHOT_LIMIT)
    assert bench.gun.state == states.READY


def test_no_shot_when_the_log_is_full():
    bench = ready(zone(**SINGLE))
    bench.flash_bytes = 0
    bench.run(12_000_000)
    refused(bench, errors.LOG_FULL)


def test_an_armed_gun_left_alone_alerts_then_disarms():
    bench = ready(zone(**SINGLE))
    bench.run(299_000_000)
    assert not bench.gun.activity.alerted
    bench.run(2_000_000)
    assert bench.gun.activity.alerted
    assert bench.gun.state == states.READY
    assert errors.EVENT_ALERT in events_of(bench)
    assert (bench.light, bench.sound) == (5, 3)
    bench.run(297_000_000)
    assert bench.gun.state == states.READY
    bench.run(3_000_000)
    assert bench.gun.state == states.PAUSED
    assert (last_event(bench).code, last_event(bench).a) == (errors.EVENT_PAUSED, 1)


def test_a_press_pauses_an_armed_gun():
    bench = ready(zone(**SINGLE))
    bench.click()
    assert bench.gun.state == states.PAUSED


def test_a_pause_finishes_a_short_shot():
    bench = ready(zone(mode="burst", shots=9))
    bench.set("trigger", 1)
    bench.run(100_000)
    bench.set("press", 1)
    bench.until(states.PAUSED)
    record = shots_of(bench)[0]
    assert record.flags & records.COMPLETE
    assert bench.gun.session.shots == 1
    assert bench.broken == []


def test_a_pause_stops_a_long_shot_at_once_and_it_is_recorded_as_partial():
    bench = ready(zone(mode="single", volume_nl=200_000, shots=2))
    primed = bench.given_steps
    bench.set("trigger", 1)
    bench.run(1_000_000)
    given = bench.given_steps
    bench.set("press", 1)
    bench.run(1_000)
    assert bench.given_steps - given < 10
    bench.until(states.PAUSED)
    record = shots_of(bench)[0]
    assert record.flags & records.PARTIAL
    assert not record.flags & records.COMPLETE
    stepped = (bench.given_steps - primed) * step_fl() // 1_000_000
    assert abs(record.volume_stepped_nl - stepped) < 100
    assert 0 < record.volume_stepped_nl < 200_000
    assert bench.gun.session.given_nl == record.volume_stepped_nl
    assert bench.at[CARRIAGE] <= 4
    assert bench.broken == []


def test_an_interrupted_dose_is_never_completed_later():
    bench = ready(zone(mode="single", volume_nl=200_000, shots=3))
    bench.set("trigger", 1)
    bench.run(1_000_000)
    bench.set("trigger", 0)
    bench.click()
    bench.until(states.PAUSED)
    bench.run(500_000)
    before = bench.given_steps
    bench.click()
    bench.until(states.READY)
    fire(bench)
    given = (bench.given_steps - before) * step_fl() // 1_000_000
    assert abs(given - 200_000) < 100
    assert [record.zone_shots for record in shots_of(bench)] == [1, 2]


def test_contact_lost_in_mid_shot_withdraws_and_pauses():
    for wait_us in (10_000, 60_000, 150_000, 240_000):
        bench = ready(zone(mode="burst", shots=5))
        bench.set("trigger", 1)
        bench.run(wait_us)
        given = bench.given_steps
        bench.set("contact", 0)
        bench.run(1_000)
        assert bench.given_steps - given < 10
        bench.until(states.PAUSED)
        record = shots_of(bench)[0]
        assert (record.stopped, record.flags & 7) == (errors.CONTACT_LOST, records.PARTIAL)
        assert bench.at[CARRIAGE] <= 4
        assert bench.gun.session.shots == 1
        assert bench.broken == []


def test_contact_lost_at_the_very_start_is_one_partial_shot():
    for wait_us in (0, 50, 200, 700, 1_000):
        bench = ready(zone(mode="burst", shots=50))
        bench.set("trigger", 1)
        bench.step(bench.now_us)
        assert bench.gun.state == states.SHOOTING
        bench.run(wait_us)
        bench.set("contact", 0)
        bench.run(2_000_000)
        assert bench.gun.state == states.PAUSED, wait_us
        assert bench.gun.session.shots == 1, (wait_us, bench.gun.session.shots)
        assert [record.flags & 7 for record in shots_of(bench)] == [records.PARTIAL]
        assert bench.broken == []


def test_contact_lost_after_the_needle_is_out_is_nothing():
    bench = ready(zone(mode="burst", shots=5, rate_per_min=60))
    bench.set("trigger", 1)
    bench.run(60_000)
    while bench.gun.drive.phase < 3:
        bench.step(bench.now_us + 100_000)
    bench.run(60_000)
    bench.set("contact", 0)
    bench.run(3_000_000)
    assert [record.flags & 7 for record in shots_of(bench)] == [records.COMPLETE]
    # Held, without contact: it waits.
    assert bench.gun.state == states.SHOOTING
    bench.set("contact", 1)
    bench.run(100_000)
    assert bench.gun.session.shots == 1
    bench.run(500_000)
    assert bench.gun.session.shots == 2


def test_a_trigger_that_is_stuck_does_not_fire_for_ever():
    bench = ready(zone(mode="burst", shots=500, rate_per_min=60))
    bench.set("trigger", 1)
    bench.run(1_600_000)
    bench.set("contact", 0)
    bench.run(120_000_000)
    shots = bench.gun.session.shots
    bench.set("contact", 1)
    bench.run(5_000_000)
    assert bench.gun.session.shots == shots
    assert errors.TRIGGER_HELD in [record.a for record in log_of(bench)]


def test_an_occlusion_stops_in_the_same_shot_and_relieves_the_pressure():
    bench = ready(zone(mode="burst", shots=5))
    bench.set("trigger", 1)
    bench.run(70_000)
    bench.blocked = True
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.OCCLUSION
    record = shots_of(bench)[0]
    assert (record.stopped, record.flags & 7) == (errors.OCCLUSION, records.PARTIAL)
    assert record.force_peak_mn > bench.gun.session.fit.syringe.force_mn
    bench.run(1_000_000)
    assert bench.at[CARRIAGE] <= 4
    assert bench.at[PLUNGER] < bench.stopper + 400
    assert bench.now.force_mn == 0
    assert bench.broken == []


def fault_in_shot(wait_us, name, value):
    bench = ready(zone(mode="single", volume_nl=100_000, shots=3))
    bench.set("trigger", 1)
    bench.run(wait_us)
    given = bench.given_steps
    bench.set(name, value)
    # A seat switch that bounces is no fault: it must stay open for HOLD_US.
    bench.run(1_000 + (HOLD_US if name == "seated" else 0))
    assert bench.gun.state == states.FAULT
    assert bench.given_steps - given < (100 if name == "seated" else 10)
    bench.run(1_000_000)
    return bench


def test_a_fault_stops_flow_at_once_and_the_needle_comes_back():
    for name, value, code in (
        ("stop", 1, errors.ESTOP),
        ("supply_mv", 9_000, errors.SUPPLY_LOST),
        ("temperature_dc", 800, errors.OVERHEATED),
        ("seated", 0, errors.SYRINGE_OUT),
    ):
        for wait_us in (5_000, 50_000, 400_000):
            bench = fault_in_shot(wait_us, name, value)
            assert bench.gun.trouble == code
            assert bench.at[CARRIAGE] <= 4, (name, wait_us)
            assert not bench.gun.homed
            record = shots_of(bench)[0]
            assert (record.stopped, record.flags & 7) == (code, records.PARTIAL)
            assert bench.gun.session.shots == 1
            assert bench.broken == [], (name, wait_us)


def test_after_a_fault_the_plunger_is_backed_off_once_at_most():
    for wait_us in (5_000, 400_000):
        bench = fault_in_shot(wait_us, "temperature_dc", 800)
        back = bench.stopper - bench.at[PLUNGER]
        assert 0 <= back <= bench.gun.session.backoff_steps + 1, (wait_us, back)


def test_lost_steps_cut_the_drivers_and_the_spring_withdraws():
    for axis, code in ((CARRIAGE, errors.CARRIAGE_LOST), (PLUNGER, errors.PLUNGER_LOST)):
        bench = ready(zone(mode="single", volume_nl=100_000, shots=3))
        bench.set("trigger", 1)
        bench.run(20_000 if axis == CARRIAGE else 200_000)
        bench.slipping[axis] = True
        bench.until(states.FAULT)
        assert bench.gun.trouble == code
        bench.slipping[axis] = False
        bench.run(1_000_000)
        assert bench.at[CARRIAGE] <= 4
        assert shots_of(bench)[0].flags & records.PARTIAL


def test_a_dose_missed_by_more_than_a_tenth_is_a_fault():
    bench = ready(zone(mode="single", volume_nl=10_000, shots=3))
    # The encoder is short of the steps by less than lost steps would be: a slow drift.
    bench.set("trigger", 1)
    bench.run(100_000)
    bench.at[PLUNGER] -= 75
    bench.run(2_000_000)
    record = shots_of(bench)[0]
    assert record.volume_stepped_nl - record.volume_measured_nl > 1_000
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.DOSE_MISSED)


def test_a_host_may_pause_and_nothing_else():
    bench = ready(zone(mode="burst", shots=9))
    host = Host(bench)
    host.hello()
    bench.set("trigger", 1)
    bench.run(700_000)
    for name in ("begin", "commit"):
        code = host.refused(name, **({"sha256": "0" * 64, "length": 5} if name == "begin" else {}))
        assert code == errors.NOT_NOW
    assert host.ask("status")["state"] == "shooting"
    host.ask("pause")
    bench.until(states.PAUSED)
    assert bench.gun.session.shots == 2
    assert bench.errors == []


def test_a_pull_in_mid_shot_opens_no_file_with_the_needle_in():
    bench = ready(zone(mode="burst", shots=9))
    bench.set("contact", 0)
    bench.run(3_000_000)
    assert bench.gun.journal.unmoved() == 0
    bench.set("contact", 1)
    bench.run(100_000)
    host = Host(bench)
    host.hello()
    bench.set("trigger", 1)
    bench.run(100_000)
    assert bench.at[CARRIAGE] > FOOT_STEPS
    host.send("pull", first=1, count=3)
    bench.run(300_000)
    bench.set("trigger", 0)
    host.answer()
    assert bench.broken == []


def test_a_clock_set_in_mid_shot_is_recorded_all_the_same():
    bench = ready(zone(mode="single", volume_nl=100_000, shots=3))
    host = Host(bench)
    host.hello()
    bench.set("trigger", 1)
    bench.run(200_000)
    host.ask("clock", unix_s=1_767_225_600, quality_ms=40)
    bench.set("trigger", 0)
    bench.until(states.READY)
    bench.run(1_000_000)
    assert errors.EVENT_CLOCK in events_of(bench)


def test_no_file_is_opened_while_the_spring_takes_the_needle_back():
    bench = ready(zone(mode="burst", shots=40, rate_per_min=120))
    bench.set("trigger", 1)
    journal = bench.gun.journal
    while not (journal.room() == 32 and journal.open and bench.at[CARRIAGE] > FOOT_STEPS):
        assert bench.step(bench.now_us + 1_000_000)
    bench.set("stop", 1)
    bench.run(2_000_000)
    assert bench.gun.trouble == errors.ESTOP
    assert bench.broken == []
    assert bench.gun.journal.unmoved() == 0


def test_records_are_moved_to_the_store_between_shots_of_a_long_burst():
    bench = ready(zone(mode="burst", shots=60, volume_nl=2_100, rate_per_min=240))
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert len(shots_of(bench)) == 60
    assert bench.gun.journal.capacity < 60
    assert bench.broken == []
    assert bench.errors == []


def test_a_zone_that_this_gun_cannot_do_is_not_armed():
    # A nominal needle is quick enough; this one, at the end of its tolerance, is not.
    fast = zone(mode="burst", volume_nl=20_000, flow_nl_s=500_000, rate_per_min=270)
    bench = Bench()
    provision(bench, program_text(fast))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    bench.fit()
    bench.resists = 1.6
    bench.stroke()
    bench.click()
    bench.until(states.PAUSED)
    assert not bench.gun.session.planned
    refusal = [row for row in log_of(bench) if row.code == errors.EVENT_REFUSED][-1]
    assert refusal.a == errors.RATE_UNREACHABLE
    bench.set("contact", 1)
    bench.pull()
    assert bench.gun.session.shots == 0


def test_the_same_zone_is_armed_with_a_needle_as_it_should_be():
    bench = ready(zone(mode="burst", volume_nl=20_000, flow_nl_s=500_000, rate_per_min=270))
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert bench.gun.session.shots == 3
    assert bench.broken == []


def test_a_burst_ends_when_the_syringe_cannot_finish_another_shot():
    bench = Bench()
    provision(bench, program_text(zone(mode="burst", volume_nl=40_000, shots=9, rate_per_min=60)))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    bench.fit("", 150_000)
    bench.prime()
    bench.set("contact", 1)
    bench.run(100_000)
    bench.set("trigger", 1)
    bench.until(states.LOADING)
    assert bench.gun.session.shots == 3
    assert errors.VOLUME_SHORT in [record.a for record in log_of(bench)]
    bench.run(20_000_000)
    assert bench.gun.state == states.LOADING
    assert bench.broken == []


def test_a_burst_waits_while_its_records_are_moved():
    bench = Bench(128 + 96 * 9)
    provision(bench, program_text(zone(mode="burst", shots=20, volume_nl=2_100)))
    bench.ready()
    assert bench.gun.journal.capacity == 9
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    shots = shots_of(bench)
    assert [record.shot for record in shots] == list(range(1, 21))
    assert began_ms(shots[-1]) - began_ms(shots[0]) <= 19 * 500 + 20
    assert bench.broken == []


def test_what_the_host_asks_for_at_rest_is_refused_while_it_shoots():
    bench = ready(zone(mode="single", volume_nl=100_000, shots=3))
    host = Host(bench)
    host.hello()
    bench.set("trigger", 1)
    bench.run(200_000)
    assert host.refused("acknowledge", number=1, archive="0a" * 16) == errors.NOT_NOW
    assert host.refused("health") == errors.NOT_NOW
    bench.set("trigger", 0)
    bench.until(states.READY)
    assert host.ask("health")["supply_mv"] == 24_000
