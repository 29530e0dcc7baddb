"""The shot log under a script of shots, events, moves and power cuts, against a plain list of
truth."""

from mesofw.core import errors, records
from mesofw.core.journal import Journal
from mesofw.core.records import RECORD_BYTES, Record
from mesofw.core.store import Store
from tests.core.support.board import MemoryBoard, PowerLost

RING = 128
SESSION = 5


def started(board):
    """The journal as a restart finds it."""
    return Journal(board, Store(board), RING)


def small_board(slots=8):
    return MemoryBoard(RING + slots * RECORD_BYTES)


def in_ring(board, number):
    """The bytes at a record's place in the ring, whatever they are."""
    slots = (board.fram_bytes - RING) // RECORD_BYTES
    address = RING + number % slots * RECORD_BYTES
    return bytes(board.fram[address : address + RECORD_BYTES])


def begin_shot(journal, volume_nl=20_000, armed=False):
    """Write the intent of a shot of the open session."""
    record = journal.record
    record.kind = records.SHOT
    record.session = SESSION
    record.zone = 1
    record.depth_um = 4000
    record.volume_nl = volume_nl
    record.flags = records.OPEN_SESSION
    record.a = 0
    journal.begin(armed)


def end_shot(journal, volume_nl=20_000):
    """Write its result: complete, with what the session has had by now."""
    record = journal.record
    record.volume_stepped_nl = volume_nl
    record.session_nl += volume_nl
    record.flags = records.COMPLETE | records.OPEN_SESSION
    journal.end()


def shoot(journal, volume_nl=20_000):
    begin_shot(journal, volume_nl)
    end_shot(journal, volume_nl)


def result_of(board, act):
    """The last record after `act(journal)`, with the board as it was."""
    before = board.memory()
    journal = started(board)
    act(journal)
    row = in_ring(board, journal.last)
    board.restore(before)
    return row


def everything(journal):
    """Every record from the first to the last held, as its bytes; fails where one is missing."""
    buffer = bytearray(3 * RECORD_BYTES)
    out = []
    number = journal.first()
    while number <= journal.last:
        got = journal.read(number, buffer)
        assert got, "record %d is missing" % number
        for index in range(got):
            out.append(bytes(buffer[index * RECORD_BYTES : (index + 1) * RECORD_BYTES]))
        number += got
    return out


def verify(journal):
    """Every record is whole, numbers follow each other, the chain holds to the head."""
    rows = everything(journal)
    number = journal.first()
    link = None
    for row in rows:
        assert records.whole(row), number
        assert records.number(row) == number
        assert link is None or records.prev(row) == link, number
        link = records.digest(row)
        number += 1
    if rows:
        assert journal.head == link
        if journal.first() == 1:
            assert records.prev(rows[0]) == bytes(16)
    return rows


def unpacked(row):
    record = Record()
    records.unpack(row, record)
    return record


def script(slots, acts):
    """Carry out acts, each a list of [name, number], and tell what a restart then holds.

    `shot` and `event` write a record, `move` moves, `restart` starts anew, `cut n` lets power fail
    n bytes into the shot that follows, then starts anew. After each act the log must hold exactly
    what was closed. Gives [number of records, interrupted ones, head in hex].
    """
    board = small_board(slots)
    journal = started(board)
    closed = 0
    interrupted = 0
    for name, number in acts:
        if name in ("shot", "event") and journal.room() < 1:
            name = "move"
        if name == "shot":
            shoot(journal, number)
            closed += 1
        elif name == "event":
            journal.event(number, errors.EVENT_ALERT, number)
            closed += 1
        elif name == "move":
            journal.move()
        elif name == "restart":
            journal = started(board)
        elif name == "cut" and journal.room() > 0:
            wanted = result_of(board, shoot)
            board.power.budget = number
            try:
                shoot(journal)
                closed += 1
            except PowerLost:
                board.power.budget = None
                # Judged by the bytes themselves: what is there is whole, begun, or nothing.
                row = in_ring(board, closed + 1)
                written = row[: records.INTENT_BYTES] == wanted[: records.INTENT_BYTES]
                if written and records.begun(row):
                    closed += 1
                    interrupted += 0 if row == wanted else 1
                journal = started(board)
            board.power.budget = None
        assert journal.last == closed, (name, number, journal.last, closed)
        verify(journal)
    journal = started(board)
    rows = verify(journal)
    flagged = sum(1 for row in rows if unpacked(row).flags & records.INTERRUPTED)
    assert (len(rows), flagged) == (closed, interrupted)
    return [closed, interrupted, "".join("%02x" % byte for byte in journal.head)]


CASES = {"script": script}
