"""A program on its way in: chunks by offset in any order, then a commit that reads it back."""

import binascii

from mesofw.core import errors
from mesofw.core.errors import refuse
from mesofw.core.loaded import Check

LENGTH_MAX = 128 * 1024
RANGES_TOLD = 24  # as many as fit a line
RANGES_MAX = 64


class Upload:
    """One upload into the spare slot of `slots`. Begun again with the same hash, it goes on.

    `scan` is the running check after `commit`, None before.
    """

    def __init__(self, slots, piece_bytes: int):
        self._slots = slots
        self._piece_bytes = piece_bytes
        self._sha256 = b""
        self._length = 0
        self._have = []
        self.scan = None

    def begin(self, sha256: bytes, length: int) -> list:
        """Announce `length` bytes with this SHA-256; gives what is missing, as `missing`."""
        if sha256 != self._sha256 or length != self._length or self.scan:
            if self.scan:
                self.scan.end()
            self.scan = None
            self._slots.begin()
            self._sha256 = sha256
            self._length = length
            self._have = []
        return self.missing()

    def chunk(self, offset: int, data: bytes) -> None:
        """Take bytes at an offset. What is already there, out of bounds, or the start of one piece
        too many is passed over."""
        end = offset + len(data)
        if not self._sha256 or self.scan or offset < 0 or end > self._length or not data:
            return
        if self._have and self._have[-1][1] == offset:
            # The usual case: it follows on from all that is there.
            self._slots.write_at(offset, data)
            self._have[-1] = (self._have[-1][0], end)
            return
        for start, stop in self._have:
            if start <= offset and end <= stop:
                return
        first = offset
        merged = []
        for start, stop in self._have:
            if stop < first or start > end:
                merged.append((start, stop))
            else:
                first = min(first, start)
                end = max(end, stop)
        merged.append((first, end))
        if len(merged) > RANGES_MAX:
            return
        self._slots.write_at(offset, data)
        merged.sort()
        self._have = merged

    def missing(self) -> list:
        """The first RANGES_TOLD gaps as [start, end) pairs; empty where everything is there."""
        gaps = []
        at = 0
        for start, stop in self._have:
            if start > at:
                gaps.append([at, start])
            at = stop
        if at < self._length:
            gaps.append([at, self._length])
        return gaps[:RANGES_TOLD]

    def commit(self, sha256: bytes, today: int) -> None:
        """Start the check of what was written, or go on with it; then call `step` until it gives
        the program. Raises Refused.

        It names what it commits: where the line that began an upload was lost, the one before,
        whole and perhaps another patient's, must not be taken in its place.
        """
        if not self._sha256 or sha256 != self._sha256:
            raise refuse(errors.NO_UPLOAD)
        if self.scan:
            return
        gaps = self.missing()
        if gaps:
            raise refuse(errors.UPLOAD_INCOMPLETE, "", "bytes %d to %d missing" % tuple(gaps[0]))
        self.scan = Check(self._slots.reread(), self._length, today, self._piece_bytes)

    def step(self):
        """Check one piece; the checked program (`Loaded`) once it is in its slot, else None. Raises
        Refused where it is not what was announced, or wrong."""
        found = self.scan.step()
        if found is None:
            return None
        self.scan = None
        wanted, self._sha256 = self._sha256, b""
        if found.sha256 != wanted:
            self._discard()
            told = binascii.hexlify(found.sha256[:4]).decode()
            raise refuse(errors.UPLOAD_MISMATCH, "sha256", told)
        if found.faults:
            self._discard()
            fault = found.faults[0]
            raise refuse(fault.code, fault.at, fault.found, fault.allowed)
        self._slots.finish(found.length, found.crc)
        return found

    def _discard(self) -> None:
        # What was refused must not be found again, whatever its bytes look like.
        self._slots.begin()
        self._slots.close()
