"""Every write of a gun's memories, in order, so that a power cut can be put at any byte of any.

A cut ends the firmware: what is then stored is all writes before it and a part of the one that it
struck. So one uncut run, written down, gives every cut of it.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

FRAM, PROGRAM, ERASE = range(3)
ERASED = 0xFF


@dataclass(frozen=True)
class Write:
    """One write: what kind, where, what is stored there once it is whole, what the firmware was at
    when it began (`seen`), and which part of the session it belongs to."""

    kind: int
    address: int
    data: bytes
    seen: Any
    part: str

    @property
    def size(self) -> int:
        """How many bytes are written or erased."""
        return len(self.data)


class Tape:
    """Writes in order. `look` says what the firmware is at; `part` names what is being done."""

    def __init__(self) -> None:
        self.writes: list[Write] = []
        self.look: Callable[[], Any] = lambda: None
        self.part = ""
        self.on = False

    def note(self, kind: int, address: int, data: bytes) -> None:
        """A write begins."""
        if self.on:
            self.writes.append(Write(kind, address, data, self.look(), self.part))


@dataclass
class Images:
    """What the journal memory and the flash hold."""

    fram: bytearray
    flash: bytearray

    def copy(self) -> "Images":
        """The same once more."""
        return Images(bytearray(self.fram), bytearray(self.flash))

    def take(self, write: Write) -> None:
        """Carry out a whole write."""
        memory = self.fram if write.kind == FRAM else self.flash
        memory[write.address : write.address + write.size] = write.data

    def take_part(self, write: Write, count: int, torn: int) -> None:
        """Carry out `count` bytes of a write and lose power.

        `torn` 0: bytes in order, as the journal memory always does. Otherwise a seed: the flash's
        cells change all at once, and each has changed or has not.
        """
        memory = self.fram if write.kind == FRAM else self.flash
        place = slice(write.address, write.address + write.size)
        if torn and write.kind != FRAM:
            memory[place] = _mixed(bytes(memory[place]), write.data, count, torn)
        else:
            memory[write.address : write.address + count] = write.data[:count]


def _mixed(before: bytes, after: bytes, count: int, seed: int) -> bytes:
    """Bits that differ have changed with a chance of `count` in all."""
    size = len(before)
    rng = random.Random(seed * 1_000_003 + count)
    # Two random numbers joined by and, or, give chances of a quarter and three quarters.
    one, other = (int.from_bytes(rng.randbytes(size)) for _ in range(2))
    chances = (one & other, one, one | other)
    changed = chances[min(2, 3 * count // max(1, size))]
    old, new = int.from_bytes(before), int.from_bytes(after)
    return (old ^ ((old ^ new) & changed)).to_bytes(size)


Places = Callable[[Write], Iterator[tuple[int, int]]]


def cuts(
    writes: list[Write], start: Images, places: Places
) -> Iterator[tuple[int, int, int, Images]]:
    """(index of the write, bytes of it, torn, images) for every cut that leaves other memories than
    the one before; `places(write)` gives (bytes, torn)."""
    images = start.copy()
    for index, write in enumerate(writes):
        before = None
        for count, torn in places(write):
            cut = images.copy()
            cut.take_part(write, count, torn)
            memory = cut.fram if write.kind == FRAM else cut.flash
            found = bytes(memory[write.address : write.address + write.size])
            if found != before:
                before = found
                yield index, count, torn, cut
        images.take(write)


def every_byte(write: Write) -> Iterator[tuple[int, int]]:
    """Every byte in order, and for the flash each once more torn."""
    for count in range(write.size):
        yield count, 0
    if write.kind != FRAM:
        for count in range(1, write.size):
            yield count, count


def some(share: float, seed: int, journal: float = 1.0, ends: float = 1.0) -> Places:
    """A share of the flash's bytes and of the `journal` memory's, drawn by a seed; of a share of
    the writes, the first and the last byte too."""
    rng = random.Random(seed)

    def places(write: Write) -> Iterator[tuple[int, int]]:
        wanted = journal if write.kind == FRAM else share
        both = rng.random() < ends
        if both:
            yield 0, 0
        for place in every_byte(write):
            if rng.random() < wanted:
                yield place
        if both:
            yield write.size - 1, 0

    return places
