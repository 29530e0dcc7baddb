"""One line of text is one message."""

import binascii

from mesofw.core import errors, wire
from mesofw.core.wire import LINE_MAX, BadLine, LineReader, decode, encode, encode_data
from tests.core.support.check import numbers, raises

VERIFIES = {
    "test_a_damaged_data_line_is_not_taken": ("SR-179",),
    "test_each_single_bit_error_is_found": ("SR-178",),
    "test_each_burst_of_two_wrong_bytes_is_found": ("SR-178",),
    "test_an_over_long_line_is_dropped_whole_and_the_next_is_read": ("SR-180",),
    "test_a_line_without_end_takes_no_more_memory_than_a_line": ("SR-180",),
}


def sealed(body):
    return b"%s*%08x" % (body, binascii.crc32(body))


def code_of(line):
    return raises(BadLine, decode, line).code


def test_a_line_is_json_asterisk_crc_newline():
    line = encode({"i": 1})
    assert line == b'{"i":1}*' + b"%08x\n" % binascii.crc32(b'{"i":1}')
    assert decode(line[:-1]) == {"i": 1}


def test_the_crc_is_the_one_of_ieee_802_3():
    assert binascii.crc32(b"123456789") == 0xCBF43926


def test_messages_come_back_as_they_went():
    for message in (
        {},
        {"s": "abc", "i": 0, "c": 10_000, "r": "status", "a": {}},
        {"t": 'quote " backslash \\ slash / newline \n tab \t zero \x00'},
        {"n": [0, -1, 1 << 30, 1 << 40], "b": [True, False, None]},
        {"t": "µL é Ж 中 €"},
        {"": {"": {"": []}}},
    ):
        line = encode(message)
        assert line.endswith(b"\n")
        assert all(32 <= byte < 127 for byte in line[:-1])
        assert decode(line[:-1]) == message


def test_other_characters_travel_as_escapes():
    assert encode({"t": "µ"}).startswith(b'{"t":"\\u00b5"}*')
    assert encode({"t": "\x7f"}).startswith(b'{"t":"\\u007f"}*')
    assert encode({"t": "中"}).startswith(b'{"t":"\\u4e2d"}*')
    assert encode({"t": "😀"}).startswith(b'{"t":"\\ud83d\\ude00"}*')


def test_escapes_are_made_alike_from_every_kind_of_character():
    for text, escaped in (
        ("plain", b"plain"),
        ("a\x7fb", b"a\\u007fb"),
        ("µ", b"\\u00b5"),
        ("Ж", b"\\u0416"),
        ("中", b"\\u4e2d"),
        ("😀x", b"\\ud83d\\ude00x"),
        ("ÿĀ\uffff\U00010000", b"\\u00ff\\u0100\\uffff\\ud800\\udc00"),
        ("5 µL, 2 µL, 中", b"5 \\u00b5L, 2 \\u00b5L, \\u4e2d"),
        ("µ\x7f", b"\\u00b5\\u007f"),
    ):
        assert wire._ascii(text.encode(), len(text)) == escaped


def test_a_line_holds_480_bytes_and_no_more():
    spare = LINE_MAX - len(encode({"t": ""}))
    line = encode({"t": "x" * spare})
    assert len(line) == LINE_MAX
    assert decode(line[:-1]) == {"t": "x" * spare}
    raises(ValueError, encode, {"t": "x" * (spare + 1)})
    raises(ValueError, encode, {"t": "é" * (spare // 6 + 1)})


def test_a_longer_line_is_refused():
    body = b'{"t":"%s"}' % (b"x" * 470)
    assert code_of(sealed(body)) == errors.LINE_TOO_LONG


def test_data_lines_carry_bytes_as_base64():
    payload = bytes(range(256))
    line = encode_data('{"s":"abc","o":512', payload)
    message = decode(line[:-1])
    assert (message["s"], message["o"]) == ("abc", 512)
    assert binascii.a2b_base64(message["d"]) == payload
    assert decode(encode_data('{"o":0', b"")[:-1]) == {"o": 0, "d": ""}
    raises(ValueError, encode_data, '{"o":0', bytes(360))


def test_data_lines_are_read_without_a_parser_and_alike():
    head = b'{"s":"abc","o":'
    for offset in (0, 1, 512, (1 << 30) - 1):
        for size in (0, 1, 2, 3, 299, 300):
            payload = bytes(numbers(size, size, 0, 255))
            line = encode_data('{"s":"abc","o":%d' % offset, payload)[:-1]
            assert wire.data_of(line, head) == (offset, payload)
            assert decode(line)["o"] == offset


def test_what_is_no_such_data_line_is_left_to_the_parser():
    head = b'{"s":"abc","o":'
    for line in (
        b"",
        b"{}",
        b"noise",
        sealed(b'{"s":"xyz","o":0,"d":"AAAA"}'),
        sealed(b'{"s":"abc","o":0,"d":5}'),
        sealed(b'{"s":"abc","o":0}'),
        sealed(b'{"s":"abc","o":x,"d":"AAAA"}'),
        sealed(b'{"s":"abc","o":0,"d":"A"}'),
        sealed(b'{"s":"abc","o":0,"x":"AAAA"}'),
        sealed(b'{"s":"abc","o":0,"d":"AAAA"'),
        sealed(b'{"s":"abc","i":0,"c":0,"r":"status"}'),
        head,
    ):
        assert wire.data_of(line, head) is None, line


def test_a_damaged_data_line_is_not_taken():
    head = b'{"s":"abc","o":'
    line = encode_data('{"s":"abc","o":7', b"payload!")[:-1]
    for place in range(len(line)):
        for bit in range(8):
            spoilt = bytearray(line)
            spoilt[place] ^= 1 << bit
            assert wire.data_of(bytes(spoilt), head) in (None, (7, b"payload!")), (place, bit)


def test_what_is_no_message_is_told_from_what_was_damaged():
    good = sealed(b'{"i":1}')
    assert decode(good) == {"i": 1}
    for line in (b"", b"*", b"{}", b"hello", b"Traceback (most recent call last):", b"*00000000"):
        assert code_of(line) == errors.NOT_A_MESSAGE, line
    for line in (good[:-1] + b"x", good[:-2] + b"zz", good[:5] + b"2" + good[6:]):
        assert code_of(line) in (errors.BAD_CHECKSUM, errors.NOT_A_MESSAGE), line


def test_only_an_object_is_a_message():
    for body in (b"[1,2]", b'"text"', b"12", b"null", b"{x}", b'{"a":', b"{}{}"):
        assert code_of(sealed(body)) == errors.NOT_A_MESSAGE, body


def test_bytes_that_are_no_text_are_no_message():
    assert code_of(sealed(b'{"a":"\xff"}')) == errors.NOT_A_MESSAGE
    assert code_of(b"\xff" * 40) == errors.NOT_A_MESSAGE


def test_deep_nesting_is_no_crash():
    body = b'{"a":' + b"[" * 460
    assert code_of(sealed(body)) == errors.NOT_A_MESSAGE


def test_a_text_is_cut_to_the_bytes_that_it_takes_in_a_line():
    for text in ("plain", 'quo"te\\', "Мезотерапия", "面部和颈部", "a😀b😀c", "tab\tnew\n", ""):
        for most in range(70):
            part = wire.cut(text, most)
            assert text.startswith(part)
            size = len(encode({"t": part})) - len(encode({"t": ""}))
            assert size <= most
            if len(part) < len(text):
                more = encode({"t": text[: len(part) + 1]})
                assert len(more) - len(encode({"t": ""})) > most - 9


def test_each_single_bit_error_is_found():
    line = encode({"s": "abc", "i": 7, "c": 4096, "r": "pause"})[:-1]
    message = decode(line)
    for place in range(len(line)):
        for bit in range(8):
            spoilt = bytearray(line)
            spoilt[place] ^= 1 << bit
            try:
                assert decode(spoilt) == message, (place, bit)
            except BadLine:
                pass


def test_each_burst_of_two_wrong_bytes_is_found():
    line = encode({"i": 1, "r": "hello"})[:-1]
    message = decode(line)
    noise = numbers(5, 2 * len(line), 1, 255)
    for place in range(len(line) - 1):
        spoilt = bytearray(line)
        spoilt[place] ^= noise[2 * place]
        spoilt[place + 1] ^= noise[2 * place + 1]
        try:
            assert decode(spoilt) == message, place
        except BadLine:
            pass


def lines_of(reader):
    out = []
    line = reader.next()
    while line is not None:
        out.append(line)
        line = reader.next()
    return out


def lines_count(reader):
    count = 0
    while reader.next() is not None:
        count += 1
    return count


def test_the_reader_cuts_a_stream_into_lines_wherever_it_is_cut():
    stream = b"one\ntwo\n\nthree\n" * 3 + b"rest"
    for size in range(1, len(stream) + 1):
        reader = LineReader()
        got = []
        for at in range(0, len(stream), size):
            reader.feed(stream[at : at + size])
            got.extend(lines_of(reader))
        assert got == [b"one", b"two", b"", b"three"] * 3, size
        reader.feed(memoryview(b" of it\n"))
        assert lines_of(reader) == [b"rest of it"]


def test_an_over_long_line_is_dropped_whole_and_the_next_is_read():
    for length in (LINE_MAX, LINE_MAX + 1, 1000, 9_999):
        for size in (1, 64, 480, 4096):
            reader = LineReader()
            stream = b"x" * length + b"\nnext\n"
            got = []
            for at in range(0, len(stream), size):
                reader.feed(stream[at : at + size])
                got.extend(lines_of(reader))
            assert got == [b"next"], (length, size)
            assert reader.dropped == 1


def test_a_line_of_100_kb_is_dropped():
    reader = LineReader()
    piece = b"x" * 1000
    for _ in range(100):
        reader.feed(piece)
        assert reader.next() is None
    reader.feed(b"\nnext\n")
    assert lines_of(reader) == [b"next"]
    assert reader.dropped == 1


def test_the_longest_line_passes_the_reader():
    for size in (1, 100, 479, 480, 481):
        reader = LineReader()
        stream = b"y" * (LINE_MAX - 1) + b"\n"
        for at in range(0, len(stream), size):
            reader.feed(stream[at : at + size])
        assert lines_of(reader) == [b"y" * (LINE_MAX - 1)], size


def test_a_line_without_end_takes_no_more_memory_than_a_line():
    reader = LineReader()
    for _ in range(200):
        reader.feed(b"z" * 512)
        assert reader.next() is None
        assert len(reader._held) < LINE_MAX
    reader.feed(b"\n" + encode({"i": 1}))
    assert [decode(line) for line in lines_of(reader)] == [{"i": 1}]


def test_a_burst_of_empty_lines_takes_no_more_memory_than_its_bytes():
    reader = LineReader()
    for _ in range(4):
        reader.feed(b"\n" * 2048)
        assert lines_count(reader) == 2048
    reader.feed(encode({"i": 1}))
    assert decode(reader.next()) == {"i": 1}


def test_lines_not_taken_yet_are_kept():
    reader = LineReader()
    reader.feed(b"one\ntwo\nth")
    assert reader.next() == b"one"
    reader.feed(b"ree\nfour")
    assert lines_of(reader) == [b"two", b"three"]
    reader.feed(b"\n")
    assert lines_of(reader) == [b"four"]


def test_a_traceback_between_messages_is_passed_over():
    stream = (
        encode({"i": 1}) + b"Traceback (most recent call last):\r\n  File\r\n" + encode({"i": 2})
    )
    reader = LineReader()
    reader.feed(stream)
    got = []
    for line in lines_of(reader):
        try:
            got.append(wire.decode(line)["i"])
        except BadLine:
            pass
    assert got == [1, 2]
