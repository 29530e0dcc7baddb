"""Records at rest: files of up to 512 records, read by number, forgotten by whole files."""

from mesofw.core import records
from mesofw.core.records import RECORD_BYTES
from mesofw.core.store import FILE_RECORDS, RESERVE_BYTES, Store
from tests.core.support.board import MemoryBoard, PowerLost
from tests.core.support.check import raises

VERIFIES = {
    "test_whole_files_are_forgotten_but_never_the_last": ("SR-162",),
    "test_a_torn_append_leaves_whole_records_and_the_next_overwrites_the_rest": ("SR-161",),
    "test_room_is_what_is_free_less_a_reserve_for_programs": ("SR-164",),
}


def block(first, count):
    """The bytes of records: each is its number, over and over."""
    return b"".join(number.to_bytes(4, "little") * 24 for number in range(first, first + count))


def held(store, first, count):
    """The numbers of the records that the store gives from `first` on."""
    out = []
    buffer = bytearray(3 * RECORD_BYTES)
    number = first
    while number < first + count:
        wanted = min(3, first + count - number)
        got = store.read(number, memoryview(buffer)[: wanted * RECORD_BYTES])
        if not got:
            break
        for index in range(got):
            part = buffer[index * RECORD_BYTES : (index + 1) * RECORD_BYTES]
            assert bytes(part) == bytes(part[:4]) * 24
            out.append(records.number(part))
        number += got
    return out


def filled(board, upto, first=1, step=37):
    store = Store(board)
    number = first
    while number <= upto:
        count = min(step, upto + 1 - number)
        store.append(number, block(number, count), count)
        number += count
    return store


def test_an_empty_store_holds_nothing():
    store = Store(MemoryBoard())
    assert (store.first, store.last) == (1, 0)
    assert store.read(1, bytearray(RECORD_BYTES)) == 0
    assert store.read(0, bytearray(RECORD_BYTES)) == 0
    assert store.last_digest() is None


def test_records_are_read_back_by_number():
    board = MemoryBoard()
    store = filled(board, 100)
    assert (store.first, store.last) == (1, 100)
    for first in (1, 2, 36, 37, 38, 99, 100):
        assert held(store, first, 101 - first) == list(range(first, 101))
    assert store.read(101, bytearray(RECORD_BYTES)) == 0
    assert store.last_digest() == records.digest(block(100, 1))


def test_a_file_holds_up_to_512_records_and_is_named_by_its_first():
    board = MemoryBoard()
    filled(board, 1100)
    assert sorted(board.held) == ["log.00000001", "log.00000512", "log.00001024"]
    assert len(board.held["log.00000001"]) == 511 * RECORD_BYTES
    assert len(board.held["log.00000512"]) == FILE_RECORDS * RECORD_BYTES
    assert len(board.held["log.00001024"]) == 77 * RECORD_BYTES


def test_one_append_may_span_files():
    board = MemoryBoard()
    store = filled(board, 500)
    store.append(501, block(501, 32), 32)
    assert (store.first, store.last) == (1, 532)
    assert held(store, 490, 43) == list(range(490, 533))


def test_a_restart_finds_the_same_records():
    board = MemoryBoard()
    filled(board, 1100)
    store = Store(board)
    assert (store.first, store.last) == (1, 1100)
    assert held(store, 1, 1100) == list(range(1, 1101))
    store.append(1101, block(1101, 5), 5)
    assert held(Store(board), 1090, 16) == list(range(1090, 1106))


def test_a_read_stays_within_one_file_and_the_buffer():
    store = filled(MemoryBoard(), 600)
    buffer = bytearray(10 * RECORD_BYTES)
    assert store.read(508, buffer) == 4
    assert store.read(512, buffer) == 10
    assert store.read(595, buffer) == 6
    assert store.read(512, bytearray(RECORD_BYTES - 1)) == 0


def test_reading_and_appending_may_alternate():
    store = filled(MemoryBoard(), 50)
    for number in range(51, 80):
        assert held(store, number - 5, 5) == list(range(number - 5, number))
        store.append(number, block(number, 1), 1)
    assert held(store, 1, 79) == list(range(1, 80))


def test_a_gap_stays_a_gap():
    board = MemoryBoard()
    store = filled(board, 20)
    store.append(100, block(100, 5), 5)
    for seen in (store, Store(board)):
        assert (seen.first, seen.last) == (1, 104)
        assert held(seen, 1, 20) == list(range(1, 21))
        assert seen.read(21, bytearray(RECORD_BYTES)) == 0
        assert seen.read(99, bytearray(RECORD_BYTES)) == 0
        assert held(seen, 100, 5) == list(range(100, 105))


def test_a_lost_file_is_a_gap():
    board = MemoryBoard()
    filled(board, 1100)
    board.remove("log.00000512")
    store = Store(board)
    assert (store.first, store.last) == (1, 1100)
    assert store.read(600, bytearray(RECORD_BYTES)) == 0
    assert held(store, 1024, 77) == list(range(1024, 1101))


def test_whole_files_are_forgotten_but_never_the_last():
    board = MemoryBoard()
    store = filled(board, 1100)
    store.forget(510)
    assert store.first == 1
    store.forget(511)
    assert store.first == 512
    assert "log.00000001" not in board.held
    store.forget(10_000)
    assert (store.first, store.last) == (1024, 1100)
    assert sorted(board.held) == ["log.00001024"]
    assert (Store(board).first, Store(board).last) == (1024, 1100)
    assert held(store, 1024, 77) == list(range(1024, 1101))


def test_forgetting_works_while_a_file_is_being_read():
    store = filled(MemoryBoard(), 1100)
    assert held(store, 1, 5) == [1, 2, 3, 4, 5]
    store.forget(511)
    assert held(store, 1, 5) == []
    assert held(store, 512, 3) == [512, 513, 514]


def test_a_torn_append_leaves_whole_records_and_the_next_overwrites_the_rest():
    board = MemoryBoard()
    filled(board, 40)
    name = "log.00000001"
    whole = board.held[name]
    for extra in range(1, RECORD_BYTES):
        board.held[name] = whole + b"\xa5" * extra
        store = Store(board)
        assert store.last == 40
        store.append(41, block(41, 2), 2)
        assert len(board.held[name]) == 42 * RECORD_BYTES
        assert held(Store(board), 39, 4) == [39, 40, 41, 42]


def test_power_lost_in_an_append_leaves_what_was_there():
    board = MemoryBoard()
    filled(board, 505)
    before = board.memory()
    for budget in (0, 1, 95, 96, 500, 671, 672, 673, 700, 1500):
        board.restore(before)
        store = Store(board)
        board.power.budget = budget
        raises(PowerLost, store.append, 506, block(506, 32), 32)
        board.power.budget = None
        store = Store(board)
        assert store.last in (505, 511), (budget, store.last)
        assert held(store, 500, store.last - 499) == list(range(500, store.last + 1))
        first = store.last + 1
        store.append(first, block(first, 40), 40)
        assert held(Store(board), 500, first - 460) == list(range(500, first + 40))


def test_a_file_that_was_made_but_never_filled_is_no_gap():
    board = MemoryBoard()
    filled(board, 511)
    board.held["log.00000512"] = b""
    store = Store(board)
    assert store.last == 511
    store.append(512, block(512, 3), 3)
    assert held(Store(board), 505, 10) == list(range(505, 515))


def test_an_append_that_failed_may_be_tried_again_and_loses_nothing():
    board = MemoryBoard()
    store = filled(board, 511)
    board.flash_fails = True
    raises(OSError, store.append, 512, block(512, 32), 32)
    raises(OSError, store.append, 512, block(512, 32), 32)
    assert store.last == 511
    board.flash_fails = False
    store.append(512, block(512, 32), 32)
    assert held(store, 500, 44) == list(range(500, 544))
    store.forget(511)
    assert (store.first, store.last) == (512, 543)
    assert held(store, 512, 32) == list(range(512, 544))
    assert sorted(board.held) == ["log.00000512"]


def test_other_files_are_none_of_its_business():
    board = MemoryBoard()
    board.held["program.a"] = bytes(500)
    board.held["log.old"] = bytes(500)
    board.held["log.previous"] = bytes(500)
    store = Store(board)
    assert (store.first, store.last) == (1, 0)
    filled(board, 600)
    Store(board).forget(600)
    assert "log.old" in board.held
    assert "program.a" in board.held


def test_room_is_what_is_free_less_a_reserve_for_programs():
    board = MemoryBoard()
    store = Store(board)
    assert store.room() == (board.free_bytes() - RESERVE_BYTES) // RECORD_BYTES
    assert store.room() > 10_000
    board.flash_bytes = RESERVE_BYTES
    store.look()
    assert store.room() == 0
    board.flash_bytes = RESERVE_BYTES - 5000
    store.look()
    assert store.room() == 0
