"""The modes: how shots follow each other, what a moving hand makes of them, why it pauses."""

from mesofw.core import errors, records, states
from mesofw.core.door import CARRIAGE
from mesofw.core.modes import MODE, MODES
from tests.core.support.bench import Bench
from tests.core.support.host import Host
from tests.core.support.log import began_ms, events_of, log_of, shots_of
from tests.core.support.program import program_text, provision, step_fl, zone

VERIFIES = {
    "test_one_pull_gives_so_many_shots_and_the_next_goes_on": ("SR-015",),
    "test_letting_go_earlier_ends_a_pull_earlier_and_the_next_has_its_full_count": ("SR-015",),
    "test_the_rate_is_kept_to_the_microsecond_over_many_shots": ("SR-063",),
    "test_a_shot_that_was_late_begins_the_rate_anew": ("SR-062",),
    "test_contact_lost_in_mid_shot_ends_the_shot_and_not_the_run": ("SR-087",),
    "test_the_dose_that_a_moving_hand_lost_is_not_made_up_later": ("SR-086",),
    "test_a_bouncing_contact_does_not_fire_twice": ("SR-017",),
    "test_in_every_other_mode_lost_contact_pauses": ("SR-088",),
}

NAPPAGE = {"mode": "nappage", "layer": "superficial", "depth_um": 1_000, "volume_nl": 5_000}
DEAF_US = 30_000


def ready(*zones, **changes):
    bench = Bench()
    provision(bench, program_text(*zones, **changes))
    bench.ready()
    return bench


def given_nl(bench, before):
    return (bench.given_steps - before) * step_fl() // 1_000_000


def held(bench, duration_us):
    """Hold the trigger for so long and let go."""
    bench.set("trigger", 1)
    bench.run(duration_us)
    bench.set("trigger", 0)
    bench.run(DEAF_US)


def needle_in(bench, limit_us=60_000_000):
    """Let time pass until fluid flows."""
    until_us = bench.now_us + limit_us
    while bench.gun.drive.phase != 1:
        assert bench.step(until_us)
    bench.run(20_000)


def periods_ms(bench):
    at_ms = [began_ms(record) for record in shots_of(bench)]
    return [after - before for before, after in zip(at_ms, at_ms[1:])]


def test_modes_are_told_apart_by_what_they_do():
    seen = {}
    for name in MODES:
        mode = MODE[name]
        key = (mode.deepest_um, mode.most_nl, mode.repeats, mode.stays, mode.slides)
        assert key not in seen, (name, seen.get(key))
        seen[key] = name
    assert [name for name in MODES if MODE[name].repeats] == [
        "burst",
        "nappage",
        "dry",
        "microdrop",
    ]
    assert [name for name in MODES if MODE[name].slides] == ["nappage"]
    assert [name for name in MODES if MODE[name].stays] == ["perfusion"]
    assert [name for name in MODES if not MODE[name].most_nl] == ["dry"]


def test_a_mode_keeps_its_number_in_the_log():
    assert MODES == ("single", "burst", "nappage", "dry", "microdrop", "perfusion")
    drop = zone(mode="microdrop", layer="epidermic", depth_um=400, volume_nl=3_000, shots=2)
    bench = ready(drop)
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert [record.code for record in shots_of(bench)] == [4, 4]


# Shots at one pull.


def test_one_pull_gives_so_many_shots_and_the_next_goes_on():
    bench = ready(zone(shots=7, per_pull=3))
    held(bench, 10_000_000)
    assert (bench.gun.state, bench.gun.session.shots) == (states.READY, 3)
    held(bench, 10_000_000)
    assert (bench.gun.state, bench.gun.session.shots) == (states.READY, 6)
    held(bench, 10_000_000)
    assert bench.gun.session.shots == 7
    assert bench.gun.state == states.IDLE
    assert bench.broken == []


def test_letting_go_earlier_ends_a_pull_earlier_and_the_next_has_its_full_count():
    bench = ready(zone(shots=9, per_pull=3))
    held(bench, 700_000)
    bench.run(1_000_000)
    assert bench.gun.session.shots == 2
    held(bench, 10_000_000)
    assert bench.gun.session.shots == 5


def test_without_a_count_a_pull_goes_on_as_long_as_it_is_held():
    bench = ready(zone(shots=9, per_pull=0))
    held(bench, 3_900_000)
    assert bench.gun.session.shots == 8


# The rate.


def test_the_rate_is_kept_to_the_microsecond_over_many_shots():
    # A minute is no whole number of such periods in µs.
    bench = ready(zone(shots=85, rate_per_min=84, volume_nl=3_000))
    bench.set("trigger", 1)
    bench.until(states.IDLE, 120_000_000)
    at_ms = [began_ms(record) for record in shots_of(bench)]
    assert at_ms[84] - at_ms[0] == 60_000
    assert set(periods_ms(bench)) <= {714, 715}


def test_a_shot_that_was_late_begins_the_rate_anew():
    bench = ready(zone(shots=4, rate_per_min=60))
    bench.set("trigger", 1)
    bench.run(600_000)
    bench.set("contact", 0)
    bench.run(1_000_000)
    bench.set("contact", 1)
    bench.until(states.IDLE)
    first, second, third = periods_ms(bench)
    assert 1_550 <= first <= 1_650
    assert (second, third) == (1_000, 1_000)


# Nappage: on a moving hand.


def test_contact_lost_in_mid_shot_ends_the_shot_and_not_the_run():
    bench = ready(zone(shots=5, rate_per_min=120, **NAPPAGE))
    bench.set("trigger", 1)
    needle_in(bench)
    before = bench.given_steps
    bench.set("contact", 0)
    bench.run(1_000)
    assert bench.given_steps - before < 10
    bench.run(2_000_000)
    assert bench.gun.state == states.SHOOTING
    assert bench.at[CARRIAGE] <= 4
    record = shots_of(bench)[0]
    assert (record.stopped, record.flags & 7) == (errors.CONTACT_LOST, records.PARTIAL)
    assert record.volume_stepped_nl < 5_000
    assert bench.gun.session.shots == 1
    bench.set("contact", 1)
    bench.until(states.IDLE)
    flags = [record.flags & 7 for record in shots_of(bench)]
    assert flags == [records.PARTIAL] + [records.COMPLETE] * 4
    assert [record.stopped for record in shots_of(bench)[1:]] == [0] * 4
    assert errors.EVENT_PAUSED not in events_of(bench)
    assert bench.broken == []


def test_the_dose_that_a_moving_hand_lost_is_not_made_up_later():
    bench = ready(zone(shots=2, **NAPPAGE))
    bench.set("trigger", 1)
    needle_in(bench)
    bench.set("contact", 0)
    bench.run(1_000_000)
    before = bench.given_steps
    bench.set("contact", 1)
    bench.until(states.IDLE)
    assert abs(given_nl(bench, before) - 5_000) < 60


def test_a_bouncing_contact_does_not_fire_twice():
    bench = ready(zone(shots=50, rate_per_min=120, **NAPPAGE))
    bench.set("trigger", 1)
    needle_in(bench)
    for _ in range(6):
        bench.set("contact", 0)
        bench.run(7_000)
        bench.set("contact", 1)
        bench.run(11_000)
    bench.run(200_000)
    assert bench.gun.session.shots == 1
    bench.run(1_000_000)
    assert min(periods_ms(bench)) >= 490


def test_a_trigger_let_go_while_contact_is_lost_ends_the_run():
    bench = ready(zone(shots=9, **NAPPAGE))
    bench.set("trigger", 1)
    needle_in(bench)
    bench.set("contact", 0)
    bench.run(200_000)
    bench.set("trigger", 0)
    bench.run(200_000)
    assert bench.gun.state == states.READY
    bench.set("contact", 1)
    bench.run(2_000_000)
    assert bench.gun.session.shots == 1


def test_a_run_can_be_paused_after_a_lost_contact():
    bench = ready(zone(shots=9, **NAPPAGE))
    bench.set("trigger", 1)
    needle_in(bench)
    bench.set("contact", 0)
    bench.run(200_000)
    bench.click()
    assert bench.gun.state == states.PAUSED
    assert "By operator" in bench.screen


def test_in_every_other_mode_lost_contact_pauses():
    for name in MODES:
        if MODE[name].slides:
            continue
        volume_nl = 0 if name == "dry" else 5_000
        where = {"layer": "epidermic", "depth_um": 500}
        bench = ready(zone(mode=name, volume_nl=volume_nl, shots=9, **where))
        bench.set("trigger", 1)
        bench.run(8_000)
        bench.set("contact", 0)
        bench.until(states.PAUSED)
        assert bench.gun.session.shots == 1, name
        assert "Contact lost" in bench.screen, name
        assert bench.broken == []


# What a pause and a refusal say.


def test_a_pause_says_why():
    bench = ready(zone(shots=2), zone(shots=3))
    bench.set("trigger", 1)
    bench.until(states.PAUSED)
    bench.set("trigger", 0)
    bench.run(100_000)
    assert bench.screen[:3] == ["Paused", "Zone 2 of 2", "Zone done"]
    bench.click()
    bench.click()
    assert bench.screen[:3] == ["Paused", "Zone 2 of 2", "By operator"]
    bench.click()
    host = Host(bench)
    host.hello()
    assert host.ask("pause")["state"] == "paused"
    bench.run(100_000)
    assert bench.screen[2] == "By the host"
    bench.click()
    bench.run(601_000_000)
    assert bench.screen[2] == "Left idle"
    paused = [record for record in log_of(bench) if record.code == errors.EVENT_PAUSED]
    assert [record.b for record in paused if record.kind == records.EVENT] == [4, 0, 2, 1]


def test_a_zone_that_cannot_be_armed_is_refused_with_what_can():
    # Nominally just possible; this needle resists more.
    fast = zone(mode="burst", shots=9, rate_per_min=40)
    bench = Bench()
    provision(bench, program_text(fast, syringe="10 mL", needle="30G"))
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    bench.resists = 1.5
    bench.fit()
    bench.stroke()
    bench.click()
    bench.until(states.PAUSED)
    told = " ".join(bench.screen)
    assert bench.screen[0] == "Not possible:"
    assert "up to 39 /min (limit: 30G needle" in told, told
    assert told[-1] == ")"
    bench.run(4_000_000)
    # It stays on the screen of the pause.
    assert "up to 39 /min (limit: 30G needle" in " ".join(bench.screen)
    assert bench.screen[0] == "Paused"
    assert bench.screen[-3:] == ["> Go on", "  Change syringe", "  End session"]
    assert bench.gun.session.shots == 0
