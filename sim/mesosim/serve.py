"""Serves a virtual gun's link on a pseudo-terminal or a TCP port, and paces its time.

`Server` is a world's pacer: before each event it waits for the wall clock (`pace` virtual seconds a
second; 0 does not wait) and passes bytes between the host and the gun meanwhile.
"""

import os
import select
import socket
import sys
import time
from typing import Protocol

from mesosim.link import LineFilter
from mesosim.world import World

LOOPBACK = "127.0.0.1"
_READ_BYTES = 65_536
_ANSWER_US = 1_000
_UNREAD_BYTES = 16_384


class Body(Protocol):
    """What carries the link's bytes."""

    name: str

    def files(self) -> list[int]:
        """File descriptors whose readiness means that `read` has something."""
        ...

    def read(self) -> bytes:
        """What the host sent; nothing where it sent none."""
        ...

    def write(self, data: bytes) -> int:
        """Send without blocking; how many bytes were taken."""
        ...

    def close(self) -> None:
        """The end."""
        ...


class Pty:
    """A pseudo-terminal; `name` is what the host opens. Linux and macOS."""

    def __init__(self) -> None:
        if sys.platform == "win32":
            raise OSError("there are no pseudo-terminals here; use --socket PORT")
        import tty

        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.name = os.ttyname(self._slave)

    def files(self) -> list[int]:
        return [self._master]

    def read(self) -> bytes:
        try:
            return os.read(self._master, _READ_BYTES)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> int:
        try:
            return os.write(self._master, data)
        except BlockingIOError:
            return 0

    def close(self) -> None:
        os.close(self._master)
        os.close(self._slave)


class Tcp:
    """A listening socket on loopback, one host at a time; `name` is the URL that the host opens."""

    def __init__(self, port: int):
        self._listener = socket.create_server((LOOPBACK, port))
        self._listener.setblocking(False)
        self._host: socket.socket | None = None
        self.name = "socket://%s:%d" % self._listener.getsockname()

    def files(self) -> list[int]:
        sockets = [self._listener] if self._host is None else [self._host]
        return [one.fileno() for one in sockets]

    def read(self) -> bytes:
        if self._host is None:
            try:
                self._host, _ = self._listener.accept()
            except BlockingIOError:
                return b""
            self._host.setblocking(False)
            self._host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            data = self._host.recv(_READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._hang_up()
        return data

    def write(self, data: bytes) -> int:
        if self._host is None:
            return len(data)  # nobody listens: as on a serial line, it is gone
        try:
            return self._host.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self._hang_up()
            return len(data)

    def _hang_up(self) -> None:
        if self._host:
            self._host.close()
        self._host = None

    def close(self) -> None:
        self._hang_up()
        self._listener.close()


class Server:
    """Joins one body of the link to one world; set as the world's pacer."""

    def __init__(
        self, world: World, body: Body, pace: float, to_gun: LineFilter, to_host: LineFilter
    ):
        self.world = world
        self.body = body
        self._pace = pace
        self._to_gun = to_gun
        self._to_host = to_host
        self._unsent = b""
        self._arrived = False
        self._zero_s = time.monotonic() - (world.now_us / 1e6 / pace if pace else 0.0)
        world.pacer = self

    def wait(self, due_us: int) -> int:
        """Wait for the wall clock to come to `due_us`, or for bytes; the virtual time reached."""
        world = self.world
        while True:
            self._send()
            left_s = 0.0
            if self._pace:
                left_s = max(0.0, self._zero_s + due_us / 1e6 / self._pace - time.monotonic())
            arrived = self.pump(left_s)
            if arrived:
                return min(due_us, max(world.now_us, self._now_us()))
            if not self._pace or time.monotonic() >= self._zero_s + due_us / 1e6 / self._pace:
                return due_us

    def _now_us(self) -> int:
        if not self._pace:
            return self.world.now_us
        return int((time.monotonic() - self._zero_s) * self._pace * 1e6)

    def pump(self, timeout_s: float) -> bool:
        """Wait at most so long for the host; True where bytes came in."""
        late = self._to_gun.through(b"", self.world.now_us)
        ready, _, _ = select.select(self.body.files(), [], [], 0.0 if late else timeout_s)
        data = self.body.read() if ready else b""
        data = late + (self._to_gun.through(data, self.world.now_us) if data else b"")
        if not data or not self.world.on:
            return False
        self._arrived = True
        self.world.board.to_gun.append(data)
        self.world.touch()
        return True

    def _send(self) -> None:
        board = self.world.board
        out = bytes(board.to_host)
        board.to_host.clear()
        self._unsent += self._to_host.through(out, self.world.now_us)
        if self._unsent:
            taken = self.body.write(self._unsent[:_READ_BYTES])
            self._unsent = self._unsent[taken:]
        # A host that does not read fills its port: then the gun's own writing finds it full.
        reads = len(self._unsent) < _UNREAD_BYTES
        if reads and (not board.host_reads or len(out) >= _UNREAD_BYTES // 2):
            self.world.touch()
        board.host_reads = reads

    def serve(self, duration_s: float) -> None:
        """Serve for about `duration_s` of the wall clock. Without a pace: wait for the host that
        long, then let the gun work on what came."""
        if self._pace:
            self.world.run_for(int(self._pace * duration_s * 1e6))
        elif self.pump(duration_s):
            # What comes in while this is answered is answered too.
            while self._arrived:
                self._arrived = False
                self.world.run_for(_ANSWER_US)
        self._send()

    def close(self) -> None:
        """Hang up."""
        self._send()
        self.world.pacer = None
        self.body.close()
