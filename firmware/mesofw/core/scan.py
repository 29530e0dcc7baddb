"""Reads a program's text back piece by piece: its hash, its check, where each zone begins."""

import binascii
import hashlib
from array import array

from mesofw.core import errors, program
from mesofw.core.errors import Fault
from mesofw.core.program import SECTION_MAX_BYTES

PIECE_BYTES = 1024
# A text with more faults than these is not looked at any further: memory is bounded.
FAULTS_MAX = 32


class Scan:
    """One pass over a program's `length` bytes in `file` (which it closes at the end).

    `step` reads one piece, so that no step of the gun takes long; when it gives True, `faults` is
    empty or says what is wrong, and `sha256`, `crc`, `head`, totals and `zone_at` are valid.
    """

    def __init__(self, file, length: int, today: int, piece_bytes: int = PIECE_BYTES):
        self._file = file
        self._left = length
        self._hash = hashlib.sha256()
        self._rest = b""
        self._read = 0
        self._buffer = bytearray(piece_bytes)
        self._checker = program.Checker(today)
        self.crc = 0
        self.length = length
        self.sha256 = b""
        self.zone_at = array("I")
        self.faults = self._checker.faults
        self.limits = {}
        self.head = None
        self.shots = self.zones = self.total_nl = self.syringes = 0
        self.warnings = []
        self.expiry = 0

    def step(self) -> bool:
        """Read one piece; True at the end. Raises OSError where the file fails."""
        view = memoryview(self._buffer)[: min(len(self._buffer), self._left)]
        count = self._file.readinto(view) if self._left else 0
        if count:
            self._left -= count
            self._hash.update(view[:count])
            self.crc = binascii.crc32(view[:count], self.crc)
            self._lines(bytes(view[:count]))
        if self._left and count:
            return False
        self._file.close()
        if self._rest:
            self._broken("a line without its end")
        checker = self._checker
        checker.finish()
        self.sha256 = self._hash.digest()
        self.head = checker.head
        self.expiry = checker.expiry
        self.zones, self.shots, self.total_nl = checker.zones, checker.shots, checker.total_nl
        self.syringes = checker.fillings.syringes if checker.fillings else 0
        self.warnings = checker.warnings
        self.limits = checker.limits("hard")
        # What was found is kept for as long as the program is loaded, what it took to find it is
        # not. Not by `del`: MicroPython's table of attributes would go on holding it.
        self._file = self._checker = self._hash = None
        self._buffer = b""
        return True

    def _lines(self, piece: bytes) -> None:
        start = 0
        end = piece.find(b"\n")
        while end >= 0:
            line = self._rest + piece[start:end]
            self._rest = b""
            self._section(line)
            self._read += len(line) + 1
            start = end + 1
            end = piece.find(b"\n", start)
        self._rest += piece[start:]
        if len(self._rest) >= SECTION_MAX_BYTES:
            self._broken("a line of more than %d bytes" % SECTION_MAX_BYTES)
            self._rest = b""

    def _section(self, line: bytes) -> None:
        if len(self.faults) >= FAULTS_MAX:
            return
        if len(line) >= SECTION_MAX_BYTES:
            self._broken("a line of more than %d bytes" % SECTION_MAX_BYTES)
            return
        try:
            kind, record = program.parse_line(line)
        except (ValueError, UnicodeError):
            self._broken("a line that is no section")
            return
        if kind == "zone":
            self.zone_at.append(self._read)
        self._checker.add(kind, record)

    def _broken(self, found: str) -> None:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(Fault("program", errors.BROKEN_PROGRAM, found, "JSON lines"))


def read_zone(slots, offset: int) -> dict:
    """The zone whose line begins at `offset` of the newest program. Raises ValueError, OSError."""
    file = slots.open()
    try:
        file.seek(offset)
        buffer = bytearray(SECTION_MAX_BYTES)
        count = file.readinto(buffer)
    finally:
        file.close()
    line = bytes(buffer[:count]).split(b"\n")[0]
    kind, zone = program.parse_line(line)
    if kind != "zone":
        raise ValueError("not a zone")
    return zone
