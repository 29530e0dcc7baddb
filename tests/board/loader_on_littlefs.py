"""Runs on MicroPython: loader_on_littlefs.py FOLDER; starts the loader on a littlefs that holds the
folder's files, as the Pico's `main.py` does."""

import os
import sys

import vfs

# Read in now, since the disk below takes the place of all others.
from mesofw.board import loader

BLOCK_BYTES, BLOCKS = 4096, 64


class Ram:
    """A block device in memory."""

    def __init__(self):
        self._data = bytearray(BLOCK_BYTES * BLOCKS)

    def readblocks(self, block, buffer, offset=0):
        at = block * BLOCK_BYTES + offset
        buffer[:] = self._data[at : at + len(buffer)]

    def writeblocks(self, block, buffer, offset=0):
        at = block * BLOCK_BYTES + offset
        self._data[at : at + len(buffer)] = buffer

    def ioctl(self, operation, _argument):
        return {4: BLOCKS, 5: BLOCK_BYTES}.get(operation, 0)


def read(path):
    with open(path, "rb") as file:
        return file.read()


held = [(entry[0], read(sys.argv[1] + "/" + entry[0])) for entry in os.ilistdir(sys.argv[1])]
disk = Ram()
vfs.VfsLfs2.mkfs(disk)
vfs.umount("/")
vfs.mount(vfs.VfsLfs2(disk), "/")
for name, data in held:
    with open("/" + name, "wb") as file:
        file.write(data)
# The firmware is none but what the bundle has.
for name in [name for name in sys.modules if name.startswith("mesofw")]:
    del sys.modules[name]
loader.run()
