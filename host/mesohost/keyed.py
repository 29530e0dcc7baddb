"""What only an engineer may change on a gun: under the key, and allowed at the gun itself.

Each call asks for a challenge, answers it with the key, and waits until somebody has allowed it at
the gun, or has not.
"""

from collections.abc import Mapping
from typing import Any

from mesofw.core import keyed as core
from mesohost.exchange import WAITS_S, Exchange, Reply
from mesohost.keys import KeyFile

_core: Any = core
# Somebody has to read the gun's screen and press: a little longer than the gun waits.
_ALLOWED_S = (*WAITS_S[:8], *(1.0,) * (core.ANSWER_MS // 1000 + 5))


class Keyed:
    """An engineer's dealings with one gun. All methods raise GunRefused (a wrong key, not allowed
    at the gun, not idle, out of bounds), NoAnswer, PortTrouble."""

    def __init__(self, exchange: Exchange, key: KeyFile):
        self._exchange = exchange
        self._key = key

    def store(self, name: str, changes: Mapping[str, int], held: Mapping[str, int]) -> None:
        """Change fields of a record of the gun (`settings`, `calibration`, `commissioning`), which
        is `held` as `Gun.record` gives it. Values are core's, with core's names."""
        for field, value in changes.items():
            staged = {"record": name, "field": field, "value": value}
            self._exchange.ask("stage", staged)
        change = str(_core.described(name, {**held, **changes}))
        self._ask("store", {"record": name}, change)

    def clock(self, unix_s: int, quality_ms: int) -> None:
        """Set the clock to any time, also back."""
        arguments = {"unix_s": unix_s, "quality_ms": quality_ms}
        self._ask("clock", arguments, f"{unix_s} {quality_ms}")

    def service(self) -> None:
        """Restart the gun into service: drivers off, its REPL open."""
        self._ask("service", {}, "")

    def calibrate(self) -> None:
        """Have the gun take motions from a host (`bench.Bench`) until it is left again. Where it
        was allowed at the gun, its state is `calibrating` from now on."""
        self._ask("calibrate", {}, "")

    def _ask(self, request: str, arguments: dict[str, Any], change: str) -> Reply:
        challenge = str(self._exchange.ask("challenge")["challenge"])
        mac = self._key.answer(challenge, request, change)
        return self._exchange.ask(request, {**arguments, "mac": mac}, waits_s=_ALLOWED_S)
