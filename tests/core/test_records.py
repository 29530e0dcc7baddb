"""A record: 96 bytes, intent and result, each with its CRC, chained by SHA-256."""

import hashlib

from mesofw.core import records
from mesofw.core.records import INTENT, INTENT_BYTES, NAMES, RECORD_BYTES, RESULT, Record

VERIFIES = {
    "test_an_intent_is_good_before_its_result_and_whole_with_it": ("SR-154",),
    "test_every_wrong_bit_is_found": ("SR-153", "SR-154"),
    "test_a_result_belongs_to_its_intent_only": ("SR-155",),
    "test_the_chain_link_is_the_sha_256_of_the_record_cut_to_16": ("SR-156",),
}

SIZES = {"B": 1, "H": 2, "I": 4}


def filled():
    """A record whose every field holds the largest number that fits, less its place."""
    record = Record()
    place = 0
    for name, code in INTENT + RESULT:
        place += 1
        setattr(record, name, (1 << 8 * SIZES[code]) - 1 - place)
    record.kind = records.SHOT
    return record


def packed(record, prev=bytes(range(16))):
    buffer = bytearray(RECORD_BYTES)
    records.pack_intent(buffer, record, prev)
    records.pack_result(buffer, record)
    return buffer


def test_a_record_has_96_bytes_and_an_intent_52():
    assert RECORD_BYTES == 96
    fields = sum(SIZES[code] for _, code in INTENT)
    assert INTENT_BYTES == fields + 16 + 4 == 52
    assert RECORD_BYTES == INTENT_BYTES + sum(SIZES[code] for _, code in RESULT) + 4


def test_every_field_is_an_attribute_and_named_once():
    assert len(set(NAMES)) == len(NAMES) == len(INTENT) + len(RESULT)
    record = Record()
    for name in NAMES:
        assert getattr(record, name) == 0


def test_what_is_packed_is_what_is_unpacked():
    record = filled()
    buffer = packed(record)
    told = Record()
    records.unpack(buffer, told)
    for name in NAMES:
        assert getattr(told, name) == getattr(record, name), name
    assert records.number(buffer) == record.number
    assert records.prev(buffer) == bytes(range(16))


def test_the_layout_is_little_endian_and_in_order():
    record = Record()
    record.number = 0x04030201
    record.boot = 0x0605
    record.kind = records.SHOT
    buffer = packed(record, bytes(16))
    assert bytes(buffer[:7]) == bytes([1, 2, 3, 4, 5, 6, 1])


def test_an_intent_is_good_before_its_result_and_whole_with_it():
    record = filled()
    buffer = bytearray(b"\xa5" * RECORD_BYTES)
    assert not records.intent_good(buffer)
    records.pack_intent(buffer, record, bytes(16))
    assert records.intent_good(buffer)
    assert not records.whole(buffer)
    assert bytes(buffer[INTENT_BYTES:]) == bytes(RECORD_BYTES - INTENT_BYTES)
    records.pack_result(buffer, record)
    assert records.intent_good(buffer)
    assert records.whole(buffer)


def test_the_result_leaves_the_intent_as_it_was():
    record = filled()
    buffer = bytearray(RECORD_BYTES)
    records.pack_intent(buffer, record, bytes(16))
    before = bytes(buffer[:INTENT_BYTES])
    record.number = 1
    record.depth_um = 1
    records.pack_result(buffer, record)
    assert bytes(buffer[:INTENT_BYTES]) == before


def test_empty_memory_is_no_record():
    for byte in (b"\x00", b"\xff"):
        assert not records.intent_good(byte * RECORD_BYTES)
        assert not records.whole(byte * RECORD_BYTES)


def test_every_wrong_bit_is_found():
    buffer = packed(filled())
    for place in range(RECORD_BYTES):
        for bit in range(8):
            buffer[place] ^= 1 << bit
            assert not records.whole(buffer), (place, bit)
            if place < INTENT_BYTES:
                assert not records.intent_good(buffer), (place, bit)
            buffer[place] ^= 1 << bit
    assert records.whole(buffer)


def test_a_result_belongs_to_its_intent_only():
    record = filled()
    old = packed(record)
    record.number -= 8
    new = packed(record)
    for name in ("end_ms", "volume_stepped_nl", "flags"):
        setattr(record, name, 1)
    other = packed(record)
    assert not records.whole(new[:INTENT_BYTES] + old[INTENT_BYTES:])
    assert not records.whole(old[:INTENT_BYTES] + new[INTENT_BYTES:])
    assert not records.whole(old[:INTENT_BYTES] + other[INTENT_BYTES:])
    assert records.whole(new[:INTENT_BYTES] + other[INTENT_BYTES:])


def test_a_kind_that_nobody_knows_is_no_record():
    record = filled()
    for kind in (0, 3, 255):
        record.kind = kind
        assert not records.whole(packed(record))
    for kind in records.KINDS:
        record.kind = kind
        assert records.whole(packed(record))


def test_the_chain_link_is_the_sha_256_of_the_record_cut_to_16():
    buffer = packed(filled())
    assert records.digest(buffer) == hashlib.sha256(bytes(buffer)).digest()[:16]
    assert len(records.digest(buffer)) == records.CHAIN_BYTES


def test_flags_are_different_bits():
    flags = (
        records.COMPLETE,
        records.PARTIAL,
        records.INTERRUPTED,
        records.DRY,
        records.OPEN_SESSION,
    )
    assert sum(flags) == 31
