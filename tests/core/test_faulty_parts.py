"""Parts of the board that fail: the gun stops, or goes on without them and says so."""

from mesofw.core import door, errors, interlocks, states
from tests.core.support.bench import Bench
from tests.core.support.host import Host
from tests.core.support.log import events_of
from tests.core.support.program import program_text, provision, zone

VERIFIES = {
    "test_a_part_that_fails_at_power_on_keeps_everything_still": ("SR-098", "SR-099", "SR-149"),
    "test_a_part_that_fails_in_mid_shot_stops_it_in_the_same_phase": ("SR-098",),
    "test_the_fault_stays_until_the_part_is_back": ("SR-099", "SR-105"),
    "test_without_a_display_a_whole_shot_is_done": ("SR-199",),
    "test_a_missing_display_is_recorded_at_the_start_and_told_by_light_sound_and_host": ("SR-199",),
}

STOPPING = (
    (door.PART_DRIVER, errors.DRIVER_SILENT),
    (door.PART_JOURNAL, errors.JOURNAL_FAILED),
    (door.PART_PULSES, errors.PULSES_DAMAGED),
    (door.PART_FIRMWARE, errors.FIRMWARE_DAMAGED),
    (door.PART_WATCHDOG, errors.WATCHDOG_DEAD),
)
LOW = (door.LIGHT_LOW, door.SOUND_LOW)


def bench_with(faulty=0):
    bench = Bench()
    provision(bench, program_text(zone(mode="single", volume_nl=100_000, shots=3)))
    bench.now.faulty = faulty
    return bench


def test_each_part_has_a_bit_of_its_own():
    parts = [part for part, _ in STOPPING] + [door.PART_DISPLAY]
    assert sum(parts) == 63
    assert interlocks.PARTS_NEEDED == 63 - door.PART_DISPLAY
    for part, code in STOPPING:
        assert interlocks.part_fault(part | door.PART_DISPLAY) == code
    assert interlocks.part_fault(door.PART_DISPLAY) == 0


def test_a_part_that_fails_at_power_on_keeps_everything_still():
    for part, code in STOPPING:
        bench = bench_with(part)
        bench.on()
        bench.until(states.FAULT)
        assert bench.gun.trouble == code
        assert bench.deepest == 0
        assert ("motors", True, True) not in bench.did


def test_a_part_that_fails_in_mid_shot_stops_it_in_the_same_phase():
    for part, code in STOPPING:
        bench = bench_with()
        bench.ready()
        bench.set("trigger", 1)
        bench.run(150_000)
        assert bench.gun.state == states.SHOOTING
        bench.set("faulty", part)
        bench.run(1_000)
        assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, code)
        bench.run(1_000_000)
        assert bench.gun.inputs.carriage_home
        assert bench.gun.session.shots == 1
        assert bench.broken == []


def test_journal_memory_that_dies_as_the_shot_begins_stops_it_and_leaves_no_record_open():
    bench = bench_with()
    bench.ready()
    assert bench.gun.arming.on
    bench.fram_dead = True
    bench.set("trigger", 1)
    bench.run(50_000)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.JOURNAL_FAILED)
    assert not bench.gun.journal.open
    assert not bench.gun.drive.moving
    assert all(error.startswith("OSError") for error in bench.errors), bench.errors


def test_the_fault_stays_until_the_part_is_back():
    bench = bench_with(door.PART_DRIVER)
    bench.on()
    bench.until(states.FAULT)
    bench.click()
    assert bench.gun.state == states.FAULT
    bench.set("faulty", 0)
    bench.run(4_000_000)
    bench.click()
    bench.until(states.IDLE)


def test_without_a_display_a_whole_shot_is_done():
    bench = bench_with(door.PART_DISPLAY)
    bench.ready()
    bench.pull()
    bench.while_in(states.SHOOTING)
    assert (bench.gun.session.shots, bench.gun.trouble) == (1, 0)


def test_a_missing_display_is_recorded_at_the_start_and_told_by_light_sound_and_host():
    bench = bench_with(door.PART_DISPLAY)
    bench.on()
    bench.until(states.IDLE)
    bench.run(10_000)
    assert events_of(bench)[:2] == [errors.EVENT_BOOT, errors.EVENT_WITHOUT]
    assert (bench.light, bench.sound) == LOW
    host = Host(bench)
    host.hello()
    assert host.ask("health")["faulty"] == door.PART_DISPLAY
    bench.set("faulty", 0)
    bench.run(10_000)
    assert (bench.light, bench.sound) == (door.LIGHT_IDLE, door.SOUND_OFF)
    assert host.ask("health")["faulty"] == 0


def test_a_whole_board_says_nothing():
    bench = bench_with()
    bench.on()
    bench.until(states.IDLE)
    assert errors.EVENT_WITHOUT not in events_of(bench)
    assert (bench.light, bench.sound) == (door.LIGHT_IDLE, door.SOUND_OFF)
