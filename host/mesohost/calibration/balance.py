"""A balance on a port: asked in MT-SICS, patient with whatever it answers."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mesohost.calibration import mtsics
from mesohost.calibration.mtsics import Answer, NotAnAnswer
from mesohost.port import Port
from mesohost.troubles import PortTrouble

# A stable weight, with all that is asked again in between.
STABLE_WAIT_S = 60.0
# Anything else is answered at once.
ANSWER_WAIT_S = 3.0
# `S` may take as long as the balance itself waits before it gives up.
_PATIENCE_S = 45.0
_TRIES = 3
_RESTARTED = "I4"


class BalanceTrouble(PortTrouble):
    """The balance gives no weight; what it said, and what to do."""


class BalanceRestarted(BalanceTrouble):
    """The balance was switched on anew: what it showed before no longer counts."""


@dataclass(frozen=True)
class Reading:
    """A weight in mg, whether the balance stood still, and when it came by the caller's clock."""

    mass_mg: float
    stable: bool
    at_s: float


class Balance:
    """A balance at the end of `port`. `clock` gives seconds."""

    def __init__(self, port: Port, clock: Callable[[], float] = time.monotonic):
        self._port = port
        self._clock = clock
        self._held = b""

    def identify(self) -> str:
        """Break off what it does; its serial number. Raises BalanceTrouble."""
        for _ in range(_TRIES):
            self._send("@")
            answer = self._answer(_RESTARTED, ANSWER_WAIT_S)
            if answer and answer.status == mtsics.DONE and answer.texts:
                return answer.texts[0]
        raise BalanceTrouble(
            "nothing that speaks MT-SICS answers",
            [
                "set the balance's interface to host mode, 9600 baud, 8 bits, no parity",
                "check cable and port",
            ],
        )

    def weigh(self) -> Reading:
        """The weight once it stands still. Raises BalanceTrouble."""
        answer = self._asked("S", STABLE_WAIT_S)
        return self._reading(answer)

    def glance(self) -> Reading:
        """The weight as it is now. Raises BalanceTrouble."""
        return self._reading(self._asked("SI", ANSWER_WAIT_S, "S"))

    def follow(self) -> Iterator[Reading]:
        """Weights as they come, until the caller stops. Raises BalanceTrouble."""
        self._send("SIR")
        try:
            while True:
                answer = self._answer("S", ANSWER_WAIT_S)
                if answer is None:
                    raise _silent("SIR")
                if answer.mass_mg is not None:
                    yield self._reading(answer)
                elif answer.status != mtsics.NOT_NOW:
                    raise _refused("SIR", answer)
        finally:
            self.identify()

    def zero(self) -> None:
        """What lies on the pan counts as nothing. Raises BalanceTrouble."""
        self._asked("Z", STABLE_WAIT_S)

    def tare(self) -> float:
        """What lies on the pan counts as the vessel, in mg. Raises BalanceTrouble."""
        mass_mg = self._asked("T", STABLE_WAIT_S).mass_mg
        return mass_mg or 0.0

    def close(self) -> None:
        """Give the port back."""
        self._port.close()

    def _reading(self, answer: Answer) -> Reading:
        assert answer.mass_mg is not None
        return Reading(answer.mass_mg, answer.status == mtsics.STABLE, self._clock())

    def _asked(self, command: str, wait_s: float, name: str = "") -> Answer:
        """Ask until it is done; what cannot be done now or was damaged is asked again."""
        until_s = self._clock() + wait_s
        damaged = silent = 0
        while True:
            self._send(command)
            answer = self._answer(name or command, min(wait_s, _PATIENCE_S))
            if answer is None:
                silent += 1
                if silent == _TRIES or self._clock() >= until_s:
                    raise _silent(command)
            elif answer.mass_mg is not None or answer.status == mtsics.DONE:
                if answer.status != mtsics.MOVING or command in ("SI", "ZI", "TI"):
                    return answer
            elif answer.status == "ET":
                damaged += 1
                if damaged == _TRIES:
                    raise _refused(command, answer)
            elif answer.status != mtsics.NOT_NOW:
                raise _refused(command, answer)
            if self._clock() >= until_s:
                raise BalanceTrouble(
                    f"the balance does not come to rest within {wait_s:.0f} s",
                    ["close its doors; keep the table still; wait until it has warmed up"],
                )

    def _send(self, command: str) -> None:
        # What it said before belongs to something else.
        while self._port.read(0.0):
            pass
        self._held = b""
        self._port.write(f"{command}\r\n".encode("ascii"))

    def _answer(self, command: str, wait_s: float) -> Answer | None:
        """The next answer to a command, or an error; None where none comes."""
        until_s = self._clock() + wait_s
        while True:
            line = self._line(until_s)
            if line is None:
                return None
            try:
                answer = mtsics.parse(line)
            except NotAnAnswer:
                if line.split()[:1] == [command]:
                    # Of this command, but no weight that counts.
                    raise BalanceTrouble(
                        f"the balance says {line!r}, which is no weight",
                        ["set the balance to show g or mg"],
                    ) from None
                continue
            if answer.command in ("", command):
                return answer
            if answer.command == _RESTARTED and answer.status == mtsics.DONE:
                raise BalanceRestarted(
                    "the balance was switched on anew", ["weigh this stroke again"]
                )

    def _line(self, until_s: float) -> str | None:
        while b"\n" not in self._held:
            left_s = until_s - self._clock()
            if left_s <= 0:
                return None
            data = self._port.read(left_s)
            if not data and self._clock() >= until_s:
                return None
            self._held += data
        line, _, self._held = self._held.partition(b"\n")
        return line.decode("utf-8", "replace").strip()


def _silent(command: str) -> BalanceTrouble:
    return BalanceTrouble(
        f"the balance does not answer {command}", ["check its cable, and that it is switched on"]
    )


_SAID = {
    mtsics.OVER: ("there is too much on the pan", "take a smaller vessel, or empty it"),
    mtsics.UNDER: ("there is too little on the pan", "put the pan and the vessel in their places"),
    mtsics.WRONG: ("it cannot do that", "use a balance with MT-SICS level 0"),
}


def _refused(command: str, answer: Answer) -> BalanceTrouble:
    said, remedy = _SAID.get(
        answer.status,
        (mtsics.ERRORS.get(answer.status, f"it says {answer.status}"), "switch it off and on"),
    )
    return BalanceTrouble(f"the balance refuses {command}: {said}", [remedy])
