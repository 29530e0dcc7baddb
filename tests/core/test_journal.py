"""The shot log: an intent before, a result after, power may fail at any byte."""

from mesofw.core import errors, records
from mesofw.core.journal import Journal
from mesofw.core.records import INTENT_BYTES, MARK, RECORD_BYTES
from mesofw.core.store import Store
from tests.core.cases import journal as cases
from tests.core.cases.journal import (
    RING,
    begin_shot,
    end_shot,
    everything,
    shoot,
    small_board,
    started,
    unpacked,
    verify,
)
from tests.core.support.board import MemoryBoard, PowerLost
from tests.core.support.check import raises

VERIFIES = {
    "test_the_intent_is_durable_before_begin_returns": ("SR-151",),
    "test_an_armed_shot_takes_its_number_when_it_starts": ("SR-226",),
    "test_an_armed_shot_that_never_started_leaves_no_trace": ("SR-228",),
    "test_an_armed_shot_that_started_is_told_though_nothing_else_was_written": ("SR-229",),
    "test_what_started_before_the_mark_was_there_is_known_to_the_board": ("SR-234",),
    "test_memory_that_does_not_keep_a_mark_is_told_and_the_shot_stays_open": ("SR-227",),
    "test_power_lost_at_any_byte_of_an_armed_shot_invents_none_and_loses_none": (
        "SR-228",
        "SR-229",
    ),
    "test_numbers_count_from_one_and_records_are_chained": ("SR-156",),
    "test_a_full_ring_takes_nothing_more_and_loses_nothing": ("SR-157",),
    "test_an_open_record_takes_its_room": ("SR-157",),
    "test_a_store_that_fails_leaves_the_records_in_the_ring": ("SR-158",),
    "test_memory_that_does_not_keep_an_intent_forbids_the_shot": ("SR-151",),
    "test_power_lost_at_any_byte_of_a_shot_loses_no_shot_and_invents_none": ("SR-152", "SR-153"),
    "test_an_interrupted_shot_counts_whole_for_the_limits": ("SR-082",),
    "test_power_lost_at_any_byte_of_a_move_doubles_and_loses_nothing": ("SR-158",),
    "test_a_damaged_record_in_the_ring_is_not_believed": ("SR-153",),
}

MARK_BYTES = RECORD_BYTES - MARK
# Written by when a record has begun: without the mark nothing has moved yet.
BEGUN_BYTES = RECORD_BYTES + MARK_BYTES


def test_a_new_journal_is_empty():
    journal = started(small_board())
    assert (journal.last, journal.first(), journal.unmoved()) == (0, 1, 0)
    assert journal.head == bytes(16)
    assert journal.room() == journal.capacity == 8


def test_a_shot_is_one_record():
    journal = started(small_board())
    shoot(journal)
    assert (journal.last, journal.unmoved(), journal.room()) == (1, 1, 7)
    record = unpacked(verify(journal)[0])
    assert (record.number, record.kind, record.flags) == (1, records.SHOT, 17)
    assert record.volume_stepped_nl == 20_000


def test_the_intent_is_durable_before_begin_returns():
    board = small_board()
    journal = started(board)
    begin_shot(journal)
    assert journal.open
    row = bytes(board.fram[RING + RECORD_BYTES : RING + 2 * RECORD_BYTES])
    assert records.intent_good(row)
    assert not records.whole(row)
    assert journal.last == 0
    end_shot(journal)
    assert not journal.open
    assert journal.last == 1


def arm_shot(journal):
    begin_shot(journal, armed=True)


def arm_and_shoot(journal):
    arm_shot(journal)
    journal.start(1_234)
    end_shot(journal)


def test_an_armed_shot_takes_its_number_when_it_starts():
    board = small_board()
    journal = started(board)
    shoot(journal)
    arm_shot(journal)
    assert not journal.open
    assert journal.room() == 7
    arm_shot(journal)
    journal.start(1_234)
    assert journal.open
    assert journal.room() == 6
    end_shot(journal)
    record = unpacked(verify(journal)[1])
    assert (record.number, record.a, record.flags) == (2, 1_234, 17)


def test_an_armed_shot_that_never_started_leaves_no_trace():
    board = used(13)
    journal = started(board)
    before = everything(journal)
    arm_shot(journal)
    assert everything(started(board)) == before
    journal.event(500, errors.EVENT_PAUSED)
    got = verify(started(board))
    assert got[:13] == before
    assert unpacked(got[13]).code == errors.EVENT_PAUSED


def test_an_armed_shot_that_started_is_told_though_nothing_else_was_written():
    board = used(13)
    journal = started(board)
    arm_shot(journal)
    journal.start(77)
    record = unpacked(verify(started(board))[13])
    assert (record.number, record.a) == (14, 77)
    assert record.flags & records.INTERRUPTED
    assert record.session_nl == 14 * 20_000


def test_what_started_before_the_mark_was_there_is_known_to_the_board():
    board = used(13)
    arm_shot(started(board))
    board.fired_before = True
    before = board.memory()
    spent = board.power.spent
    journal = started(board)
    record = unpacked(verify(journal)[13])
    assert record.flags & records.INTERRUPTED
    assert record.session_nl == 14 * 20_000
    # Power that goes meanwhile takes the board's memory with it, but not what was written by then.
    for budget in range(board.power.spent - spent):
        board.restore(before)
        board.power.budget = budget
        raises(PowerLost, started, board)
        board.power.budget = None
        board.fired_before = False
        told = verify(started(board))
        assert len(told) == (13 if budget < 12 else 14), budget
        board.fired_before = True


def test_memory_that_does_not_keep_a_mark_is_told_and_the_shot_stays_open():
    board = small_board()
    journal = started(board)
    arm_shot(journal)
    board.fram_dead = True
    error = raises(OSError, journal.start, 0)
    assert error.args[0] == errors.JOURNAL_FAILED
    assert journal.open
    board.fram_dead = False
    end_shot(journal)
    assert unpacked(verify(started(board))[0]).flags == 17


def test_power_lost_at_any_byte_of_an_armed_shot_invents_none_and_loses_none():
    for shots in (0, 5, 8, 13, 24):
        board = used(shots)
        if started(board).room() < 1:
            started(board).move()
        complete = cases.result_of(board, arm_and_shoot)
        for budget, journal, rows in cut_everywhere(board, arm_and_shoot):
            got = verify(journal)
            assert got[:shots] == rows, (shots, budget)
            # The mark is the last of its bytes.
            if budget < RECORD_BYTES + MARK_BYTES:
                assert len(got) == shots or budget >= RECORD_BYTES, (shots, budget)
            else:
                assert len(got) == shots + 1, (shots, budget)
                if budget < RECORD_BYTES + MARK_BYTES + 36:
                    assert unpacked(got[shots]).a == 1_234, (shots, budget)
            if len(got) > shots:
                record = unpacked(got[shots])
                assert got[shots] == complete or record.flags & records.INTERRUPTED
                assert record.a in (0, 1_234), (shots, budget)
            shoot(journal)
            assert verify(started(board)) == verify(journal)


def test_numbers_count_from_one_and_records_are_chained():
    journal = started(small_board())
    for _ in range(6):
        shoot(journal)
    rows = verify(journal)
    assert [records.number(row) for row in rows] == [1, 2, 3, 4, 5, 6]
    assert records.prev(rows[0]) == bytes(16)


def test_an_event_keeps_what_the_session_counts_and_clears_the_shot():
    journal = started(small_board())
    shoot(journal)
    journal.event(777, errors.EVENT_PAUSED, 3, 4)
    record = unpacked(verify(journal)[1])
    assert (record.kind, record.code, record.a, record.b) == (2, errors.EVENT_PAUSED, 3, 4)
    assert (record.at_ms, record.end_ms) == (777, 777)
    assert (record.session, record.zone, record.session_nl) == (5, 1, 20_000)
    assert (record.depth_um, record.volume_nl, record.volume_stepped_nl) == (0, 0, 0)
    assert record.flags == records.OPEN_SESSION


def test_a_restart_finds_the_same_log():
    board = small_board()
    journal = started(board)
    for _ in range(5):
        shoot(journal)
    again = started(board)
    assert everything(again) == everything(journal)
    assert (again.last, again.head, again.unmoved()) == (5, journal.head, 5)
    assert again.record.session_nl == 100_000


def test_records_are_moved_to_the_store_and_still_read_by_number():
    board = small_board()
    journal = started(board)
    for _ in range(5):
        shoot(journal)
    rows = everything(journal)
    assert journal.move() == 5
    assert (journal.unmoved(), journal.room()) == (0, 8)
    assert everything(journal) == rows
    assert everything(started(board)) == rows
    assert journal.move() == 0


def test_the_ring_goes_round_and_round():
    board = small_board()
    journal = started(board)
    for _ in range(40):
        for _ in range(3):
            shoot(journal)
        journal.move()
    assert journal.last == 120
    assert len(verify(journal)) == 120
    assert len(verify(started(board))) == 120


def test_a_full_ring_takes_nothing_more_and_loses_nothing():
    board = small_board()
    journal = started(board)
    for _ in range(8):
        shoot(journal)
    assert journal.room() == 0
    before = board.memory()
    error = raises(OSError, begin_shot, journal)
    assert error.args[0] == errors.LOG_FULL
    raises(OSError, journal.event, 1, errors.EVENT_PAUSED)
    assert board.memory() == before
    assert not journal.open
    journal.move()
    shoot(journal)
    assert len(verify(journal)) == 9


def test_an_open_record_takes_its_room():
    journal = started(small_board())
    for _ in range(7):
        shoot(journal)
    begin_shot(journal)
    assert journal.room() == 0
    end_shot(journal)
    assert journal.room() == 0


def test_a_store_that_fails_leaves_the_records_in_the_ring():
    board = small_board()
    journal = started(board)
    for _ in range(5):
        shoot(journal)
    rows = everything(journal)
    board.flash_fails = True
    raises(OSError, journal.move)
    assert journal.unmoved() == 5
    assert everything(journal) == rows
    board.flash_fails = False
    assert journal.move() == 5
    assert everything(journal) == rows
    assert everything(started(board)) == rows


def test_memory_that_does_not_keep_an_intent_forbids_the_shot():
    board = small_board()
    journal = started(board)
    shoot(journal)
    board.fram_dead = True
    error = raises(OSError, begin_shot, journal)
    assert error.args[0] == errors.JOURNAL_FAILED
    assert not journal.open


def cut_everywhere(board, act):
    """Let power fail at each byte that `act(journal)` writes; yields (bytes, journal, rows
    before)."""
    before = board.memory()
    rows = everything(started(board))
    spent = board.power.spent
    act(started(board))
    total = board.power.spent - spent
    assert total > 0
    for budget in range(total):
        board.restore(before)
        journal = started(board)
        board.power.budget = budget
        raises(PowerLost, act, journal)
        board.power.budget = None
        yield budget, started(board), rows


def used(shots, slots=8):
    """A board whose ring has gone round already."""
    board = small_board(slots)
    journal = started(board)
    for _ in range(shots):
        if journal.room() < 1:
            journal.move()
        shoot(journal)
    return board


def test_power_lost_at_any_byte_of_a_shot_loses_no_shot_and_invents_none():
    for shots in (0, 1, 5, 8, 13, 24):
        board = used(shots)
        if started(board).room() < 1:
            started(board).move()
        complete = cases.result_of(board, shoot)
        for budget, journal, rows in cut_everywhere(board, shoot):
            got = verify(journal)
            assert got[:shots] == rows, (shots, budget)
            if budget < BEGUN_BYTES:
                # Nothing had moved: the shot was never begun.
                assert len(got) == shots, (shots, budget)
            else:
                assert len(got) == shots + 1, (shots, budget)
                flags = unpacked(got[shots]).flags
                # Bytes that were not written may by chance be the right ones already.
                assert got[shots] == complete or flags & records.INTERRUPTED, (shots, budget)
                assert got[shots] == complete or not flags & records.COMPLETE
            # And the log goes on, and tells the same once more.
            shoot(journal)
            assert verify(started(board)) == verify(journal)


def test_an_interrupted_shot_counts_whole_for_the_limits():
    board = used(3)
    for budget, journal, _ in cut_everywhere(board, shoot):
        if budget >= BEGUN_BYTES:
            record = unpacked(everything(journal)[3])
            assert record.session_nl == 80_000
            assert journal.record.session_nl == 80_000
            assert record.flags & records.OPEN_SESSION, budget


def test_power_lost_at_any_byte_of_an_event_is_told():
    board = used(3)
    act = lambda journal: journal.event(500, errors.EVENT_PAUSED, 7)  # noqa: E731
    for budget, journal, rows in cut_everywhere(board, act):
        got = verify(journal)
        assert got[:3] == rows
        # An event's own number is part of what marks it as begun.
        assert len(got) == 3 or budget > RECORD_BYTES
        assert len(got) == 4 or budget < BEGUN_BYTES
        assert journal.record.session_nl == 60_000


def test_an_interrupted_event_outside_a_session_opens_none():
    board = small_board()
    journal = started(board)
    shoot(journal)
    journal.record.zone = 0
    journal.record.flags = 0
    journal.event(1, errors.EVENT_ENDED)
    act = lambda journal: journal.event(500, errors.EVENT_BOOT, 2)  # noqa: E731
    for budget, journal, _ in cut_everywhere(board, act):
        assert not journal.record.flags & records.OPEN_SESSION, budget


def test_power_lost_while_closing_an_interrupted_shot():
    board = used(4)
    journal = started(board)
    begin_shot(journal)
    before = board.memory()
    spent = board.power.spent
    rows = everything(started(board))
    total = board.power.spent - spent
    assert len(rows) == 5
    for budget in range(total):
        board.restore(before)
        board.power.budget = budget
        raises(PowerLost, started, board)
        board.power.budget = None
        assert everything(started(board)) == rows, budget
        assert len(verify(started(board))) == 5


def test_power_lost_at_any_byte_of_a_move_doubles_and_loses_nothing():
    board = used(13)
    for budget, journal, rows in cut_everywhere(board, lambda journal: journal.move()):
        assert verify(journal) == rows, budget
        journal.move()
        assert verify(journal) == rows, budget
        assert verify(started(board)) == rows, budget
        assert journal.unmoved() == 0


def test_a_move_across_two_files_may_be_cut_between_them():
    board = small_board(16)
    journal = started(board)
    while journal.last < 516:
        if journal.unmoved() == 8 and journal.last < 510:
            journal.move()
        shoot(journal)
    head, last, count = journal.head, journal.last, journal.unmoved()
    assert last - count < 511
    ring = bytes(board.fram)
    for budget in range(0, count * RECORD_BYTES + 1, RECORD_BYTES // 2):
        board.fram[:] = ring
        board.held.pop("log.00000512", None)
        kept = (last - count) * RECORD_BYTES
        board.held["log.00000001"] = board.held["log.00000001"][:kept]
        journal = started(board)
        assert journal.unmoved() == count
        board.power.budget = budget
        try:
            journal.move()
        except PowerLost:
            pass
        board.power.budget = None
        journal = started(board)
        assert (journal.last, journal.head) == (last, head), budget
        journal.move()
        assert journal.unmoved() == 0
        journal = started(board)
        assert (journal.last, journal.head, journal.first()) == (last, head, 1), budget
        assert Store(board).last == last


def test_a_moved_record_is_not_told_twice_after_a_restart():
    board = used(5)
    journal = started(board)
    journal.move()
    shoot(journal)
    journal = started(board)
    assert journal.unmoved() == 1
    journal.move()
    assert len(verify(journal)) == 6


def test_the_log_goes_on_where_the_ring_was_lost():
    board = used(5)
    started(board).move()
    board.fram[RING:] = bytes(len(board.fram) - RING)
    journal = started(board)
    assert (journal.last, len(verify(journal))) == (5, 5)
    assert journal.record.session_nl == 100_000
    shoot(journal)
    assert len(verify(started(board))) == 6


def test_a_ring_full_of_noise_holds_nothing():
    board = small_board()
    for address in range(RING, len(board.fram)):
        board.fram[address] = (address * 73 + 11) & 0xFF
    journal = started(board)
    assert (journal.last, journal.unmoved()) == (0, 0)
    shoot(journal)
    assert len(verify(started(board))) == 1


def test_a_damaged_record_in_the_ring_is_not_believed():
    board = used(4)
    whole = bytes(board.fram)
    for place in range(RECORD_BYTES):
        board.fram[:] = whole
        board.fram[RING + 4 * RECORD_BYTES + place] ^= 0x20
        journal = started(board)
        if place < INTENT_BYTES:
            assert journal.last == 3, place
        else:
            # Its intent is whole: that it was begun is certain, what it gave is not.
            assert journal.last == 4, place
            assert unpacked(everything(journal)[3]).flags & records.INTERRUPTED
        verify(journal)


def test_reading_is_by_number_and_bounded():
    journal = started(small_board())
    for _ in range(4):
        shoot(journal)
    buffer = bytearray(RECORD_BYTES)
    assert journal.read(0, buffer) == 0
    assert journal.read(5, buffer) == 0
    for number in range(1, 5):
        assert journal.read(number, buffer) == 1
        assert records.number(buffer) == number
    begin_shot(journal)
    assert journal.read(5, buffer) == 0


def test_forgotten_records_leave_the_rest():
    board = small_board(64)
    journal = started(board)
    while journal.last < 600:
        if journal.room() < 1:
            journal.move()
        shoot(journal)
    store = Store(board)
    store.forget(520)
    journal = started(board)
    assert journal.first() == 512
    assert len(verify(journal)) == 89


def test_records_are_moved_32_at_a_time_at_most():
    board = MemoryBoard(RING + 100 * RECORD_BYTES)
    journal = Journal(board, Store(board), RING)
    for _ in range(70):
        shoot(journal)
    assert [journal.move() for _ in range(4)] == [32, 32, 6, 0]


def test_a_long_life_of_shots_moves_cuts_and_restarts():
    acts = []
    for turn in range(40):
        acts += [["shot", 1000 * turn], ["event", turn], ["shot", 5], ["cut", 7 * turn % 130]]
        acts += [["move", 0]] if turn % 3 == 0 else [["restart", 0]]
    closed, interrupted, _ = cases.script(8, acts)
    assert closed > 100
    assert interrupted > 5
