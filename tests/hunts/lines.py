"""Lines that no good host sends: random, mutated, truncated, and whole ones out of order.

Every line comes from a seed.
"""

import base64
import json
import random
import re
from binascii import crc32
from typing import Any

from mesofw.core import fields, meanings, wire

_LINE = re.compile(rb"(\{[\x20-\x7e]*\})\*([0-9a-fA-F]{8})")
# What a pause or a record may come of, whether it is granted or not.
RECORDED = ("clock", "commit", "pause", "challenge", "stage", "store", "service", "calibrate")
_ODD: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 1.5, -1e300, 1 << 30, 1 << 31, -(1 << 31), 1 << 64, 10**60, "",
    "0", "x" * 17, "x" * 300, "é", "\x00", "\u2028", "😀", [], [[]], {}, {"a": 1}, [1, 2],
    {"": None},
)  # fmt: skip
_RAW = (
    b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-0", b"1.0", b"0x10", b"01", b"1" * 200,
    b'"\\ud800"', b'"\\u0000"', b"[" * 150, b'{"a":' * 60, b"nul", b"'x'",
    b'"\\x41"', b"1_000", b"+1", b"\t1",
)  # fmt: skip


class Lines:
    """Draws lines for a session `nonce`, whose requests count upwards; `seq` is the last one's."""

    def __init__(self, seed: int):
        self._rng = random.Random(seed)
        self.nonce = ""
        self.seq = 0
        self._texts = (b"", b"{}", b"x" * 400)
        # What a fuzz line is made by, and how often.
        self._makers = (
            (3, self._request), (2, self._disordered), (3, self._odd_value), (2, self._raw_value),
            (2, self._data), (3, self._mutated), (3, self._resealed), (2, self._truncated),
            (1, self._noise), (1, self._overlong), (1, self._foreign), (1, self._shuffled),
        )  # fmt: skip
        self._weights = [weight for weight, _ in self._makers]
        self._functions = [make for _, make in self._makers]

    def open(self) -> bytes:
        """The hello of a new session, a good line."""
        self.nonce = "%08x" % self._rng.getrandbits(32)
        self.seq = 0
        return self.good("hello", {"protocol": wire.PROTOCOL})

    def good(self, name: str, arguments: dict[str, Any]) -> bytes:
        """A good request."""
        self.seq += 1
        return sealed(self._body(self.seq, name, arguments))

    def batch(self, count: int) -> list[bytes]:
        """So many lines, without newlines at their ends."""
        makers = self._rng.choices(self._functions, self._weights, k=count)
        return [make() for make in makers]

    def _body(self, seq: Any, name: Any, arguments: Any, **more: Any) -> bytes:
        message = {"s": self.nonce, "i": seq, "c": 1920, "r": name, "a": arguments, **more}
        return json.dumps(message, separators=(",", ":")).encode()

    def _arguments(self, name: str) -> dict[str, Any]:
        """Arguments within their bounds."""
        rng = self._rng
        out: dict[str, Any] = {}
        for field in meanings.REQUESTS[name][0]:
            if field.default is not None and rng.random() < 0.5:
                continue
            if field.kind == fields.INT:
                spread = rng.choice((3, 1_000, field.high - field.low))
                out[field.name] = min(field.high, field.low + rng.randint(0, max(1, spread)))
            elif field.kind == fields.CHOICE:
                out[field.name] = rng.choice(field.choices)
            else:
                digits = "%0*x" % (field.high, rng.getrandbits(4 * field.high))
                out[field.name] = digits[: field.high]
        return out

    def _whole(self) -> tuple[str, dict[str, Any]]:
        name = self._rng.choice(list(meanings.REQUESTS))
        if name == "hello" and self._rng.random() < 0.9:
            name = "status"
        return name, self._arguments(name)

    def _request(self) -> bytes:
        return self.good(*self._whole())

    def _disordered(self) -> bytes:
        """A good request with another number, credit or session."""
        rng = self._rng
        name, arguments = self._whole()
        seq = rng.choice((self.seq, self.seq - 1, 0, self.seq + rng.randrange(1, 9), -1))
        # A very high number would end the session for all that follow.
        self.seq = max(self.seq, seq)
        body = self._body(seq, name, arguments, c=rng.choice((0, 1, 100, 480, 1920, 1 << 29)))
        if rng.random() < 0.2:
            body = body.replace(self.nonce.encode(), b"%08x" % rng.getrandbits(32))
        return sealed(body)

    def _odd_value(self) -> bytes:
        """One value of another kind or size."""
        rng = self._rng
        name, arguments = self._whole()
        self.seq += 1
        message: dict[str, Any] = {
            "s": self.nonce, "i": self.seq, "c": 1920, "r": name, "a": arguments,
        }  # fmt: skip
        place = rng.choice((message, arguments)) if arguments else message
        key = rng.choice(list(place))
        if rng.random() < 0.2:
            del place[key]
        else:
            place[key if rng.random() < 0.9 else "extra"] = rng.choice(_ODD)
        ascii_only = rng.random() < 0.8
        text = json.dumps(message, separators=(",", ":"), ensure_ascii=ascii_only)
        return sealed(text.encode("utf-8", "surrogatepass"))

    def _raw_value(self) -> bytes:
        """JSON that is none, or is read differently here and there."""
        name, arguments = self._whole()
        self.seq += 1
        body = self._body(self.seq, name, arguments or {"x": 1})
        places = [found.span() for found in re.finditer(rb':(\d+|"[^"]*")', body)]
        start, end = self._rng.choice(places)
        return sealed(body[: start + 1] + self._rng.choice(_RAW) + body[end:])

    def _data(self) -> bytes:
        rng = self._rng
        data = base64.b64encode(rng.randbytes(rng.randrange(200))).decode()
        if rng.random() < 0.2:
            data = rng.choice(("=", "A", "AA=", "****", "AAAA====", "é", data[:-1] or "A"))
        offset = rng.choice((0, rng.randrange(200), rng.randrange(1 << 17), *_ODD))
        message = {"s": self.nonce, "o": offset, "d": data}
        return sealed(json.dumps(message, separators=(",", ":")).encode())

    def _mutated(self) -> bytes:
        """A good line with bytes changed on its way."""
        return self._damage(self._request(), newlines=False)

    def _resealed(self) -> bytes:
        """Bytes changed before the CRC was taken."""
        body = self._request()[:-9]
        return sealed(self._damage(body, newlines=False))

    def _damage(self, line: bytes, newlines: bool) -> bytes:
        rng = self._rng
        out = bytearray(line)
        for _ in range(rng.choice((1, 1, 1, 2, 5))):
            place = rng.randrange(len(out)) if out else 0
            act = rng.randrange(5)
            if act == 0 and out:
                out[place] ^= 1 << rng.randrange(8)
            elif act == 1:
                out.insert(place, rng.randrange(256))
            elif act == 2 and out:
                del out[place : place + rng.choice((1, 1, 3, 20))]
            elif act == 3:
                out[place:place] = out[place : place + rng.randrange(1, 30)]
            elif out:
                out[place] = rng.choice(b'{}[]",:\\0-9e.')
        return bytes(out) if newlines else bytes(out).replace(b"\n", b" ")

    def _truncated(self) -> bytes:
        line = self._request()
        cut = self._rng.randrange(len(line))
        return line[:cut] if self._rng.random() < 0.5 else line[cut:]

    def _noise(self) -> bytes:
        return self._rng.randbytes(self._rng.randrange(300))

    def _overlong(self) -> bytes:
        """Around and above the longest line."""
        name, arguments = self._whole()
        self.seq += 1
        body = self._body(self.seq, name, arguments)
        size = self._rng.choice((470, 471, 472, 473, 480, 481, 1_000, 5_000))
        return sealed(body[:-1] + b" " * max(0, size - 9 - len(body)) + b"}")

    def _foreign(self) -> bytes:
        """What other programs send."""
        return self._rng.choice((
            b"", b"\r", b"\x03\x04", b"AT", b"G28", b"M112", b'import os; os.remove("main.py")',
            b"Traceback (most recent call last):", b"{}", b"{}*00000000", b"*", b"\xff\xfe",
            b'{"r":"status"}', b"null*63e3d3e3", b"[]*0ef1d0b7",
        ))  # fmt: skip

    def _shuffled(self) -> bytes:
        """Two lines in one, as a lost newline leaves them."""
        return self._request() + self._request()


def sealed(body: bytes) -> bytes:
    """The line of a body, without its newline."""
    return b"%s*%08x" % (body, crc32(body))


def read(line: bytes) -> dict[str, Any]:
    """The message in a line that a gun sent, empty where it is none."""
    found = _LINE.fullmatch(line)
    if not found or len(line) >= wire.LINE_MAX or int(found[2], 16) != crc32(found[1]):
        return {}
    try:
        return json.loads(found[1])
    except ValueError:
        return {}


def asked(line: bytes) -> list[str]:
    """The requests that may have to be heeded, of RECORDED: their names stand in a line whose CRC
    is right, whatever else stands there."""
    body, _, told = line.rpartition(b"*")
    try:
        if int(told, 16) != crc32(body):
            return []
    except ValueError:
        return []
    return [name for name in RECORDED if b'"%s"' % name.encode() in body]
