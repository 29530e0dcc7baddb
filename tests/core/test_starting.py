"""From power-on to idle: boot, self-test, homing."""

from mesofw.core import errors, records, settings, states
from mesofw.core.door import CARRIAGE
from mesofw.core.records import Record
from mesofw.core.slots import FileSlots
from tests.core.support.bench import FOOT_STEPS, Bench
from tests.core.support.host import Host
from tests.core.support.program import program_text, provision, zone

VERIFIES = {
    "test_a_gun_comes_up_homed_and_idle": ("SR-144",),
    "test_nothing_moves_before_the_self_test_has_passed": ("SR-132",),
    "test_each_start_is_counted_and_recorded": ("SR-170",),
    "test_homing_drives_the_needle_no_further_than_its_guard": ("SR-032",),
    "test_homing_waits_until_the_foot_is_free": ("SR-033",),
    "test_a_needle_that_is_out_is_not_driven_further_out": ("SR-034",),
    "test_a_trigger_pedal_or_knob_held_at_power_on_is_refused": ("SR-019", "SR-132"),
    "test_an_emergency_stop_at_power_on_keeps_the_motors_off": ("SR-093",),
    "test_a_low_supply_or_a_hot_board_forbids_the_start": ("SR-094", "SR-095"),
    "test_a_home_switch_that_stays_closed_is_found": ("SR-035",),
    "test_a_home_switch_that_never_closes_is_found": ("SR-035",),
    "test_an_axis_that_does_not_move_is_found_while_homing": ("SR-036",),
    "test_corrupt_settings_are_no_settings": ("SR-133",),
    "test_settings_that_break_their_table_are_corrupt_and_never_the_widest": ("SR-134",),
    "test_an_uncalibrated_or_uncommissioned_gun_comes_up_and_says_so": ("SR-006", "SR-007"),
    "test_a_program_that_is_damaged_in_its_slot_is_not_loaded": ("SR-139",),
    "test_a_sensor_that_reads_what_cannot_be_ends_the_self_test": ("SR-150",),
}


def switched_on(**inputs):
    """A gun with a program, switched on with these inputs."""
    bench = Bench()
    provision(bench, program_text())
    for name in inputs:
        setattr(bench.now, name, inputs[name])
    bench.on()
    return bench


def last_event(bench):
    buffer = bytearray(records.RECORD_BYTES)
    assert bench.gun.journal.read(bench.gun.journal.last, buffer)
    record = Record()
    records.unpack(buffer, record)
    return record


def test_a_gun_comes_up_homed_and_idle():
    bench = switched_on()
    assert bench.gun.state == states.BOOT
    bench.until(states.IDLE)
    assert bench.gun.homed
    assert not bench.gun.primed
    assert bench.gun.inputs.carriage_home
    assert bench.gun.inputs.plunger_home
    assert (bench.broken, bench.errors, bench.gun.trouble) == ([], [], 0)


def test_nothing_moves_before_the_self_test_has_passed():
    bench = switched_on()
    bench.step(bench.now_us)
    assert bench.gun.state == states.SELF_TEST
    assert not bench.gun.drive.moving


def test_each_start_is_counted_and_recorded():
    bench = switched_on()
    for boot in range(1, 5):
        bench.until(states.IDLE)
        record = last_event(bench)
        assert (record.code, record.a, record.boot) == (errors.EVENT_BOOT, boot, boot)
        bench.off()
        bench.on()


def test_homing_drives_the_needle_no_further_than_its_guard():
    bench = switched_on()
    bench.until(states.IDLE)
    assert 0 < bench.deepest < FOOT_STEPS


def test_homing_waits_until_the_foot_is_free():
    bench = switched_on(contact=1)
    bench.run(5_000_000)
    assert bench.gun.state == states.HOMING
    assert bench.screen == ["Homing", "", "Lift the gun"]
    assert bench.deepest == 0
    bench.set("contact", 0)
    bench.until(states.IDLE)


def test_a_needle_that_is_out_is_not_driven_further_out():
    bench = Bench()
    provision(bench, program_text())
    bench.at[CARRIAGE] = 700
    bench.jammed = True
    bench.on()
    bench.until(states.IDLE)
    assert bench.deepest <= 700
    assert bench.at[CARRIAGE] <= 4


def test_a_trigger_pedal_or_knob_held_at_power_on_is_refused():
    for name in ("trigger", "pedal", "press"):
        bench = switched_on(**{name: 1})
        bench.until(states.FAULT)
        assert bench.gun.trouble == errors.TRIGGER_HELD
        assert bench.deepest == 0
        bench.run(1_000_000)
        bench.set(name, 0)
        bench.run(100_000)
        bench.click()
        bench.until(states.IDLE)


def test_an_emergency_stop_at_power_on_keeps_the_motors_off():
    bench = switched_on(stop=1)
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.ESTOP
    bench.click()
    assert bench.gun.state == states.FAULT
    bench.set("stop", 0)
    bench.run(4_000_000)
    assert bench.gun.state == states.FAULT
    bench.click()
    bench.until(states.IDLE)


def test_a_low_supply_or_a_hot_board_forbids_the_start():
    for name, value, code in (
        ("supply_mv", 10_499, errors.SUPPLY_LOST),
        ("temperature_dc", 701, errors.OVERHEATED),
    ):
        bench = switched_on(**{name: value})
        bench.until(states.FAULT)
        assert bench.gun.trouble == code
        assert bench.deepest == 0


def test_a_home_switch_that_stays_closed_is_found():
    class Stuck(Bench):
        def sample(self, inputs):
            Bench.sample(self, inputs)
            inputs.carriage_home = 1

    bench = Stuck()
    provision(bench)
    bench.on()
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.HOME_STUCK


def test_a_home_switch_that_never_closes_is_found():
    for name in ("carriage_home", "plunger_home"):

        class Open(Bench):
            wire = name

            def sample(self, inputs):
                Bench.sample(self, inputs)
                setattr(inputs, self.wire, 0)

        bench = Open()
        provision(bench)
        bench.on()
        bench.until(states.FAULT)
        assert bench.gun.trouble in (errors.HOME_NOT_FOUND, errors.NOT_RETRACTED)
        assert not bench.gun.homed


def test_an_axis_that_does_not_move_is_found_while_homing():
    for axis, code in ((0, errors.HOME_STUCK), (1, errors.PLUNGER_LOST)):
        bench = switched_on()
        bench.slipping[axis] = True
        bench.until(states.FAULT)
        assert bench.gun.trouble in (code, errors.CARRIAGE_LOST)
        assert not bench.gun.homed


def test_corrupt_settings_are_no_settings():
    bench = Bench()
    provision(bench, program_text())
    bench.held["settings.a"] = b"half a payload"
    bench.on()
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.SLOT_CORRUPT
    bench.click()
    assert bench.gun.state == states.FAULT


def test_settings_that_break_their_table_are_corrupt_and_never_the_widest():
    for payload in (b'{"shot_nl":0}', b'{"shots_nl":20000}', b"[]", b'{"shot_nl":"20"}'):
        bench = Bench()
        provision(bench, program_text())
        FileSlots(bench, "settings").store(payload)
        bench.on()
        bench.run(20_000_000)
        assert bench.gun.state == states.FAULT, payload
        assert bench.gun.trouble == errors.SLOT_CORRUPT


def test_without_settings_the_defaults_hold():
    bench = switched_on()
    assert bench.gun.settings == settings.defaults(settings.SETTINGS)


def test_settings_that_are_stored_hold():
    bench = Bench()
    provision(bench, program_text())
    FileSlots(bench, "settings").store(b'{"shot_nl":20000}')
    bench.on()
    bench.until(states.IDLE)
    assert bench.gun.settings["shot_nl"] == 20_000
    assert bench.gun.settings["session_nl"] == 20_000_000


def test_an_uncalibrated_or_uncommissioned_gun_comes_up_and_says_so():
    for name, code in (
        ("calibration", errors.NOT_CALIBRATED),
        ("commissioning", errors.NOT_COMMISSIONED),
    ):
        for broken in (False, True):
            bench = Bench()
            provision(bench, program_text())
            for slot in (".a", ".b"):
                if broken:
                    bench.held[name + slot] = b"half a payload"
                else:
                    bench.held.pop(name + slot, None)
            bench.on()
            bench.until(states.IDLE)
            bench.click()
            assert bench.gun.state == states.IDLE
            assert bench.screen[0] == "Not possible:"
            told = errors.SLOT_CORRUPT if broken and name == "calibration" else code
            assert (last_event(bench).code, last_event(bench).a) == (errors.EVENT_REFUSED, told)


def test_a_program_that_is_damaged_in_its_slot_is_not_loaded():
    bench = Bench()
    provision(bench, b"not a program\n")
    bench.on()
    bench.until(states.IDLE)
    assert bench.gun.session.program is None
    bench.click()
    assert bench.gun.state == states.IDLE
    assert last_event(bench).a == errors.NO_PROGRAM


def test_a_large_program_is_read_piece_by_piece():
    bench = Bench()
    provision(bench, program_text(*[zone(name="Zone %d" % number) for number in range(30)]))
    bench.on()
    steps = 0
    while bench.gun.state == states.BOOT:
        bench.step(bench.now_us + 1_000_000)
        steps += 1
    assert steps >= 5
    bench.until(states.IDLE)
    assert bench.gun.session.program.zones == 30


def test_a_host_is_answered_in_every_state_on_the_way_up():
    bench = switched_on(contact=1)
    host = Host(bench)
    seen = set()
    for _ in range(10):
        host.hello()
        seen.add(host.ask("status")["state"])
    bench.set("contact", 0)
    bench.until(states.IDLE)
    assert "homing" in seen
    assert bench.errors == []


def test_a_sensor_that_reads_what_cannot_be_ends_the_self_test():
    for name, value, code in (
        ("temperature_dc", -400, errors.SENSOR_BROKEN),
        ("supply_mv", 40_000, errors.SENSOR_BROKEN),
    ):
        bench = switched_on(**{name: value})
        bench.until(states.FAULT)
        assert bench.gun.trouble == code, name
        assert not bench.gun.homed
    for offset_mn in (-5_000, 70_000):
        bench = Bench()
        bench.force_offset_mn = offset_mn
        bench.on()
        bench.until(states.FAULT)
        assert bench.gun.trouble == errors.FORCE_CELL
