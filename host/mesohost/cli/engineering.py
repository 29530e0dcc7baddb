"""The engineer at the host of a scenario's virtual gun: asks under its key, and waits for nothing.

What the gun refused is looked for afterwards, so that hands can act while something is under way.
"""

import binascii
from typing import Any

from mesofw.core import keyed, wire
from mesohost.exchange import Exchange
from mesohost.troubles import GunRefused
from mesosim.port import WorldPort
from mesosim.world import World

_keyed: Any = keyed
_wire: Any = wire
# The key of every gun of a scenario: it protects nothing.
KEY = bytes(range(32))
# A line has come in, and what it asks for is begun or shown.
_TAKEN_IN_US = 50_000
# A fault is worded, shown and recorded before the reply to what it ended comes.
_LISTENED_US = 400_000


class Engineer:
    """One engineer at one world."""

    def __init__(self, world: World):
        self._world = world
        self._exchange: Exchange | None = None
        self._reader: Any = wire.LineReader()
        self._code = 0

    def ask_to_calibrate(self) -> None:
        """Open a session, take a challenge and answer it. Raises NoAnswer."""
        exchange = self._exchange = Exchange(WorldPort(self._world))
        exchange.open()
        try:
            challenge = str(exchange.ask("challenge")["challenge"])
        except GunRefused as refused:
            self._code = refused.code
            return
        signed = _keyed.hmac(KEY, _keyed.signed(challenge, "calibrate", ""))
        self._send("calibrate", {"mac": binascii.hexlify(signed).decode()})

    def bench(self, do: str, axis: int, steps: int) -> None:
        """Ask for an act of the bench."""
        if self._exchange is None:
            self._exchange = Exchange(WorldPort(self._world))
            self._exchange.open()
        self._send("bench", {"do": do, "axis": axis, "steps": steps})

    def refused(self) -> int:
        """The code of the refusal that has come for what was asked last, or comes now; 0 for
        none."""
        until_us = self._world.now_us + _LISTENED_US
        while not self._code and self._world.now_us < until_us:
            self._listen()
        return self._code

    def _send(self, name: str, arguments: dict[str, Any]) -> None:
        assert self._exchange is not None
        # What came for the request before is no answer to this one.
        self._listen()
        self._code = 0
        self._exchange.port.write(self._exchange.unasked(name, arguments))
        self._world.run_for(_TAKEN_IN_US)

    def _listen(self) -> None:
        if self._exchange is None:
            self._world.run_for(_TAKEN_IN_US)
            return
        self._reader.feed(self._exchange.port.read(_TAKEN_IN_US / 1e6))
        while (line := self._reader.next()) is not None:
            try:
                message = _wire.decode(line)
            except wire.BadLine:
                continue
            if message.get("s") == self._exchange.nonce and "no" in message:
                self._code = int(message["no"]["code"])
