"""The real littlefs on a flash that writes down what is stored, as the virtual gun's files.

Block, program and cache sizes are those of MicroPython's `VfsLfs2` on the Pico. As in NOR flash,
an erase sets every bit, a program only clears bits.
"""

import errno
from collections import Counter
from typing import Any

from littlefs import LittleFSError, UserContext, lfs

from mesosim.storage import FRAM_BYTES, Fram, Power
from mesosim.world import World
from tests.hunts.tape import ERASE, ERASED, FRAM, PROGRAM, Images, Tape

BLOCK_BYTES = 4096
# MicroPython: reads of 32 bytes, programs of 256, a cache of four programs, 32 bytes of lookahead.
_SIZES = {"read_size": 32, "prog_size": 256, "cache_size": 1024, "lookahead_size": 32}
_WEAR_CYCLES = 100
PICO_BLOCKS = 352
_MODES = {"rb": "r", "wb": "w", "ab": "a", "r+b": "r+"}


class Flash(UserContext):
    """A block device on `data`; counts the erases of each block."""

    def __init__(self, data: bytearray, tape: Tape):
        super().__init__(buffer=data)
        self._tape = tape
        self.erases: Counter[int] = Counter()

    def read(self, _cfg: Any, block: int, off: int, size: int) -> bytearray:
        """Read within a block."""
        start = block * BLOCK_BYTES + off
        return self.buffer[start : start + size]

    def prog(self, _cfg: Any, block: int, off: int, data: bytes) -> int:
        """Program within a block."""
        start = block * BLOCK_BYTES + off
        old = self.buffer[start : start + len(data)]
        if old.count(ERASED) < len(old):
            both = int.from_bytes(old) & int.from_bytes(data)
            data = both.to_bytes(len(old))
        self._tape.note(PROGRAM, start, bytes(data))
        self.buffer[start : start + len(data)] = data
        return 0

    def erase(self, _cfg: Any, block: int) -> int:
        """Erase a block."""
        blank = b"\xff" * BLOCK_BYTES
        self._tape.note(ERASE, block * BLOCK_BYTES, blank)
        self.buffer[block * BLOCK_BYTES : (block + 1) * BLOCK_BYTES] = blank
        self.erases[block] += 1
        return 0

    def sync(self, _cfg: Any) -> int:
        """What was programmed is there at once."""
        return 0


class Files:
    """The files of a littlefs, as `mesosim.storage.Files` offers them."""

    def __init__(self, flash: Flash):
        blocks = len(flash.buffer) // BLOCK_BYTES
        self.flash = flash
        self._config = lfs.LFSConfig(
            context=flash, block_size=BLOCK_BYTES, block_count=blocks, block_cycles=_WEAR_CYCLES,
            **_SIZES,
        )  # fmt: skip
        self.fs = lfs.LFSFilesystem()
        if flash.buffer.count(ERASED) == len(flash.buffer):
            lfs.format(self.fs, self._config)
        lfs.mount(self.fs, self._config)

    @property
    def held(self) -> dict[str, range]:
        """Every file by its name; only its length is told."""
        out: dict[str, range] = {}
        folder = lfs.dir_open(self.fs, "/")
        while entry := lfs.dir_read(self.fs, folder):
            if entry.name not in (".", ".."):
                out[entry.name] = range(entry.size)
        lfs.dir_close(self.fs, folder)
        return out

    def open(self, name: str, mode: str) -> "File":
        """Open a file in mode rb, wb, ab or r+b. Raises OSError."""
        return File(self.fs, name, mode)

    def remove(self, name: str) -> None:
        """Remove a file. Raises OSError."""
        _plain(lfs.remove, self.fs, name)

    def free_bytes(self) -> int:
        """Bytes that still fit, as `statvfs` counts them: whole blocks."""
        return (len(self.flash.buffer) // BLOCK_BYTES - lfs.fs_size(self.fs)) * BLOCK_BYTES


class File:
    """One open file, without a cache of its own."""

    def __init__(self, fs: Any, name: str, mode: str):
        self._fs = fs
        self._handle = _plain(lfs.file_open, fs, name, _MODES[mode])

    def seek(self, offset: int) -> None:
        """Go to a byte."""
        _plain(lfs.file_seek, self._fs, self._handle, offset, 0)

    def readinto(self, buffer: bytearray | memoryview) -> int:
        """Read at most `len(buffer)` bytes; how many."""
        part = _plain(lfs.file_read, self._fs, self._handle, len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def write(self, data: bytes | memoryview) -> int:
        """Write at the present place. Raises OSError."""
        return _plain(lfs.file_write, self._fs, self._handle, bytes(data))

    def close(self) -> None:
        """What was written is kept from now on. Raises OSError."""
        if self._handle is not None:
            handle, self._handle = self._handle, None
            _plain(lfs.file_close, self._fs, handle)


def _plain(function: Any, *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except LittleFSError as error:
        raise OSError(errno.ENOSPC if error.code == -28 else errno.EIO, str(error)) from error


class TapedFram(Fram):
    """Journal memory that writes down what is stored."""

    def __init__(self, data: bytearray, tape: Tape):
        super().__init__(Power())
        self.data = data
        self._tape = tape

    def write(self, address: int, data: bytes | memoryview) -> None:
        """Write, in order."""
        self._tape.note(FRAM, address, bytes(data))
        super().write(address, data)


def blank(blocks: int = PICO_BLOCKS, fram_bytes: int = FRAM_BYTES) -> Images:
    """Memories as they come from the shop."""
    return Images(bytearray(fram_bytes), bytearray(b"\xff" * (blocks * BLOCK_BYTES)))


def start(world: World, images: Images, tape: Tape | None = None) -> Flash:
    """Switch a world's gun on with these memories, and write down on `tape` what it stores."""
    if world.on:
        world.switch_off()
    told = tape or Tape()
    flash = Flash(images.flash, told)
    board: Any = world.board
    board.fram_bytes = len(images.fram)
    board.fram = TapedFram(images.fram, told)
    board.flash = Files(flash)
    world.switch_on()
    return flash
