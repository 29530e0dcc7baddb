"""Faults of a link, line by line, in the virtual gun's own time."""

import random
from collections.abc import Callable

from mesosim.world import World

LOSE, DOUBLE, CORRUPT, DELAY, CUT = FAULTS = ("lose", "double", "corrupt", "delay", "cut")
_SLICE_US = 5_000
_FULL_BYTES = 4_096
# What comes late comes while something else is going on.
_DELAYS_US = (20_000, 300_000, 2_000_000, 15_000_000)
_CUTS_US = (50_000, 1_000_000, 8_000_000)


class Direction:
    """One direction of a link. `fate()` says what becomes of the next line: a fault, or nothing.

    A cut lasts `cut_us`, or for good where that is 0.
    """

    def __init__(self, seed: int, fate: Callable[[], str], cut_us: int | None = None):
        self._rng = random.Random(seed)
        self._fate = fate
        self._cut_us = cut_us
        self._rest = b""
        self._late: list[tuple[int, bytes]] = []
        self._dead_until_us = 0
        self.lines = 0
        self.faults = 0

    def through(self, data: bytes, now_us: int) -> bytes:
        """What comes out now."""
        out = b"".join(line for due_us, line in self._late if due_us <= now_us)
        self._late = [late for late in self._late if late[0] > now_us]
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            out += self._line(line + b"\n", now_us)
        return out

    def due_us(self) -> int | None:
        """When the next late line comes."""
        return min((due_us for due_us, _ in self._late), default=None)

    def _line(self, line: bytes, now_us: int) -> bytes:
        if line != b"\n":
            self.lines += 1
            fate = self._fate()
            self.faults += bool(fate)
        else:
            fate = ""
        if fate == CUT:
            cut_us = self._rng.choice(_CUTS_US) if self._cut_us is None else self._cut_us
            self._dead_until_us = now_us + (cut_us or 1 << 60)
        if now_us < self._dead_until_us or fate == LOSE:
            return b""
        if fate == DOUBLE:
            return line + line
        if fate == CORRUPT:
            place = self._rng.randrange(len(line) - 1)
            wrong = line[place] ^ 1 << self._rng.randrange(7)
            return line[:place] + bytes((wrong,)) + line[place + 1 :]
        if fate == DELAY:
            self._late.append((now_us + self._rng.choice(_DELAYS_US), line))
            return b""
        return line


def clear(seed: int = 0) -> Direction:
    """A direction without faults."""
    return Direction(seed, str)


def shares(seed: int, share: float, cut: float) -> Direction:
    """Each of four faults strikes this share of the lines, a cut that of `cut`."""
    rng = random.Random(seed)
    names = ("", *FAULTS)
    weights = (1 - 4 * share - cut, share, share, share, share, cut)
    return Direction(seed, lambda: rng.choices(names, weights)[0])


def at(line: int, fault: str) -> Direction:
    """A fault strikes one line, counted from 0; a cut is for good."""
    left = iter([""] * line + [fault])
    return Direction(line, lambda: next(left, ""), cut_us=0)


class Wire:
    """A port to a world over two directions with faults; it stands between them at any time, also
    while nobody reads. A new one takes the place of the one before."""

    def __init__(self, world: World, to_gun: Direction, to_host: Direction):
        self.world = world
        self._to_gun = to_gun
        self._to_host = to_host
        self._arrived = b""
        world.pacer = self

    def wait(self, due_us: int) -> int:
        """As the world's pacer: late lines come when they are due."""
        now_us = self.world.now_us
        self._give(self._to_gun.through(b"", now_us))
        late_us = self._to_gun.due_us()
        return due_us if late_us is None else max(now_us, min(due_us, late_us))

    def _give(self, data: bytes) -> None:
        if data and self.world.on:
            self.world.board.to_gun.append(data)
            self.world.touch()

    def write(self, data: bytes) -> None:
        """Bytes to the gun."""
        self._give(self._to_gun.through(data, self.world.now_us))

    def read(self, timeout_s: float) -> bytes:
        """What has come from the gun; lets at most `timeout_s` of virtual time pass for it."""
        world = self.world
        until_us = world.now_us + int(timeout_s * 1e6)
        while True:
            held = bytes(world.board.to_host)
            world.board.to_host.clear()
            if len(held) >= _FULL_BYTES:
                world.touch()
            out = self._to_host.through(held, world.now_us)
            if out:
                return out
            if world.now_us >= until_us:
                return b""
            world.step(min(until_us, world.now_us + _SLICE_US))

    def close(self) -> None:
        """The host goes away."""
