"""Records at rest: files of up to 512 records, read by number, forgotten by whole files.

File `log.00001536` begins with record 1536, so names say where a record is, and a gap (files that
were lost) stays a gap. A torn append leaves part of a record at a file's end; the next one
overwrites it.
"""

from array import array

from mesofw.core import errors, records
from mesofw.core.records import RECORD_BYTES

FILE_RECORDS = 512
# More than the flash holds of full files; after losses, files may be short.
FILES_MAX = 64
# Below this many free bytes nothing more is taken: a program and settings must still fit.
RESERVE_BYTES = 128 * 1024


def _name(start: int) -> str:
    return "log.%08d" % start


class Store:
    """`first` and `last` are the oldest and the newest number held; `last < first` where none is.

    Record numbers start at 1. Methods raise OSError where the files fail.
    """

    def __init__(self, board):
        self._board = board
        self._file = None
        self._file_start = -1
        self._file_at = -1
        held = []
        for name, size in board.files():
            if name.startswith("log.") and len(name) == 12 and name[4:].isdigit():
                held.append((int(name[4:]), size // RECORD_BYTES))
        held.sort()
        # Made once: what grows with the log would leave no room for the shots after it.
        self._starts = array("I", bytes(4 * FILES_MAX))
        self._counts = array("I", bytes(4 * FILES_MAX))
        self._files = 0
        for start, count in held[-FILES_MAX:]:
            self._add(start, count)
        self._set_ends()
        self.look()

    def _add(self, start: int, count: int) -> None:
        self._starts[self._files] = start
        self._counts[self._files] = count
        self._files += 1

    def _set_ends(self) -> None:
        newest = self._files - 1
        self.first = self._starts[0] if self._files else 1
        self.last = self._starts[newest] + self._counts[newest] - 1 if self._files else 0

    def room(self) -> int:
        """How many more records fit."""
        if self._files == FILES_MAX:
            return FILE_RECORDS - 1 - self.last % FILE_RECORDS
        return self._fits

    def look(self) -> None:
        """Ask how much is free. At rest: the flash takes its time to tell."""
        self._fits = max(0, self._board.free_bytes() - RESERVE_BYTES) // RECORD_BYTES

    def append(self, number: int, data, count: int, fill=None) -> None:
        """Append `count` records (their bytes one after the other), numbered from `number` on. With
        `fill`, `data` is room for some of them: `fill(number, view)` puts those from `number` on
        there, as many as the view is long, each once.

        `number` is beyond `last`; what lies between stays a gap. What there is no room for is not
        taken: a program and settings must still fit.
        """
        if count > self.room():
            raise OSError(errors.LOG_FULL)
        view = memoryview(data)
        while count:
            start, before = number, 0
            newest = self._files - 1
            if self._files and number == self.last + 1 and number % FILE_RECORDS:
                start, before = self._starts[newest], self._counts[newest]
            elif self._files == FILES_MAX:
                raise OSError(errors.LOG_FULL)
            part = min(count, FILE_RECORDS - number % FILE_RECORDS)
            self._write(start, before, number, view, part, fill)
            # Only what was written is held: a file that failed must not be counted.
            if before == 0 and (not self._files or self._starts[newest] != start):
                self._add(start, 0)
            self._counts[self._files - 1] = before + part
            self._set_ends()
            if not fill:
                view = view[part * RECORD_BYTES :]
            number += part
            count -= part
        self.look()

    def _write(self, start: int, before: int, number: int, view, count: int, fill) -> None:
        self._close()
        if before:
            file = self._board.open(_name(start), "r+b")
            file.seek(before * RECORD_BYTES)
        else:
            file = self._board.open(_name(start), "wb")
        most = len(view) // RECORD_BYTES if fill else count
        try:
            while count:
                part = view[: min(count, most) * RECORD_BYTES]
                if fill:
                    fill(number, part)
                file.write(part)
                number += min(count, most)
                count -= min(count, most)
        finally:
            file.close()

    def read(self, number: int, buffer) -> int:
        """Fill `buffer` with whole records from `number` on, of one file; how many (0 in a gap)."""
        place = self._files - 1
        while place >= 0 and self._starts[place] > number:
            place -= 1
        if place < 0 or number >= self._starts[place] + self._counts[place]:
            return 0
        start = self._starts[place]
        count = min(len(buffer) // RECORD_BYTES, start + self._counts[place] - number)
        if start != self._file_start:
            self._close()
            self._file = self._board.open(_name(start), "rb")
            self._file_start = start
            self._file_at = -1
        if self._file_at != number:
            self._file.seek((number - start) * RECORD_BYTES)
        got = self._file.readinto(memoryview(buffer)[: count * RECORD_BYTES]) // RECORD_BYTES
        self._file_at = number + got
        return got

    def forget(self, upto: int) -> None:
        """Remove the files all of whose records are numbered at most `upto`, but never the last."""
        gone = 0
        try:
            while gone < self._files - 1 and self._starts[gone] + self._counts[gone] - 1 <= upto:
                self._close()
                self._board.remove(_name(self._starts[gone]))
                gone += 1
        finally:
            for index in range(gone, self._files):
                self._starts[index - gone] = self._starts[index]
                self._counts[index - gone] = self._counts[index]
            self._files -= gone
            self._set_ends()
            self.look()

    def last_digest(self):
        """The chain link after the last record held, or None where none is."""
        buffer = bytearray(RECORD_BYTES)
        return records.digest(buffer) if self.read(self.last, buffer) else None

    def _close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
            self._file_start = -1
