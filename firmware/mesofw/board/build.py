"""The firmware's build: the hash of its modules, written down when they were put onto the board and
worked out anew at each start."""

import binascii
import hashlib
import os

# Written by whoever put the modules there.
TOLD = "/build.txt"
UNKNOWN = "0" * 16
_FOLDER_BIT = 0x4000
_PIECE_BYTES = 1024


def told(path: str = TOLD) -> str:
    """The build that was written down, 16 hex digits; zeros where nobody did."""
    try:
        with open(path) as file:
            return file.read().strip()[:16] or UNKNOWN
    except OSError:
        return UNKNOWN


def found(folder: str) -> str:
    """The build of the modules in `folder`: the first 16 hex digits of the SHA-256 over each file's
    path within it, in their order, and its bytes. Raises OSError where one cannot be read."""
    digest = hashlib.sha256()
    piece = memoryview(bytearray(_PIECE_BYTES))
    for path in sorted(_files(folder, "")):
        digest.update(path.encode())
        with open(folder + "/" + path, "rb") as file:
            count = file.readinto(piece)
            while count:
                digest.update(piece[:count])
                count = file.readinto(piece)
    return binascii.hexlify(digest.digest()[:8]).decode()


def _files(folder: str, within: str) -> list:
    paths = []
    for name in os.listdir(folder + "/" + within):
        path = within + name
        if os.stat(folder + "/" + path)[0] & _FOLDER_BIT:
            paths += _files(folder, path + "/")
        else:
            paths.append(path)
    return paths
