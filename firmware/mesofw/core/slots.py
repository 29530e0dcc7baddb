"""Two-slot storage: a write goes to the spare slot, so a torn write leaves the older one.

A slot is its payload followed by a trailer with kind, counter, length and CRCs. Of two good slots
the one with the later counter counts. Empty and corrupt are told apart.
"""

import binascii
import struct

from mesofw.core import errors

_TRAILER = "<4sIII"
_MAGIC = b"MGS1"
TRAILER_BYTES = 20


def trailer(counter: int, length: int, crc: int) -> bytes:
    """The trailer of a payload of `length` bytes with CRC-32 `crc`."""
    head = struct.pack(_TRAILER, _MAGIC, counter, length, crc)
    return head + struct.pack("<I", binascii.crc32(head))


def read_trailer(data):
    """(counter, length, crc) of a trailer (20 bytes), or None where it is damaged."""
    magic, counter, length, crc = struct.unpack_from(_TRAILER, data)
    if magic != _MAGIC or binascii.crc32(bytes(data[:16])) != struct.unpack_from("<I", data, 16)[0]:
        return None
    return counter, length, crc


def later(a: int, b: int) -> bool:
    """Whether counter `a` comes after `b`; counters wrap at 2**30."""
    return 0 < ((a - b) & 0x3FFFFFFF) < 0x20000000


class FileSlots:
    """Two files `NAME.a` and `NAME.b` behind the board's door; payloads of any length.

    `state` is 0 where a payload is there, else errors.SLOT_EMPTY or errors.SLOT_CORRUPT;
    `length` is the payload's in bytes.
    """

    def __init__(self, board, name: str):
        self._board = board
        self._names = (name + ".a", name + ".b")
        self._file = None
        self._at = 0
        self.find()

    def find(self) -> None:
        """Look at both slots and choose the newest good one."""
        sizes = {}
        for name, size in self._board.files():
            sizes[name] = size
        self.counter = 0
        self.length = 0
        self._current = -1
        self.state = errors.SLOT_EMPTY
        for index in (0, 1):
            size = sizes.get(self._names[index], 0)
            if size == 0:
                continue
            found = self._examine(self._names[index], size)
            if found is None:
                if self._current < 0:
                    self.state = errors.SLOT_CORRUPT
            elif self._current < 0 or later(found[0], self.counter):
                self.counter, self.length = found
                self._current = index
                self.state = 0

    def _examine(self, name: str, size: int):
        if size < TRAILER_BYTES:
            return None
        file = self._board.open(name, "rb")
        try:
            tail = bytearray(TRAILER_BYTES)
            file.seek(size - TRAILER_BYTES)
            file.readinto(tail)
            told = read_trailer(tail)
            if told is None or told[1] != size - TRAILER_BYTES:
                return None
            file.seek(0)
            return told[:2] if _crc(file, told[1]) == told[2] else None
        finally:
            file.close()

    def open(self):
        """The newest payload as a file to read; the caller closes it. Only where `state` is 0."""
        return self._board.open(self._names[self._current], "rb")

    def load(self):
        """The newest payload as bytes, or None."""
        if self.state:
            return None
        file = self.open()
        payload = bytearray(self.length)
        file.readinto(payload)
        file.close()
        return payload

    def begin(self) -> None:
        """Start to write the spare slot; what it held is gone, the other slot is untouched."""
        self.close()
        self._file = self._board.open(self._names[1 - max(self._current, 0)], "wb")
        self._at = 0

    def write(self, data) -> None:
        """Append bytes to the payload being written."""
        self._file.write(data)
        self._at += len(data)

    def write_at(self, offset: int, data) -> None:
        """Write bytes at any offset of the payload; what lies before and was not written is 0."""
        # A seek makes littlefs write out what it holds, so none is made where nothing is skipped.
        if offset != self._at:
            self._file.seek(offset)
        self._file.write(data)
        self._at = offset + len(data)

    def reread(self):
        """Close what was written and open it to be read back; the caller closes it."""
        self.close()
        return self._board.open(self._names[1 - max(self._current, 0)], "rb")

    def finish(self, length: int, crc: int) -> None:
        """Make the payload just written (and read back) the newest."""
        self.close()
        counter = (self.counter + 1) & 0x3FFFFFFF
        file = self._board.open(self._names[1 - max(self._current, 0)], "ab")
        file.write(trailer(counter, length, crc))
        file.close()
        self._current = 1 - max(self._current, 0)
        self.counter = counter
        self.length = length
        self.state = 0

    def store(self, payload: bytes) -> None:
        """Write a whole payload and make it the newest. Raises OSError where it reads back
        wrong."""
        self.begin()
        self.write(payload)
        crc = binascii.crc32(bytes(payload))
        file = self.reread()
        try:
            if _crc(file, len(payload)) != crc:
                raise OSError(errors.STORE_FAILED)
        finally:
            file.close()
        self.finish(len(payload), crc)

    def close(self) -> None:
        """Close the file being written, if any."""
        if self._file:
            self._file.close()
            self._file = None


def _crc(file, length: int) -> int:
    buffer = bytearray(512)
    view = memoryview(buffer)
    crc = 0
    while length > 0:
        count = file.readinto(view[: min(length, 512)])
        if not count:
            return -1
        crc = binascii.crc32(view[:count], crc)
        length -= count
    return crc


class FramSlots:
    """Two slots of `size` payload bytes in the journal memory at `address`."""

    def __init__(self, board, address: int, size: int):
        self._board = board
        self._address = address
        self._size = size
        self.payload = bytearray(size)
        self.counter = 0
        self.state = errors.SLOT_EMPTY
        self._current = -1
        buffer = bytearray(size + TRAILER_BYTES)
        for index in (0, 1):
            board.fram_read(self._at(index), buffer)
            told = read_trailer(memoryview(buffer)[size:])
            payload = bytes(buffer[:size])
            if told is None or told[1] != size or told[2] != binascii.crc32(payload):
                if self._current < 0 and any(byte not in (0, 0xFF) for byte in buffer):
                    self.state = errors.SLOT_CORRUPT
            elif self._current < 0 or later(told[0], self.counter):
                self.counter = told[0]
                self.payload[:] = payload
                self._current = index
                self.state = 0

    @staticmethod
    def bytes_needed(size: int) -> int:
        """What two slots of `size` take of the memory."""
        return 2 * (size + TRAILER_BYTES)

    def _at(self, index: int) -> int:
        return self._address + index * (self._size + TRAILER_BYTES)

    def store(self) -> None:
        """Write `payload` to the spare slot and make it the newest."""
        self._current = 1 - max(self._current, 0)
        self.counter = (self.counter + 1) & 0x3FFFFFFF
        crc = binascii.crc32(bytes(self.payload))
        tail = trailer(self.counter, self._size, crc)
        self._board.fram_write(self._at(self._current), bytes(self.payload) + tail)
        self.state = 0
