"""The counters that outlive power."""

from mesofw.core import errors
from mesofw.core.memory import Memory
from tests.core.support.board import MemoryBoard, PowerLost
from tests.core.support.check import raises

VERIFIES = {
    "test_what_an_archive_acknowledged_is_kept_and_never_goes_back": ("SR-163",),
    "test_a_write_torn_at_any_byte_leaves_the_counters_before_it": ("SR-142",),
}

ARCHIVE = bytes(range(16))


def test_a_new_gun_has_counted_nothing():
    memory = Memory(MemoryBoard())
    assert (memory.boot, memory.acknowledged, memory.archive) == (0, 0, bytes(16))
    assert memory.state == errors.SLOT_EMPTY


def test_boots_are_counted():
    board = MemoryBoard()
    for boot in range(1, 5):
        memory = Memory(board)
        memory.count_boot()
        assert memory.boot == Memory(board).boot == boot


def test_the_boot_count_wraps_to_one():
    board = MemoryBoard()
    memory = Memory(board)
    memory.boot = 65_534
    memory.count_boot()
    assert memory.boot == 65_535
    memory.count_boot()
    assert Memory(board).boot == 1


def test_what_an_archive_acknowledged_is_kept_and_never_goes_back():
    board = MemoryBoard()
    memory = Memory(board)
    memory.acknowledge(100, ARCHIVE)
    memory.acknowledge(40, ARCHIVE)
    again = Memory(board)
    assert (again.acknowledged, again.archive) == (100, ARCHIVE)
    again.acknowledge(250, ARCHIVE)
    assert Memory(board).acknowledged == 250


def test_one_counter_leaves_the_others_alone():
    board = MemoryBoard()
    Memory(board).acknowledge(7, ARCHIVE)
    Memory(board).count_boot()
    memory = Memory(board)
    assert (memory.boot, memory.acknowledged, memory.archive) == (1, 7, ARCHIVE)


def test_a_write_torn_at_any_byte_leaves_the_counters_before_it():
    board = MemoryBoard()
    Memory(board).acknowledge(7, ARCHIVE)
    Memory(board).count_boot()
    before = board.memory()
    spent = board.power.spent
    Memory(board).count_boot()
    total = board.power.spent - spent
    assert total > 20
    for budget in range(total):
        board.restore(before)
        memory = Memory(board)
        board.power.budget = budget
        raises(PowerLost, memory.count_boot)
        board.power.budget = None
        memory = Memory(board)
        assert (memory.state, memory.boot, memory.acknowledged) == (0, 1, 7), budget


def test_the_ring_lies_behind_the_counters():
    board = MemoryBoard()
    memory = Memory(board)
    memory.acknowledge((1 << 30) - 1, b"\xff" * 16)
    memory.count_boot()
    memory.count_boot()
    assert bytes(board.fram[memory.ring_address :]) == bytes(2048 - memory.ring_address)
