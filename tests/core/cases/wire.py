"""Lines on a bad wire: what goes in comes out, or is refused; never something else."""

import binascii

from mesofw.core.wire import LINE_MAX, BadLine, LineReader, data_of, decode, encode, encode_data


def roundtrip(message):
    """A message there and back. Gives [whether it fits a line]."""
    try:
        line = encode(message)
    except ValueError:
        return [False]
    assert len(line) <= LINE_MAX
    assert line.endswith(b"\n")
    assert all(32 <= byte < 127 for byte in line[:-1])
    assert decode(line[:-1]) == message
    return [True]


def data(offset, payload):
    """Bytes (given in hex) as a line of data, there and back. Gives the line's length."""
    raw = binascii.unhexlify(payload)
    line = encode_data('{"o":%d' % offset, raw)
    message = decode(line[:-1])
    assert message["o"] == offset
    assert binascii.a2b_base64(message["d"]) == raw
    assert data_of(line[:-1], b'{"o":') == (offset, raw)
    return len(line)


def corrupted(message, changes):
    """A line some of whose bytes are changed (rows [place, xor]) is refused, or is still the same.

    Gives the code of the refusal, 0 where the message came through.
    """
    line = bytearray(encode(message)[:-1])
    for place, mask in changes:
        line[place % len(line)] ^= mask
    try:
        assert decode(line) == message
    except BadLine as bad:
        return bad.code
    return 0


def soup(pieces, message):
    """Any bytes (given in hex, piece by piece), a newline, then a message: it comes out.

    Gives how many lines there were before it, and how many were dropped.
    """
    reader = LineReader()
    good = encode(message)
    count = 0
    last = None
    for piece in list(pieces) + [binascii.hexlify(b"\n" + good).decode()]:
        raw = binascii.unhexlify(piece)
        for at in range(0, len(raw), 100):
            reader.feed(raw[at : at + 100])
            line = reader.next()
            while line is not None:
                assert len(line) < LINE_MAX
                count += 1
                last = line
                line = reader.next()
    assert decode(last) == message
    assert decode(last) == decode(good[:-1])
    return [count - 1, reader.dropped]


CASES = {"roundtrip": roundtrip, "data": data, "corrupted": corrupted, "soup": soup}
