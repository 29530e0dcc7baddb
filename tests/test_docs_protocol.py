"""docs/protocol.md against the core: a client that is written by it talks to the gun."""

import binascii
import hashlib
import hmac
import json
import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from mesofw.core import (
    errors,
    jobs,
    keyed,
    link,
    meanings,
    modes,
    program,
    records,
    requests,
    settings,
    states,
    upload,
    waiting,
    wire,
)
from mesofw.core.slots import FileSlots
from mesohost.devices import GUN_IDS
from mesohost.exchange import Exchange
from mesohost.gun import Gun
from mesohost.records import decode
from mesohost.upload import chunk_lines, load
from mesosim.hands import Hands
from mesosim.port import WorldPort
from mesosim.stage import Stage
from mesosim.verbs import do
from mesosim.world import LEAVING_US, World
from tests.docblocks import ANSWERED, SENT, dialogue
from tests.docpages import docs, plain

PAGE = docs("protocol")
DIALOGUE = [
    line
    for fence in PAGE.under("A worked dialogue")
    for line in fence.lines
    if line.startswith((SENT, ANSWERED))
]
PULLED = next(line[2:] for line in DIALOGUE if line.startswith('< {"n":'))
TEXT = next(
    fence.text for fence in PAGE.under("A worked dialogue") if fence.info == "json"
).encode()


def rows(heading: str) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in PAGE.table(heading).rows]


def test_the_dialogue_is_what_the_gun_says_byte_for_byte():
    sent = [line[2:] for line in DIALOGUE if line.startswith(SENT)]
    told: list[str] = []
    for line, answers in zip(sent, dialogue(sent), strict=True):
        told += ["> " + line, *("< " + answer for answer in answers)]
    assert told == DIALOGUE, "run python -m tests.docblocks"


def test_the_dialogue_shows_every_form_of_a_line():
    for part in ('"o":', '"n":', '"ok":', '"no":', '"missing":[]', '"missing":[[0,'):
        assert any(part in line for line in DIALOGUE), part
    sent = [line for line in DIALOGUE if line.startswith(SENT)]
    assert len(set(sent)) < len(sent), "no request is repeated"
    shown = {name for name in meanings.REQUESTS if any(f'"r":"{name}"' in line for line in sent)}
    assert shown >= {"hello", "begin", "commit", "status", "pull", "acknowledge", "clock"}


def test_each_line_is_sealed_as_the_page_says():
    assert f"{binascii.crc32(b'123456789'):08x}" in PAGE.prose
    for line in DIALOGUE:
        body, _, crc = line[2:].rpartition("*")
        assert f"{binascii.crc32(body.encode()):08x}" == crc
        assert len(line[2:]) < wire.LINE_MAX
        assert json.loads(body)


def test_the_program_in_the_dialogue_is_the_text_that_is_shown():
    chunks: dict[int, bytes] = {}
    for line in DIALOGUE:
        if line.startswith(SENT) and '"o":' in line:
            message = wire.decode(line[2:].encode())
            chunks[message["o"]] = binascii.a2b_base64(message["d"])
    assert b"".join(chunks[offset] for offset in sorted(chunks)) == TEXT
    assert hashlib.sha256(TEXT).hexdigest() in "".join(DIALOGUE)


def test_the_records_of_the_dialogue_are_those_of_the_table():
    data = binascii.a2b_base64(wire.decode(PULLED.encode())["d"])
    record = records.Record()
    told: list[list[str]] = []
    for at in range(0, len(data), records.RECORD_BYTES):
        records.unpack(data[at : at + records.RECORD_BYTES], record)
        code = f"{record.code} {errors.name(record.code)}"
        told.append([str(record.number), code, str(record.at_ms), str(record.a), str(record.b)])
    assert told == rows("A worked dialogue")


def test_the_page_has_the_numbers_of_the_wire():
    for number in (
        wire.LINE_MAX, link.NONCE_MAX, link.CREDIT_MAX, link.WAITING_MAX, upload.LENGTH_MAX,
        program.SECTION_MAX_BYTES, upload.RANGES_TOLD, upload.RANGES_MAX + 1, (1 << 30) - 1,
        jobs.LINE_RECORDS, jobs.SCREEN_BYTES, requests.TITLE_BYTES,
    ):  # fmt: skip
        words = {3: "three"}
        assert re.search(rf"\b{words.get(number, number)}(th|\b)", PAGE.prose), number
    for vendor, product in GUN_IDS:
        assert f"{vendor:04X}:{product:04X}" in PAGE.prose
    assert f"version {wire.PROTOCOL}." in PAGE.prose
    for kind in ("product", "ingredient", "zone"):
        assert f"{program.SECTIONS[kind][1]} {kind}s" in PAGE.prose


ASKED = {
    "hello": {"protocol": wire.PROTOCOL},
    "begin": {"sha256": hashlib.sha256(TEXT).hexdigest(), "length": len(TEXT)},
    "commit": {"sha256": hashlib.sha256(TEXT).hexdigest()},
    "pull": {"first": 1, "count": 1},
    "acknowledge": {"number": 1, "archive": "0" * 31 + "1"},
    "clock": {"unix_s": 1_800_000_000, "quality_ms": 1000},
    "record": {"record": "settings"},
    "stage": {"record": "settings", "field": "shot_nl", "value": 1_000_000},
    "store": {"record": "settings"},
    "bench": {"do": "read"},
    "trace": {"names": "force_mn,state", "period_us": 1000, "count": 3},
}
# Whose fields are told with another request's.
TOLD_WITH = {"inputs": "bench"}
KEY = bytes(32)
# What a request under the key changes, as it is signed.
CHANGES: dict[str, Callable[[dict[str, int]], str]] = {
    "store": lambda held: keyed.described("settings", {**held, "shot_nl": 1_000_000}),
    "service": lambda _: "",
    "calibrate": lambda _: "",
}


class Allowing(WorldPort):
    """Somebody at the gun allows what is asked for."""

    def read(self, timeout_s: float) -> bytes:
        if "Press: allow" in self.world.plant.screen:
            Hands(self.world).click()
        return super().read(timeout_s)


@pytest.fixture(scope="module")
def exchange() -> Exchange:
    """A virtual gun at rest that holds the dialogue's program."""
    world = World(1)
    world.run_for(10_000_000)
    FileSlots(world.board, "key").store(KEY.hex().encode())
    opened = Exchange(Allowing(world))
    load(opened, TEXT)
    return opened


def under_key(exchange: Exchange, name: str) -> dict[str, str]:
    """What answers a new challenge for a request."""
    exchange.ask("stage", ASKED["stage"])
    challenge = exchange.ask("challenge")["challenge"]
    change = CHANGES[name](exchange.ask("record", ASKED["record"]))
    signed = keyed.signed(challenge, name, change)
    return {"mac": hmac.new(KEY, signed, hashlib.sha256).hexdigest()}


@pytest.mark.parametrize("name", meanings.REQUESTS)
def test_each_request_has_a_table_of_what_it_gives(name, exchange):
    if name == "commit":
        exchange.ask("begin", ASKED["begin"])
        for line, _ in chunk_lines(exchange.nonce, TEXT, 0, len(TEXT)):
            exchange.port.write(line)
    if name == "bench":
        exchange.ask("calibrate", under_key(exchange, "calibrate"))
    arguments = ASKED.get(name, {})
    if name in CHANGES:
        arguments = {**arguments, **under_key(exchange, name)}
    reply = exchange.ask(name, arguments)
    if name == "record":
        assert list(reply) == [field.name for field in settings.SETTINGS]
        return
    table = rows(TOLD_WITH.get(name, name))
    assert [row[0] for row in table] == list(reply)
    assert all(row[1] for row in table)
    if name in ("calibrate", "bench"):
        exchange.ask("bench", {"do": "leave"})
        exchange.port.world.run_for(LEAVING_US + 10_000_000)
    if name == "service":
        exchange.port.world.run_for(LEAVING_US)
        assert not exchange.port.world.on
        exchange.port.world.switch_on()
        exchange.port.world.run_for(10_000_000)


def sealed(body: str) -> str:
    return f"{body}*{binascii.crc32(body.encode('ascii')):08x}"


HELLO = sealed('{"s":"x","i":5,"c":1920,"r":"hello","a":{"protocol":1}}')
STATUS = '{"s":"x","i":6,"c":1920,"r":"status"}'


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Traceback (most recent call last):",
        sealed(STATUS)[:20],
        sealed(STATUS) + "\r",
        sealed(STATUS)[:-1] + "x",
        sealed(STATUS.replace(',"r":"status"', "")),
        sealed(STATUS.replace('"s":"x",', "")),
        sealed(STATUS.replace('"i":6', '"i":6.0')),
        sealed(STATUS.replace('"i":6', '"i":"6"')),
        sealed(STATUS.replace('"c":1920,', "")),
        sealed(STATUS.replace("1920", "-1")),
        sealed(STATUS.replace("status", "x" * 480)),
        sealed('{"s":"x","o":0,"d":"AAAA"}'),
    ],
)
def test_what_gets_no_reply(line):
    hello, nothing, status = dialogue([HELLO, line, sealed(STATUS)])
    assert '"ok"' in hello[0]
    assert nothing == []
    assert '"state":"idle"' in status[0]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (STATUS.replace('"x"', '"y"'), errors.OLD_SESSION),
        (STATUS.replace('"i":6', '"i":4'), errors.OUT_OF_SEQUENCE),
        (STATUS.replace("status", "shoot"), errors.NO_SUCH_REQUEST),
        (STATUS.replace("}", ',"a":{"more":1}}'), errors.UNKNOWN_KEY),
        (STATUS.replace("status", "pull"), errors.MISSING),
        (STATUS.replace("status", "commit"), errors.MISSING),
        (STATUS.replace("status", "program"), errors.NO_PROGRAM),
        (HELLO.replace('"i":5', '"i":6').replace("1}}", "2}}"), errors.PROTOCOL_VERSION),
    ],
)
def test_what_is_refused(line, code):
    _, refused = dialogue([HELLO, sealed(line.partition("*")[0])])
    assert f'"code":{code},' in refused[0]


def test_credit_is_replaced_and_a_line_goes_on_with_the_next():
    scarce = sealed(STATUS.replace("1920", "50"))
    _, begun, rest = dialogue([HELLO, scarce, sealed(STATUS)])
    assert len(begun[0]) == 50
    assert '"state":"idle"' in wire_text(begun[0] + rest[0])


def wire_text(line: str) -> str:
    return json.dumps(wire.decode(line.encode()), separators=(",", ":"))


def test_the_states_are_all_named():
    cell = next(row[1] for row in rows("status") if row[0] == "state")
    assert re.findall(r"\w+", cell.replace(" or ", ", ")) == list(states.STATES)


def layout() -> list[tuple[int, int, str]]:
    """(offset, bytes, name) of all that a record holds, from core's tables."""
    parts = [
        *records.INTENT,
        ("prev", f"{records.CHAIN_BYTES}s"),
        ("intent_crc", "I"),
        *records.RESULT,
        ("result_crc", "I"),
    ]
    found: list[tuple[int, int, str]] = []
    at = 0
    for name, code in parts:
        size = struct.calcsize("<" + code)
        found.append((at, size, name))
        at += size
    assert at == records.RECORD_BYTES
    return found


def test_the_layout_of_a_record_is_cores():
    told = [(int(row[0]), int(row[1]), row[2]) for row in rows("Records")]
    assert told == layout()
    told_modes = ", ".join(f"{number} {mode}" for number, mode in enumerate(modes.MODES))
    assert told_modes in next(row[3] for row in rows("Records") if row[2] == "code")
    kinds = ", ".join(f"{number} {kind}" for number, kind in records.KINDS.items())
    assert kinds in next(row[3] for row in rows("Records") if row[2] == "kind")


def test_the_flags_are_cores():
    told = [(int(row[0]), row[1]) for row in rows("Flags")]
    assert told == [(getattr(records, name.upper()), name) for _, name in told]
    numbers = [value for name, value in vars(records).items() if name in FLAG_NAMES]
    assert sorted(numbers) == [bit for bit, _ in told]


FLAG_NAMES = ("COMPLETE", "PARTIAL", "INTERRUPTED", "DRY", "OPEN_SESSION", "TRAINING")


def test_each_event_that_core_logs_is_told():
    core = Path(errors.__file__).parent
    logged: set[str] = set()
    for path in core.glob("*.py"):
        if path.name != "errors.py":
            logged |= set(re.findall(r"errors\.(EVENT_\w+)", path.read_text(encoding="utf-8")))
    names = {errors.name(getattr(errors, name)) for name in logged}
    assert {row[0] for row in rows("Events")} == names


def test_the_two_choices_of_a_resumed_session_are_cores():
    row = next(row for row in rows("Events") if row[0] == "resumed")
    assert row[1] == f"{states.RESUME} go on, {states.CHANGE} change the syringe"


def test_the_reasons_of_a_pause_are_cores():
    row = next(row for row in rows("Events") if row[0] == "paused")
    told = ", ".join(f"{number} {why.lower()}" for number, (why, _) in enumerate(waiting.WHY))
    assert row[2] == f"why: {told}"


@pytest.fixture(scope="module")
def log() -> list[bytes]:
    """The records of a session of two shots, of which power interrupts the second."""
    world = World(1)
    gun = Gun(WorldPort(world))
    text = TEXT.replace(b'"shots":1', b'"shots":2')

    def bring() -> None:
        gun.load(text)

    stage = Stage(world, text, bring)
    for step in (
        "until idle", "load", "confirm", "fit", "place", "hold trigger for 1 shots", "until ready",
        "wait 100 ms", "press trigger", "wait 100 ms", "power off", "wait 1 s", "release trigger",
        "lift", "power on", "until idle",
    ):  # fmt: skip
        do(stage, step)
    return list(gun.pull(1))


def test_a_log_checks_out_by_the_rules_of_the_page(log):
    offsets = {name: (at, size) for at, size, name in layout()}

    def field(raw: bytes, name: str) -> bytes:
        at, size = offsets[name]
        return raw[at : at + size]

    before = bytes(16)
    for number, raw in enumerate(log, 1):
        assert int.from_bytes(field(raw, "number"), "little") == number
        assert int.from_bytes(field(raw, "intent_crc"), "little") == binascii.crc32(raw[:48])
        whole = binascii.crc32(raw[:48] + raw[52:92])
        # The CRC of both parts as one run; the intent's own CRC lies between them.
        assert int.from_bytes(field(raw, "result_crc"), "little") == whole
        assert field(raw, "prev") == before
        before = hashlib.sha256(raw).digest()[:16]


def test_an_interrupted_shot_is_as_the_page_says(log):
    shots = [shot for shot in map(decode, log) if shot.is_shot]
    assert [shot.complete for shot in shots] == [True, False]
    last = shots[-1]
    assert last.interrupted
    assert (last.depth_measured_um, last.volume_measured_nl, last.end_ms) == (0, 0, 0)
    assert last.session_nl == 40_000
