"""From one shot to the next: closed in the back-off, the next one waits for nothing."""

from mesofw.core import aim, errors, records, states
from mesofw.core.door import CARRIAGE, PLUNGER
from tests.core.support.bench import Bench
from tests.core.support.log import events_of, log_of, shots_of
from tests.core.support.program import program_text, provision, zone

VERIFIES = {
    "test_a_shot_is_complete_before_the_plunger_is_back": ("SR-110",),
    "test_a_pause_in_the_back_off_ends_it_and_pauses_after_one_shot": ("SR-159",),
    "test_a_fault_in_the_back_off_is_one_of_its_own_after_a_complete_shot": ("SR-110",),
}

SECOND_US = 1_000_000


def ready(**changes):
    bench = Bench()
    provision(bench, program_text(zone(**changes)))
    bench.ready()
    return bench


def backing_off(**changes):
    """A gun whose first shot is closed and whose plunger is on its way back, and how far it has to
    go."""
    bench = ready(**changes)
    began = bench.at[PLUNGER]
    bench.set("trigger", 1)
    while not bench.gun.session.shots:
        assert bench.step(bench.now_us + SECOND_US)
    assert bench.gun.drive.backs_off
    assert bench.at[CARRIAGE] <= 4
    assert bench.at[PLUNGER] > began
    return bench


def test_a_shot_is_complete_before_the_plunger_is_back():
    bench = backing_off(mode="single", shots=3)
    before = bench.at[PLUNGER]
    record = shots_of(bench)[0]
    assert record.flags == records.COMPLETE | records.OPEN_SESSION
    assert abs(record.volume_measured_nl - 20_000) <= 110
    assert bench.gun.volume_left_nl() == record.volume_left_nl
    bench.set("trigger", 0)
    bench.until(states.READY)
    assert bench.at[PLUNGER] < before
    assert bench.gun.volume_left_nl() == record.volume_left_nl
    assert len(shots_of(bench)) == bench.gun.session.shots == 1
    assert bench.broken == []


def test_a_shot_in_training_holds_as_much_while_it_backs_off():
    bench = Bench()
    provision(bench, program_text(zone(mode="single", shots=3), purpose="training"))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    bench.run(3 * SECOND_US)
    bench.seat("", 3_000_000)
    bench.click()
    bench.until(states.PRIMING)
    bench.prime()
    bench.set("contact", 1)
    bench.run(SECOND_US)
    bench.set("trigger", 1)
    while not bench.gun.session.shots:
        assert bench.step(bench.now_us + SECOND_US)
    assert bench.gun.drive.backs_off
    left_nl = bench.gun.volume_left_nl()
    bench.set("trigger", 0)
    bench.until(states.READY)
    assert bench.gun.volume_left_nl() == left_nl == shots_of(bench)[0].volume_left_nl


def test_a_dry_shot_is_closed_at_its_end():
    bench = ready(mode="dry", volume_nl=0, shots=2)
    bench.set("trigger", 1)
    while not bench.gun.session.shots:
        assert bench.step(bench.now_us + SECOND_US)
    assert not bench.gun.drive.moving
    flags = records.COMPLETE | records.DRY | records.OPEN_SESSION
    assert shots_of(bench)[0].flags == flags
    assert shots_of(bench)[0].depth_stepped_um == 4_000


def test_a_pause_in_the_back_off_ends_it_and_pauses_after_one_shot():
    bench = backing_off(mode="burst", shots=9)
    bench.set("press", 1)
    bench.until(states.PAUSED)
    assert not bench.gun.drive.moving
    assert [record.flags & 7 for record in shots_of(bench)] == [records.COMPLETE]
    assert bench.gun.session.shots == 1
    assert bench.broken == []


def test_letting_go_in_the_back_off_is_one_shot():
    bench = backing_off(mode="burst", shots=9)
    bench.set("trigger", 0)
    bench.until(states.READY)
    bench.run(SECOND_US)
    assert [record.flags & 7 for record in shots_of(bench)] == [records.COMPLETE]


def test_contact_lost_in_the_back_off_is_nothing():
    bench = backing_off(mode="burst", shots=9, rate_per_min=60)
    bench.set("contact", 0)
    bench.run(100_000)
    bench.set("contact", 1)
    bench.run(SECOND_US)
    assert bench.gun.session.shots == 2
    assert [record.stopped for record in shots_of(bench)] == [0, 0]


def test_a_fault_in_the_back_off_is_one_of_its_own_after_a_complete_shot():
    for name, value, code in (
        ("stop", 1, errors.ESTOP),
        ("supply_mv", 9_000, errors.SUPPLY_LOST),
        ("temperature_dc", 800, errors.OVERHEATED),
    ):
        bench = backing_off(mode="burst", shots=9)
        bench.set(name, value)
        bench.run(2 * SECOND_US)
        assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, code)
        shots = shots_of(bench)
        assert [(record.flags & 7, record.stopped) for record in shots] == [(records.COMPLETE, 0)]
        assert (bench.gun.session.shots, bench.gun.session.given_nl) == (1, 20_000)
        last = log_of(bench)[-1]
        assert (last.code, last.a, last.shot) == (errors.EVENT_FAULT, code, 1)
        assert not bench.gun.journal.open
        assert bench.broken == []


def test_a_plunger_lost_in_the_back_off_is_a_fault_after_a_complete_shot():
    bench = backing_off(mode="burst", shots=9)
    bench.at[PLUNGER] -= 200
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.PLUNGER_LOST
    assert [record.flags & 7 for record in shots_of(bench)] == [records.COMPLETE]
    assert errors.EVENT_FAULT in events_of(bench)


def test_a_fault_just_before_the_back_off_is_seen_tells_the_whole_dose():
    bench = ready(mode="single", shots=3)
    bench.set("trigger", 1)
    while bench.gun.drive.phase < 3:
        assert bench.step(bench.now_us + SECOND_US)
    bench.set("supply_mv", 9_000)
    bench.until(states.FAULT)
    record = shots_of(bench)[0]
    assert (record.flags & 7, record.stopped) == (records.PARTIAL, errors.SUPPLY_LOST)
    assert abs(record.volume_stepped_nl - 20_000) <= 41


def test_the_screen_is_drawn_once_a_shot_after_the_next_has_begun():
    lasts_us = ready(mode="burst", shots=9).gun.session.aim.lasts_us
    bench = ready(mode="burst", shots=9, rate_per_min=aim.most_per_min(lasts_us))
    bench.set("trigger", 1)
    drawn = []
    show = bench.show

    def watched(lines):
        drawn.append((bench.gun.drive.moving, bench.gun.drive.phase, lines))
        show(lines)

    bench.show = watched
    while bench.gun.session.shots < 4:
        assert bench.step(bench.now_us + SECOND_US)
    assert [(moving, phase) for moving, phase, _ in drawn[1:]] == [(True, 0)] * (len(drawn) - 1)
    counts = [line for _, _, lines in drawn for line in lines if line.startswith("left")]
    assert counts == ["left %d of 9" % left for left in (9, 8, 7, 6)]
