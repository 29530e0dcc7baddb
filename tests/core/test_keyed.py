"""What only an engineer may change: the key, a challenge that serves once, a press at the gun."""

import binascii

from mesofw.core import errors, fields, keyed, records, settings, states
from mesofw.core.slots import FileSlots
from tests.core.support.bench import Bench
from tests.core.support.host import Host
from tests.core.support.log import log_of
from tests.core.support.program import program_text, provision

VERIFIES = {
    "test_the_hmac_is_that_of_rfc_4231": ("SR-209",),
    "test_a_limit_is_changed_with_the_key_and_a_press": ("SR-210", "SR-220", "SR-221"),
    "test_a_turn_refuses_it_and_nothing_is_changed": ("SR-211",),
    "test_nobody_at_the_gun_is_a_refusal": ("SR-211",),
    "test_a_fault_meanwhile_ends_it": ("SR-212",),
    "test_another_key_is_refused_recorded_and_slowed_down": ("SR-209", "SR-216", "SR-217"),
    "test_a_challenge_serves_once": ("SR-213", "SR-217"),
    "test_an_old_challenge_is_refused": ("SR-214",),
    "test_no_challenge_comes_twice_also_not_after_a_restart": ("SR-215",),
    "test_nor_after_a_rest_in_which_nothing_was_recorded": ("SR-215",),
    "test_an_answer_is_for_one_request_and_one_change": ("SR-209",),
    "test_out_of_bounds_is_refused_before_anything_is_asked": ("SR-222",),
    "test_a_calibration_is_read_page_by_page_and_recorded_field_by_field": ("SR-210", "SR-220"),
    "test_a_gun_without_a_key_changes_nothing": ("SR-218",),
    "test_service_releases_the_drivers_and_leaves": ("SR-224",),
    "test_only_an_idle_gun_is_changed": ("SR-212",),
    "test_the_clock_goes_back_only_with_the_key": ("SR-223",),
    "test_the_key_is_in_no_record_and_in_no_answer": ("SR-219",),
}

KEY = bytes(range(32))
OTHER = bytes(32)
# An RFC 4231 case: key, data, HMAC-SHA256.
RFC_4231 = (
    (b"Jefe", b"what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (b"\x0b" * 20, b"Hi There",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
)  # fmt: skip


def hex_of(data):
    return binascii.hexlify(data).decode()


def steps(bench, count):
    """So many steps of the gun, the virtual world waiting for none."""
    for _ in range(count):
        bench.step(bench.now_us + 1_000)


def told_of(bench, code):
    """The events with this code."""
    return [one for one in log_of(bench) if one.kind == records.EVENT and one.code == code]


def idle(key=KEY):
    """(bench, host) of an idle gun that holds a key, with a session said hello to."""
    bench = Bench()
    provision(bench, program_text())
    if key:
        FileSlots(bench, "key").store(hex_of(key).encode())
    bench.on()
    bench.until(states.IDLE)
    host = Host(bench)
    host.hello()
    return bench, host


def mac(challenge, request, change="", key=KEY):
    return hex_of(keyed.hmac(key, keyed.signed(challenge, request, change)))


def limit(host, shot_nl, key=KEY, challenge=None):
    """Ask for another limit of one shot; the reply comes once it is allowed at the gun."""
    host.ask("stage", record="settings", field="shot_nl", value=shot_nl)
    challenge = challenge or host.ask("challenge")["challenge"]
    wanted = dict(host.ask("record", record="settings"))
    wanted["shot_nl"] = shot_nl
    change = keyed.described("settings", wanted)
    host.send("store", record="settings", mac=mac(challenge, "store", change, key))


def test_the_hmac_is_that_of_rfc_4231():
    for key, data, wanted in RFC_4231:
        assert hex_of(keyed.hmac(key, data)) == wanted


def test_a_press_counts_only_where_the_question_was_on_the_screen():
    answered = []
    for count in range(8):
        bench, host = idle()
        limit(host, 500_000)
        steps(bench, count)
        shown = bench.screen[0] == "Engineer asks:"
        bench.set("press", 1)
        assert (host.answer(100_000) is not None) == shown, count
        answered.append(shown)
    assert answered[0] is False
    assert answered[-1] is True


def test_a_limit_is_changed_with_the_key_and_a_press():
    bench, host = idle()
    limit(host, 500_000)
    assert host.answer(100_000) is None
    assert bench.screen[:4] == ["Engineer asks:", "new settings", "shot_nl", "  500 µL"]
    assert bench.screen[-2:] == ["Press: allow", "Turn: refuse"]
    bench.click()
    assert host.answer()["ok"]["record"] == "settings"
    assert bench.gun.settings["shot_nl"] == 500_000
    assert bench.gun.state == states.IDLE
    assert [one.b for one in told_of(bench, errors.EVENT_CHANGED)] == [500_000]
    bench.off()
    bench.on()
    bench.until(states.IDLE)
    assert bench.gun.settings["shot_nl"] == 500_000


def test_a_turn_refuses_it_and_nothing_is_changed():
    bench, host = idle()
    limit(host, 500_000)
    host.answer(100_000)
    bench.turn(1)
    assert host.answer()["no"]["code"] == errors.NOT_ALLOWED
    assert bench.gun.settings["shot_nl"] == 2_000_000
    assert told_of(bench, errors.EVENT_REFUSED)[-1].a == errors.NOT_ALLOWED


def test_nobody_at_the_gun_is_a_refusal():
    bench, host = idle()
    limit(host, 500_000)
    bench.run(1000 * (keyed.ANSWER_MS - 5_000))
    assert host.answer(1_000) is None
    bench.run(6_000_000)
    assert host.answer()["no"]["code"] == errors.NOT_ALLOWED
    assert bench.gun.settings["shot_nl"] == 2_000_000


def test_a_fault_meanwhile_ends_it():
    bench, host = idle()
    limit(host, 500_000)
    host.answer(100_000)
    bench.set("stop", 1)
    assert host.answer()["no"]["code"] == errors.NOT_NOW
    assert bench.gun.settings["shot_nl"] == 2_000_000


def test_another_key_is_refused_recorded_and_slowed_down():
    bench, host = idle()
    limit(host, 500_000, OTHER)
    assert host.answer()["no"]["code"] == errors.WRONG_KEY
    assert told_of(bench, errors.EVENT_REFUSED)[-1].a == errors.WRONG_KEY
    assert host.refused("challenge") == errors.NOT_NOW
    bench.run(1000 * keyed.WRONG_MS)
    assert len(host.ask("challenge")["challenge"]) == 32
    assert bench.gun.settings["shot_nl"] == 2_000_000


def test_a_challenge_serves_once():
    bench, host = idle()
    challenge = host.ask("challenge")["challenge"]
    limit(host, 500_000, challenge=challenge)
    host.answer(100_000)
    bench.click()
    assert host.answer()["ok"]
    limit(host, 600_000, challenge=challenge)
    assert host.answer()["no"]["code"] == errors.NO_CHALLENGE
    assert told_of(bench, errors.EVENT_REFUSED)[-1].a == errors.NO_CHALLENGE
    assert bench.gun.settings["shot_nl"] == 500_000


def test_an_old_challenge_is_refused():
    bench, host = idle()
    challenge = host.ask("challenge")["challenge"]
    bench.run(1000 * keyed.CHALLENGE_MS + 1_000_000)
    limit(host, 500_000, challenge=challenge)
    assert host.answer()["no"]["code"] == errors.NO_CHALLENGE


def test_no_challenge_comes_twice_also_not_after_a_restart():
    bench, host = idle()
    seen = set()
    for _ in range(3):
        for _ in range(4):
            seen.add(host.ask("challenge")["challenge"])
        bench.off()
        bench.on()
        bench.until(states.IDLE)
        host = Host(bench, "again")
        host.hello()
    assert len(seen) == 12


def test_nor_after_a_rest_in_which_nothing_was_recorded():
    bench, host = idle()
    first = host.ask("challenge")["challenge"]
    last = bench.gun.journal.last
    for _ in range(3):
        bench.run((keyed.CHALLENGE_MS + 5_000) * 1000)
        assert bench.gun.journal.last == last
        assert host.ask("challenge")["challenge"] != first


def test_an_answer_is_for_one_request_and_one_change():
    bench, host = idle()
    challenge = host.ask("challenge")["challenge"]
    assert host.refused("service", mac=mac(challenge, "store")) == errors.WRONG_KEY
    bench.run(1000 * keyed.WRONG_MS)
    challenge = host.ask("challenge")["challenge"]
    change = "%d %d" % (1_700_000_000, 0)
    wrong = mac(challenge, "clock", change)
    told = host.refused("clock", unix_s=1_700_000_001, quality_ms=0, mac=wrong)
    assert told == errors.WRONG_KEY


def test_out_of_bounds_is_refused_before_anything_is_asked():
    _, host = idle()
    wrong = {"record": "settings", "field": "shot_nl", "value": 0}
    assert host.refused("stage", **wrong) == errors.OUT_OF_RANGE
    wrong["field"] = "volume"
    assert host.refused("stage", **wrong) == errors.UNKNOWN_KEY
    wrong["record"] = "key"
    assert host.refused("stage", **wrong) == errors.NOT_A_CHOICE


def test_a_calibration_is_read_page_by_page_and_recorded_field_by_field():
    bench, host = idle()
    changes = {"id": 8, "date": 20261101, "foot_um": 1010, "backlash_nm": 6_000}
    for name in changes:
        host.ask("stage", record="calibration", field=name, value=changes[name])
    wanted = dict(bench.gun.calibration)
    wanted.update(changes)
    challenge = host.ask("challenge")["challenge"]
    change = keyed.described("calibration", wanted)
    host.send("store", record="calibration", mac=mac(challenge, "store", change))
    host.answer(100_000)
    assert bench.screen[-2] == "Press: read on"
    bench.click()
    assert bench.screen[-2] == "Press: allow"
    assert bench.gun.calibration["id"] == 7
    bench.click()
    assert host.answer()["ok"]["record"] == "calibration"
    assert bench.gun.calibration == wanted
    told = [(one.a & 255, one.b) for one in told_of(bench, errors.EVENT_CHANGED)]
    names = [field.name for field in settings.CALIBRATION]
    assert told == [(names.index(name), changes[name]) for name in names if name in changes]


def test_a_gun_without_a_key_changes_nothing():
    for key in (None, KEY[:31]):
        _, host = idle(key)
        assert host.refused("challenge") == errors.NO_KEY
        assert host.refused("service", mac="0" * 64) == errors.NO_CHALLENGE


def test_service_releases_the_drivers_and_leaves():
    bench, host = idle()
    challenge = host.ask("challenge")["challenge"]
    host.send("service", mac=mac(challenge, "service"))
    host.answer(100_000)
    assert bench.serviced == 0
    bench.click()
    assert bench.serviced == 1
    assert not bench.gun.drive.carriage_on
    assert len(told_of(bench, errors.EVENT_SERVICE)) == 1


def test_only_an_idle_gun_is_changed():
    bench, _ = idle()
    bench.ready()
    host = Host(bench, "again")
    host.hello()
    assert host.refused("challenge") == errors.NOT_NOW
    wrong = {"record": "settings", "field": "shot_nl", "value": 5_000}
    assert host.refused("stage", **wrong) == errors.NOT_NOW


def test_the_clock_goes_back_only_with_the_key():
    bench, host = idle()
    now_s = 1_790_000_000
    host.ask("clock", unix_s=now_s, quality_ms=10)
    for off_s in (-301, 301, -86_400):
        assert host.refused("clock", unix_s=now_s + off_s, quality_ms=10) == errors.CLOCK_BACK
    host.ask("clock", unix_s=now_s + 60, quality_ms=10)
    bench.off()
    bench.on()
    bench.until(states.IDLE)
    host = Host(bench, "again")
    host.hello()
    assert host.refused("clock", unix_s=now_s - 86_400, quality_ms=10) == errors.CLOCK_BACK
    challenge = host.ask("challenge")["challenge"]
    back_s = now_s - 86_400
    signed = mac(challenge, "clock", "%d 10" % back_s)
    host.send("clock", unix_s=back_s, quality_ms=10, mac=signed)
    host.answer(100_000)
    assert bench.screen[2] == "2026-09-20"
    bench.click()
    assert "at_ms" in host.answer()["ok"]
    assert bench.gun.clock.unix_s() - back_s < 3
    host.ask("clock", unix_s=back_s + 30, quality_ms=10)


def test_the_key_is_in_no_record_and_in_no_answer():
    bench, host = idle()
    told = []
    for name in ("record", "challenge", "stage", "store", "service", "clock"):
        for arguments in (
            {},
            {"mac": hex_of(KEY)},
            {"record": "key"},
            {"record": hex_of(KEY)[:24]},
        ):
            host.send(name, **arguments)
            told.append(repr(host.answer()))
    bench.run(1000 * keyed.WRONG_MS)
    limit(host, 500_000, OTHER)
    told.append(repr(host.answer()))
    assert not [line for line in told if hex_of(KEY)[24:] in line]
    memory = bytes(bench.fram)
    assert KEY not in memory
    assert hex_of(KEY).encode() not in memory


def test_what_is_signed_names_every_field_in_the_tables_order():
    record = settings.defaults(settings.SETTINGS)
    lines = keyed.described("settings", record).split("\n")
    assert lines[0] == "settings"
    assert [line.split("=")[0] for line in lines[1:]] == [one.name for one in settings.SETTINGS]
    assert all(fields.unit_suffix(one.name) for one in settings.SETTINGS)


def test_noting_values_lengthens_no_challenge():
    bench, host = idle()
    challenge = host.ask("challenge")["challenge"]
    for _ in range(3):
        bench.run(25_000_000)
        host.ask("stage", record="settings", field="shot_nl", value=500_000)
    limit(host, 500_000, challenge=challenge)
    assert host.answer()["no"]["code"] == errors.NO_CHALLENGE
