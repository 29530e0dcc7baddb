"""Runs on MicroPython: the board's files on a littlefs in memory; prints what it finds."""

import vfs

from mesofw.board.files import Files

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


disk = Ram()
vfs.VfsLfs2.mkfs(disk)
vfs.mount(vfs.VfsLfs2(disk), "/flash")
files = Files("/flash")
with files.open("log.00000001", "wb") as file:
    file.write(b"abc")
with files.open("log.00000001", "r+b") as file:
    file.seek(1)
    file.write(b"X")
with files.open("log.00000001", "rb") as file:
    print(files.list(), file.read(), 0 < files.free_bytes() < BLOCK_BYTES * BLOCKS)
files.remove("log.00000001")
print(files.list())
