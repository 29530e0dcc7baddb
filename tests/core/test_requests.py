"""What a host may ask, on a whole gun: refused in the wrong state, never moving anything."""

from mesofw import VERSION
from mesofw.core import errors, records, requests, states, wire
from mesofw.core.errors import Refused
from mesofw.core.records import RECORD_BYTES
from tests.core.support.bench import Bench
from tests.core.support.board import PowerLost
from tests.core.support.check import raises
from tests.core.support.host import Host
from tests.core.support.log import log_of
from tests.core.support.program import head, program_text, provision, text_of, zone

VERIFIES = {
    "test_hello_tells_who_is_there": ("SR-191",),
    "test_hello_of_another_protocol_is_refused_and_names_both": ("SR-190",),
    "test_no_request_moves_anything_whatever_its_arguments": ("SR-175",),
    "test_a_program_that_is_refused_leaves_the_old_one": ("SR-187",),
    "test_a_program_is_taken_in_idle_only": ("SR-183",),
    "test_a_program_that_is_still_being_checked_does_not_slip_under_a_confirmed_one": ("SR-184",),
    "test_only_acknowledged_files_are_forgotten_and_only_by_the_paired_archive": (
        "SR-162",
        "SR-163",
    ),
    "test_the_clock_is_set_and_recorded": ("SR-172",),
    "test_an_expired_product_is_refused_once_the_date_is_known": ("SR-078",),
    "test_pause_is_the_strongest_request": ("SR-175",),
    "test_a_new_program_ends_the_session_that_was_open": ("SR-189",),
    "test_a_commit_takes_only_the_upload_that_it_names": ("SR-185",),
}

ARCHIVE = "00112233445566778899aabbccddeeff"
OTHER = "ff" * 16


def idle(text=None, **changes):
    """(bench, host) of a gun in idle with a program, and a session said hello to."""
    bench = Bench()
    provision(bench, program_text() if text is None else text, **changes)
    bench.on()
    bench.until(states.IDLE)
    host = Host(bench)
    host.hello()
    return bench, host


def test_hello_tells_who_is_there():
    bench, host = idle()
    told = host.hello()
    assert told["protocol"] == wire.PROTOCOL
    assert told["firmware"] == VERSION
    assert told["board"] == bench.board_id
    assert told["build"] == bench.build
    assert told["boot"] == 1
    assert told["calibration"] == 7
    assert told["commissioned"] == 1
    assert told["hardware_verified"] is False
    assert (told["first"], told["last"]) == (1, 1)


def test_hello_of_another_protocol_is_refused_and_names_both():
    _, host = idle()
    host.send("hello", protocol=2)
    refusal = host.answer()["no"]
    assert refusal["code"] == errors.PROTOCOL_VERSION
    assert (refusal["found"], refusal["allowed"]) == ("2", "1")


def test_an_unknown_request_is_refused_and_the_known_ones_are_told():
    bench, host = idle()
    assert host.refused("fire") == errors.NO_SUCH_REQUEST
    for name in (None, 5, [], {}, "", "FIRE", "_hello"):
        error = raises(Refused, requests.Requests(bench.gun).handle, name, {})
        assert error.fault.code == errors.NO_SUCH_REQUEST
        assert "hello" in error.fault.allowed


def test_arguments_are_checked_by_the_table():
    bench, host = idle()
    assert host.refused("hello") == errors.MISSING
    assert host.refused("hello", protocol="1") == errors.WRONG_TYPE
    assert host.refused("status", more=1) == errors.UNKNOWN_KEY
    assert host.refused("pull", first=-1, count=5) == errors.OUT_OF_RANGE
    assert host.refused("begin", sha256="00", length=5) == errors.NOT_TEXT
    assert host.refused("begin", sha256="x" * 64, length=5) == errors.WRONG_TYPE
    assert host.refused("begin", sha256="00" * 32, length=10**9) == errors.OUT_OF_RANGE
    for arguments in (None, 5, [], "text", True):
        error = raises(Refused, requests.Requests(bench.gun).handle, "status", arguments)
        assert error.fault.code == errors.WRONG_TYPE


def test_no_request_moves_anything_whatever_its_arguments():
    bench, host = idle()
    for name in list(requests.TABLE) + list(requests.ENGINEERS):
        for arguments in ({}, {"first": 1, "count": 1}, {"protocol": 1}):
            host.send(name, **arguments)
            host.answer()
            assert not bench.gun.drive.moving
    assert max(bench.at[0] - 4, bench.at[1] - 80) <= 0
    assert bench.gun.state == states.IDLE


def test_status_tells_the_last_shots_number_shots_done_and_volume_given():
    bench, host = idle(program_text(zone(shots=2)))
    told = host.ask("status")
    assert (told["state"], told["open"], told["shots"], told["given_nl"]) == ("idle", 0, 0, 0)
    bench.ready()
    host = Host(bench, "again")
    host.hello()
    bench.set("trigger", 1)
    bench.until(states.SHOOTING)
    bench.while_in(states.SHOOTING)
    told = host.ask("status")
    assert (told["state"], told["shots"], told["given_nl"]) == ("idle", 2, 40_000)
    assert told["last"] == bench.gun.journal.last
    assert told["program"] == "%08x" % bench.gun.session.program_id()
    assert host.ask("screen")["screen"].startswith("New session?|Thigh|P-0042|")


def test_status_is_answered_whatever_alphabet_the_program_is_written_in():
    for title, patient, name in (
        ("Мезотерапия лица и шеи, первый сеанс", "Пациент № 0042, утро", "Лоб и виски, верх"),
        ("面部和颈部的美塑疗法第一次治疗面部和颈部的美塑疗法", "病人病人病人病人病人病人", "前额"),
        ("é" * 40, "ü" * 24, "ö" * 24),
        ("😀" * 20, "😀" * 12, "😀" * 12),
        ('"' * 40, "\\" * 24, "/" * 24),
    ):
        bench, host = idle(program_text(zone(name=name, shots=4), title=title, patient=patient))
        assert bench.gun.session.program is not None
        assert host.ask("status")["state"] == "idle"
        assert host.ask("program")["shots"] == 4
        bench.click()
        assert host.ask("status")["state"] == "idle"
        bench.click()
        bench.fit()
        bench.prime()
        assert host.ask("status")["state"] == "ready"
        assert bench.gun.trouble == 0


def test_a_program_is_loaded_over_the_wire():
    bench, host = idle()
    text = program_text(zone(name="New", shots=5), title="Another")
    reply = host.load(text)
    assert (reply["title"], reply["shots"], reply["length"]) == ("Another", 5, len(text))
    assert host.ask("program") == reply
    last = records.Record()
    rows, _ = host.pull(bench.gun.journal.last, 1)
    records.unpack(rows[0], last)
    assert last.code == errors.EVENT_PROGRAM
    assert last.a == last.program == bench.gun.session.program_id()


def test_a_program_that_is_refused_leaves_the_old_one():
    bench, host = idle()
    before = host.ask("program")
    text = program_text(zone(depth_um=5000))
    host.begin(text)
    host.chunks(text)
    host.send("commit")
    refusal = host.answer()["no"]
    assert (refusal["code"], refusal["at"]) == (errors.BEYOND_LAYER, "zones[1].depth")
    assert host.ask("program") == before
    bench.on()
    bench.until(states.IDLE)
    again = Host(bench, "again")
    again.hello()
    assert again.ask("program") == before


def test_hostile_programs_are_refused_and_the_gun_lives_on():
    bench, host = idle()
    for text in (b'{"kind":[]}\n', b"\n" * 3000, b"[" * 900 + b"\n", b"\xff" * 1500):
        host.begin(text)
        host.chunks(text)
        assert host.refused("commit") == errors.BROKEN_PROGRAM
        assert (bench.gun.state, bench.errors) == (states.IDLE, [])


def test_a_repeated_commit_is_one_commit():
    bench, host = idle()
    text = program_text(*[zone(name="Zone %d" % number) for number in range(20)])
    host.begin(text)
    host.chunks(text)
    host.send("commit")
    for _ in range(5):
        bench.step(bench.now_us + 1_000_000)
        host.repeat("commit")
    assert host.answer()["ok"]["zones"] == 20
    events = bench.gun.journal.last
    host.repeat("commit")
    assert host.answer()["ok"]["zones"] == 20
    assert bench.gun.journal.last == events


def test_without_a_program_there_is_none_to_tell():
    _, host = idle(b"")
    assert host.refused("program") == errors.NO_PROGRAM
    assert host.refused("commit") == errors.NO_UPLOAD


def test_a_program_is_taken_in_idle_only():
    bench, host = idle()
    bench.confirm()
    text = program_text(zone(name="Other"))
    assert host.refused("begin", sha256="00" * 32, length=len(text)) == errors.NOT_NOW
    assert host.refused("commit") == errors.NOT_NOW


def test_a_program_that_is_still_being_checked_does_not_slip_under_a_confirmed_one():
    bench, host = idle(program_text(title="Confirmed"))
    text = program_text(*[zone(name="Zone %d" % number) for number in range(25)], title="Other")
    host.begin(text)
    host.chunks(text)
    bench.run(200_000)
    bench.click()
    # The operator's second press comes while the new program is read back.
    host.send("commit")
    for _ in range(3):
        bench.step(bench.now_us + 1_000_000)
    bench.set("press", 1)
    answer = host.answer()
    if bench.gun.state != states.IDLE:
        assert bench.gun.state == states.LOADING
        assert bench.gun.session.program.head["title"] == "Confirmed"
        assert bench.gun.session.open
        assert answer["no"]["code"] == errors.NOT_NOW
        bench.set("press", 0)
        bench.on()
        bench.until(states.IDLE)
        assert bench.gun.session.program.head["title"] == "Confirmed"
    else:
        raise AssertionError("the press came too late for this test")


def test_an_upload_goes_on_in_a_new_session():
    bench, host = idle()
    text = program_text(zone(name="New", shots=5), title="Another")
    assert host.begin(text) == [[0, len(text)]]
    host.bench.receive(wire.encode_data('{"s":"host","o":0', text[:200]))
    bench.run(100_000)
    again = Host(bench, "again")
    again.hello()
    assert again.begin(text) == [[200, len(text)]]
    # What the old session still sends is not taken any more.
    host.bench.receive(wire.encode_data('{"s":"host","o":200', b"x" * 50))
    bench.run(100_000)
    assert again.begin(text) == [[200, len(text)]]
    again.chunks(text)
    assert again.ask("commit")["title"] == "Another"


def test_records_are_pulled_by_number():
    bench, host = idle()
    for number in range(10):
        bench.gun.log(errors.EVENT_ALERT, number)
    rows, reply = host.pull(1, 11)
    assert [records.number(row) for row in rows] == list(range(1, 12))
    assert all(records.whole(row) for row in rows)
    assert (reply["next"], reply["last"]) == (12, 11)
    assert bytes.fromhex(reply["head"]) == records.digest(rows[-1])
    rows, reply = host.pull(5, 3)
    assert [records.number(row) for row in rows] == [5, 6, 7]
    assert reply["next"] == 8


def test_a_pull_beyond_the_last_ends_there():
    _, host = idle()
    rows, reply = host.pull(1, 1000)
    assert (len(rows), reply["next"], reply["last"]) == (1, 2, 1)
    assert host.refused("pull", first=2, count=1) == errors.NOT_HELD
    assert host.refused("pull", first=0, count=1) == errors.NOT_HELD
    assert host.ask("pull", first=0, count=0)["last"] == 1


def test_a_pull_interrupted_by_its_credit_goes_on_with_more():
    bench, host = idle()
    for number in range(60):
        bench.gun.log(errors.EVENT_ALERT, number)
    host.credit = 1_000
    host.data = []
    host.send("pull", first=1, count=61)
    for _ in range(60):
        if host.answer(100_000):
            break
        host.repeat("pull", first=1, count=61)
    pulled = [records.number(data[at:]) for _, data in host.data for at in range(0, len(data), 96)]
    assert pulled == list(range(1, 62))


def test_what_a_pull_sends_is_within_the_credit():
    bench, host = idle()
    for number in range(60):
        bench.gun.log(errors.EVENT_ALERT, number)
    for credit in (0, 100, 479, 480, 1_500):
        host.credit = credit
        before = len(bench.to_host)
        host.send("pull", first=1, count=61)
        bench.run(500_000)
        assert len(bench.to_host) - before <= credit


def test_a_pull_ends_at_a_gap_and_says_where_it_is():
    bench, host = idle()
    for number in range(20):
        bench.gun.log(errors.EVENT_ALERT, number)
    bench.run(2_000_000)
    assert bench.gun.journal.unmoved() == 0
    bench.gun.store.append(100, bytes(3 * RECORD_BYTES), 3)
    bench.on()
    bench.until(states.IDLE)
    host = Host(bench, "gap")
    assert host.hello()["last"] == 103
    rows, reply = host.pull(1, 200)
    assert (len(rows), reply["next"], reply["last"]) == (21, 22, 103)
    rows, reply = host.pull(50, 10)
    assert (rows, reply["next"]) == ([], 50)
    rows, reply = host.pull(100, 10)
    assert (len(rows), reply["next"]) == (4, 104)


def test_only_acknowledged_files_are_forgotten_and_only_by_the_paired_archive():
    bench, host = idle()
    bench.held["log.00000001"] = bytes(310 * RECORD_BYTES)
    bench.held["log.00000512"] = bytes(91 * RECORD_BYTES)
    bench.on()
    bench.until(states.IDLE)
    host = Host(bench, "again")
    last = host.hello()["last"]
    assert last == 603
    assert host.refused("acknowledge", number=last + 1, archive=ARCHIVE) == errors.NOT_HELD
    reply = host.ask("acknowledge", number=300, archive=ARCHIVE)
    assert reply == {"first": 1, "acknowledged": 300}
    assert host.refused("acknowledge", number=511, archive=OTHER) == errors.OTHER_ARCHIVE
    reply = host.ask("acknowledge", number=550, archive=ARCHIVE)
    assert reply["acknowledged"] == 550
    assert reply["first"] in (512, 603)
    assert host.ask("acknowledge", number=5, archive=ARCHIVE)["acknowledged"] == 550
    assert host.refused("acknowledge", number=5, archive="zz" * 16) == errors.WRONG_TYPE


def test_the_clock_is_set_and_recorded():
    bench, host = idle()
    host.ask("clock", unix_s=1_767_225_600, quality_ms=40)
    assert bench.gun.clock.today_ymd() == 20260101
    rows, _ = host.pull(bench.gun.journal.last, 1)
    record = records.Record()
    records.unpack(rows[0], record)
    assert (record.code, record.b) == (errors.EVENT_CLOCK, 40)
    assert record.a + record.at_ms // 1000 == 1_767_225_600


def test_an_expired_product_is_refused_once_the_date_is_known():
    _, host = idle()
    product = {"name": "A", "lot": "1", "expiry": 20251231, "share_ppm": 1_000_000}
    text = text_of(("program", head()), ("product", product), ("zone", zone()))
    host.ask("clock", unix_s=1_767_225_600, quality_ms=40)
    host.begin(text)
    host.chunks(text)
    assert host.refused("commit") == errors.EXPIRED


def test_pause_is_the_strongest_request():
    bench, host = idle()
    assert host.ask("pause")["state"] == "idle"
    bench.ready()
    host = Host(bench, "again")
    host.hello()
    assert host.ask("pause")["state"] == "paused"
    assert bench.gun.state == states.PAUSED


def test_files_that_fail_refuse_the_upload_and_nothing_else():
    bench, host = idle()
    bench.flash_fails = True
    host.send("begin", sha256="00" * 32, length=100)
    assert host.answer()["no"]["code"] == errors.STORE_FAILED
    bench.flash_fails = False
    assert host.load(program_text(title="Later"))["title"] == "Later"
    assert bench.gun.state == states.IDLE


def test_power_lost_in_an_upload_is_no_loss():
    bench, host = idle(program_text(title="Old"))
    text = program_text(title="New")
    host.begin(text)
    host.chunks(text)
    bench.run(100_000)
    bench.power.budget = 30
    host.send("commit")
    raises(PowerLost, host.answer)
    bench.power.budget = None
    bench.on()
    bench.until(states.IDLE)
    host = Host(bench, "again")
    host.hello()
    assert host.ask("program")["title"] == "Old"
    assert host.load(text)["title"] == "New"


def test_a_new_program_ends_the_session_that_was_open():
    bench = Bench()
    provision(bench, program_text(zone(mode="burst", shots=5)))
    bench.ready()
    bench.set("trigger", 1)
    bench.run(600_000)
    for name in ("trigger", "contact", "seated"):
        setattr(bench.now, name, 0)
    bench.stopper = None
    bench.off()
    bench.on()
    bench.until(states.IDLE)
    assert bench.gun.session.open
    host = Host(bench, "again")
    host.hello()
    host.load(program_text(zone(name="Other", shots=2)))
    assert not bench.gun.session.open
    assert bench.screen[0] == "New session?"
    codes = [record.code for record in log_of(bench) if record.kind == records.EVENT]
    assert codes[-2:] == [errors.EVENT_ENDED, errors.EVENT_PROGRAM]


def test_a_commit_takes_only_the_upload_that_it_names():
    _, host = idle()
    first = program_text(zone(name="One"))
    host.begin(first)
    host.chunks(first)
    # Another host's `begin` was lost on the way: its commit must not take what lies there.
    assert host.refused("commit", sha256="ab" * 32) == errors.NO_UPLOAD
    assert host.ask("commit")["shots"] > 0
