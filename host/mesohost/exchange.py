"""One request after the other over a port that may lose, repeat, damage or delay lines.

A request is sent again as it is until its reply comes: the gun gives the stored reply to a repeat
and does nothing twice. Time is measured by the port alone: a wait is a `read` that brings nothing,
so a virtual gun's time serves as well as the wall clock's.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from mesofw.core import errors, wire
from mesohost import answers
from mesohost.port import Port
from mesohost.troubles import GunRefused, NoAnswer, ProtocolMismatch

_wire: Any = wire
PROTOCOL = wire.PROTOCOL

# How long each try waits in silence, in s. A try too many costs a line; a link that loses a third
# of all exchanges fails once in 300,000 of them.
WAITS_S = (0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.5, 0.5, 0.5, 0.5)
REPLY_CREDIT = 4 * wire.LINE_MAX
_RESTARTS_MAX = 5
# A port that sends on and on, but no message of a gun's, is given up after so much in one try.
_NOISE_LINES = 100
_NOISE_BYTES = 65_536
_NOISE_READS = 400
_FLOODS_MAX = 3
_KEPT_BYTES = 160
_DATA_HEAD = b'{"n":'

Reply = dict[str, Any]
Take = Callable[[int, bytes], bool]


class Exchange:
    """Requests and replies in one session, named by `nonce` (up to 16 letters or digits)."""

    def __init__(self, port: Port, nonce: str = ""):
        self.port = port
        self.nonce = nonce or secrets.token_hex(4)
        self._seq = 0
        self._opened = False
        self._line = b""
        self._reader: Any = wire.LineReader()
        self._noise = b""
        self._flooded = False

    def open(self) -> Reply:
        """Say hello; gives its reply. Raises NoAnswer, ProtocolMismatch, PortTrouble."""
        try:
            reply = self._once("hello", {"protocol": PROTOCOL})
        except GunRefused as refused:
            if refused.code == errors.PROTOCOL_VERSION:
                raise self._mismatch(refused) from refused
            raise
        self._opened = True
        return reply

    def ask(
        self,
        name: str,
        arguments: dict[str, Any] | None = None,
        *,
        credit: int = REPLY_CREDIT,
        take: Take | None = None,
        waits_s: Sequence[float] = WAITS_S,
        lead: bytes = b"",
    ) -> Reply:
        """The reply to a request; says hello first, and again where the gun was restarted.

        `credit` is how many bytes the gun may send. `take(number, data)` is given each line of
        records and says True once nothing more is wanted: then {} is given without waiting for the
        reply. `waits_s` is how long each try waits in silence. `lead` is sent ahead of the request,
        once, in the same piece.
        Raises NoAnswer, GunRefused, ProtocolMismatch, PortTrouble.
        """
        if not self._opened:
            self.open()
        for _ in range(_RESTARTS_MAX):
            try:
                return self._once(name, arguments or {}, credit, take, waits_s, lead)
            except GunRefused as refused:
                if refused.code != errors.OLD_SESSION:
                    raise
                self.open()
        raise NoAnswer(
            "the gun takes up another session again and again",
            ["close the other program that talks to it", "restart the gun"],
        )

    def unasked(self, name: str, arguments: dict[str, Any]) -> bytes:
        """The line of a request whose reply will be passed over; the caller sends it."""
        return self._request(name, arguments, REPLY_CREDIT)

    def renew(self) -> None:
        """Send the open request once more, from within `take`: its credit is granted anew."""
        self.port.write(self._line)

    def rest(self, wait_s: float) -> None:
        """Let up to `wait_s` pass; what comes in ends it early and is passed over."""
        self._reader.feed(self.port.read(wait_s))
        while self._reader.next() is not None:
            pass

    def _request(self, name: str, arguments: dict[str, Any], credit: int) -> bytes:
        self._seq += 1
        message = {"s": self.nonce, "i": self._seq, "c": credit, "r": name, "a": arguments}
        # The newline ends what a line torn before may have left on the gun's side.
        return b"\n" + _wire.encode(message)

    def _once(
        self,
        name: str,
        arguments: dict[str, Any],
        credit: int = REPLY_CREDIT,
        take: Take | None = None,
        waits_s: Sequence[float] = WAITS_S,
        lead: bytes = b"",
    ) -> Reply:
        line = self._line = self._request(name, arguments, credit)
        floods = 0
        for wait_s in waits_s:
            self.port.write(lead + line)
            lead = b""
            reply = self._listen(wait_s, take)
            if reply is not None:
                return _settled(name, reply)
            floods += self._flooded
            if floods == _FLOODS_MAX:
                break
        raise self._no_answer(name)

    def _listen(self, wait_s: float, take: Take | None) -> Reply | None:
        """The reply, {} where `take` has all it wants, None after a silence or a flood of noise."""
        reader = self._reader
        line: bytes | None
        lines = count = reads = 0
        self._flooded = False
        while lines < _NOISE_LINES and count < _NOISE_BYTES and reads < _NOISE_READS:
            arrived = self.port.read(wait_s)
            if not arrived:
                return None
            self._noise = (self._noise + arrived)[-_KEPT_BYTES:]
            count += len(arrived)
            reads += 1
            reader.feed(arrived)
            while (line := reader.next()) is not None:
                if take and line.startswith(_DATA_HEAD):
                    part = _wire.data_of(line, _DATA_HEAD)
                    if part and take(*part):
                        return {}
                    heard = part is not None
                else:
                    message = _message(line)
                    if message and self._answers(message):
                        return message
                    # A line of our own that comes back is no sign of a gun.
                    heard = message is not None and "r" not in message
                if heard:
                    lines = count = reads = 0
                    self._noise = b""
                else:
                    lines += 1
        self._flooded = True
        return None

    def _answers(self, message: Reply) -> bool:
        mine = message.get("s") == self.nonce and message.get("i") == self._seq
        return mine and ("ok" in message or "no" in message)

    def _mismatch(self, refused: GunRefused) -> ProtocolMismatch:
        """Ask the gun in its own protocol for its release, so that the remedy can name it."""
        firmware = ""
        if refused.allowed.isdecimal():
            try:
                reply = self._once("hello", {"protocol": int(refused.allowed)})
                firmware = str(reply.get("firmware", ""))
            except (GunRefused, NoAnswer):
                firmware = ""
        release = f'"mesogun=={firmware}"' if firmware else "-U mesogun"
        return ProtocolMismatch(
            f"the gun{' of release ' + firmware if firmware else ''} speaks protocol "
            f"{refused.allowed or '?'}, this tool protocol {PROTOCOL}",
            [f"use the tool of the gun's release: pip install {release}"],
        )

    def _no_answer(self, name: str) -> NoAnswer:
        if self._opened:
            return NoAnswer(
                f"the gun answered before, but not to {name}",
                ["check the cable and that the gun is on", "run the command again"],
            )
        if b">>> " in self._noise or b"MicroPython v" in self._noise:
            return NoAnswer(
                "MicroPython's prompt answers, not the gun's firmware",
                ["restart the gun, so that its firmware runs", "check that this board is a gun"],
            )
        if self._noise.strip():
            sample = self._noise.strip()[-60:].decode("ascii", "backslashreplace")
            return NoAnswer(
                f"something answers on the port, but no gun: {sample!r}",
                ["check that this is the gun's port: mesogun devices"],
            )
        return NoAnswer(
            "no gun answers on the port",
            [
                "check that the gun is on and its cable carries data",
                "check that this is the gun's port: mesogun devices",
                "restart the gun",
            ],
        )


def _settled(name: str, reply: Reply) -> Reply:
    if "no" not in reply:
        return reply.get("ok", reply)
    told = answers.read(reply["no"], answers.Told)
    raise GunRefused(name, errors.Fault(told.at, told.code, told.found, told.allowed))


def _message(line: bytes) -> Reply | None:
    try:
        return _wire.decode(line)
    except wire.BadLine:
        return None
