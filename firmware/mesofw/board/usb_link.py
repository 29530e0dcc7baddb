"""The link on the Pico's own USB serial port, without ever blocking.

A byte is read only where one waits, and written only where the port has room for it: a host that
opens the port and does not read fills it, and then nothing more is taken. Whole buffers would be
faster, but `readinto` and `write` of more than is there block (half a second for an unread port).
"""

import select
import sys

import micropython


class UsbLink:
    """Bytes to and from the host. While it is in use, Ctrl-C interrupts nothing."""

    def __init__(self):
        self._into = sys.stdin.buffer
        self._out = sys.stdout.buffer
        self._readable = select.poll()
        self._readable.register(self._into, select.POLLIN)
        self._writable = select.poll()
        self._writable.register(self._out, select.POLLOUT)
        self._byte = bytearray(1)
        micropython.kbd_intr(-1)

    def read(self, buffer: bytearray) -> int:
        """Put what came in at the start of `buffer`, at most its length; how many bytes."""
        count = 0
        byte = self._byte
        while count < len(buffer) and _ready(self._readable, select.POLLIN):
            if not self._into.readinto(byte):  # pyright: ignore[reportAttributeAccessIssue]
                break
            buffer[count] = byte[0]
            count += 1
        return count

    def write(self, data) -> int:
        """Take bytes to send, as many as the port has room for; how many."""
        count = 0
        byte = self._byte
        while count < len(data) and _ready(self._writable, select.POLLOUT):
            byte[0] = data[count]
            self._out.write(byte)
            count += 1
        return count


def _ready(poll, event: int) -> bool:
    # A port that hung up is ready too, but has nothing. No generator: this runs all the time.
    for _, found in poll.ipoll(0):
        if found & event:
            return True
    return False
