"""The firmware's build: what was written down when its modules were put onto the board, and whether
they are still those.

`build.txt` holds the build's name, the first 16 hex digits of the SHA-256 over all modules, and
their CRC-32, which is worked out anew at each start: a SHA-256 would take longer.
"""

import binascii
import hashlib
import os

# Written by whoever put the modules there.
TOLD = "/build.txt"
UNKNOWN = "0" * 16
_FOLDER_BIT = 0x4000
_PIECE_BYTES = 1024


def told(path: str = TOLD) -> tuple:
    """(name, CRC-32 as 8 hex digits) as written down; zeros and nothing where nobody did."""
    try:
        with open(path) as file:
            name, crc = file.read().split()
        return name[:16], crc
    except (OSError, ValueError):
        return UNKNOWN, ""


def line(folder: str) -> str:
    """What `build.txt` must say of the modules in `folder`: over each file's path within it, in
    their order, and its bytes. Raises OSError where one cannot be read."""
    digest = hashlib.sha256()
    _over(folder, digest.update)
    return binascii.hexlify(digest.digest()[:8]).decode() + " " + crc_of(folder)


def crc_of(folder: str) -> str:
    """The CRC-32 over the same, as 8 hex digits. Raises OSError."""
    crc = [0]

    def take(data):
        crc[0] = binascii.crc32(data, crc[0])

    _over(folder, take)
    return "%08x" % crc[0]


def _over(folder: str, take) -> None:
    piece = memoryview(bytearray(_PIECE_BYTES))
    for path in sorted(_files(folder, "")):
        take(path.encode())
        with open(folder + "/" + path, "rb") as file:
            count = file.readinto(piece)
            while count:
                take(piece[:count])
                count = file.readinto(piece)


def _files(folder: str, within: str) -> list:
    paths = []
    for entry in _entries(folder + "/" + within):
        path = within + entry[0]
        if entry[1] == _FOLDER_BIT:
            paths += _files(folder, path + "/")
        else:
            paths.append(path)
    return paths


def _entries(folder: str) -> list:
    """(name, kind) of what is in a folder."""
    if hasattr(os, "ilistdir"):
        # One look at the folder instead of one at each file, which takes the gun 8 ms.
        return list(os.ilistdir(folder))  # pyright: ignore[reportAttributeAccessIssue]
    return [(entry.name, _FOLDER_BIT if entry.is_dir() else 0) for entry in os.scandir(folder)]
