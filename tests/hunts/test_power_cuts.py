"""A slice of the hunt for power cuts; `make soak` runs the long one."""

import pytest

from tests.hunts.cuts import hunt, recoveries
from tests.hunts.tape import FRAM, Images, Write, cuts, every_byte, some
from tests.hunts.truth import broken_chain
from tests.hunts.written import Part, whole_session


@pytest.fixture(scope="module")
def session() -> tuple[list[Part], dict[int, bytes]]:
    return whole_session()


def test_the_session_stores_in_journal_memory_and_flash_and_its_log_is_whole(session):
    parts, rows = session
    for part in parts:
        assert part.writes, part.name
    assert broken_chain(rows) == 0
    assert len(rows) > 530, "no second file was begun"


def test_no_power_cut_loses_or_invents_a_record_or_uses_half_of_anything(session):
    parts, rows = session
    out = hunt(parts, rows, some(0.0002, 7, 0.01, 0.1))
    assert not out.losses
    assert set(out.by_part) == {part.name for part in parts}
    assert out.tried > 200


def test_a_cut_in_the_start_after_a_cut_loses_no_more(session):
    parts, rows = session
    tried = 0
    for part, known in recoveries(parts, rows, 80):
        out = hunt([part], known, some(0.0002, 7, 0.01, 0.2))
        assert not out.losses
        tried += out.tried
    assert tried > 20


def test_a_cut_may_strike_every_byte_in_order_or_torn():
    blank = Images(bytearray(4), bytearray(b"\xff" * 4))
    log = Write(FRAM, 1, b"abc", None, "")
    assert [bytes(cut.fram) for *_, cut in cuts([log], blank, every_byte)] == [
        b"\0\0\0\0", b"\0a\0\0", b"\0ab\0",
    ]  # fmt: skip
    program = Write(1, 0, b"\0\0\0\0", None, "")
    found = [(torn > 0, bytes(cut.flash)) for *_, torn, cut in cuts([program], blank, every_byte)]
    in_order = [data for torn, data in found if not torn]
    assert in_order == [b"\0" * count + b"\xff" * (4 - count) for count in range(4)]
    mixed = [data for torn, data in found if torn]
    assert mixed
    assert all(set(data) - {0, 0xFF} for data in mixed)
