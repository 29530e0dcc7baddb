"""A board at MicroPython's raw REPL, by mpremote's transport."""

import contextlib
import importlib.util
import io
import struct
from types import TracebackType
from typing import Any

from mesohost.flashing.device import HELPERS
from mesohost.troubles import BoardTrouble, FileTrouble, NoAnswer

# The longest that one piece of code takes: writing some blocks, or the hash of a bundle.
ANSWER_S = 20.0
ENTER_S = 3.0


class Board:
    """A board that runs what it is told. Close it, or use it in a `with`: it is then at its usual
    prompt."""

    # A board that was interrupted on its way into service would stay there once more.
    RESET = "import machine\nmachine.mem32[0x40058010] = 0\nmachine.reset()\n"

    def __init__(self, port: str, wait_s: float = ENTER_S):
        """Raises NoAnswer where no raw REPL is on the port within `wait_s`, PortTrouble where there
        is no port."""
        if importlib.util.find_spec("mpremote") is None:
            raise FileTrouble(
                "a board cannot be flashed: mpremote is not installed",
                ['install it: python -m pip install "mesogun[flash]"'],
            )
        import serial
        from mpremote.transport import TransportError  # pyright: ignore[reportMissingTypeStubs]
        from mpremote.transport_serial import (  # pyright: ignore[reportMissingTypeStubs]
            SerialTransport,
        )

        from mesohost import porterrors

        # What a port or a board that goes away in the middle makes of itself.
        self._lost = (TransportError, serial.SerialException, OSError, struct.error, TypeError)
        self.port = port
        self._ready = False
        try:
            self._transport: Any = SerialTransport(port, timeout=wait_s)
        except (TransportError, serial.SerialException, OSError, ValueError) as error:
            raise porterrors.not_opened(port, error) from error
        try:
            # It prints what it hears where that is no REPL.
            with contextlib.redirect_stdout(io.StringIO()):
                self._transport.enter_raw_repl(soft_reset=False, timeout_overall=wait_s)
            self._transport.serial.timeout = ANSWER_S
        except self._lost as error:
            self.close()
            raise NoAnswer(
                f"{port}: no MicroPython prompt answers",
                [
                    "check that the board is plugged in and this is its port: mesogun devices",
                    "press its reset button, or unplug it and plug it in, and try again",
                    "where it has no MicroPython: hold BOOTSEL as you plug it in, then "
                    "mesogun flash --uf2 FILE",
                ],
            ) from error

    def __enter__(self) -> "Board":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the port back; may be called again."""
        for way in ("exit_raw_repl", "close"):
            with contextlib.suppress(*self._lost):
                getattr(self._transport, way)()

    def run(self, code: str) -> str:
        """What the code prints. Raises BoardTrouble for what it raises, NoAnswer where the board
        does not answer any more."""
        if not self._ready:
            self._ready = True
            self._run(HELPERS)
        return self._run(code)

    def call(self, function: str, *arguments: object) -> Any:
        """What a function of `device.HELPERS` returns. Raises as `run` does."""
        told = ", ".join(repr(one) for one in arguments)
        text = self.run(f"print(repr({function}({told})))").strip()
        try:
            return _value(text)
        except (ValueError, SyntaxError) as error:
            raise self._gone() from error

    def reset(self) -> None:
        """Start the board anew, as its reset button does; the port is closed."""
        with contextlib.suppress(*self._lost):
            self._transport.exec_raw_no_follow(self.RESET)
        with contextlib.suppress(*self._lost):
            self._transport.close()

    def _run(self, code: str) -> str:
        try:
            told, raised = self._transport.exec_raw(code, timeout=ANSWER_S)
        except self._lost as error:
            raise self._gone() from error
        if raised:
            text = raised.decode(errors="replace").strip()
            if "OSError: 28" in text:
                raise BoardTrouble("the board's file system is full", [_FULL])
            raise BoardTrouble(
                f"the board failed: {text}", ["press its reset button and run the command again"]
            )
        return told.decode(errors="replace")

    def _gone(self) -> NoAnswer:
        return NoAnswer(
            f"{self.port}: the board does not answer any more",
            ["check the cable, and run the command again: what was begun is taken up or left out"],
        )


_FULL = "pull the gun's records into the archive first: mesogun pull"


def _value(text: str) -> Any:
    import ast

    return ast.literal_eval(text)
