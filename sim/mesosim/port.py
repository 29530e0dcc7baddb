"""The host's end of a virtual gun in the same process: reading lets virtual time pass."""

from mesosim.link import Clear, LineFilter
from mesosim.world import World


class WorldPort:
    """A port to `world`: write, read, close. Each direction passes a filter of lines."""

    def __init__(
        self, world: World, to_gun: LineFilter | None = None, to_host: LineFilter | None = None
    ):
        self.world = world
        self._to_gun = to_gun or Clear()
        self._to_host = to_host or Clear()

    def write(self, data: bytes) -> None:
        """Bytes to the gun; they are there at once."""
        world = self.world
        passed = self._to_gun.through(data, world.now_us)
        if passed and world.on:
            world.board.to_gun.append(passed)
            world.touch()

    def read(self, timeout_s: float) -> bytes:
        """What has come from the gun; lets at most `timeout_s` of virtual time pass for it."""
        world = self.world
        until_us = world.now_us + int(timeout_s * 1e6)
        while True:
            late = self._to_gun.through(b"", world.now_us)
            if late and world.on:
                world.board.to_gun.append(late)
                world.touch()
            out = self._to_host.through(bytes(world.board.to_host), world.now_us)
            if len(world.board.to_host) >= _FULL_BYTES:
                world.touch()  # there is room again
            world.board.to_host.clear()
            if out:
                return out
            if world.now_us >= until_us:
                return b""
            world.step(min(until_us, world.now_us + _SLICE_US))

    def close(self) -> None:
        """The host goes away; the gun stays."""


# Late lines come due between two events too.
_SLICE_US = 5_000
_FULL_BYTES = 4_096
