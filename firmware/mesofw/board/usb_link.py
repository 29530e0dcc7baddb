"""The link on the Pico's own USB serial port, without ever blocking.

A byte is read only where one waits, and written only where the port has room for it: a host that
opens the port and does not read fills it, and then nothing more is taken. Whole buffers would be
faster, but `readinto` and `write` of more than is there block (half a second for an unread port).
"""

import select
import sys

import micropython

_IN, _OUT = select.POLLIN, select.POLLOUT


class UsbLink:
    """Bytes to and from the host. While it is in use, Ctrl-C interrupts nothing."""

    def __init__(self):
        into, out = sys.stdin.buffer, sys.stdout.buffer
        readable, writable = select.poll(), select.poll()
        readable.register(into, select.POLLIN)
        writable.register(out, select.POLLOUT)
        # Methods made once: to look for one takes memory each time.
        self._into = into.readinto  # pyright: ignore[reportAttributeAccessIssue]
        self._out = out.write
        self._readable = readable.ipoll  # pyright: ignore[reportAttributeAccessIssue]
        self._writable = writable.ipoll  # pyright: ignore[reportAttributeAccessIssue]
        self._byte = bytearray(1)
        micropython.kbd_intr(-1)

    def read(self, buffer: bytearray) -> int:
        """Put what came in at the start of `buffer`, at most its length; how many bytes."""
        count = 0
        most = len(buffer)
        byte = self._byte
        into, ready = self._into, self._readable
        while count < most:
            # A port that hung up is ready too, but has nothing.
            found = 0
            for told in ready(0):
                found = told[1]
            if not found & _IN or not into(byte):
                break
            buffer[count] = byte[0]
            count += 1
        return count

    def write(self, data) -> int:
        """Take bytes to send, as many as the port has room for; how many."""
        count = 0
        byte = self._byte
        out, ready = self._out, self._writable
        for byte[0] in data:
            found = 0
            for told in ready(0):
                found = told[1]
            if not found & _OUT:
                break
            out(byte)
            count += 1
        return count
