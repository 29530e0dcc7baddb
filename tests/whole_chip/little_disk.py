"""Runs on desktop MicroPython: little_disk.py FOLDER IMAGE; makes a littlefs image of a folder.

Block size and count are those of a Pico's file system under MicroPython (2 MB of flash).
"""

import os
import sys

import vfs

BLOCK_BYTES, BLOCKS = 4096, 352
FOLDER = 0x4000


class Ram:
    """A block device in memory, erased as flash is."""

    def __init__(self):
        self.data = bytearray(b"\xff" * (BLOCK_BYTES * BLOCKS))

    def readblocks(self, block, buffer, offset=0):
        at = block * BLOCK_BYTES + offset
        buffer[:] = self.data[at : at + len(buffer)]

    def writeblocks(self, block, buffer, offset=0):
        at = block * BLOCK_BYTES + offset
        self.data[at : at + len(buffer)] = buffer

    def ioctl(self, operation, _argument):
        return {4: BLOCKS, 5: BLOCK_BYTES}.get(operation, 0)


def copy(source, target):
    """Copy what a folder holds, with its folders."""
    for entry in os.ilistdir(source):
        name, kind = entry[0], entry[1]
        if kind == FOLDER:
            os.mkdir(target + "/" + name)
            copy(source + "/" + name, target + "/" + name)
            continue
        with open(source + "/" + name, "rb") as file:
            data = file.read()
        with open(target + "/" + name, "wb") as file:
            file.write(data)


def main(folder, image):
    """Make the image."""
    disk = Ram()
    vfs.VfsLfs2.mkfs(disk)
    vfs.mount(vfs.VfsLfs2(disk), "/disk")
    copy(folder, "/disk")
    vfs.umount("/disk")
    with open(image, "wb") as file:
        file.write(disk.data)


main(*sys.argv[1:])
