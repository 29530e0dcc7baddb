"""One line of text is one message: `{json}*{crc32 as 8 hex digits}\\n`, at most 480 bytes.

The CRC-32 (IEEE 802.3) is over the bytes before the asterisk. Lines are printable ASCII; other
characters travel as JSON's \\u escapes. What is no message (noise, a traceback) is passed over.
"""

import binascii
import json

from mesofw.core import errors

PROTOCOL = 1
LINE_MAX = 480
_TAIL = 9  # the asterisk and eight hex digits
_MICRO = b"\xc2\xb5"  # of the units, in most texts: looked for as a whole


class BadLine(Exception):
    """A line that is no message; `code` says why."""

    def __init__(self, code: int):
        super().__init__(errors.name(code))
        self.code = code


def encode(message: dict) -> bytes:
    """The line, newline included, for a message (a dict of JSON values).

    Raises ValueError where it would be longer than LINE_MAX bytes.
    """
    text = json.dumps(message, separators=(",", ":"))
    body = text.encode()
    if len(body) != len(text) or b"\x7f" in body:
        body = _ascii(body, len(text))
    return _sealed(body)


def encode_data(head: str, payload) -> bytes:
    """The line for `{head,"d":base64 of payload}`; `head` is JSON text without its last brace."""
    data = binascii.b2a_base64(payload)
    return _sealed(b"".join((head.encode(), b',"d":"', data.rstrip(b"\n"), b'"}')))


def _sealed(body: bytes) -> bytes:
    line = b"%s*%08x\n" % (body, binascii.crc32(body))
    if len(line) > LINE_MAX:
        raise ValueError("a message of %d bytes; a line holds %d" % (len(line), LINE_MAX))
    return line


def _ascii(body: bytes, length: int) -> bytes:
    """UTF-8 JSON of `length` characters with every one that is not printable ASCII as an escape."""
    micros = body.count(_MICRO)
    body = body.replace(_MICRO, b"\\u00b5")
    if len(body) == length + 5 * micros and b"\x7f" not in body:
        return body
    # Byte by byte: MicroPython keeps each character that is cut out of a text for ever.
    out = bytearray()
    point = left = 0
    for byte in body:
        if byte < 0x7F:
            out.append(byte)
            continue
        if byte == 0x7F:
            out.extend(b"\\u007f")
            continue
        if byte >= 0xC0:
            left = 1 if byte < 0xE0 else 2 if byte < 0xF0 else 3
            point = byte & (0x3F >> left)
            continue
        point = point << 6 | byte & 0x3F
        left -= 1
        if left == 0:
            if point >= 0x10000:
                point -= 0x10000
                out.extend(b"\\u%04x" % (0xD800 + (point >> 10)))
                point = 0xDC00 + (point & 0x3FF)
            out.extend(b"\\u%04x" % point)
    return bytes(out)


def cut(text: str, most: int) -> str:
    """The longest beginning of `text` that takes at most `most` bytes in a line."""
    body = text.encode()
    micros = body.count(_MICRO)
    if len(body) == len(text) + micros and len(json.dumps(text)) + 5 * micros - 2 <= most:
        return text
    size = count = 0
    for byte in body:
        if byte & 0xC0 == 0x80:
            continue
        if byte >= 0x80 or byte < 0x20:
            size += 12 if byte >= 0xF0 else 6
        else:
            size += 2 if byte in b'"\\' else 1
        if size > most:
            return text[:count]
        count += 1
    return text


def data_of(line: bytes, head: bytes):
    """(number, bytes) of a line of `encode_data` that begins with `head`, None where it is none or
    is damaged. Most lines are such, so there is no JSON parser on their way."""
    cut = len(line) - _TAIL
    try:
        if not line.startswith(head) or line[cut] != 0x2A:
            return None
        if int(line[cut + 1 :], 16) != binascii.crc32(line[:cut]):
            return None
        comma = line.find(b",", len(head))
        if line[comma : comma + 6] != b',"d":"' or line[cut - 2 : cut] != b'"}':
            return None
        return int(line[len(head) : comma]), binascii.a2b_base64(line[comma + 6 : cut - 2])
    except (ValueError, IndexError):
        return None


def decode(line) -> dict:
    """The message in a line (bytes-like, without its newline). Raises BadLine."""
    if len(line) >= LINE_MAX:
        raise BadLine(errors.LINE_TOO_LONG)
    cut = len(line) - _TAIL
    if cut < 2 or line[cut] != 0x2A or line[0] != 0x7B:
        raise BadLine(errors.NOT_A_MESSAGE)
    body = bytes(line[:cut])
    try:
        told = int(bytes(line[cut + 1 :]), 16)
    except ValueError:
        raise BadLine(errors.BAD_CHECKSUM)
    if told != binascii.crc32(body):
        raise BadLine(errors.BAD_CHECKSUM)
    try:
        message = json.loads(body)
    except (ValueError, RuntimeError, UnicodeError):
        # RuntimeError: CPython's parser on deep nesting.
        raise BadLine(errors.NOT_A_MESSAGE)
    if not isinstance(message, dict):
        raise BadLine(errors.NOT_A_MESSAGE)
    return message


class LineReader:
    """Cuts a byte stream into lines; memory is bounded, an over-long line is dropped whole.

    `feed` what came in, then call `next` until it gives None.
    """

    def __init__(self):
        self._held = bytearray()
        self._at = 0
        self._dropping = False
        self.dropped = 0

    def feed(self, data) -> None:
        """Take the next bytes of the stream (bytes-like, any number)."""
        # In place: noise takes no memory.
        if self._at:
            self._held[: self._at] = b""
            self._at = 0
        self._held.extend(data)

    def next(self):
        """The next whole line without its newline, or None."""
        while True:
            begin = self._at
            end = self._held.find(b"\n", begin)
            if end < 0:
                self._keep_rest()
                return None
            self._at = end + 1
            if self._dropping:
                self._dropping = False
            elif end - begin < LINE_MAX:
                return bytes(memoryview(self._held)[begin:end])
            else:
                self.dropped += 1

    def _keep_rest(self) -> None:
        if not self._dropping and len(self._held) - self._at >= LINE_MAX:
            self._dropping = True
            self.dropped += 1
        if self._dropping:
            self._held[:] = b""
            self._at = 0
