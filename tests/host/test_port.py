"""Ports: a real pseudo-terminal, TCP on loopback, pyserial's loop, and everything that fails."""

import errno
import os
import socket
import sys
import threading

import pytest
import serial

from mesohost import porterrors
from mesohost.port import SerialPort, TcpPort, open_port
from mesohost.troubles import PortTrouble

LONG_S = 5.0
posix = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


@pytest.fixture
def pty_pair():
    master, slave = os.openpty()
    name = os.ttyname(slave)
    os.close(slave)
    yield master, name
    os.close(master)


def read_all(port, count: int) -> bytes:
    data = b""
    while len(data) < count:
        arrived = port.read(LONG_S)
        assert arrived, "nothing came"
        data += arrived
    return data


def test_the_loop_gives_back_what_is_written():
    port = open_port("loop://")
    assert port.read(0.0) == b""
    port.write(b"one\ntwo\n")
    assert read_all(port, 8) == b"one\ntwo\n"
    assert port.read(0.001) == b""
    port.close()
    port.close()


@posix
def test_a_terminal_passes_every_byte_both_ways(pty_pair):
    master, name = pty_pair
    port = open_port(name)
    every = bytes(range(256)) * 4
    os.write(master, every)
    assert read_all(port, len(every)) == every
    port.write(every)
    got = b""
    while len(got) < len(every):
        got += os.read(master, 4096)
    assert got == every
    assert port.read(0.001) == b""
    port.close()


@posix
def test_a_terminal_takes_more_than_it_holds(pty_pair):
    master, name = pty_pair
    port = open_port(name)
    data = os.urandom(300_000)
    got = bytearray()

    def drain() -> None:
        while len(got) < len(data):
            got.extend(os.read(master, 65_536))

    reader = threading.Thread(target=drain)
    reader.start()
    port.write(data)
    reader.join()
    assert bytes(got) == data
    port.close()


@posix
def test_a_terminal_is_opened_by_one_only(pty_pair):
    _, name = pty_pair
    port = open_port(name)
    with pytest.raises(PortTrouble, match="in use by another program"):
        open_port(name)
    port.close()
    open_port(name).close()


@posix
def test_a_pulled_cable_is_told():
    master, slave = os.openpty()
    port = open_port(os.ttyname(slave))
    os.close(slave)
    os.close(master)
    with pytest.raises(PortTrouble, match="connection is lost"):
        port.read(LONG_S)
    with pytest.raises(PortTrouble, match="connection is lost"):
        port.write(b"x")
    port.close()


@posix
def test_a_gun_that_takes_nothing_is_told(pty_pair, monkeypatch):
    _, name = pty_pair
    monkeypatch.setattr("mesohost.port.WRITE_WAIT_S", 0.02)
    port = SerialPort(name)
    with pytest.raises(PortTrouble, match="not taken"):
        port.write(b"x" * 100_000)
    port.close()


@posix
def test_pyserial_reads_where_there_is_no_descriptor(pty_pair):
    master, name = pty_pair
    port = open_port("spy://" + name + "?file=" + os.devnull)
    os.write(master, b"some bytes")
    assert read_all(port, 10) == b"some bytes"
    port.close()


@pytest.mark.parametrize(
    ("name", "told", "remedy"),
    [
        ("/dev/no-such-port", "there is no such port", "plug in the gun"),
        (os.devnull, "no serial port", "mesogun devices"),
        ("nosuch://x", "no such kind of port", "use COM3"),
    ],
)
@posix
def test_a_port_that_does_not_open_says_why(name: str, told: str, remedy: str):
    with pytest.raises(PortTrouble, match=told) as trouble:
        open_port(name)
    assert name in trouble.value.what
    assert remedy in trouble.value.remedies[0]


@posix
def test_a_port_of_another_group_names_the_group(pty_pair):
    _, name = pty_pair
    denied = porterrors.not_opened(name, serial.SerialException(errno.EACCES, "denied"))
    assert "permission denied" in denied.what
    assert "usermod -aG" in denied.remedies[0] or "udev" in denied.remedies[0]
    gone = porterrors.permission_remedies("/dev/no-such-port")
    assert "udev" in gone[0]


def test_what_windows_says_is_understood():
    text = "could not open port 'COM9': FileNotFoundError(2, 'not found', None, 2)"
    absent = porterrors.not_opened("COM9", serial.SerialException(text))
    assert "there is no such port" in absent.what
    text = "could not open port 'COM9': PermissionError(13, 'denied', None, 5)"
    denied = porterrors.not_opened("COM9", serial.SerialException(text))
    assert "denied" in denied.what or "in use" in denied.what


def test_an_error_of_no_known_kind_is_passed_on():
    strange = porterrors.not_opened("/dev/x", OSError(errno.EIO, "Input/output error"))
    assert "Input/output error" in strange.what


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_tcp_passes_bytes_in_bulk(listener):
    port = open_port("socket://127.0.0.1:%d" % listener.getsockname()[1])
    assert isinstance(port, TcpPort)
    gun, _ = listener.accept()
    assert port.read(0.0) == b""
    port.write(b"hello")
    assert gun.recv(100) == b"hello"
    gun.sendall(b"a" * 5_000)
    assert read_all(port, 5_000) == b"a" * 5_000
    gun.close()
    with pytest.raises(PortTrouble, match="connection is lost"):
        port.read(LONG_S)
    port.close()
    with pytest.raises(PortTrouble, match="connection is lost"):
        port.read(0.0)


def test_tcp_says_why_it_does_not_connect(listener):
    number = listener.getsockname()[1]
    listener.close()
    with pytest.raises(PortTrouble, match="nothing listens there") as refused:
        open_port("socket://127.0.0.1:%d" % number)
    assert "mesogun sim" in refused.value.remedies[0]


@pytest.mark.parametrize(
    "name", ["socket://", "socket://host", "socket://h:x", "socket://h:999999"]
)
def test_tcp_wants_host_and_port(name: str):
    with pytest.raises(PortTrouble) as wrong:
        open_port(name)
    assert wrong.value.remedies
