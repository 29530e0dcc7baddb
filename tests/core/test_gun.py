"""The gun's step: what it promises to its board, whatever happens."""

from mesofw.core import errors, records, resting, states, wire
from mesofw.core.door import CARRIAGE
from mesofw.core.gun import LONGEST_WAIT_US
from tests.core.support.bench import Bench
from tests.core.support.check import numbers
from tests.core.support.host import Host
from tests.core.support.log import events_of, last_event, shots_of
from tests.core.support.program import program_text, provision, zone

VERIFIES = {
    "test_every_healthy_step_feeds_the_watchdog_once_and_last": ("SR-108",),
    "test_the_clock_may_wrap_at_any_time": ("SR-174",),
    "test_an_error_of_the_firmwares_own_is_a_fault_and_no_crash": ("SR-107",),
    "test_an_error_with_the_needle_in_lets_the_spring_withdraw_it": ("SR-107",),
    "test_only_a_restart_clears_an_internal_fault": ("SR-106",),
    "test_a_lasting_error_is_recorded_once_and_starves_the_watchdog": ("SR-108",),
    "test_journal_memory_that_keeps_nothing_forbids_every_shot": ("SR-151",),
    "test_files_that_fail_are_a_fault_that_says_so_and_keeps_the_watchdog_fed": ("SR-165",),
    "test_nothing_is_written_to_flash_while_a_needle_is_in": ("SR-159",),
    "test_an_armed_gun_is_tidied_up_too_but_less_often_and_disarmed": ("SR-231",),
    "test_hazards_are_seen_in_every_state_that_moves": ("SR-093", "SR-094", "SR-095"),
    "test_the_plunger_cannot_be_driven_forward_in_any_other_state": ("SR-023",),
    "test_what_allows_forward_motion_follows_the_state": ("SR-024",),
    "test_a_host_that_floods_the_link_does_not_delay_a_hazard": ("SR-182",),
    "test_a_host_that_never_reads_stops_no_shot": ("SR-181",),
    "test_needs_are_in_the_order_of_the_table": ("SR-002", "SR-004", "SR-005", "SR-008"),
    "test_the_volume_left_is_told_by_the_plungers_steps": ("SR-130",),
}


def switched_on(*zones, kind=Bench):
    bench = kind()
    provision(bench, program_text(*zones or (zone(shots=5),)))
    bench.on()
    return bench


def idle(*zones, kind=Bench):
    bench = switched_on(*zones, kind=kind)
    bench.until(states.IDLE)
    return bench


def ready(*zones, kind=Bench):
    bench = kind()
    provision(bench, program_text(*zones or (zone(shots=5),)))
    bench.ready()
    return bench


def steps_fed(bench, count=20):
    """How many of the next steps fed the watchdog."""
    before = bench.fed
    for _ in range(count):
        bench.step(bench.now_us + 2_000_000)
    return bench.fed - before


def test_every_healthy_step_feeds_the_watchdog_once_and_last():
    bench = idle()
    assert steps_fed(bench, 20) == 20

    class Order(Bench):
        calls = []

        def feed(self):
            self.calls.append("feed")

        def signal(self, light, sound):
            Bench.signal(self, light, sound)
            self.calls.append("signal")

        def link_read(self, buffer):
            self.calls.append("link")
            return Bench.link_read(self, buffer)

    bench = idle(kind=Order)
    bench.calls.clear()
    bench.click()
    while "feed" in bench.calls:
        cut = bench.calls.index("feed")
        assert bench.calls[:cut].count("link") == 1
        bench.calls[: cut + 1] = []
    assert bench.calls == []


def test_a_step_never_asks_for_more_than_a_second():
    bench = idle()
    for _ in range(100):
        wait_us = bench.gun.step(bench._clock())
        assert 0 <= wait_us <= LONGEST_WAIT_US
        bench.now_us += wait_us


def test_an_idle_gun_rests():
    bench = idle()
    bench.run(5_000_000)
    steps = 0
    until_us = bench.now_us + 60_000_000
    while bench.step(until_us):
        steps += 1
    assert steps <= 61


def test_the_clock_may_wrap_at_any_time():
    bench = idle()
    # The bench starts 10 s before the wrap; a whole session passes it.
    bench.run(12_000_000)
    assert 0 <= bench.now_us // 1000 - bench.gun.clock.at_ms <= 1_000
    bench.run(1_100_000_000)
    assert 0 <= bench.now_us // 1000 - bench.gun.clock.at_ms <= 1_000
    assert bench.gun.state == states.IDLE


class Failing(Bench):
    """A board on which one method raises once it is told to."""

    fails = ""
    kind = RuntimeError

    def sample(self, inputs):
        if self.fails == "sample":
            raise self.kind("sample")
        Bench.sample(self, inputs)

    def show(self, lines):
        if self.fails == "show":
            raise self.kind("show")
        Bench.show(self, lines)

    def fram_write(self, address, data):
        if self.fails == "fram_write":
            raise self.kind("fram_write")
        Bench.fram_write(self, address, data)

    def link_read(self, buffer):
        if self.fails in ("link_read", "report"):
            raise self.kind("link_read")
        return Bench.link_read(self, buffer)

    def report(self, error):
        if self.fails == "report":
            # The needle is let go before anything is said of it.
            assert not self._driven
            raise self.kind("report")
        Bench.report(self, error)


def test_an_error_of_the_firmwares_own_is_a_fault_and_no_crash():
    for fails in ("show", "link_read", "fram_write"):
        for kind in (RuntimeError, ValueError, KeyError, MemoryError):
            bench = idle(kind=Failing)
            bench.fails, bench.kind = fails, kind
            before = bench.fed
            bench.click()
            if fails == "fram_write":
                # Confirming is recorded.
                bench.click()
            assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.INTERNAL)
            assert len(bench.errors) > 0
            # It is not fed in such a step.
            if fails == "link_read":
                assert bench.fed == before
            bench.fails = ""
            assert steps_fed(bench) == 20
            assert bench.screen[0] == "STOPPED 415"


def test_an_error_with_the_needle_in_lets_the_spring_withdraw_it():
    bench = ready(zone(mode="single", volume_nl=100_000, shots=3), kind=Failing)
    bench.set("trigger", 1)
    bench.run(300_000)
    assert bench.at[CARRIAGE] > 900
    given = bench.given_steps
    bench.fails = "link_read"
    bench.set("trigger", 0)
    bench.step(bench.now_us)
    bench.fails = ""
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.INTERNAL)
    assert bench.gun.drive.carriage_on is False
    # The steps that follow, the needle still on its way, are healthy ones.
    errors_before = len(bench.errors)
    assert steps_fed(bench) == 20
    assert len(bench.errors) == errors_before
    assert bench.at[CARRIAGE] == 0
    assert bench.given_steps - given < 5
    assert bench.broken == []


def test_a_report_that_fails_changes_nothing():
    for kind in (MemoryError, OSError, RuntimeError):
        bench = ready(zone(mode="single", volume_nl=100_000, shots=3), kind=Failing)
        bench.set("trigger", 1)
        bench.run(300_000)
        bench.fails, bench.kind = "report", kind
        bench.set("trigger", 0)
        bench.step(bench.now_us)
        assert bench.gun.state == states.FAULT
        assert bench.gun.drive.carriage_on is False
        bench.fails = ""
        bench.run(1_000_000)
        assert bench.at[CARRIAGE] == 0


def test_a_shot_that_an_error_ended_is_recorded_and_so_is_the_fault():
    bench = ready(zone(mode="single", volume_nl=100_000, shots=3), kind=Failing)
    bench.set("trigger", 1)
    bench.run(300_000)
    bench.fails = "link_read"
    bench.set("trigger", 0)
    bench.step(bench.now_us)
    bench.fails = ""
    bench.run(2_000_000)
    record = shots_of(bench)[0]
    assert (record.stopped, record.flags & 7) == (errors.INTERNAL, records.PARTIAL)
    assert (last_event(bench).code, last_event(bench).a) == (errors.EVENT_FAULT, errors.INTERNAL)
    assert events_of(bench).count(errors.EVENT_FAULT) == 1


def test_only_a_restart_clears_an_internal_fault():
    bench = idle(kind=Failing)
    bench.fails = "show"
    bench.click()
    bench.fails = ""
    for _ in range(3):
        bench.run(4_000_000)
        bench.click()
        assert bench.gun.state == states.FAULT
    bench.off()
    bench.on()
    bench.until(states.IDLE)


def test_a_lasting_error_is_recorded_once_and_starves_the_watchdog():
    bench = idle(kind=Failing)
    bench.fails = "show"
    bench.click()
    bench.fails = "link_read"
    last = bench.gun.journal.last
    assert steps_fed(bench, 50) == 0
    assert bench.gun.journal.last == last


def test_journal_memory_that_keeps_nothing_forbids_every_shot():
    bench = ready()
    bench.fram_dead = True
    # An armed shot's intent is there already: lifted and placed, the gun writes another.
    bench.set("contact", 0)
    bench.run(100_000)
    bench.set("contact", 1)
    bench.run(100_000)
    bench.pull()
    bench.run(1_000_000)
    assert bench.gun.state == states.FAULT
    assert bench.gun.trouble == errors.JOURNAL_FAILED
    assert bench.deepest < 250
    assert bench.gun.session.shots == 0


def test_files_that_fail_are_a_fault_that_says_so_and_keeps_the_watchdog_fed():
    bench = idle()
    bench.run(3_000_000)
    bench.flash_fails = True
    bench.click()
    bench.gun.log(errors.EVENT_ALERT)
    bench.run(3_000_000)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.STORE_FAILED)
    assert steps_fed(bench) == 20
    assert bench.gun.journal.unmoved() > 0
    bench.flash_fails = False
    bench.run(3_000_000)
    bench.click()
    bench.until(states.IDLE)
    bench.run(3_000_000)
    assert bench.gun.journal.unmoved() == 0


def test_nothing_is_written_to_flash_while_a_needle_is_in():
    bench = ready(zone(mode="burst", shots=70, volume_nl=2_100, rate_per_min=200))
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert len(shots_of(bench)) == 70
    assert bench.broken == []


def test_records_are_moved_to_the_store_at_rest():
    bench = idle()
    bench.run(100_000)
    assert bench.gun.journal.unmoved() == 1
    bench.run(2_000_000)
    assert bench.gun.journal.unmoved() == 0
    assert "log.00000001" in bench.held


def test_memory_is_tidied_up_at_rest_and_never_in_a_shot():
    bench = ready(zone(mode="burst", shots=30))
    rested = bench.rested
    bench.set("trigger", 1)
    bench.run(10_000_000)
    assert bench.gun.state == states.SHOOTING
    assert bench.rested == rested
    bench.set("trigger", 0)
    bench.set("contact", 0)
    bench.run(5_000_000)
    assert 3 <= bench.rested - rested <= 6


def test_an_armed_gun_is_tidied_up_too_but_less_often_and_disarmed():
    bench = ready(zone(mode="single", shots=30))
    rested = bench.rested
    bench.run(60_000_000)
    assert 5 <= bench.rested - rested <= 7
    assert bench.armed
    assert bench.broken == []


def test_hazards_are_seen_in_every_state_that_moves():
    for wanted in ("homing", "loading", "priming", "ready", "shooting"):
        for name, value, code in (
            ("stop", 1, errors.ESTOP),
            ("supply_mv", 9_000, errors.SUPPLY_LOST),
            ("temperature_dc", 800, errors.OVERHEATED),
        ):
            bench = switched_on(zone(mode="single", volume_nl=100_000))
            if wanted != "homing":
                bench.until(states.IDLE)
                bench.confirm()
            if wanted in ("priming", "ready", "shooting"):
                bench.fit()
            if wanted in ("ready", "shooting"):
                bench.prime()
            if wanted == "shooting":
                bench.set("contact", 1)
                bench.run(100_000)
                bench.set("trigger", 1)
            bench.until(states.STATES.index(wanted))
            bench.run(1_000)
            bench.set(name, value)
            bench.run(1_000)
            assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, code), wanted
            bench.run(1_000_000)
            assert bench.at[CARRIAGE] <= 4
            assert bench.broken == []


def test_the_plunger_cannot_be_driven_forward_in_any_other_state():
    bench = ready()
    for state in range(len(states.STATES)):
        bench.gun.drive.forward_allowed = state in states.FORWARD
        moved = True
        try:
            bench.gun.drive.move(1, 10, 1000, 0)
        except ValueError:
            moved = False
        bench.gun.drive.stop()
        in_a_session = state in (states.LOADING, states.PRIMING, states.SHOOTING)
        assert moved == (in_a_session or state == states.CALIBRATING)


def test_what_allows_forward_motion_follows_the_state():
    bench = switched_on(zone(shots=1))
    seen = set()

    def look():
        seen.add(bench.gun.state)
        assert bench.gun.drive.forward_allowed == (bench.gun.state in states.FORWARD)

    bench.until(states.IDLE)
    look()
    bench.confirm()
    look()
    bench.fit()
    look()
    bench.prime()
    look()
    bench.set("contact", 1)
    bench.run(100_000)
    bench.set("trigger", 1)
    bench.until(states.SHOOTING)
    look()
    bench.until(states.IDLE)
    look()
    assert len(seen) == 5


def test_a_host_that_floods_the_link_does_not_delay_a_hazard():
    bench = ready(zone(mode="single", volume_nl=200_000, shots=2))
    noise = bytes(numbers(3, 512, 0, 255))
    bench.set("trigger", 1)
    for _ in range(40):
        bench.receive(noise)
        bench.run(1_000)
    assert bench.gun.state == states.SHOOTING
    for _ in range(8):
        bench.to_gun.extend(noise)
    bench.set("stop", 1)
    bench.step(bench.now_us)
    assert bench.gun.state == states.FAULT
    assert bench.errors == []


def test_a_burst_of_empty_lines_is_no_trouble():
    bench = ready()
    bench.set("trigger", 1)
    for _ in range(30):
        bench.receive(b"\n" * 512)
        bench.run(2_000)
    assert bench.gun.trouble == 0
    assert bench.errors == []


def test_a_host_that_never_reads_stops_no_shot():
    bench = ready(zone(mode="burst", shots=5))
    bench.host_room = 0
    host = Host(bench)
    host.send("hello", protocol=wire.PROTOCOL)
    bench.set("trigger", 1)
    for _ in range(40):
        host.send("status")
        bench.run(100_000)
    assert bench.gun.session.shots == 5
    assert bench.to_host == b""
    assert bench.errors == []
    bench.host_room = None
    bench.set("trigger", 0)
    assert host.hello()["protocol"] == wire.PROTOCOL


def test_needs_are_in_the_order_of_the_table():
    bench = ready()
    assert bench.gun.needs() == states.ALL_NEEDS
    # Take away each need; its own bit and no other of those before it goes.
    changes = {
        "stop_free": lambda: setattr(bench.gun.inputs, "stop", 1),
        "supply_good": lambda: setattr(bench.gun.inputs, "supply_mv", 0),
        "homed": lambda: setattr(bench.gun, "homed", False),
        "calibrated": lambda: setattr(bench.gun, "calibration", None),
        "commissioned": lambda: setattr(bench.gun, "commissioning", None),
        "seated": lambda: setattr(bench.gun.inputs, "seated", 0),
        "primed": lambda: setattr(bench.gun, "primed", False),
        "zone_left": lambda: setattr(bench.gun.session, "zone_shots", 5),
        "within_limits": lambda: setattr(bench.gun.session, "given_nl", 20_000_000),
        "volume": lambda: setattr(bench.gun, "empty_steps", 1),
        "contact": lambda: setattr(bench.gun.contact, "on", False),
        "state_ready": lambda: setattr(bench.gun, "state", states.PAUSED),
    }
    for index in range(len(states.NEEDS)):
        name, _ = states.NEEDS[index]
        if name == "log_room":
            continue
        bench = ready()
        changes[name]()
        assert bench.gun.needs() == states.ALL_NEEDS & ~(1 << index), name


def test_the_volume_left_is_told_by_the_plungers_steps():
    bench = ready(zone(mode="burst", shots=3))
    before = bench.gun.volume_left_nl()
    bench.set("trigger", 1)
    bench.until(states.IDLE)
    assert abs(before - bench.gun.volume_left_nl() - 60_000) < 100
    assert resting.REST_MS == 500
