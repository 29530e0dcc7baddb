"""Journal memory and flash of a firmware process: two files in a folder, littlefs on the second.

Every write counts against a power budget; when that is spent, the process ends in mid-write.
"""

import os
import sys

from mesosim.target.message import EXIT_POWER_LOST

FRAM_BYTES = 32_768
BLOCK_BYTES = 4096
BLOCKS = 352


class Power:
    """How many bytes may still be stored; -1 for no end."""

    def __init__(self):
        self.budget = -1
        self.lost = False

    def write(self, file, data):
        """Write `data`, or as much as power lasts; then nothing more is ever written.

        What unwinds may raise anything: `lost` tells the caller of the step that it never ended.
        """
        kept = len(data) if self.budget < 0 else min(self.budget, len(data))
        if kept and not self.lost:
            file.write(memoryview(data)[:kept])
        if self.budget >= 0:
            self.budget -= kept
        if self.lost or kept < len(data):
            self.lost = True
            sys.exit(EXIT_POWER_LOST)


def _image(path, size):
    """The file of `size` bytes at `path`, made (all 0xFF) where it is not there; and whether it was
    made."""
    try:
        if os.stat(path)[6] == size:
            return open(path, "r+b"), False
    except OSError:
        pass
    file = open(path, "w+b")
    blank = b"\xff" * 4096
    for _ in range(size // len(blank)):
        file.write(blank)
    file.flush()
    return file, True


class Fram:
    """The journal memory."""

    def __init__(self, path, power):
        self._file, _ = _image(path, FRAM_BYTES)
        self._power = power

    def read(self, address, buffer):
        """Fill `buffer` from `address`."""
        self._file.seek(address)
        self._file.readinto(buffer)

    def write(self, address, data):
        """Write at `address`."""
        self._file.seek(address)
        self._power.write(self._file, data)


class Disk:
    """A block device with the Pico's erase blocks, for `os.VfsLfs2`."""

    def __init__(self, path, power):
        self._file, self.fresh = _image(path, BLOCKS * BLOCK_BYTES)
        self._power = power
        self._erased = b"\xff" * BLOCK_BYTES

    def readblocks(self, block, buffer, offset=0):
        """Read within a block."""
        self._file.seek(block * BLOCK_BYTES + offset)
        self._file.readinto(buffer)

    def writeblocks(self, block, buffer, offset=0):
        """Program within an erased block."""
        self._file.seek(block * BLOCK_BYTES + offset)
        self._power.write(self._file, buffer)

    def ioctl(self, operation, argument):
        """Size, block size, erase."""
        if operation == 4:
            return BLOCKS
        if operation == 5:
            return BLOCK_BYTES
        if operation == 6:
            self._file.seek(argument * BLOCK_BYTES)
            self._power.write(self._file, self._erased)
        return 0


def mount(disk, vfs, folder):
    """Mount a littlefs on `disk` at `folder`, made where there is none."""
    if disk.fresh:
        vfs.VfsLfs2.mkfs(disk, progsize=256)
    vfs.mount(vfs.VfsLfs2(disk, progsize=256), folder)
