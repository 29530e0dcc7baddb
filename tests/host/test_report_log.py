"""Logs that are damaged, changed, cut short or no logs at all: a report is made where it can be."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shotlogs import HEADER, LogMaker, lines, log_file

from mesofw.core import records
from mesohost.report import NotALog, build_report, parse_log, read_log
from mesohost.troubles import RecordsBroken


def made() -> LogMaker:
    """A session of five shots in 12 records: shots are records 6 to 10, 1-based."""
    log = LogMaker()
    log.start()
    log.begin()
    log.fit()
    for _ in range(5):
        log.shot()
    log.end()
    return log


LOG = made()
LINES = lines(LOG.raws)
SHOT = 7  # a shot's record; its line is one further down, for the header


def report_of(data: bytes):
    log = parse_log(data, "gun.jsonl")
    return build_report(log.held, None, log.header, damage=log.damage, torn=log.torn)


def joined(parts: list[bytes]) -> bytes:
    return b"".join(part + b"\n" for part in parts)


def with_raw(line: bytes, raw: bytes) -> bytes:
    return msgspec.json.encode(msgspec.json.decode(line) | {"raw": raw.hex()})


def flipped(number: int, byte: int) -> list[bytes]:
    raw = bytearray(LOG.raws[number - 1])
    raw[byte] ^= 1
    return [*LINES[:number], with_raw(LINES[number], bytes(raw)), *LINES[number + 1 :]]


def rewritten(number: int) -> list[bytes]:
    """A record changed and sealed anew, as one who covers something up would do."""
    record = records.Record()
    records.unpack(LOG.raws[number - 1], record)
    record.volume_measured_nl += 1
    raw = bytearray(LOG.raws[number - 1])
    records.pack_result(raw, record)
    return [*LINES[:number], lines([bytes(raw)], None)[0], *LINES[number + 1 :]]


def retold(number: int) -> list[bytes]:
    """The decoded text of a record changed, its bytes left as they were."""
    fields = msgspec.json.decode(LINES[number]) | {"volume_nl": 1, "depth_um": 2}
    return [*LINES[:number], msgspec.json.encode(fields), *LINES[number + 1 :]]


# lines of the file, shots that the report has, problems that it tells
BROKEN = {
    "intent damaged": (flipped(SHOT, 20), 4, [f"record {SHOT} is damaged: its checksum"]),
    "result damaged": (flipped(SHOT, 80), 4, [f"record {SHOT} is damaged: its checksum"]),
    "rewritten": (rewritten(SHOT), 5, [f"record 8 does not follow on from record {SHOT}"]),
    "retold": (retold(SHOT), 5, ["line 8: its text and its bytes differ (depth_um, volume_nl)"]),
    "one missing": (LINES[:SHOT] + LINES[SHOT + 1 :], 4, [f"record {SHOT} is missing"]),
    "some missing": (LINES[:SHOT] + LINES[SHOT + 3 :], 2, ["records 7 to 9 are missing"]),
    "first missing": ([LINES[0], *LINES[3:]], 5, []),
    "not json": ([*LINES[:SHOT], b"{", *LINES[SHOT + 1 :]], 4, ["line 8: it holds", "record 7 is"]),
    "no raw": ([*LINES[:SHOT], b'{"number":7}', *LINES[SHOT + 1 :]], 4, ["line 8: it holds no"]),
    "raw too short": (
        [*LINES[:SHOT], with_raw(LINES[SHOT], b"12"), *LINES[SHOT + 1 :]], 4, ["line 8: it holds"],
    ),
    "not in order": (
        [*LINES[:SHOT], LINES[SHOT + 1], LINES[SHOT], *LINES[SHOT + 2 :]],
        5,
        ["record 7 is missing", "record 7 comes after record 8", "record 8 is missing"],
    ),
    "head damaged": ([b"?", *LINES[1:]], 5, ["line 1: the log's head is damaged"]),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "shots", "problems"), BROKEN.values(), ids=BROKEN)
def test_a_broken_log_is_reported_and_says_where(parts, shots, problems):
    report = report_of(joined(parts))
    assert report.total.shots == shots
    assert report.chain.whole == (not problems)
    for problem in problems:
        assert any(told.startswith(problem) for told in report.chain.problems), report.chain
    assert any("not whole" in note for note in report.notes) == bool(problems)


def test_a_sound_log_is_whole():
    chain = report_of(log_file(LOG.raws)).chain
    assert (chain.whole, chain.first, chain.last) == (True, 1, len(LOG.raws))
    assert chain.records == len(LOG.raws)


@pytest.mark.parametrize("cut", [1, 2, 300])
def test_a_half_written_last_line_is_left_out(cut):
    report = report_of(log_file(LOG.raws)[:-cut])
    assert report.chain.whole
    assert report.chain.last == len(LOG.raws) - 1
    assert report.state == "open"
    assert any("half-written" in note for note in report.notes)


@pytest.mark.parametrize("parts", [[LINES[0], b"{}"], [LINES[0], flipped(1, 20)[1]]])
def test_a_log_without_a_whole_record(parts):
    with pytest.raises(RecordsBroken, match="no record that is whole"):
        report_of(joined(parts))


def test_many_problems_are_cut_short():
    keep = [raw for number, raw in enumerate(LogMaker(raws=long().raws).raws) if number % 2]
    problems = report_of(log_file(keep)).chain.problems
    assert len(problems) == 21
    assert problems[-1].startswith("and ")


def long() -> LogMaker:
    log = made()
    log.begin()
    for _ in range(60):
        log.shot()
    return log


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no gun's log"),
        (b"\n", "no gun's log"),
        (b"title = 'Nappage'\n", "no gun's log"),
        (b'{"a": 1}\n[1]\n"raw"\nnull\n', "no gun's log"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no gun's log"),
        (b"[" * 100_000 + b"\n", "no gun's log"),
        (LINES[1] + b"\n", "no gun's log"),
        (
            LINES[0].replace(b'"format":1', b'"format":2') + b"\n",
            "written by a newer mesogun (format 2",
        ),
    ],
)
def test_no_log(data, words):
    with pytest.raises(NotALog, match=r"gun\.jsonl") as refused:
        parse_log(data, "gun.jsonl")
    assert words in str(refused.value)


def test_a_file_that_cannot_be_read(tmp_path: Path):
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(NotALog, match="cannot be read"):
            read_log(path)


def test_a_log_of_a_head_only():
    log = parse_log(LINES[0] + b"\n", "gun.jsonl")
    assert (log.header, log.held, log.torn) == (HEADER, (), False)


def test_an_absurd_clock_of_the_archive_does_not_count():
    fields = msgspec.json.decode(LINES[SHOT])
    for unix_ms in (-1, 1 << 62, "noon", None, True):
        line = msgspec.json.encode(fields | {"unix_ms": unix_ms})
        log = parse_log(joined([LINES[0], line]), "gun.jsonl")
        assert log.held[0].unix_ms is None


@given(st.binary(max_size=400), st.integers(0, len(LINES)))
def test_nothing_in_a_file_makes_it_fail(noise, at):
    data = joined([*LINES[:at], noise, *LINES[at:]])
    try:
        log = parse_log(data, "gun.jsonl")
    except NotALog:
        return
    assert (
        build_report(log.held, None, log.header, damage=log.damage, torn=log.torn).total.shots == 5
    )


@given(st.integers(1, len(LINES) - 1), st.data())
def test_every_changed_byte_of_a_record_shows(number, data):
    raw = bytearray(LOG.raws[number - 1])
    index = data.draw(st.integers(0, records.RECORD_BYTES - 1))
    raw[index] ^= data.draw(st.integers(1, 255))
    changed = [*LINES[:number], with_raw(LINES[number], bytes(raw)), *LINES[number + 1 :]]
    assert not report_of(joined(changed)).chain.whole
