"""The whole board: inputs as the chips have them, outputs as the gun asks, faults as they are."""

import gc

from mesofw.board import pins
from mesofw.board import register_lines as lines
from mesofw.core import door, errors, records, states
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.shot import Timetable
from tests.board.device.bench import Bench
from tests.core.test_door import METHODS


def test_it_has_all_of_the_door():
    board = Bench().board
    for name in METHODS:
        assert callable(getattr(board, name)), name
    assert (board.board_id, board.build) == ("e661640843735d2c", "00c0ffee00c0ffee")
    assert not board.hardware_verified
    assert board.fram_bytes == 32_768


def test_it_fills_in_every_input():
    bench = Bench()
    for name in dir(bench.inputs):
        if not name.startswith("_"):
            setattr(bench.inputs, name, None)
    inputs = bench.sample()
    for name in dir(inputs):
        assert getattr(inputs, name) is not None, name


def test_nothing_is_pressed_on_a_board_at_rest():
    inputs = Bench().sample()
    for name in ("trigger", "pedal", "press", "contact", "stop", "seated", "carriage_home"):
        assert getattr(inputs, name) == 0, name
    assert inputs.force_mn == 0
    assert abs(inputs.supply_mv - 24_000) < 20
    assert abs(inputs.temperature_dc - 250) < 3


def test_each_contact_is_seen_alone_and_wakes_the_gun():
    for bit, name in (
        (lines.CARRIAGE_HOME, "carriage_home"),
        (lines.PLUNGER_HOME, "plunger_home"),
        (lines.SEATED, "seated"),
        (lines.PEDAL, "pedal"),
        (lines.KNOB_PRESS, "press"),
    ):
        bench = Bench()
        before = bench.sample().__dict__.copy()
        bench.poll()
        assert not bench.poll()
        bench.close(bit)
        assert bench.poll()
        after = bench.sample().__dict__
        assert [key for key in after if after[key] != before[key]] == [name]
        assert not bench.poll()


def test_trigger_contact_and_stop_are_seen_and_a_broken_stop_wire_stops():
    for pin, name, level in (
        (pins.TRIGGER, "trigger", 0),
        (pins.CONTACT, "contact", 0),
        (pins.STOP, "stop", 1),
    ):
        bench = Bench()
        bench.machine.pin(pin).level = level
        assert bench.poll()
        assert getattr(bench.sample(), name) == 1


def test_turns_of_the_knob_are_counted_between_the_guns_steps():
    bench = Bench()
    for _ in range(3):
        for closed in (lines.KNOB_A, lines.KNOB_A | lines.KNOB_B, lines.KNOB_B, 0):
            bench.close(lines.KNOB_A | lines.KNOB_B, False)
            bench.close(closed)
            woken = bench.poll()
        assert woken
    assert bench.sample().turns == 3


def test_motors_are_off_until_they_are_switched_on():
    bench = Bench()
    enable = bench.machine.pin(pins.CARRIAGE_ENABLE)
    assert (enable.level, bench.machine.outputs.pins) == (1, lines.PLUNGER_OFF)
    assert all(seen & lines.PLUNGER_OFF for seen in bench.machine.outputs.seen)
    bench.board.motors(True, True)
    assert (enable.level, bench.machine.outputs.pins & lines.PLUNGER_OFF) == (0, 0)
    bench.board.motors(False, True)
    assert (enable.level, bench.machine.outputs.pins & lines.PLUNGER_OFF) == (1, 0)
    bench.board.motors(False, False)
    assert (enable.level, bench.machine.outputs.pins & lines.PLUNGER_OFF) == (1, lines.PLUNGER_OFF)


def test_steps_counts_and_zero_are_those_of_the_witness():
    bench = Bench()
    witness = bench.parts.witness
    bench.count(witness.steps[CARRIAGE], 120)
    bench.count(witness.counts[CARRIAGE], 150)
    bench.count(witness.steps[PLUNGER], -7)
    bench.count(witness.counts[PLUNGER], -4)
    inputs = bench.sample()
    assert (inputs.carriage_steps, inputs.carriage_counts) == (120, 150)
    assert (inputs.plunger_steps, inputs.plunger_counts) == (-7, -4)
    bench.board.zero(CARRIAGE)
    inputs = bench.sample()
    assert (inputs.carriage_steps, inputs.carriage_counts, inputs.plunger_steps) == (0, 0, -7)


def moving(bench):
    table = Timetable()
    table.clear()
    table.move(0, CARRIAGE, 100, 1_000, (10_000, 10_000))
    table.move(1, CARRIAGE, -100, 1_000, (10_000, 10_000))
    bench.board.motion_load(table.segments, table.phases, table.count)
    bench.board.motion_start()
    bench.marks(0)
    bench.polls(1_000)
    bench.sample()
    return table


def test_each_end_of_a_phase_wakes_the_gun_once():
    bench = Bench()
    table = moving(bench)
    assert table.count == 2
    assert not bench.poll()
    bench.marks(1)
    assert bench.poll()
    assert bench.sample().phases_done == 1
    assert not bench.poll()
    bench.marks(3)
    assert bench.poll()
    assert bench.sample().phases_done == 2
    assert bench.polls(100_000) == 0


def force_v(bench, newtons):
    bench.machine.channel(pins.FORCE).uv = int((0.5 + 4.0 * newtons / 50.0) * 2_000_000 / 3)


def test_force_beyond_the_watch_wakes_the_gun_within_a_millisecond():
    bench = Bench()
    bench.board.force_watch(8_000)
    moving(bench)
    force_v(bench, 7.9)
    assert bench.polls(5_000) == 0
    force_v(bench, 8.1)
    assert bench.polls(1_000) > 0
    bench.board.force_watch(0)
    assert bench.polls(5_000) == 0


def test_the_peak_is_kept_though_the_gun_did_not_look():
    bench = Bench()
    moving(bench)
    force_v(bench, 12.0)
    bench.poll()
    force_v(bench, 1.0)
    bench.poll()
    inputs = bench.sample()
    assert abs(inputs.force_mn - 1_000) < 40
    assert abs(inputs.force_peak_mn - 12_000) < 40
    moving(bench)
    assert abs(bench.sample().force_peak_mn - 1_000) < 40


def test_words_that_change_in_memory_stop_the_motion_and_are_told():
    bench = Bench()
    bench.board.force_watch(0)
    moving(bench)
    bench.parts.pulses._halves[9] ^= 1 << 4
    assert bench.polls(30_000) == 1
    assert bench.sample().faulty == door.PART_PULSES
    bench.board.motion_stop()
    assert bench.sample().faulty == 0


def test_the_journal_memory_is_that_of_the_chip():
    bench = Bench()
    bench.board.fram_write(100, b"intent")
    bench.parts.lines.exchange()
    buffer = bytearray(6)
    bench.board.fram_read(100, buffer)
    assert bytes(buffer) == b"intent" == bytes(bench.machine.fram.memory[100:106])


def test_a_gun_comes_up_on_the_chips_and_homes():
    bench = Bench()
    gun = bench.start()
    bench.run(300_000)
    assert gun.state == states.HOMING
    assert bench.screen() == ["Homing"]
    assert bench.watchdog.fed > 0
    assert bench.machine.screen.on


def faulted(spoil):
    bench = Bench(spoil)
    bench.start()
    bench.run(300_000)
    assert bench.gun.state == states.FAULT
    enable = bench.machine.pin(pins.CARRIAGE_ENABLE)
    assert (enable.level, bench.machine.outputs.pins & lines.PLUNGER_OFF) == (1, lines.PLUNGER_OFF)
    return bench.gun.trouble


def test_an_unplugged_driver_or_no_motor_supply_is_told_at_the_start():
    for gone in ((0,), (1,), (0, 1)):

        def unplug(bench, gone=gone):
            for axis in gone:
                bench.motors[axis].powered = False

        assert faulted(unplug) == errors.DRIVER_SILENT


def test_a_missing_journal_memory_is_told_at_the_start():
    def remove(bench):
        bench.machine.fram.there = False

    assert faulted(remove) == errors.JOURNAL_FAILED


def test_a_broken_temperature_sensor_is_too_hot_to_start():
    def unplug(bench):
        bench.machine.channel(pins.TEMPERATURE).uv = 3_300_000

    assert faulted(unplug) == errors.OVERHEATED


def test_with_the_stop_pressed_it_is_the_stop_that_is_told_and_not_the_drivers():
    def press(bench):
        bench.machine.pin(pins.STOP).level = 1
        for motor in bench.motors:
            motor.powered = False

    assert faulted(press) == errors.ESTOP


def test_a_driver_that_goes_silent_later_stops_the_gun():
    bench = Bench()
    bench.start()
    bench.run(100_000)
    bench.motors[1].powered = False
    bench.run(250_000)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.DRIVER_SILENT)


def test_without_a_display_the_gun_works_on_and_says_so():
    def unplug(bench):
        bench.machine.screen.there = False

    bench = Bench(unplug)
    gun = bench.start()
    bench.run(300_000)
    assert gun.state == states.HOMING
    assert gun.inputs.faulty == door.PART_DISPLAY
    assert gun.journal.record.code == errors.EVENT_WITHOUT
    bench.machine.screen.there = True
    bench.run(1_500_000)
    assert gun.inputs.faulty == 0


def test_a_host_is_answered_over_both_links():
    for uart in (False, True):
        bench = Bench()
        bench.start()
        request = b'{"s":"n","i":1,"c":1920,"r":"hello","a":{"protocol":1}}*%s\n'
        body = request[: request.index(b"*")]
        import binascii

        data = request % (b"%08x" % binascii.crc32(body))
        if uart:
            bench.machine.uart.came.extend(data)
        else:
            bench.usb.sent.extend(data)
        for _ in range(40):
            bench.run(20_000)
            bench.machine.uart.drain()
        got = bytes(bench.machine.uart.gone if uart else bench.usb.got)
        assert b'"board":"e661640843735d2c"' in got, got


def test_a_traceback_reaches_an_engineer():
    bench = Bench()
    try:
        raise ValueError("of the firmware's own")
    except ValueError as error:
        bench.board.report(error)
    for _ in range(40):
        bench.board.tell()
    assert b"ValueError: of the firmware's own" in bench.usb.got
    told = len(bench.usb.got)
    bench.board.tell()
    assert len(bench.usb.got) == told


def test_the_boards_crc_is_that_of_the_records():
    for seed in range(20):
        ours = bytearray((seed * 37 + place * place * (seed + 1)) & 0xFF for place in range(96))
        theirs = bytearray(ours)
        for buffer, write_crc in ((ours, Bench().board.write_crc), (theirs, records.write_crc)):
            write_crc(buffer, 0, 48, -1)
            write_crc(buffer, 52, 92, 48)
        assert ours == theirs


def test_looking_after_the_board_allocates_nothing():
    bench = Bench()
    moving(bench)
    bench.polls(200_000)

    def look():
        for _ in range(20):
            bench.board.poll(bench.now_us)
            bench.board.sample(bench.inputs)

    look()
    gc.collect()
    before = gc.mem_alloc()
    look()
    grown = gc.mem_alloc() - before
    assert grown == 0, grown
