"""The shot log's near end: a ring of records in FRAM, moved to the store while the needle is out.

An intent is durable before anything moves; its result follows. At start, an intent without a result
is closed as interrupted, a torn one counts as never written. A record's slot is its number modulo
the ring, so nothing but the records themselves says where the ring stands.

An armed shot's intent has no start mark, and one without it was never begun: where power goes
before the mark is there, nothing has flowed yet, and where the firmware hangs before, the board
remembers the start (`fired_before`). The result's place is cleared before the intent is written and
takes the mark's byte last, so no cut at any byte makes a begun shot of an armed one, or the other
way round.

A record in the ring has no link of the chain yet: its CRCs say that it is whole. The link is worked
out when the record is moved, or read for a host, which may wait; it follows from the records alone,
so it is the same each time.
"""

from mesofw.core import errors, records
from mesofw.core.records import EVENT, INTERRUPTED, OPEN_SESSION, RECORD_BYTES, TRAINING, Record

MOVE_RECORDS = 32
# How many of them there is room for at a time; how many are linked in a step of the gun.
BLOCK_RECORDS = 8
LINK_RECORDS = 8


class Journal:
    """The log of one gun. `last` is the number of the last closed record.

    After construction `record` is the last one (zone, counts, totals), so that an open session can
    be told.
    """

    def __init__(self, board, store, address: int, at_ms: int = 0):
        self._board = board
        self._store = store
        self.last: int = 0
        self._address = address
        self.capacity = (board.fram_bytes - address) // RECORD_BYTES
        self._buffer = bytearray(RECORD_BYTES)
        view = memoryview(self._buffer)
        self._intent = view[: records.INTENT_BYTES]
        self._result = view[records.INTENT_BYTES :]
        self._mark = view[records.MARK :]
        self._kept = bytearray(RECORD_BYTES)
        self._block = bytearray(RECORD_BYTES * BLOCK_RECORDS)
        # A board may have one that takes no memory.
        self._crc = getattr(board, "write_crc", records.write_crc)
        self.record = Record()
        self.open = False
        # The chain's link after record `_linked`, and after the last one that was moved.
        self._linked = 0
        self._link = self._moved_link = records.NO_LINK
        self._recover(at_ms)

    def _slot(self, number: int) -> int:
        return self._address + number % self.capacity * RECORD_BYTES

    def _recover(self, at_ms: int) -> None:
        numbers = {}
        for slot in range(self.capacity):
            self._board.fram_read(self._address + slot * RECORD_BYTES, self._buffer)
            number = records.number(self._buffer)
            if number % self.capacity == slot and records.intent_good(self._buffer):
                whole = records.whole(self._buffer)
                if whole or records.begun(self._buffer) or self._board.fired_before:
                    numbers[number] = whole
        newest = max(numbers) if numbers else 0
        if newest > self._store.last:
            self._load(newest)
            self.last = newest - 1
            if numbers[newest]:
                self.last = newest
            else:
                given_nl, training = self._session_before(newest)
                # Only in an open session does an intent name a zone.
                opened = OPEN_SESSION if self.record.zone else 0
                self.record.flags = INTERRUPTED | opened | training
                self.record.end_ms = at_ms
                if not records.marked(self._buffer):
                    self.record.a = 0
                # What was given is uncertain: limits are held as if it was all of it.
                self.record.session_nl = given_nl + (0 if training else self.record.volume_nl)
                records.pack_intent(self._buffer, self.record, records.prev(self._buffer))
                # What only the board remembers is lost when power goes before all is written.
                self._write_mark()
                self._seal()
        else:
            # The ring is new, or holds nothing that the store does not.
            self.last = self._store.last
            if self._store.read(self.last, self._buffer):
                records.unpack(self._buffer, self.record)
        self._first_unmoved = self.last + 1
        while self._first_unmoved - 1 > self._store.last and self._first_unmoved - 1 in numbers:
            self._first_unmoved -= 1
        self._set_moved_link()
        self._restart_chain()

    def _set_moved_link(self) -> None:
        """Where the chain of what is in the ring only goes on from: from the store, or, where that
        has lost its files, from what the oldest record was linked to when it was moved."""
        self._moved_link = records.NO_LINK
        if self._store.last and self._first_unmoved == self._store.last + 1:
            self._moved_link = self._store.last_digest() or records.NO_LINK
        elif self.unmoved():
            self._board.fram_read(self._slot(self._first_unmoved), self._kept)
            self._moved_link = records.prev(self._kept)

    def _restart_chain(self) -> None:
        self._linked = self._first_unmoved - 1
        self._link = self._moved_link

    def _session_before(self, number: int) -> tuple:
        """What the session had given before a record, and TRAINING where it is one."""
        before = bytearray(RECORD_BYTES)
        self._board.fram_read(self._slot(number - 1), before)
        if records.number(before) != number - 1 and not self._store.read(number - 1, before):
            return 0, 0
        record = Record()
        records.unpack(before, record)
        if record.session != self.record.session:
            return 0, 0
        return record.session_nl, record.flags & TRAINING

    def _load(self, number: int) -> None:
        self._board.fram_read(self._slot(number), self._buffer)
        records.unpack(self._buffer, self.record)

    def unmoved(self) -> int:
        """Closed records that are in the ring only."""
        return self.last + 1 - self._first_unmoved

    def room(self) -> int:
        """Records that the ring can still take before some must be moved."""
        return self.capacity - self.unmoved() - (1 if self.open else 0)

    def begin(self, armed: bool = False) -> None:
        """Write the intent in `record`; its number is set here. One that is `armed` takes number
        and slot only with `start`: until then the next `begin` takes both. Raises OSError where the
        ring is full or memory does not keep what was written."""
        if self.room() < 1:
            raise OSError(errors.LOG_FULL)
        self.record.number = self.last + 1
        records.pack_intent(self._buffer, self.record, records.NO_LINK, self._crc)
        slot = self._slot(self.record.number)
        # The result's part first and without its mark: what an older record left there might be
        # taken for one, and the intent that is in the slot may be an armed one.
        self._board.fram_write(slot + records.INTENT_BYTES, self._result)
        self._board.fram_write(slot, self._intent)
        if not armed:
            self._write_mark()
        self._verify()
        self.open = not armed

    def start(self, a: int) -> None:
        """The armed shot of the last `begin` has begun, `a` ms after it was armed: write its mark.
        It is open even where that fails. Raises OSError where memory does not keep it."""
        self.record.a = a
        self.open = True
        self._write_mark()
        self._verify()

    def _write_mark(self) -> None:
        records.mark(self._buffer, self.record.a)
        self._board.fram_write(self._slot(self.record.number) + records.MARK, self._mark)

    def _verify(self) -> None:
        self._board.fram_read(self._slot(self.record.number), self._kept)
        if self._kept != self._buffer:
            raise OSError(errors.JOURNAL_FAILED)

    def end(self) -> None:
        """Write the result in `record` and close it. Raises OSError where memory does not keep
        it."""
        self._seal()
        self.open = False
        self._verify()

    def event(self, at_ms: int, code: int, a: int = 0, b: int = 0) -> None:
        """Write one event, whole. What `record` holds of session, zone and totals stays."""
        record = self.record
        record.kind = EVENT
        record.at_ms = record.end_ms = at_ms
        record.code = code
        record.depth_um = record.volume_nl = 0
        record.depth_stepped_um = record.depth_measured_um = 0
        record.volume_stepped_nl = record.volume_measured_nl = record.force_peak_mn = 0
        record.flags &= OPEN_SESSION | TRAINING
        record.stopped = 0
        record.a = a
        record.b = b
        self.begin()
        self.end()

    def _seal(self) -> None:
        records.pack_result(self._buffer, self.record, self._crc)
        slot = self._slot(self.record.number)
        self._board.fram_write(slot + records.INTENT_BYTES, self._result)
        self.last = self.record.number

    def move(self) -> int:
        """Move up to MOVE_RECORDS closed records to the store; how many. Only with the needle out.
        Raises OSError where the store fails: the records stay in the ring."""
        count = min(MOVE_RECORDS, self.unmoved())
        first = self._first_unmoved
        if count:
            self._restart_chain()
            self._store.append(first, self._block, count, self._fill)
            self._first_unmoved += count
            link = self._link
            # Where the store's files are lost, the ring's own records still tell the chain.
            self._link = self._moved_link
            # The store has them: so it stays where the ring fails now.
            self._moved_link = link
            for number in range(first, first + count):
                self._read_linked(number, self._kept)
                self._board.fram_write(self._slot(number), self._kept)
            self._restart_chain()
        return count

    def _fill(self, number: int, view) -> None:
        """Fill `view` with the closed records from `number` on, which is the next to be linked."""
        for at in range(0, len(view), RECORD_BYTES):
            self._read_linked(number, self._kept)
            view[at : at + RECORD_BYTES] = self._kept
            number += 1

    def _read_linked(self, number: int, buffer: bytearray) -> None:
        """Read the next record of the chain from the ring and put its link in."""
        self._board.fram_read(self._slot(number), buffer)
        records.link(buffer, self._link)
        self._link = records.digest(buffer)
        self._linked = number

    def linked(self, number: int, most: int = LINK_RECORDS) -> bool:
        """Work out the chain's links up to that after `number`, those of `most` records in this
        call; whether that is done. Nothing of it is kept: a shot has no time for it."""
        if self._linked > number:
            self._restart_chain()
        while self._linked < number and most:
            self._read_linked(self._linked + 1, self._kept)
            most -= 1
        return self._linked >= number

    @property
    def head(self) -> bytes:
        """The chain's link after the last closed record."""
        self.linked(self.last, self.capacity)
        return self._link

    def first(self) -> int:
        """The number of the oldest record held; `last` + 1 where none is."""
        return self._store.first if self._store.last else self._first_unmoved

    def read(self, number: int, buffer) -> int:
        """Fill `buffer` with closed records from `number` on; how many, 0 where none is held."""
        if number <= self._store.last:
            return self._store.read(number, buffer)
        if not self._first_unmoved <= number <= self.last:
            return 0
        self.linked(number - 1, self.capacity)
        self._read_linked(number, self._kept)
        memoryview(buffer)[:RECORD_BYTES] = self._kept
        return 1
