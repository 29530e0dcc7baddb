"""Errors thrown as a record is written: its shot counts once, and the chain holds."""

from mesofw.core import records, states
from tests.explore.moves import MOVES
from tests.explore.roots import closing, priming, retracting
from tests.explore.watched import Watched

_BY_NAME = {name: act for name, _, act in MOVES}


def _do(bench: Watched, *names: str) -> None:
    for name in names:
        _BY_NAME[name](bench)


def test_a_shot_whose_result_cannot_be_written_at_once_is_counted_once() -> None:
    bench = closing("plain")
    session = bench.gun.session
    while bench.gun.journal.open or not session.shots:
        # Each but the last step of the shot goes well: its result is the next that is written.
        bench.eye.throws = "fram_write"
        assert bench.step(bench.now_us + 1_000_000)
    bench.eye.throws = ""
    assert bench.gun.state == states.FAULT
    assert session.shots == 1
    assert session.zone_left() == 0


def test_the_chain_goes_on_where_the_ring_fails_as_its_records_are_moved() -> None:
    for stage in (priming, retracting):
        bench = stage("plain")
        _do(bench, "error in next fram_write", "syringe out", "turn", "next", "next")
        buffer = bytearray(records.RECORD_BYTES)
        journal = bench.gun.journal
        links = []
        for number in range(journal.first(), journal.last + 1):
            assert journal.read(number, buffer) == 1
            links.append((records.prev(buffer), records.digest(buffer)))
        assert [prev for prev, _ in links[1:]] == [digest for _, digest in links[:-1]]
