"""MicroPython's raw REPL on an emulated chip, in the chip's own time."""

from tests.whole_chip.emulator import Emulator, Told

SLICE_US = 1_000
BOOT_US = 400_000


class RawRepl:
    """Runs code on a chip that was just switched on or reset. `said` are all answers since the
    last `execute` began."""

    def __init__(self, chip: Emulator) -> None:
        self._chip = chip
        self._heard = b""
        self.said: list[Told] = []

    def begin(self) -> None:
        """Wait for the chip to start, and get its raw REPL. Raises TimeoutError."""
        passed = 0
        while passed < BOOT_US:
            self._run(b"")
            passed += SLICE_US
        self._heard = b""
        self._run(b"\r\x03\x03\x01")
        self._until(b"raw REPL; CTRL-B to exit\r\n>")

    def execute(self, code: str, limit_ms: int = 20_000) -> str:
        """What the code prints. Raises AssertionError for what it raises, TimeoutError after so
        much of the chip's time."""
        self.send(code)
        out = self._until(b"\x04", limit_ms)
        error = self._until(b"\x04>", limit_ms)
        assert not error, error.decode()
        return out.decode().replace("\r\n", "\n")

    def send(self, code: str) -> None:
        """Begin the code and do not wait for its end."""
        self.said = []
        self._run(code.encode() + b"\x04")
        self._until(b"OK")

    def _run(self, link: bytes) -> None:
        told = self._chip.run(SLICE_US, link)
        self.said.append(told)
        self._heard += told.link

    def _until(self, end: bytes, limit_ms: int = 1_000) -> bytes:
        left = limit_ms * 1_000 // SLICE_US
        while end not in self._heard:
            if not left:
                raise TimeoutError(f"no {end!r} in {self._heard!r}")
            left -= 1
            self._run(b"")
        before, self._heard = self._heard.split(end, 1)
        return before
