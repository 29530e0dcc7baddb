"""Compiled modules as the one file that the board reads them from: see `mesofw.board.loader`."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import mesofw

MAGIC = "mesogun 1"
HEAD_BYTES, CRC_END, ENTRY_BYTES = 64, 18, 6


@dataclass(frozen=True)
class Head:
    """The head of a bundle: the CRC-32 over all that follows it, its build and release, and how
    many modules there are."""

    crc: int
    build: str
    version: str
    count: int


def head_of(data: bytes) -> Head:
    """The head that `data` begins with. Raises ValueError where it is no bundle's."""
    words = data[:HEAD_BYTES].decode("ascii", "replace").split()
    if " ".join(words[:2]) != MAGIC or len(words) != 6:
        raise ValueError("this is no bundle of the firmware's modules")
    return Head(int(words[2], 16), words[3], words[4], int(words[5]))


def places(data: bytes, size: int | None = None) -> dict[bytes, tuple[int, int]]:
    """Where each module is by its key, first byte and the one after the last, in a bundle of `size`
    bytes that begins with `data`: head and index suffice. Raises ValueError."""
    count = head_of(data).count
    end = HEAD_BYTES + ENTRY_BYTES * count
    if len(data) < end:
        raise ValueError("the index of the bundle is cut off")
    entries = [data[at : at + ENTRY_BYTES] for at in range(HEAD_BYTES, end, ENTRY_BYTES)]
    begins = [int.from_bytes(entry[3:], "little") for entry in entries]
    ends = [*begins[1:], len(data) if size is None else size]
    keys = [entry[:3] for entry in entries]
    return dict(zip(keys, zip(begins, ends, strict=True), strict=True))


def modules(folder: Path) -> dict[str, bytes]:
    """The compiled modules in a folder by their path within it."""
    paths = sorted(folder.rglob("*.mpy"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def bundle(held: Mapping[str, bytes], version: str = mesofw.VERSION) -> bytes:
    """The bundle of these modules. Equal modules make equal bundles. Raises ValueError where two
    paths have one key."""
    keys = {path: key(path) for path in held}
    if len(set(keys.values())) < len(keys):
        raise ValueError("two modules' paths have one key: call one of them by another name")
    offset = HEAD_BYTES + ENTRY_BYTES * len(held)
    index = b""
    for path, data in held.items():
        index += keys[path] + offset.to_bytes(3, "little")
        offset += len(data)
    body = index + b"".join(held.values())
    build = hashlib.sha256(body).hexdigest()[:16]
    rest = f" {build} {version} {len(held)}".ljust(HEAD_BYTES - CRC_END - 1).encode() + b"\n" + body
    if len(rest) != len(body) + HEAD_BYTES - CRC_END:
        raise ValueError(f"a version of so many letters has no room: {version}")
    return f"{MAGIC} {zlib.crc32(rest):08x}".encode() + rest


def key(path: str) -> bytes:
    """By what the board finds a module."""
    return (zlib.crc32(b"/" + path.encode()) & 0xFFFFFF).to_bytes(3, "little")
