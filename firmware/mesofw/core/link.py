"""The gun's end of the wire: sessions, sequence numbers, stored replies, write credit.

A request is `{"s":nonce,"i":seq,"c":credit,"r":name,"a":{arguments}}`; its reply is
`{"s":nonce,"i":seq,"ok":{…}}` or `{"s":nonce,"i":seq,"no":{code,at,found,allowed}}`. A request
whose `seq` is the last one's gets the stored reply and does nothing again; an older one is refused.
`hello` opens a session. A line of data `{"s":nonce,"o":offset,"d":base64}` has no reply. `credit`
is how many bytes the gun may write until the next request: a host that does not ask is not written
to.
"""

import binascii
import json

from mesofw.core import errors, wire
from mesofw.core.errors import Fault, Refused

CREDIT_MAX = 1 << 20
WAITING_MAX = 4 * wire.LINE_MAX
NONCE_MAX = 16
_BRACE = 0x7B
# What is sent in a step: where a step has to be short, and where it has not.
SHORT_PIECE, LONG_PIECE = 20, 4096


class Link:
    """Call `step` in every step of the gun. `busy` is True while it has more to do at once,
    `full` while the port takes no more of what it may send. `piece` is how many bytes a step sends
    at most. `worked` is True where the last step had something to do; `used` counts those that take
    memory, for whoever tidies it up.

    A request is taken in, carried out and answered in three steps, so that none is long.

    `handle(name, arguments)` carries out a request: it gives the reply (a dict) or a job, whose
    `step(link)` is called in each step of the gun until it gives the reply; either may raise
    Refused. `data(offset, bytes)` takes a line of data.
    """

    def __init__(self, board, handle, data):
        self._board = board
        self._handle = handle
        self._data = data
        self._buffer = bytearray(board.link_bytes)
        self._reader = wire.LineReader()
        self._session = None
        self._data_head = b""
        self.seq = -1
        self._reply = b""
        self._asked = None  # (name, arguments) of a request that is taken in
        self._result = None  # a reply that is to be worded
        self.job = None
        self._out = []
        self._out_bytes = 0
        self._sent = 0  # of the first line that is to go out
        self._credit = 0
        self._more = False  # the reader may hold a whole line
        self._whole = False  # the last read may have left something
        self._starved = False  # the job waits: for more credit, or for rest
        self.busy = False
        self.full = False
        self.piece = LONG_PIECE
        self.worked = False
        self.used = 0

    def step(self) -> None:
        """Read a bounded number of bytes, go on with what they ask, send what the credit allows."""
        count = 0
        self._starved = False
        self.worked = self._result is not None or self._asked is not None
        if self._result is not None:
            self._word()
        elif self._asked is not None:
            name, arguments = self._asked
            self._asked = None
            self._attempt(self._handle, name, arguments)
        else:
            count = self._read()
            if self.job and not self.worked:
                self._attempt(self.job.step, self)
                self.worked = not self._starved
        pending = self._more or self._whole or self._asked is not None or self._result is not None
        if not (count or pending or self.job or self._out):
            self.busy = self.full = False
            return
        # What a job gives goes out at once, so that it can go on.
        stuck = False
        if self.worked:
            self.used += 1
        sends = len(self._out) > 0
        if self.job is not None or not self.worked:
            stuck = self._flush()
        self.worked = self.worked or count > 0 or pending or sends
        # After the last piece a job that waits is asked once more: it says when it must run next.
        works = self.job is not None and (sends or not self._starved)
        self.busy = pending or (not stuck and (works or len(self._out) > 0))
        self.full = stuck and self._credit > 0

    def _read(self) -> int:
        """Take bytes in, or what they hold up to the next message; how many bytes came in."""
        if not self._more:
            count = self._board.link_read(self._buffer)
            self._whole = count == len(self._buffer)
            if count:
                self._reader.feed(memoryview(self._buffer)[:count])
                self._more = True
            return count
        line = self._reader.next()
        while line is not None:
            self._line(line)
            if self.worked:
                return 0
            line = self._reader.next()
        self._more = False
        return 0

    @property
    def asking(self):
        """The job that waits for the operator's answer at the gun, or None."""
        job = self.job
        return job if job is not None and job.asks else None

    def drop(self) -> None:
        """Give up the job under way: an error of the firmware's own may have come from it."""
        self.job = self._asked = self._result = None

    def wait(self) -> None:
        """A job can do nothing more before something changes."""
        self._starved = True

    def room(self) -> bool:
        """Whether a job may `emit` another line in this step."""
        self._starved = self._credit - self._out_bytes < wire.LINE_MAX
        return not self._starved and self._out_bytes < len(self._buffer)

    def emit(self, line: bytes) -> None:
        """Queue a whole line."""
        self._out.append(line)
        self._out_bytes += len(line)

    def _line(self, line: bytes) -> None:
        if not line or line[0] != _BRACE:
            return
        found = wire.data_of(line, self._data_head) if self._session else None
        if found and _natural(found[0]):
            self._data(*found)
            return
        self.worked = True
        try:
            message = wire.decode(line)
        except wire.BadLine:
            return
        session = message.get("s")
        if "o" in message:
            if session == self._session and session is not None:
                self._take_data(message)
        elif isinstance(session, str) and len(session) <= NONCE_MAX and "r" in message:
            seq, credit = message.get("i", -1), message.get("c", -1)
            if _natural(seq) and _natural(credit):
                self._credit = min(credit, CREDIT_MAX)
                # What waits goes out first; where that is too much, the host asks again.
                if self._out_bytes >= WAITING_MAX:
                    self._flush()
                if self._out_bytes < WAITING_MAX:
                    self._request(session, seq, message)

    def _take_data(self, message: dict) -> None:
        try:
            offset = message["o"]
            data = binascii.a2b_base64(message["d"])
        except (KeyError, TypeError, ValueError):
            return
        if _natural(offset):
            self._data(offset, data)

    def _request(self, session: str, seq: int, message: dict) -> None:
        if session != self._session:
            if message["r"] != "hello":
                self._refuse(session, seq, errors.OLD_SESSION, session)
                return
            self._session = session
            self._data_head = ('{"s":%s,"o":' % json.dumps(session)).encode()
        elif seq == self.seq:
            if not self._out and not self.job:
                self.emit(self._reply)
            return
        elif seq < self.seq:
            self._refuse(session, seq, errors.OUT_OF_SEQUENCE, str(seq))
            return
        self.seq = seq
        self.job = None
        self._asked = (message["r"], message.get("a", {}))

    def _attempt(self, function, *arguments) -> None:
        try:
            result = function(*arguments)
            if result is None:
                return
            if not isinstance(result, dict):
                self.job = result
                return
            self._settle({"ok": result})
        except Refused as refused:
            self._settle({"no": _told(refused.fault)})
            if refused.fault.code == errors.PROTOCOL_VERSION:
                self._session = None  # a host that speaks otherwise has opened nothing
        except OSError:
            self._settle({"no": _told(Fault("", errors.STORE_FAILED))})

    def _settle(self, reply: dict) -> None:
        self.job = None
        reply["s"] = self._session
        reply["i"] = self.seq
        self._result = reply

    def _refuse(self, session: str, seq: int, code: int, found: str) -> None:
        self._result = {"no": _told(Fault("", code, found)), "s": session, "i": seq}

    def _word(self) -> None:
        """The reply as a line; it is kept where it answers the last request of the session."""
        reply: dict = self._result or {}
        self._result = None
        line = _line(reply)
        if reply["s"] == self._session and reply["i"] == self.seq:
            self._reply = line
        self.emit(line)

    def _flush(self) -> bool:
        """Send a piece; True where the port or the credit lets nothing more pass."""
        left = self.piece
        while self._out and left:
            line = self._out[0]
            at = self._sent
            size = min(len(line) - at, self._credit, left)
            taken = self._board.link_write(memoryview(line)[at : at + size]) if size else 0
            left -= taken
            self._credit -= taken
            self._out_bytes -= taken
            if taken < len(line) - at:
                self._sent = at + taken
                # A port that took some may have room again in the next step.
                return not taken
            self._sent = 0
            self._out.pop(0)
        return False


def _natural(value) -> bool:
    return type(value) is int and 0 <= value < 1 << 30


def _told(fault: Fault) -> dict:
    # Texts are cut so that the reply always fits a line, whatever they hold.
    return {
        "code": fault.code,
        "at": fault.at[:40],
        "found": fault.found[:60],
        "allowed": fault.allowed[:120],
    }


def _line(reply: dict) -> bytes:
    try:
        return wire.encode(reply)
    except ValueError:
        # Escapes of what a host sent can make a refusal too long: then it goes without.
        code = reply["no"]["code"] if "no" in reply else errors.LINE_TOO_LONG
        return wire.encode({"no": _told(Fault("", code)), "s": reply["s"], "i": reply["i"]})
