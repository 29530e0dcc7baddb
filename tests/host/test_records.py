"""Typed records equal core's, and a chain says where and how it breaks."""

import msgspec
import pytest
from benches import chained
from hypothesis import given
from hypothesis import strategies as st

from mesofw.core import errors
from mesofw.core import records as core
from mesohost import records
from mesohost.records import Break, Chain, ShotRecord

RAWS = chained(20)


def test_the_names_are_cores():
    assert tuple(field.name for field in msgspec.structs.fields(ShotRecord)) == core.NAMES


@given(st.binary(min_size=96, max_size=96))
def test_any_bytes_decode_as_core_unpacks_them(raw: bytes):
    theirs = core.Record()
    core.unpack(raw, theirs)
    ours = records.decode(raw)
    assert {name: getattr(ours, name) for name in core.NAMES} == vars(theirs)


def test_only_96_bytes_are_a_record():
    with pytest.raises(ValueError, match="95 bytes"):
        records.decode(bytes(95))


def test_kind_and_flags_read_as_words():
    event = records.decode(RAWS[0])
    assert not event.is_shot
    assert event.event == errors.name(errors.EVENT_ALERT)
    shot = msgspec.structs.replace(event, kind=core.SHOT, flags=core.COMPLETE)
    assert (shot.is_shot, shot.event, shot.complete) == (True, "", True)
    assert msgspec.structs.replace(shot, flags=core.PARTIAL).partial
    assert msgspec.structs.replace(shot, flags=core.INTERRUPTED).interrupted


def test_a_whole_chain_is_whole_from_anywhere():
    assert records.verify(RAWS) is None
    assert records.verify(RAWS[7:]) is None
    assert records.verify([]) is None
    assert records.verify(RAWS[5:], Chain.after(5, RAWS[4])) is None


@pytest.mark.parametrize("bit", [0, 8 * 40, 8 * 95])
def test_a_damaged_record_is_told(bit: int):
    raws = list(RAWS)
    damaged = bytearray(raws[6])
    damaged[bit // 8] ^= 1
    raws[6] = bytes(damaged)
    assert records.verify(raws) == Break(7, records.DAMAGED)


def test_a_missing_record_is_told():
    assert records.verify([*RAWS[:4], *RAWS[5:]]) == Break(6, records.GAP)
    assert "missing before it" in str(records.verify([*RAWS[:4], *RAWS[5:]]))


def test_a_record_of_another_chain_is_told():
    other = chained(20, boot=2)
    assert records.verify([*RAWS[:4], *other[4:]]) == Break(5, records.UNCHAINED)
    assert records.verify(RAWS[3:], Chain.after(3, other[2])) == Break(4, records.UNCHAINED)
    assert records.verify(RAWS[1:], Chain()) == Break(2, records.GAP)


def test_a_chain_begins_with_nothing_before_it():
    first = bytearray(RAWS[0])
    record = core.Record()
    core.unpack(first, record)
    core.pack_intent(first, record, b"x" * core.CHAIN_BYTES)
    core.pack_result(first, record)
    assert records.verify([bytes(first)]) == Break(1, records.UNCHAINED)
