"""A link that loses, repeats, corrupts and delays lines, by a seed."""

import random
from typing import Protocol


class LineFilter(Protocol):
    """One direction of a link."""

    def through(self, data: bytes, now_us: int) -> bytes:
        """Bytes that went in now; gives what comes out now (also of what went in before)."""
        ...


class Clear:
    """A link without faults."""

    def through(self, data: bytes, now_us: int) -> bytes:  # noqa: ARG002
        """All of it, at once."""
        return data


class Ending:
    """A link that passes so many lines, and then nothing."""

    def __init__(self, lines: int):
        self._left = lines

    def through(self, data: bytes, now_us: int) -> bytes:  # noqa: ARG002
        """What passes of it."""
        lines = data.splitlines(keepends=True)[: self._left]
        self._left -= len(lines)
        return b"".join(lines)


class Faulty:
    """Of all lines, each share (0 … 1) is dropped, doubled, corrupted or delayed by `delay_us`."""

    def __init__(
        self,
        seed: int,
        drop: float = 0.0,
        repeat: float = 0.0,
        corrupt: float = 0.0,
        delay: float = 0.0,
        delay_us: int = 300_000,
    ):
        self._rng = random.Random(seed)
        self._shares = (drop, repeat, corrupt, delay)
        self._delay_us = delay_us
        self._rest = b""
        self._late: list[tuple[int, bytes]] = []
        self.faults = 0

    def through(self, data: bytes, now_us: int) -> bytes:
        """What comes out now: the new lines that pass, and late ones that are due."""
        out = bytearray()
        for due_us, line in [late for late in self._late if late[0] <= now_us]:
            self._late.remove((due_us, line))
            out += line
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            out += self._fate(line + b"\n", now_us)
        return bytes(out)

    def _fate(self, line: bytes, now_us: int) -> bytes:
        drop, repeat, corrupt, delay = self._shares
        draw = self._rng.random()
        if draw >= drop + repeat + corrupt + delay:
            return line
        self.faults += 1
        if draw < drop:
            return b""
        if draw < drop + repeat:
            return line + line
        if draw < drop + repeat + corrupt:
            place = self._rng.randrange(len(line) - 1) if len(line) > 1 else 0
            return (
                line[:place]
                + bytes([line[place] ^ (1 << self._rng.randrange(7))])
                + line[place + 1 :]
            )
        self._late.append((now_us + self._delay_us, line))
        return b""
