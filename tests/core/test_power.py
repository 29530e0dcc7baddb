"""Power lost at any byte of a session's life: nothing lost, nothing invented, nothing resumed by
itself."""

from mesofw.core import errors, records, states
from mesofw.core.door import CARRIAGE
from tests.core.support.bench import Bench
from tests.core.support.board import PowerLost
from tests.core.support.host import Host
from tests.core.support.log import events_of, log_of, shots_of
from tests.core.support.program import program_text, provision, zone

VERIFIES = {
    "test_a_cut_at_any_byte_of_a_session": ("SR-145", "SR-152"),
    "test_a_cut_in_mid_shot_is_one_interrupted_shot_that_counts_whole": ("SR-082",),
    "test_a_session_goes_on_after_a_cut_when_the_operator_says_so": ("SR-144",),
    "test_a_cut_at_any_byte_of_the_end_does_not_open_the_session_again": ("SR-147",),
    "test_the_log_of_many_sessions_and_cuts_is_one_chain": ("SR-156",),
}

ZONES = (zone(mode="burst", shots=3), zone(name="Arm", mode="burst", volume_nl=5_000, shots=2))


def ready(*zones):
    bench = Bench()
    provision(bench, program_text(*zones or ZONES))
    bench.ready()
    return bench


def restarted(bench):
    """Off and on again, hands off; waits half a minute."""
    bench.power.budget = None
    for name in ("trigger", "contact", "press", "seated"):
        setattr(bench.now, name, 0)
    bench.stopper = None
    bench.off()
    bench.on()
    bench.until(states.IDLE)
    bench.run(30_000_000)
    assert bench.gun.state == states.IDLE, "it went on by itself"
    return bench


def judged(bench):
    """The log after a cut: whole and chained, every shot that was begun is in it once, none is
    complete that did not end, at most one is interrupted."""
    shots = shots_of(bench)
    whole = [record for record in shots if record.flags & records.COMPLETE]
    cut = [record for record in shots if record.flags & records.INTERRUPTED]
    assert len(whole) + len(cut) == len(shots)
    assert len(cut) <= 1
    assert len(whole) <= bench.shots_ended <= len(shots)
    assert bench.shots_begun <= len(shots) <= bench.shots_begun + 1
    assert [record.shot for record in shots] == list(range(1, len(shots) + 1))
    return shots


def test_a_cut_at_any_byte_of_a_session():
    total = None
    budget = 0
    cuts = 0
    while total is None or budget < total:
        bench = ready()
        spent = bench.power.spent
        bench.power.budget = budget if total is not None else None
        try:
            bench.set("trigger", 1)
            bench.until(states.PAUSED)
            bench.set("trigger", 0)
            bench.run(100_000)
            bench.click()
            bench.set("trigger", 1)
            bench.until(states.IDLE)
            bench.run(2_000_000)
        except PowerLost:
            pass
        if total is None:
            total = bench.power.spent - spent
            assert total > 1_000
            continue
        restarted(bench)
        judged(bench)
        assert bench.broken == []
        cuts += 1
        budget += 23
    assert cuts > 50


def test_a_cut_in_mid_shot_is_one_interrupted_shot_that_counts_whole():
    for wait_us in (1_000, 30_000, 100_000, 200_000, 280_000):
        bench = ready()
        bench.set("trigger", 1)
        bench.run(500_000 + wait_us)
        assert bench.gun.session.shots == 1
        restarted(bench)
        shots = judged(bench)
        assert shots[0].flags & records.COMPLETE
        assert shots[1].flags & records.INTERRUPTED
        assert shots[1].session_nl == 40_000
        assert bench.at[CARRIAGE] <= 4
        assert (bench.gun.session.shots, bench.gun.session.given_nl) == (2, 40_000)
        assert (bench.gun.session.open, bench.gun.session.zone_shots) == (True, 2)
        assert bench.screen[0] == "Resume?"


def test_a_cut_while_the_plunger_backs_off_leaves_a_complete_shot():
    bench = ready(zone(mode="burst", shots=3, rate_per_min=60))
    bench.set("trigger", 1)
    while not bench.gun.session.shots:
        assert bench.step(bench.now_us + 1_000_000)
    assert bench.gun.drive.backs_off
    left_nl = bench.gun.volume_left_nl()
    restarted(bench)
    shots = judged(bench)
    assert [record.flags & 7 for record in shots] == [records.COMPLETE]
    assert shots[0].volume_left_nl == left_nl
    assert (bench.gun.session.open, bench.gun.session.shots) == (True, 1)
    assert bench.gun.session.given_nl == 20_000


def test_a_session_goes_on_after_a_cut_when_the_operator_says_so():
    bench = ready()
    bench.set("trigger", 1)
    bench.run(700_000)
    restarted(bench)
    bench.confirm()
    bench.fit()
    bench.prime()
    bench.set("contact", 1)
    bench.run(100_000)
    bench.set("trigger", 1)
    bench.until(states.PAUSED)
    bench.set("trigger", 0)
    bench.run(100_000)
    bench.click()
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert [(record.zone, record.zone_shots) for record in shots_of(bench)] == [
        (1, 1),
        (1, 2),
        (1, 3),
        (2, 1),
        (2, 2),
    ]
    assert set(record.session for record in shots_of(bench)) == {1}
    assert events_of(bench)[-1] == errors.EVENT_ENDED


def test_a_cut_between_two_zones_loses_neither():
    bench = ready()
    bench.set("trigger", 1)
    while bench.gun.session.shots < 3:
        bench.step(bench.now_us + 1_000_000)
    restarted(bench)
    session = bench.gun.session
    assert (session.open, session.zone, session.zone_left(), session.shots) == (True, 1, 2, 3)


def test_a_cut_at_any_byte_of_the_end_does_not_open_the_session_again():
    bench = ready(zone(mode="burst", shots=2))
    bench.set("trigger", 1)
    while bench.gun.session.shots < 1:
        bench.step(bench.now_us + 1_000_000)
    bench.run(400_000)
    spent = bench.power.spent
    bench.until(states.IDLE)
    total = bench.power.spent - spent
    for budget in range(total):
        bench = ready(zone(mode="burst", shots=2))
        bench.set("trigger", 1)
        while bench.gun.session.shots < 1:
            bench.step(bench.now_us + 1_000_000)
        bench.run(400_000)
        bench.power.budget = budget
        try:
            bench.until(states.IDLE)
        except PowerLost:
            pass
        restarted(bench)
        session = bench.gun.session
        shots = shots_of(bench)
        if len(shots) == 2:
            assert not session.open, budget
        else:
            assert (session.open, session.zone_left()) == (True, 1), budget


def test_a_cut_at_any_byte_of_a_start_changes_nothing():
    bench = ready()
    bench.set("trigger", 1)
    bench.run(700_000)
    restarted(bench)
    bench.off()
    before = bench.memory()
    spent = bench.power.spent
    bench.on()
    bench.until(states.IDLE)
    bench.run(2_000_000)
    total = bench.power.spent - spent
    rows = [record.number for record in shots_of(bench)]
    for budget in range(0, total, 7):
        bench.off()
        bench.restore(before)
        bench.power.budget = budget
        try:
            bench.on()
            bench.until(states.IDLE)
            bench.run(2_000_000)
        except PowerLost:
            pass
        restarted(bench)
        assert [record.number for record in shots_of(bench)] == rows, budget
        assert (bench.gun.session.open, bench.gun.session.shots) == (True, 2), budget


def test_counters_settings_and_program_survive():
    bench = ready()
    boot = bench.gun.memory.boot
    host = Host(bench)
    host.hello()
    host.ask("acknowledge", number=2, archive="ab" * 16)
    restarted(bench)
    assert bench.gun.memory.boot == boot + 1
    assert bench.gun.memory.acknowledged == 2
    assert bench.gun.calibration["id"] == 7
    assert bench.gun.session.program.shots == 5


def test_the_log_of_many_sessions_and_cuts_is_one_chain():
    bench = Bench()
    provision(bench, program_text(zone(mode="burst", shots=3)))
    bench.on()
    for turn in range(6):
        bench.until(states.IDLE)
        bench.confirm()
        bench.fit()
        bench.prime()
        bench.set("contact", 1)
        bench.run(100_000)
        bench.set("trigger", 1)
        bench.run(400_000 + 250_000 * turn)
        restarted(bench)
    rows = log_of(bench)
    assert rows[0].number == 1
    assert len(rows) > 40
