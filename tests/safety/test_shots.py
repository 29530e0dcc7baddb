"""What must hold of a single shot: its interlocks, its plan, its record, what the screen says."""

import pytest

from mesofw.core import errors, states
from mesofw.core.door import CARRIAGE
from mesofw.core.machine import AXES, TICK_HZ, ramps
from mesofw.core.records import RECORD_BYTES
from mesofw.core.shot import Timetable
from mesofw.core.store import RESERVE_BYTES
from tests.core.support.bench import FOOT_STEPS, Bench
from tests.core.support.log import log_of
from tests.core.support.program import CALIBRATION, program_text, provision, sha256, zone


def ready(*zones: dict[str, object], **changes: object) -> Bench:
    """An armed gun with a program of these zones, its foot on the skin."""
    bench = Bench()
    provision(bench, program_text(*zones, **changes))
    bench.ready()
    return bench


@pytest.mark.requirement("SR-003")
def test_a_pull_right_after_the_syringe_slipped_out_fires_nothing() -> None:
    bench = ready(zone(mode="single"))
    bench.set("seated", 0)
    bench.run(500)
    bench.set("trigger", 1)
    bench.run(1_000)
    assert bench.gun.state == states.READY
    refused = log_of(bench)[-1]
    assert (refused.code, refused.a) == (errors.EVENT_REFUSED, errors.NO_SYRINGE)
    bench.run(1_000_000)
    assert bench.shots_begun == 0


@pytest.mark.requirement("SR-096")
def test_a_syringe_that_slips_out_in_the_moment_of_the_pull_gives_nothing() -> None:
    bench = ready(zone(mode="single"))
    primed = bench.given_steps
    bench.now.seated = 0
    bench.set("trigger", 1)
    bench.run(1_000_000)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.SYRINGE_OUT)
    assert bench.given_steps == primed
    assert bench.shots_begun == 0
    assert bench.at[CARRIAGE] <= 4


@pytest.mark.requirement("SR-040")
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("steps", [2_000, -2_000])
def test_no_move_is_planned_faster_than_its_axis(axis: int, steps: int) -> None:
    table = Timetable()
    limit_hz = AXES[axis].speed_hz
    up, down = ramps(axis, steps > 0)
    table.move(0, axis, steps, 10 * limit_hz, (100 * up, 100 * down))
    periods = table.segments.data[1 : 2 * table.segments.count : 2]
    assert min(periods) >= TICK_HZ // limit_hz


@pytest.mark.requirement("SR-129")
def test_after_a_change_of_syringe_the_zone_is_planned_anew() -> None:
    bench = ready(zone(mode="single", shots=5))
    before = bench.gun.session.table.phases[-1].pulses
    bench.click()
    bench.turn(1)
    bench.click()
    assert bench.gun.state == states.LOADING
    bench.set("contact", 0)
    bench.friction_mn = 5_000
    bench.fit()
    assert not bench.gun.session.planned
    bench.prime()
    table = bench.gun.session.table
    settled = bench.gun.session.backoff_steps
    assert settled > before
    assert table.phases[table.count - 1].pulses == settled


@pytest.mark.requirement("SR-171")
def test_every_record_of_a_session_names_it_its_program_calibration_and_boot() -> None:
    text = program_text(zone(mode="single", shots=1))
    bench = Bench()
    provision(bench, text)
    bench.ready()
    bench.pull()
    bench.until(states.IDLE)
    told = log_of(bench)
    program = int.from_bytes(sha256(text)[:4], "big")
    assert {record.program for record in told} == {program}
    assert {record.calibration for record in told} == {CALIBRATION["id"]}
    assert {record.boot for record in told} == {1}
    # All but the start itself.
    assert {record.session for record in told[1:]} == {1}


@pytest.mark.requirement("SR-200")
def test_an_armed_gun_shows_zone_depth_dose_and_what_is_left() -> None:
    bench = ready(zone(name="Thigh left", depth_um=4_000, volume_nl=20_000, shots=3))
    shown = "\n".join(bench.screen)
    for told in ("Thigh left", "4 mm", "20 µL", "left 3 of 3"):
        assert told in shown
    assert [line for line in bench.screen if line.startswith("holds ") and line.endswith(" µL")]


@pytest.mark.requirement("SR-231")
def test_an_armed_gun_disarms_before_it_moves_records_to_flash() -> None:
    bench = ready(zone(mode="single", volume_nl=2_100, shots=60))
    used = bench.flash_bytes - bench.free_bytes()
    # As good as no room in flash, so that the ring fills; then there is.
    bench.flash_bytes = used + RESERVE_BYTES + 31 * RECORD_BYTES
    bench.set("contact", 0)
    bench.run(3_000_000)
    bench.set("contact", 1)
    bench.run(100_000)
    while bench.gun.journal.unmoved() < 12:
        bench.pull()
        bench.while_in(states.SHOOTING)
        bench.run(50_000)
    assert bench.armed
    bench.flash_bytes *= 2
    while bench.gun.journal.unmoved():
        assert bench.step(bench.now_us + 60_000_000)
    bench.run(100_000)
    assert bench.armed
    assert bench.broken == []


@pytest.mark.requirement("SR-242")
def test_a_foot_that_only_touched_is_no_contact() -> None:
    bench = ready(zone(mode="single"))
    bench.set("contact", 0)
    bench.run(500_000)
    bench.set("contact", 1)
    bench.run(1_000)
    bench.set("contact", 0)
    bench.run(500)
    bench.set("pedal", 1)
    bench.run(1_000)
    refused = log_of(bench)[-1]
    assert (refused.code, refused.a) == (errors.EVENT_REFUSED, errors.NO_CONTACT)
    bench.run(1_000_000)
    assert bench.shots_begun == 0
    assert bench.deepest <= FOOT_STEPS
