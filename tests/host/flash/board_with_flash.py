"""Runs on MicroPython with -i: board_with_flash.py IMAGE CUT; a board whose flash is a file, up to
its prompt. As on the Pico, `main.py` is run first where there is one. The power fails in the middle
of writing or erasing number CUT (0: never)."""

import os
import sys

import vfs

BLOCK_BYTES, BLOCKS = 4096, 96


class Flash:
    """A block device in a file, erased as flash is."""

    def __init__(self, path, cut):
        self._file = open(path, "r+b")  # noqa: SIM115
        self._left = cut
        self._dead = False

    def readblocks(self, block, buffer, offset=0):
        self._file.seek(block * BLOCK_BYTES + offset)
        self._file.readinto(buffer)

    def writeblocks(self, block, buffer, offset=0):
        self._write(block * BLOCK_BYTES + offset, buffer)

    def ioctl(self, operation, block):
        if operation == 6:
            self._write(block * BLOCK_BYTES, b"\xff" * BLOCK_BYTES)
        return {4: BLOCKS, 5: BLOCK_BYTES}.get(operation, 0)

    def _write(self, at, data):
        if self._dead:
            return
        self._left -= 1
        self._file.seek(at)
        if self._left:
            self._file.write(data)
            return
        self._dead = True
        self._file.write(bytes(data)[: len(data) // 2])
        raise SystemExit


flash = Flash(sys.argv[1], int(sys.argv[2]))
try:
    disk = vfs.VfsLfs2(flash, progsize=256)
except OSError:
    vfs.VfsLfs2.mkfs(flash, progsize=256)
    disk = vfs.VfsLfs2(flash, progsize=256)
vfs.umount("/")
vfs.mount(disk, "/")
os.chdir("/")
sys.path[:] = ["", ".frozen", "/lib"]
try:
    with open("main.py") as file:
        text = file.read()
except OSError:
    text = ""
exec(text)
