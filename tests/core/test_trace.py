"""Variables of a gun as they run: each sample with its time, and every lost one counted."""

from mesofw.core import aside, errors, records, seen, states, trace
from mesofw.core.clock import WRAP_US, since_us
from tests.core.support.bench import Bench
from tests.core.support.host import Host
from tests.core.support.log import shots_of
from tests.core.support.program import program_text, provision, zone

EVERY = ",".join(trace.NAMES)
# Of a shot's record what depends on when it was pulled.
TIMED = ("at_ms", "end_ms", "a")
# While a line is sent, steps follow each other, and a sample may be so late.
BUSY_US = 100


class Line:
    """A line of samples: `times_us` as the gun's clock has them, a row of halves each."""

    def __init__(self, number, data, count):
        halves = [data[at] | data[at + 1] << 8 for at in range(0, len(data), 2)]
        self.number = number
        self.at_ms, at_us, self.lost = [whole(halves, at) for at in (0, 2, 4)]
        self.first = [signed(whole(halves, 6 + 2 * place)) for place in range(count)]
        self.times_us = [at_us]
        self.rows = [[value & 0xFFFF for value in self.first]]
        for at in range(6 + 2 * count, len(halves), 1 + count):
            self.times_us.append((self.times_us[-1] + halves[at]) % WRAP_US)
            self.rows.append(halves[at + 1 : at + 1 + count])
            assert len(self.rows[-1]) == count


def whole(halves, at):
    return halves[at] | halves[at + 1] << 16


def signed(value):
    return value - (1 << 32) if value >> 31 else value


def idle(text=None):
    """(bench, host) of a gun in idle, and a session said hello to."""
    bench = Bench()
    provision(bench, program_text() if text is None else text)
    bench.on()
    bench.until(states.IDLE)
    host = Host(bench)
    host.hello()
    return bench, host


def begin(host, names=EVERY, period_us=1_000, count=100_000):
    host.data = []
    host.send("trace", names=names, period_us=period_us, count=count)


def lines_of(host, names=EVERY):
    return [Line(number, data, names.count(",") + 1) for number, data in host.data]


def traced(host, names=EVERY, period_us=1_000, count=100):
    """(lines, reply) of a whole trace."""
    begin(host, names, period_us, count)
    reply = host.answer(30_000_000)
    assert reply is not None
    return lines_of(host, names), reply["ok"]


def columns(lines, names):
    """Each variable's values, put together from the halves."""
    out = {}
    for place, name in enumerate(names.split(",")):
        values = []
        for line in lines:
            value = line.first[place]
            for row in line.rows:
                value += (row[place] - value + 0x8000) % 0x10000 - 0x8000
                values.append(value)
        out[name] = values
    return out


def gaps_us(lines):
    times = [time for line in lines for time in line.times_us]
    return [since_us(later, earlier) for earlier, later in zip(times, times[1:])]


def test_a_sample_is_taken_each_period_and_has_its_time():
    bench, host = idle()
    lines, reply = traced(host, "force_mn,state", 2_500, 400)
    assert {gap for gap in gaps_us(lines) if abs(gap - 2_500) > BUSY_US} == set()
    assert sum(len(line.rows) for line in lines) == 400
    assert (reply["count"], reply["lost"]) == (400, 0)
    assert columns(lines, "state")["state"] == [0] * 400
    assert 0 <= bench.gun.clock.at_ms - reply["at_ms"] < 10
    assert 997 <= reply["at_ms"] - lines[0].at_ms <= 1_000


def test_lines_number_their_samples():
    _, host = idle()
    lines, _ = traced(host, count=300)
    number = 0
    for line in lines:
        assert line.number == number
        number += len(line.rows)
    assert number == 300


def test_every_variable_is_as_the_step_saw_it():
    bench, host = idle()
    bench.set("supply_mv", 23_456)
    bench.set("pedal", 1)
    bench.set("contact", 1)
    lines, _ = traced(host, count=1)
    inputs = bench.gun.inputs
    wanted = {name: getattr(inputs, name) for name in trace.NAMES if hasattr(inputs, name)}
    wanted["state"] = states.IDLE
    wanted["shots"] = bench.gun.session.shots
    wanted["switches"] = sum(
        [getattr(inputs, name) << place for place, name in enumerate(seen.SWITCHES)]
    )
    assert wanted["switches"] & 0b1010 == 0b1010
    assert lines[0].first == [wanted[name] for name in trace.NAMES]


def test_switches_have_the_bits_of_the_bench():
    bench, host = idle()
    for place, name in enumerate(seen.SWITCHES):
        if name not in ("trigger", "press", "stop", "plunger_home", "carriage_home"):
            bench.set(name, 1)
            lines, _ = traced(host, "switches", count=1)
            assert lines[0].first[0] >> place & 1, name
            bench.set(name, 0)


def test_a_long_way_is_followed_through_its_lower_half():
    bench, host = idle()
    bench.confirm()
    bench.fit()
    bench.prime()
    before = bench.gun.inputs.plunger_steps
    assert before > 0x8000
    names = "plunger_steps,plunger_counts"
    begin(host, names, 40_000)
    bench.run(100_000)
    bench.set("stop", 1)
    bench.until(states.FAULT)
    bench.set("stop", 0)
    bench.run(100_000)
    bench.click()
    bench.until(states.IDLE)
    bench.run(2 * trace.LINE_US)
    host.answer(1)
    values = columns(lines_of(host, names), names)
    assert values["plunger_steps"][0] == before
    assert values["plunger_steps"][-1] == bench.gun.inputs.plunger_steps == 0
    assert values["plunger_counts"][-1] == bench.gun.inputs.plunger_counts


def test_a_period_longer_than_a_line_gives_a_line_a_sample():
    _, host = idle()
    lines, reply = traced(host, "force_mn", 1_000_000, 4)
    assert [len(line.rows) for line in lines] == [1] * 4
    assert all(abs(gap - 1_000_000) <= BUSY_US for gap in gaps_us(lines))
    assert reply["lost"] == 0


def test_a_sample_waits_for_its_line_no_longer_than_a_moment():
    bench, host = idle()
    begin(host, "force_mn", 50_000)
    assert host.answer(2_000_000) is None
    lines = lines_of(host, "force_mn")
    late_us = since_us(bench._clock(), lines[-1].times_us[-1])
    assert late_us < trace.LINE_US + 60_000
    assert len(lines) >= 8


def test_what_the_credit_has_no_room_for_is_lost_and_counted():
    bench, host = idle()
    host.credit = 700
    begin(host, "force_mn", 5_000, 600)
    assert host.answer(2_000_000) is None
    before = lines_of(host, "force_mn")
    assert {line.lost for line in before} == {0}
    # The same line once more brings credit, and the trace goes on.
    host.credit = 100_000
    host.repeat("trace", names="force_mn", period_us=5_000, count=600)
    reply = host.answer(5_000_000)["ok"]
    lines = lines_of(host, "force_mn")
    sent = sum(len(line.rows) for line in lines)
    assert reply["count"] == sent
    assert reply["lost"] == 600 - sent > 100
    # What was held meanwhile goes out first, then what comes after the gap.
    assert {line.lost for line in lines} == {0, reply["lost"]}
    widest_us = max(gaps_us(lines))
    assert abs(widest_us - 5_000 * (reply["lost"] + 1)) <= BUSY_US


def test_what_a_late_step_missed_is_lost_and_counted():
    bench, host = idle()
    begin(host, "force_mn", 1_000, 200)
    bench.run(50_000)
    bench.now_us += 7_300
    reply = host.answer()["ok"]
    assert reply["lost"] == 7
    assert reply["count"] == 193
    lines = lines_of(host, "force_mn")
    gaps = gaps_us(lines)
    # Then it is in its time again.
    assert len([gap for gap in gaps if abs(gap - 1_000) > 400]) == 1
    assert abs(sum(gaps) - 199_000) <= BUSY_US


def test_the_reply_waits_for_credit():
    bench, host = idle()
    host.credit = 300
    begin(host, "force_mn", 1_000, 20)
    assert host.answer(1_000_000) is None
    host.credit = 2_000
    host.repeat("trace", names="force_mn", period_us=1_000, count=20)
    assert host.answer()["ok"]["count"] == 20


def test_a_new_request_ends_it():
    bench, host = idle()
    begin(host)
    bench.run(500_000)
    host.ask("status")
    host.data = []
    steps = bench.fed
    bench.run(1_000_000)
    host.ask("status")
    assert host.data == []
    assert bench.fed - steps < 100


def test_its_module_is_let_go_of_as_it_begins():
    held = trace
    aside.let_go("trace")
    try:
        bench, host = idle()
        begin(host)
        bench.run(100_000)
        assert bench.gun.link.job
        assert not aside.held("trace")
        assert host.refused("trace", names="x", period_us=100, count=1) == errors.NOT_A_CHOICE
        assert not aside.held("trace")
    finally:
        import sys

        sys.modules["mesofw.core.trace"] = held
        sys.modules["mesofw.core"].trace = held


def test_a_name_that_is_none_is_refused():
    _, host = idle()
    for names in ("depth", "force_mn,", "force_mn, state", "__class__"):
        assert host.refused("trace", names=names, period_us=100, count=1) == errors.NOT_A_CHOICE


def test_it_begins_only_while_nothing_moves():
    bench = Bench()
    provision(bench, program_text())
    bench.on()
    bench.until(states.HOMING)
    host = Host(bench)
    host.hello()
    while not bench._running:
        bench.step(bench.now_us + 1_000_000)
    request = {"names": "force_mn", "period_us": 1_000, "count": 1}
    assert host.refused("trace", **request) == errors.NOT_NOW
    bench.until(states.IDLE)
    assert host.ask("trace", **request)["count"] == 1


def session(begin_it):
    """The shots of one long pull and of short ones; `begin_it(host)` while the gun is armed."""
    bench = Bench()
    provision(bench, program_text(zone(shots=20)))
    bench.ready()
    host = Host(bench, credit=1 << 20)
    host.hello()
    bench.run(1_000)
    assert bench.gun.arming.on
    begin_it(host)
    bench.run(500_000)
    assert bench.gun.arming.on
    bench.pull(1_700_000)
    for _ in range(3):
        bench.run(1_000_000)
        bench.pull()
    bench.run(1_000_000)
    host.answer(1)
    return shots_of(bench), host


def test_a_sessions_shots_are_as_without_it():
    names = "shots,state"
    without, _ = session(lambda host: None)
    with_it, host = session(lambda host: begin(host, names, 50_000))
    assert len(without) == len(with_it) == 7
    fields = [name for name, _ in records.INTENT + records.RESULT if name not in TIMED]
    for ours, theirs in zip(with_it, without):
        for name in fields:
            assert getattr(ours, name) == getattr(theirs, name), name
    values = columns(lines_of(host, names), names)
    assert max(values["shots"]) == 7
    assert {states.READY, states.SHOOTING} <= set(values["state"])
