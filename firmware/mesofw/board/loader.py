"""Finds the firmware's bundle and reads modules from it. It lies beside the bundles, as
`/mesogun.mpy`; the Pico's own `main.py` holds two lines:

import mesogun
mesogun.run()

A bundle is one file with all other modules. Two of them have a place, `/mesogun.a` and
`/mesogun.b`, and `/mesogun.now` names the one in force by its letter (`a` where nothing does): to
exchange the firmware is to write the other and to rename that file, in one step.

    mesogun 1 CRC32 BUILD VERSION COUNT      64 bytes with spaces and a line's end
    key, offset                              3 bytes each, lowest first; COUNT times
    modules

CRC32 is over all that follows it, BUILD is the first 16 hex digits of the SHA-256 over all that
follows the head, a key is the low 24 bits of the CRC-32 of a module's path, an offset is from the
file's beginning. littlefs takes milliseconds for a path, and each import asks for three: from one
file all modules are read in twice as fast.
"""

import binascii
import io
import sys

SLOTS = ("/mesogun.a", "/mesogun.b")
NOW = "/mesogun.now"
MOUNT = "/f"
HEAD_BYTES = 64
CRC_END = 18
ENTRY_BYTES = 6
NO_FIRMWARE = "mesogun: no whole firmware on this board, all is off; to mend it: mesogun flash"
_PIECE_BYTES = 512
_BUFFER_BYTES = 255
_ENOENT, _EINVAL = 2, 22
# Requests of MicroPython's streams.
_CLOSE, _BUFFER_SIZE = 4, 11
_FOLDERS = ("/mesofw", "/mesofw/core", "/mesofw/board")
_FOLDER_STAT = (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_FILE_STAT = (0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0)


class Bundle:
    """The bundle at `path`, as a read-only file system for `vfs.mount`. `build` is its name. Raises
    OSError where it cannot be read, ValueError where it is none."""

    def __init__(self, path: str):
        self._stream = stream = _Stream(path)
        words = stream.file.read(HEAD_BYTES).split()
        if len(words) != 6 or words[0] != b"mesogun" or words[1] != b"1":
            raise ValueError(path)
        self.build = words[3].decode()
        self._crc = words[2]
        self._index = stream.file.read(int(words[5]) * ENTRY_BYTES)

    def whole(self) -> bool:
        """Whether every byte is what it was when the bundle was made (45 ms)."""
        file = self._stream.file
        piece = memoryview(bytearray(_PIECE_BYTES))
        crc = 0
        file.seek(CRC_END)
        count = file.readinto(piece)
        while count:
            crc = binascii.crc32(piece[:count], crc)
            count = file.readinto(piece)
        return b"%08x" % crc == self._crc

    def rest(self) -> None:
        """Close the file between modules from now on: few are still to come."""
        self._stream.resting = True
        self._stream.file.close()

    def mount(self, readonly, mkfs) -> None:
        """For `vfs`."""

    def umount(self) -> None:
        """For `vfs`."""

    def stat(self, path: str) -> tuple:
        """For `vfs`: what a module or a folder is. Raises OSError where it is not there."""
        if path in _FOLDERS:
            return _FOLDER_STAT
        self._offset(path)
        return _FILE_STAT

    def open(self, path: str, mode: str):
        """For `vfs`: a stream at the module's beginning, the same for all; whoever reads the module
        in finds its end by itself. Raises OSError."""
        offset = self._offset(path)
        self._stream.begin(offset)
        return self._stream

    def _offset(self, path: str) -> int:
        index = self._index
        at = -1
        if path[-4:] == ".mpy":
            key = (binascii.crc32(path.encode()) & 0xFFFFFF).to_bytes(3, "little")
            at = index.find(key)
            while at % ENTRY_BYTES and at > 0:
                at = index.find(key, at + 1)
        if at < 0:
            raise OSError(_ENOENT)
        return index[at + 3] | index[at + 4] << 8 | index[at + 5] << 16


class _Stream(io.IOBase):
    """The bundle's file, which stays open while modules are read in: each opening costs
    1.3 kB, which would scatter what lasts."""

    def __init__(self, path: str):
        self._path = path
        self.file = open(path, "rb")
        self.resting = False

    def begin(self, offset: int) -> None:
        if self.resting:
            self.file = open(self._path, "rb")
        self.file.seek(offset)

    def readinto(self, buffer) -> int:
        return self.file.readinto(buffer)

    def ioctl(self, request: int, argument: int) -> int:
        if request == _BUFFER_SIZE:
            return _BUFFER_BYTES
        if request != _CLOSE:
            return -_EINVAL
        if self.resting:
            self.file.close()
        return 0


def mount():
    """(bundle, whether it is the one in force), its modules to be imported from now on: the other
    one where that in force is damaged or missing, None where both are."""
    import vfs

    slots = SLOTS
    try:
        with open(NOW) as file:
            if file.read(1) == "b":
                slots = (SLOTS[1], SLOTS[0])
    except OSError:
        pass
    for path in slots:
        try:
            bundle = Bundle(path)
            if bundle.whole():
                vfs.mount(bundle, MOUNT)
                sys.path.insert(0, MOUNT)
                return bundle, path == slots[0]
        except (OSError, ValueError):
            pass
    return None


def run() -> None:
    """Start the gun; where there is no whole firmware, say what to do and leave the REPL, with
    everything off."""
    held = mount()
    if held is None:
        print(NO_FIRMWARE)
        return
    from mesofw.board.boot import run

    run(*held)
