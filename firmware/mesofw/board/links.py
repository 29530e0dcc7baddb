"""USB and the isolated UART as one link: answers go where the last bytes came from.

Bytes are read ahead, so that the loop knows when there is something for the gun, and both ways are
bounded: a flood, or a long reply, never makes a step long.
"""

# A byte over USB takes some 36 µs to read and 29 µs to write (on an emulated Pico at 125 MHz).
STEP_BYTES = 64


class Links:
    """`read` and `write` as `core.duties.Board` has them; `waiting` reads ahead."""

    def __init__(self, links):
        self._links = links
        self._now = 0
        self._held = bytearray(STEP_BYTES)
        self._view = memoryview(self._held)
        self._count = 0

    def waiting(self) -> bool:
        """Whether there is something to read."""
        if not self._count:
            self._fetch()
        return self._count > 0

    def read(self, buffer) -> int:
        """Put what came in at the start of `buffer` (at least STEP_BYTES); how many bytes."""
        if not self._count:
            self._fetch()
        count = self._count
        if count:
            buffer[:count] = self._view[:count]
            self._count = 0
        return count

    def write(self, data) -> int:
        """Take at most STEP_BYTES to send; how many."""
        if len(data) > STEP_BYTES:
            data = memoryview(data)[:STEP_BYTES]
        return self._links[self._now].write(data)

    def _fetch(self) -> None:
        self._count = self._links[self._now].read(self._held)
        place = 0
        while not self._count and place < len(self._links):
            if place != self._now:
                self._count = self._links[place].read(self._held)
                if self._count:
                    self._now = place
                    return
            place += 1
