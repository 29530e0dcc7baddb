"""A program on its way into the gun: chunks in bulk, then what got lost, then the commit.

The gun gives no reply to a chunk, so all of them go out in one stream; begun again, it tells what
is still missing. Sent twice, a chunk changes nothing.
"""

import binascii
import hashlib
from collections.abc import Callable, Iterator

from mesofw.core import errors, wire
from mesohost import answers
from mesohost.answers import Missing, ProgramInfo
from mesohost.exchange import WAITS_S, Exchange
from mesohost.troubles import GunRefused, NoAnswer

Progress = Callable[[int, int], None]

# The gun may still be storing what was sent, or reading the whole program back.
_PATIENT_S = (*WAITS_S[:8], *(0.5,) * 28)
_LINES_A_WRITE = 48
_PIECE_BYTES = 4_096
_LOADS_MAX = 8
_ROUNDS_MAX = 12
_AGAIN = (errors.NO_UPLOAD, errors.UPLOAD_INCOMPLETE, errors.UPLOAD_MISMATCH)


def load(exchange: Exchange, text: bytes, progress: Progress | None = None) -> ProgramInfo:
    """Bring a program's canonical text into the gun; what it then says of it.

    `progress(done, total)` counts bytes. A text that the gun holds already is stored once more.
    Raises GunRefused (not idle, or a program that the gun will not take), NoAnswer, PortTrouble.
    """
    sha256 = hashlib.sha256(text).hexdigest()
    for attempt in range(_LOADS_MAX):
        lead = b""
        if attempt == 0:
            lead = _send_all(exchange, text, sha256, progress)
        else:
            _fill(exchange, text, sha256, progress)
        try:
            named = {"sha256": sha256}
            reply = exchange.ask("commit", named, waits_s=_PATIENT_S, lead=lead)
            info = answers.read(reply, ProgramInfo)
        except GunRefused as refused:
            # After a restart in mid-load the gun has forgotten the upload. It may have stored it.
            stored = program(exchange) if refused.code == errors.NO_UPLOAD else None
            if stored and stored.sha256 == sha256:
                return stored
            if refused.code not in _AGAIN or attempt == _LOADS_MAX - 1:
                raise
            continue
        if info.sha256 == sha256:
            return info
    raise NoAnswer("the gun took another program than was sent", ["load it again"])


def program(exchange: Exchange) -> ProgramInfo | None:
    """The program that the gun holds, None where it holds none."""
    try:
        return answers.read(exchange.ask("program"), ProgramInfo)
    except GunRefused as refused:
        if refused.code == errors.NO_PROGRAM:
            return None
        raise


def _send_all(exchange: Exchange, text: bytes, sha256: str, progress: Progress | None) -> bytes:
    """Announce the text and send it without waiting; the last piece is left to go with the commit.

    On a clear link that is enough, on another the gun says at the commit that something is missing.
    """
    held = exchange.unasked("begin", {"sha256": sha256, "length": len(text)})
    for block, end in _blocks(exchange.nonce, text, ((0, len(text)),)):
        if len(held) > _PIECE_BYTES:
            exchange.port.write(held)
            held = b""
        held += block
        if progress:
            progress(end, len(text))
    return held


def _send(
    exchange: Exchange,
    text: bytes,
    ranges: tuple[tuple[int, int], ...],
    progress: Progress | None,
) -> None:
    for block, end in _blocks(exchange.nonce, text, ranges):
        exchange.port.write(block)
        if progress:
            progress(end, len(text))


def _fill(exchange: Exchange, text: bytes, sha256: str, progress: Progress | None) -> None:
    """Send what is missing on the gun until nothing is."""
    announced = {"sha256": sha256, "length": len(text)}
    missing: tuple[tuple[int, int], ...] = ()
    stuck = 0
    while True:
        reply = exchange.ask("begin", announced, waits_s=_PATIENT_S)
        told = answers.read(reply, Missing).missing
        if not told:
            return
        stuck = stuck + 1 if told == missing else 0
        if stuck == _ROUNDS_MAX:
            raise NoAnswer(
                "nothing of the program arrives in the gun, though it answers",
                ["check the cable", "restart the gun and load again"],
            )
        missing = told
        _send(exchange, text, missing, progress)


def _blocks(
    nonce: str, text: bytes, ranges: tuple[tuple[int, int], ...]
) -> Iterator[tuple[bytes, int]]:
    """(bytes to write, where in the text they end) for some ranges of the text."""
    lines: list[bytes] = []
    end = 0
    for start, stop in ranges:
        for line, end in chunk_lines(nonce, text, start, min(stop, len(text))):
            lines.append(line)
            if len(lines) == _LINES_A_WRITE:
                yield b"".join(lines), end
                lines.clear()
    if lines:
        yield b"".join(lines), end


def chunk_lines(nonce: str, text: bytes, start: int, stop: int) -> Iterator[tuple[bytes, int]]:
    """(line, where it ends) for `text[start:stop]`, each as long as a line may be."""
    head = b'{"s":"%s","o":' % nonce.encode()
    # What a line holds beside the data: offset, quotes, brace, asterisk, CRC, newline.
    room = wire.LINE_MAX - len(head) - len(str(stop)) - len(b',"d":""}*01234567\n')
    size = room // 4 * 3
    crc32, base64 = binascii.crc32, binascii.b2a_base64
    for offset in range(start, stop, size):
        end = min(offset + size, stop)
        data = base64(text[offset:end], newline=False)
        body = b'%s%d,"d":"%s"}' % (head, offset, data)
        yield b"%s*%08x\n" % (body, crc32(body)), end
