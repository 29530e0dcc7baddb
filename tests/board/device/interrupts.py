"""What the interrupts of trigger and stop do, and what the gun then sees."""

import gc

from mesofw.board import pins, registers
from mesofw.core.door import CARRIAGE
from mesofw.core.shot import Timetable
from tests.board.device.bench import GPIO_IN, Bench
from tests.board.device.pico import moving


def armed(bench=None):
    bench = bench or Bench()
    table = Timetable()
    table.clear()
    table.move(0, CARRIAGE, 100, 1_000, (10_000, 10_000))
    bench.board.motion_load(table.segments, table.phases, table.count)
    bench.sample()
    bench.board.motion_arm()
    starts(bench)
    return bench


def starts(bench):
    """How often the pulses were started: each start writes the DMA's trigger register."""
    times, go = 0, registers.MULTI_CHAN_TRIGGER
    # As a register of its own, which the interrupt writes, and as one of all.
    for address, place in ((registers.DMA_BASE, go), (registers.DMA_BASE + 4 * go, 0)):
        register = bench.chip._held[address]
        times += 1 if register[place] else 0
        register[place] = 0
    return times


def test_the_trigger_starts_what_is_armed_once_and_wakes_the_gun():
    bench = armed()
    assert (bench.sample().fired, bench.poll(), starts(bench)) == (0, False, 0)
    bench.pull()
    assert starts(bench) == 1
    # It bounces.
    bench.pull()
    bench.pull()
    assert starts(bench) == 0
    bench.marks(0)
    assert bench.poll()
    assert bench.sample().fired == 1
    assert not bench.poll()
    bench.marks(1)
    assert bench.poll()
    inputs = bench.sample()
    assert (inputs.phases_done, inputs.fired) == (1, 1)


def test_the_trigger_starts_nothing_that_is_not_armed():
    for name in ("motion_disarm", "motion_stop", "motion_start"):
        bench = armed()
        getattr(bench.board, name)()
        starts(bench)
        bench.pull()
        assert starts(bench) == 0
        assert bench.sample().fired == 0


def test_neither_off_skin_nor_with_the_stop_pressed_nor_for_a_glitch_does_it_start():
    for levels in ((1, 0, 0), (0, 1, 0), (0, 0, 1)):
        bench = armed()
        bench.pull(*levels)
        assert starts(bench) == 0
        assert not bench.board.motion_disarm()
        bench.board.motion_arm()
        bench.pull()
        assert starts(bench) == 1


def test_disarming_tells_of_a_start_that_nobody_has_seen_yet():
    bench = armed()
    bench.pull()
    assert bench.board.motion_disarm() is True
    assert bench.sample().fired == 1
    bench.board.motion_stop()
    assert bench.board.motion_disarm() is True
    armed(bench)
    assert bench.board.motion_disarm() is False


def test_a_start_before_the_watchdog_bit_is_remembered_until_the_next_motion():
    bench = armed()
    assert not bench.board.fired_before
    bench.pull()
    again = Bench(chip=bench.chip)
    assert again.board.fired_before
    again.board.motion_load(Timetable().segments, [], 0)
    assert again.board.fired_before
    assert not Bench(chip=bench.chip).board.fired_before


def test_what_the_interrupts_do_allocates_nothing():
    bench = armed()
    pin = bench.machine.pin(pins.TRIGGER)
    bench.pull(contact=1)
    handler = pin.handler
    gc.collect()
    before = gc.mem_alloc()
    handler(pin)
    bench.chip._held[GPIO_IN][0] = 0
    handler(pin)
    grown = gc.mem_alloc() - before
    assert starts(bench) == 1
    assert grown == 0, grown
    pin = bench.machine.pin(pins.STOP)
    bench.chip._held[GPIO_IN][0] = 1 << pins.STOP
    bench.frozen()
    before = gc.mem_alloc()
    pin.handler(pin)
    grown = gc.mem_alloc() - before
    assert bench.frozen() == 0b11
    assert grown == 0, grown


def test_the_stop_freezes_the_pulses_at_once_and_wakes_the_gun():
    bench = Bench()
    moving(bench)
    bench.frozen()
    bench.press_stop()
    assert bench.frozen() == 0b11
    assert bench.poll()
    assert bench.sample().stop == 1


def test_a_stop_that_was_pressed_shortly_is_told_all_the_same_and_once():
    bench = Bench()
    moving(bench)
    bench.frozen()
    bench.press_stop(then=0)
    assert bench.frozen() == 0b11
    assert bench.poll()
    # However often the step looks.
    assert [bench.sample().stop for _ in range(3)] == [1, 1, 1]
    bench.poll()
    assert bench.sample().stop == 0
    assert not bench.poll()


def test_a_glitch_on_the_stops_wire_freezes_nothing():
    bench = Bench()
    moving(bench)
    bench.frozen()
    bench.press_stop(seen=0, then=0)
    assert bench.frozen() == 0
    assert not bench.poll()


def test_what_is_started_with_the_stop_pressed_is_frozen_too():
    bench = Bench()
    table = moving(bench)
    bench.press_stop()
    for start in (False, True):
        bench.board.motion_stop()
        bench.board.motion_load(table.segments, table.phases, table.count)
        bench.frozen()
        if start:
            bench.board.motion_start()
        assert bench.frozen() == (0b11 if start else 0)
