"""Reads a program's text back piece by piece: its hash, its check, where each zone begins."""

import binascii
import hashlib

from mesofw.core import errors, program
from mesofw.core.errors import Fault
from mesofw.core.loaded import SECTION_MAX_BYTES, Loaded

PIECE_BYTES = 1024
# A text with more faults than these is not looked at any further: memory is bounded.
FAULTS_MAX = 32


class Scan:
    """One pass over a program's `length` bytes in `file` (which it closes at the end).

    `step` reads one piece, so that no step of the gun takes long.
    """

    def __init__(self, file, length: int, today: int, piece_bytes: int = PIECE_BYTES):
        self._file = file
        self._left = length
        self._hash = hashlib.sha256()
        self._rest = b""
        self._read = 0
        self._buffer = bytearray(piece_bytes)
        self._checker = program.Checker(today)
        self._loaded = Loaded(length)
        self._loaded.faults = self._checker.faults

    def step(self):
        """Read one piece; gives what was Loaded at the end, else None. Raises OSError where the
        file fails."""
        loaded = self._loaded
        view = memoryview(self._buffer)[: min(len(self._buffer), self._left)]
        count = self._file.readinto(view) if self._left else 0
        if count:
            self._left -= count
            self._hash.update(view[:count])
            loaded.crc = binascii.crc32(view[:count], loaded.crc)
            self._lines(bytes(view[:count]))
        if self._left and count:
            return None
        self._file.close()
        if self._rest:
            self._broken("a line without its end")
        checker = self._checker
        checker.finish()
        loaded.sha256 = self._hash.digest()
        loaded.head = checker.head or {}
        loaded.expiry = checker.expiry
        loaded.zones, loaded.shots = checker.zones, checker.shots
        loaded.total_nl = checker.total_nl
        loaded.syringes = checker.fillings.syringes if checker.fillings else 0
        loaded.warnings = checker.warnings
        loaded.limits = checker.limits("hard")
        return loaded

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
        if len(self._loaded.faults) >= FAULTS_MAX:
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
            self._loaded.zone_at.append(self._read)
        self._checker.add(kind, record)

    def _broken(self, found: str) -> None:
        if len(self._loaded.faults) < FAULTS_MAX:
            self._loaded.faults.append(Fault("program", errors.BROKEN_PROGRAM, found, "JSON lines"))
