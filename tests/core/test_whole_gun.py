"""What an operator may meet that no single module answers for."""

from mesofw.core import errors, states
from mesofw.core.door import PLUNGER
from tests.core.support.bench import Bench
from tests.core.support.host import Host
from tests.core.support.log import events_of, log_of
from tests.core.support.program import head, program_text, provision, text_of, zone

VERIFIES = {
    "test_a_product_that_expired_after_loading_is_not_confirmed": ("SR-078",),
    "test_a_trigger_pulled_in_a_pause_is_refused_and_recorded": ("SR-012",),
    "test_an_occlusion_relieves_the_pressure_to_zero": ("SR-103",),
    "test_damaged_counters_are_told": ("SR-135",),
    "test_one_bounce_of_the_seat_switch_is_no_fault": ("SR-097",),
    "test_a_gun_left_on_for_fifty_days_still_records": ("SR-173",),
    "test_priming_stops_when_the_foot_touches_skin": ("SR-122",),
}


def ready(*zones):
    bench = Bench()
    provision(bench, program_text(*zones))
    bench.ready()
    return bench


def test_a_product_that_expired_after_loading_is_not_confirmed():
    product = {"name": "A", "lot": "1", "expiry": 20260110, "share_ppm": 1_000_000}
    text = text_of(("program", head()), ("product", product), ("zone", zone()))
    bench = Bench()
    provision(bench, text)
    bench.on()
    bench.until(states.IDLE)
    host = Host(bench)
    host.hello()
    host.ask("clock", unix_s=1_768_600_000, quality_ms=40)  # 2026-01-16
    assert bench.gun.clock.today_ymd() == 20260116
    bench.click()
    bench.click()
    assert bench.gun.state == states.IDLE


def test_a_trigger_pulled_in_a_pause_is_refused_and_recorded():
    bench = ready(zone(mode="single", shots=3))
    bench.click()
    assert bench.gun.state == states.PAUSED
    bench.pull()
    assert errors.EVENT_REFUSED in events_of(bench)


def test_an_occlusion_relieves_the_pressure_to_zero():
    bench = ready(zone(mode="burst", shots=5))
    bench.set("trigger", 1)
    bench.run(70_000)
    bench.blocked = True
    bench.until(states.FAULT)
    bench.run(2_000_000)
    assert bench.at[PLUNGER] <= bench.stopper
    assert bench.now.force_mn == 0


def test_damaged_counters_are_told():
    bench = Bench()
    provision(bench, program_text())
    bench.on()
    bench.until(states.IDLE)
    host = Host(bench)
    host.hello()
    host.ask("acknowledge", number=1, archive="ab" * 16)
    bench.off()
    for address in range(88):
        bench.fram[address] ^= 0x55
    bench.on()
    bench.run(20_000_000)
    assert bench.gun.state == states.FAULT or errors.SLOT_CORRUPT in [r.a for r in log_of(bench)]


def test_one_bounce_of_the_seat_switch_is_no_fault():
    bench = ready(zone(mode="single", volume_nl=100_000, shots=3))
    bench.set("trigger", 1)
    bench.run(300_000)
    bench.set("seated", 0)
    bench.run(200)
    bench.set("seated", 1)
    bench.run(1_000)
    assert bench.gun.state == states.SHOOTING


def test_a_gun_left_on_for_fifty_days_still_records():
    bench = Bench()
    provision(bench, program_text())
    bench.on()
    bench.until(states.IDLE)
    bench.gun.clock.at_ms = (1 << 32) + 5
    bench.gun.active_ms = bench.gun.clock.at_ms
    bench.gun.log(errors.EVENT_ALERT)


def test_priming_stops_when_the_foot_touches_skin():
    bench = Bench()
    provision(bench, program_text())
    bench.on()
    bench.until(states.IDLE)
    bench.confirm()
    bench.fit()
    bench.set("trigger", 1)
    bench.run(100_000)
    before = bench.given_steps
    bench.set("contact", 1)
    bench.run(2_000_000)
    assert bench.given_steps - before < 20
