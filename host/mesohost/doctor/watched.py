"""A port that counts what goes over it, so that a link can be judged."""

from mesohost.port import Port


class WatchedPort:
    """Passes everything on. A request is one write, and so is each try after it."""

    def __init__(self, port: Port):
        self._port = port
        self.writes = 0
        self.sent = 0
        self.received = 0

    def write(self, data: bytes) -> None:
        """See `Port.write`."""
        self.writes += 1
        self.sent += len(data)
        self._port.write(data)

    def read(self, timeout_s: float) -> bytes:
        """See `Port.read`."""
        data = self._port.read(timeout_s)
        self.received += len(data)
        return data

    def close(self) -> None:
        """See `Port.close`."""
        self._port.close()
