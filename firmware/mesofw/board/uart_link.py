"""The link on the isolated UART: the same lines as on USB, and as little waiting.

`machine.UART` has a ring of bytes for each way; with no time-out it reads what is there and takes
what there is room for.
"""

# The isolator passes 1 Mbit/s in its slowest grade (ADuM1201 data sheet).
BAUD = 115_200
# More than a line each way.
RING_BYTES = 512


class UartLink:
    """`uart` is a `machine.UART` with a ring of RING_BYTES each way and no time-out."""

    def __init__(self, uart):
        self._uart = uart

    def read(self, buffer) -> int:
        """Put what came in at the start of `buffer`, at most its length; how many bytes."""
        return (self._uart.readinto(buffer) or 0) if self._uart.any() else 0

    def write(self, data) -> int:
        """Take bytes to send, as many as there is room for; how many. Only when all before is
        sent, since `machine.UART` does not tell how much room there is."""
        if not self._uart.txdone():
            return 0
        if len(data) > RING_BYTES:
            data = memoryview(data)[:RING_BYTES]
        return self._uart.write(data) or 0
