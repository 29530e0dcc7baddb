"""USB and the isolated UART as one link."""

from mesofw.board.links import STEP_BYTES, Links
from mesofw.board.uart_link import RING_BYTES, UartLink
from tests.board.chips.machine import Uart


class Port:
    """A host's end: what it sends, and what it has room for."""

    def __init__(self) -> None:
        self.sent = b""
        self.got = b""
        self.room = 1 << 20

    def read(self, buffer: bytearray) -> int:
        count = min(len(buffer), len(self.sent))
        buffer[:count] = self.sent[:count]
        self.sent = self.sent[count:]
        return count

    def write(self, data: bytes) -> int:
        count = min(len(data), self.room)
        self.got += bytes(data[:count])
        self.room -= count
        return count


def links() -> "tuple[Links, Port, Port]":
    usb, uart = Port(), Port()
    return Links((usb, uart)), usb, uart


def read(link: Links) -> bytes:
    buffer = bytearray(STEP_BYTES)
    return bytes(buffer[: link.read(buffer)])


def test_nothing_is_lost_or_doubled_by_looking():
    link, usb, _ = links()
    assert not link.waiting()
    usb.sent = bytes(range(200))
    got = b""
    while link.waiting():
        assert link.waiting()
        got += read(link)
    assert got == bytes(range(200))
    assert read(link) == b""


def test_a_flood_is_taken_in_bounded_pieces():
    link, usb, _ = links()
    usb.sent = bytes(10_000)
    assert len(read(link)) == STEP_BYTES
    assert link.write(bytes(10_000)) == STEP_BYTES
    assert len(usb.got) == STEP_BYTES


def test_answers_go_where_the_question_came_from():
    link, usb, uart = links()
    assert link.write(b"0") == 1
    uart.sent = b"from the patient's side"
    assert read(link) == b"from the patient's side"
    link.write(b"1")
    usb.sent = b"from the desk"
    assert read(link) == b"from the desk"
    link.write(b"2")
    assert (usb.got, uart.got) == (b"02", b"1")


def test_a_port_without_room_takes_nothing_and_stops_nothing():
    link, usb, _ = links()
    usb.room = 3
    assert link.write(b"abcdef") == 3
    assert link.write(b"def") == 0


def test_the_uart_takes_what_its_ring_holds_and_no_more_before_it_is_sent():
    uart = Uart()
    link = UartLink(uart)
    data = bytes(number & 0xFF for number in range(700))
    assert link.write(data) == RING_BYTES
    assert link.write(data[RING_BYTES:]) == 0
    uart.drain()
    assert link.write(data[RING_BYTES:]) == len(data) - RING_BYTES
    uart.drain()
    assert bytes(uart.gone) == data


def test_the_uart_gives_what_came_in_order():
    uart = Uart()
    link = UartLink(uart)
    assert link.read(bytearray(5)) == 0
    uart.came.extend(b"abcdefg")
    buffer = bytearray(5)
    assert link.read(buffer) == 5
    assert bytes(buffer) == b"abcde"
    assert link.read(buffer) == 2
    assert bytes(buffer[:2]) == b"fg"
