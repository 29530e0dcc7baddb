"""Perfusion: the needle stays in while the trigger is held, and letting go ends it."""

from mesofw.core import errors, records, states
from mesofw.core.door import CARRIAGE
from tests.core.support.bench import Bench
from tests.core.support.log import events_of, shots_of
from tests.core.support.program import program_text, provision, step_fl, zone

VERIFIES = {
    "test_letting_go_stops_the_flow_at_once_and_withdraws": ("SR-089",),
    "test_what_was_let_go_counts_as_a_shot_and_is_never_completed": ("SR-086",),
    "test_a_trigger_let_go_right_after_the_pull_ends_it_too": ("SR-089",),
    "test_a_perfusion_shorter_than_half_a_second_is_finished": ("SR-084",),
    "test_a_pause_of_a_perfusion_pauses": ("SR-085",),
}

# 10 s of slow flow.
PERFUSION = {"mode": "perfusion", "volume_nl": 100_000, "flow_nl_s": 10_000, "shots": 3}


def ready(*zones):
    bench = Bench()
    provision(bench, program_text(*zones))
    bench.ready()
    return bench


def given_nl(bench, before):
    return (bench.given_steps - before) * step_fl() // 1_000_000


def held(bench, duration_us):
    """Hold the trigger for so long and let go."""
    bench.set("trigger", 1)
    bench.run(duration_us)
    bench.set("trigger", 0)
    bench.run(30_000)


def test_a_perfusion_held_to_its_end_is_complete():
    bench = ready(zone(**PERFUSION))
    before = bench.given_steps
    bench.set("trigger", 1)
    bench.run(5_000_000)
    assert bench.at[CARRIAGE] > 900
    bench.until(states.READY)
    record = shots_of(bench)[0]
    assert (record.flags & 7, record.stopped) == (records.COMPLETE, 0)
    assert abs(given_nl(bench, before) - 100_000) < 100
    # Still held: nothing more comes of it.
    bench.run(5_000_000)
    assert bench.gun.session.shots == 1


def test_letting_go_stops_the_flow_at_once_and_withdraws():
    bench = ready(zone(**PERFUSION))
    bench.set("trigger", 1)
    bench.run(3_000_000)
    bench.set("trigger", 0)
    bench.run(6_000)
    before = bench.given_steps
    bench.until(states.READY)
    assert bench.given_steps == before
    assert bench.at[CARRIAGE] <= 4
    record = shots_of(bench)[0]
    assert (record.flags & 7, record.stopped) == (records.PARTIAL, 0)
    assert 20_000 < record.volume_stepped_nl < 35_000
    assert bench.gun.session.given_nl == record.volume_stepped_nl
    assert errors.EVENT_PAUSED not in events_of(bench)
    assert bench.broken == []


def test_what_was_let_go_counts_as_a_shot_and_is_never_completed():
    bench = ready(zone(**PERFUSION))
    held(bench, 3_000_000)
    bench.until(states.READY)
    bench.run(20_000_000)
    assert bench.gun.session.zone_left() == 2
    before = bench.given_steps
    bench.set("trigger", 1)
    bench.run(1_000_000)
    bench.until(states.READY)
    assert abs(given_nl(bench, before) - 100_000) < 100


def test_a_trigger_that_flickers_does_not_end_a_perfusion():
    bench = ready(zone(**PERFUSION))
    bench.set("trigger", 1)
    for _ in range(5):
        bench.run(1_000_000)
        bench.set("trigger", 0)
        bench.run(3_000)
        bench.set("trigger", 1)
    bench.until(states.READY)
    assert shots_of(bench)[0].flags & records.COMPLETE


def test_a_trigger_let_go_right_after_the_pull_ends_it_too():
    bench = ready(zone(**PERFUSION))
    held(bench, 2_000)
    bench.until(states.READY, 500_000)
    record = shots_of(bench)[0]
    assert record.flags & records.PARTIAL
    assert bench.at[CARRIAGE] <= 4


def test_a_perfusion_shorter_than_half_a_second_is_finished():
    bench = ready(zone(mode="perfusion", volume_nl=10_000, flow_nl_s=100_000, shots=3))
    held(bench, 40_000)
    bench.until(states.READY)
    assert shots_of(bench)[0].flags & records.COMPLETE


def test_a_pause_of_a_perfusion_pauses():
    bench = ready(zone(**PERFUSION))
    bench.set("trigger", 1)
    bench.run(2_000_000)
    bench.set("press", 1)
    bench.until(states.PAUSED)
    assert shots_of(bench)[0].flags & records.PARTIAL
    assert "By operator" in bench.screen


def test_the_screen_says_that_a_perfusion_is_held():
    bench = ready(zone(**PERFUSION))
    bench.run(100_000)
    assert bench.screen[0] == "Ready perfusion"
    assert bench.screen[-1] == "Hold to its end"
    bench.set("trigger", 1)
    bench.run(100_000)
    assert bench.screen[0] == "Shot perfusion"
