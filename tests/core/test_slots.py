"""Two-slot storage: a torn write leaves the older payload; empty and corrupt are told apart."""

from mesofw.core import errors, slots
from mesofw.core.slots import TRAILER_BYTES, FileSlots, FramSlots, later, read_trailer, trailer
from tests.core.support.board import MemoryBoard, PowerLost
from tests.core.support.check import raises

VERIFIES = {
    "test_counters_wrap": ("SR-141",),
    "test_each_write_goes_to_the_other_slot": ("SR-138",),
    "test_a_file_write_torn_at_any_byte_leaves_the_older_or_the_newer": ("SR-138",),
    "test_a_damaged_byte_anywhere_is_found": ("SR-139",),
    "test_with_both_slots_damaged_it_is_corrupt_and_not_empty": ("SR-139",),
    "test_the_later_counter_counts_across_the_wrap": ("SR-141",),
    "test_a_store_that_reads_back_wrong_says_so_and_keeps_the_older": ("SR-140",),
    "test_a_write_to_journal_memory_torn_at_any_byte_leaves_the_older": ("SR-142",),
}

OLD = b'{"old":1}' * 5
NEW = b'{"new":22}' * 8


def found(board, name="settings"):
    """(state, payload) as a restart finds them."""
    file_slots = FileSlots(board, name)
    payload = file_slots.load()
    return file_slots.state, None if payload is None else bytes(payload)


def test_a_trailer_comes_back_and_a_damaged_one_does_not():
    data = bytearray(trailer(7, 1000, 0xDEADBEEF))
    assert len(data) == TRAILER_BYTES
    assert read_trailer(data) == (7, 1000, 0xDEADBEEF)
    for place in range(TRAILER_BYTES):
        data[place] ^= 4
        assert read_trailer(data) is None, place
        data[place] ^= 4
    assert read_trailer(bytes(TRAILER_BYTES)) is None
    assert read_trailer(b"\xff" * TRAILER_BYTES) is None


def test_counters_wrap():
    last = (1 << 30) - 1
    assert later(1, 0)
    assert not later(0, 1)
    assert not later(5, 5)
    assert later(0, last)
    assert not later(last, 0)
    assert later(3, last - 3)


def test_nothing_stored_is_empty():
    board = MemoryBoard()
    assert found(board) == (errors.SLOT_EMPTY, None)


def test_what_is_stored_is_found_again():
    board = MemoryBoard()
    file_slots = FileSlots(board, "settings")
    for payload in (b"x", OLD, NEW, b"", bytes(2000)):
        file_slots.store(payload)
        assert file_slots.state == 0
        assert file_slots.length == len(payload)
        assert found(board) == (0, payload)
    assert sorted(board.held) == ["settings.a", "settings.b"]


def test_each_write_goes_to_the_other_slot():
    board = MemoryBoard()
    file_slots = FileSlots(board, "settings")
    file_slots.store(OLD)
    kept = dict(board.held)
    file_slots.store(NEW)
    for name in kept:
        if kept[name]:
            assert board.held[name] == kept[name]


def test_stores_are_named_apart():
    board = MemoryBoard()
    FileSlots(board, "settings").store(OLD)
    FileSlots(board, "program").store(NEW)
    assert found(board, "settings") == (0, OLD)
    assert found(board, "program") == (0, NEW)


def test_a_file_write_torn_at_any_byte_leaves_the_older_or_the_newer():
    board = MemoryBoard()
    FileSlots(board, "settings").store(OLD)
    before = board.memory()
    spent = board.power.spent
    FileSlots(board, "settings").store(NEW)
    total = board.power.spent - spent
    for budget in range(total):
        board.restore(before)
        file_slots = FileSlots(board, "settings")
        board.power.budget = budget
        raises(PowerLost, file_slots.store, NEW)
        board.power.budget = None
        assert found(board) == (0, OLD), budget
        # And the next write works.
        FileSlots(board, "settings").store(NEW)
        assert found(board) == (0, NEW), budget


def test_a_slot_cut_to_any_length_is_not_believed():
    board = MemoryBoard()
    file_slots = FileSlots(board, "settings")
    file_slots.store(OLD)
    file_slots.store(NEW)
    newest = [name for name in board.held if board.held[name][: len(NEW)] == NEW][0]
    whole = board.held[newest]
    for length in range(len(whole)):
        board.held[newest] = whole[:length]
        assert found(board) == (0, OLD), length
    board.held[newest] = whole
    assert found(board) == (0, NEW)


def test_a_damaged_byte_anywhere_is_found():
    board = MemoryBoard()
    file_slots = FileSlots(board, "settings")
    file_slots.store(OLD)
    file_slots.store(NEW)
    newest = [name for name in board.held if board.held[name][: len(NEW)] == NEW][0]
    whole = board.held[newest]
    for place in range(len(whole)):
        spoilt = bytearray(whole)
        spoilt[place] ^= 0x10
        board.held[newest] = bytes(spoilt)
        assert found(board) == (0, OLD), place


def test_with_both_slots_damaged_it_is_corrupt_and_not_empty():
    board = MemoryBoard()
    file_slots = FileSlots(board, "settings")
    file_slots.store(OLD)
    file_slots.store(NEW)
    for name in board.held:
        board.held[name] = board.held[name][:-1] + b"?"
    assert found(board) == (errors.SLOT_CORRUPT, None)
    FileSlots(board, "settings").store(OLD)
    assert found(board) == (0, OLD)


def test_one_damaged_slot_and_no_other_is_corrupt():
    for name in ("settings.a", "settings.b"):
        board = MemoryBoard()
        board.held[name] = b"half a payload"
        assert found(board) == (errors.SLOT_CORRUPT, None)


def test_a_file_of_no_bytes_is_empty():
    board = MemoryBoard()
    board.held["settings.a"] = b""
    assert found(board) == (errors.SLOT_EMPTY, None)


def test_the_later_counter_counts_across_the_wrap():
    board = MemoryBoard()
    file_slots = FileSlots(board, "settings")
    file_slots.counter = (1 << 30) - 3
    for payload in (b"one", b"two", b"three", b"four", b"five"):
        file_slots.store(payload)
        assert found(board) == (0, payload)


def test_a_store_that_reads_back_wrong_says_so_and_keeps_the_older():
    class Forgetful(MemoryBoard):
        def open(self, name, mode):
            file = MemoryBoard.open(self, name, mode)
            if mode == "rb" and self.forgets and name in self.held:
                file._data = b"?" + bytes(file._data[1:])
            return file

    board = Forgetful()
    board.forgets = False
    file_slots = FileSlots(board, "settings")
    file_slots.store(OLD)
    board.forgets = True
    error = raises(OSError, file_slots.store, NEW)
    assert error.args[0] == errors.STORE_FAILED
    board.forgets = False
    assert found(board) == (0, OLD)


def test_files_that_fail_leave_the_older():
    board = MemoryBoard()
    FileSlots(board, "settings").store(OLD)
    board.flash_fails = True
    raises(OSError, FileSlots(board, "settings").store, NEW)
    board.flash_fails = False
    assert found(board) == (0, OLD)


def test_a_payload_may_be_written_in_pieces_at_any_offset():
    board = MemoryBoard()
    file_slots = FileSlots(board, "program")
    file_slots.begin()
    file_slots.write_at(4, b"efgh")
    file_slots.write_at(0, b"abcd")
    file = file_slots.reread()
    buffer = bytearray(8)
    file.readinto(buffer)
    file.close()
    assert buffer == b"abcdefgh"
    file_slots.finish(8, slots.binascii.crc32(buffer))
    assert found(board, "program") == (0, b"abcdefgh")


def test_a_payload_begun_and_left_changes_nothing():
    board = MemoryBoard()
    FileSlots(board, "program").store(OLD)
    file_slots = FileSlots(board, "program")
    file_slots.begin()
    file_slots.write(b"something else")
    file_slots.close()
    assert file_slots.load() == OLD
    assert found(board, "program") == (0, OLD)


SIZE = 24


def fram_board(*payloads):
    board = MemoryBoard(512)
    for payload in payloads:
        fram_slots = FramSlots(board, 16, SIZE)
        fram_slots.payload[:] = payload
        fram_slots.store()
    return board


def test_journal_memory_that_was_never_written_is_empty():
    for byte in (0, 0xFF):
        board = MemoryBoard(512)
        board.fram[:] = bytes([byte]) * 512
        fram_slots = FramSlots(board, 16, SIZE)
        assert fram_slots.state == errors.SLOT_EMPTY
        assert fram_slots.payload == bytes(SIZE)


def test_what_is_in_journal_memory_is_found_again():
    board = MemoryBoard(512)
    for number in range(1, 6):
        fram_slots = FramSlots(board, 16, SIZE)
        fram_slots.payload[:] = bytes([number]) * SIZE
        fram_slots.store()
        again = FramSlots(board, 16, SIZE)
        assert (again.state, again.counter) == (0, number)
        assert again.payload == bytes([number]) * SIZE


def test_slots_in_journal_memory_keep_to_their_bytes():
    board = fram_board(b"\x01" * SIZE, b"\x02" * SIZE)
    end = 16 + FramSlots.bytes_needed(SIZE)
    assert bytes(board.fram[:16]) == bytes(16)
    assert bytes(board.fram[end:]) == bytes(512 - end)


def test_a_write_to_journal_memory_torn_at_any_byte_leaves_the_older():
    old, new = b"\x05" * SIZE, bytes(range(SIZE))
    before = fram_board(b"\x04" * SIZE, old).memory()
    for budget in range(SIZE + TRAILER_BYTES):
        board = MemoryBoard(512)
        board.restore(before)
        fram_slots = FramSlots(board, 16, SIZE)
        fram_slots.payload[:] = new
        board.power.budget = budget
        raises(PowerLost, fram_slots.store)
        board.power.budget = None
        again = FramSlots(board, 16, SIZE)
        assert (again.state, bytes(again.payload)) == (0, old), budget
        again.payload[:] = new
        again.store()
        assert FramSlots(board, 16, SIZE).payload == new


def test_the_very_first_write_torn_is_empty_or_corrupt_but_never_believed():
    for budget in range(SIZE + TRAILER_BYTES):
        board = MemoryBoard(512)
        fram_slots = FramSlots(board, 16, SIZE)
        fram_slots.payload[:] = bytes(range(SIZE))
        board.power.budget = budget
        raises(PowerLost, fram_slots.store)
        board.power.budget = None
        again = FramSlots(board, 16, SIZE)
        assert again.state == (errors.SLOT_EMPTY if budget < 2 else errors.SLOT_CORRUPT), budget
        assert again.payload == bytes(SIZE)


def test_damaged_journal_memory_is_corrupt():
    board = fram_board(b"\x01" * SIZE, b"\x02" * SIZE)
    for address in range(16, 16 + FramSlots.bytes_needed(SIZE)):
        board.fram[address] ^= 1
    assert FramSlots(board, 16, SIZE).state == errors.SLOT_CORRUPT


def test_the_counter_in_journal_memory_wraps():
    board = MemoryBoard(512)
    fram_slots = FramSlots(board, 16, SIZE)
    fram_slots.counter = (1 << 30) - 2
    for number in range(5):
        fram_slots.payload[0] = number
        fram_slots.store()
        assert FramSlots(board, 16, SIZE).payload[0] == number
