"""A port: a stream of bytes to one gun, over everything that pyserial knows, or over TCP.

`open_port` gives the right one for a name. Reading takes whatever is there in one piece, since a
byte or a line at a time is many times slower. `socket://` is served here: pyserial's own gives
single bytes and holds back small writes.
"""

import os
import select
import socket
from typing import Any, Protocol

from mesohost.troubles import PortTrouble

BULK_BYTES = 65_536
# A gun that takes no byte for this long does not run.
WRITE_WAIT_S = 5.0
CONNECT_WAIT_S = 5.0
_SOCKET = "socket://"


class Port(Protocol):
    """What a `Gun` needs of a port: the serial one, or a virtual gun's in the same process."""

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises PortTrouble where the other side takes nothing."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """What has arrived; waits at most `timeout_s` for the first byte, `b""` if none came.
        Raises PortTrouble where the connection is gone."""
        ...

    def close(self) -> None:
        """Give the port back; may be called again."""
        ...


def open_port(name: str) -> Port:
    """Open a port by its name or URL, for this program alone where the platform knows that.

    `COM3`, `/dev/ttyACM0`, `socket://host:port`, `rfc2217://host:port`, `loop://`, … Raises
    PortTrouble that says what to do.
    """
    return TcpPort(name) if name.startswith(_SOCKET) else SerialPort(name)


class SerialPort:
    """A port over pyserial."""

    def __init__(self, name: str):
        # Only what talks to a gun pays for these imports.
        import serial

        from mesohost import porterrors

        self._name = name
        self._error = serial.SerialException
        self._full = serial.SerialTimeoutException
        try:
            self._serial: Any = serial.serial_for_url(name, do_not_open=True)
            self._serial.baudrate = 115_200
            self._serial.exclusive = True
            # MicroPython's USB serial port sends nothing while DTR is off.
            self._serial.dtr = True
            self._serial.write_timeout = WRITE_WAIT_S
            self._serial.open()
        except (serial.SerialException, ValueError, OSError) as error:
            raise porterrors.not_opened(name, error) from error
        # A URL handler may do more than pass bytes on, so only a plain port is read directly.
        plain = os.name == "posix" and type(self._serial) is serial.Serial
        self._descriptor: int = self._serial.fileno() if plain else -1

    def write(self, data: bytes) -> None:
        """See `Port.write`."""
        try:
            self._serial.write(data)
        except self._full as error:
            raise _stuck(self._name) from error
        except (self._error, OSError) as error:
            raise _lost(self._name) from error

    def read(self, timeout_s: float) -> bytes:
        """See `Port.read`."""
        try:
            if self._descriptor >= 0:
                return self._read_descriptor(timeout_s)
            if self._serial.timeout != timeout_s:
                self._serial.timeout = timeout_s
            first: bytes = self._serial.read(1)
            return first + self._serial.read(self._serial.in_waiting) if first else b""
        except (self._error, OSError, TypeError) as error:
            # TypeError: pyserial's, where another thread has closed the port.
            raise _lost(self._name) from error

    def _read_descriptor(self, timeout_s: float) -> bytes:
        if not select.select([self._descriptor], [], [], timeout_s)[0]:
            return b""
        try:
            data = os.read(self._descriptor, BULK_BYTES)
        except BlockingIOError:
            return b""
        if not data:
            raise _lost(self._name)
        return data

    def close(self) -> None:
        """See `Port.close`."""
        self._serial.close()


class TcpPort:
    """A port to `socket://host:port`: a virtual gun, or a serial port served over a network."""

    def __init__(self, name: str):
        from mesohost import porterrors

        self._name = name
        try:
            host, _, number = name.removeprefix(_SOCKET).rstrip("/").rpartition(":")
            address = (host.strip("[]"), int(number))
            self._socket = socket.create_connection(address, CONNECT_WAIT_S)
        except (OSError, ValueError, OverflowError) as error:
            raise porterrors.not_connected(name, error) from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(WRITE_WAIT_S)

    def write(self, data: bytes) -> None:
        """See `Port.write`."""
        try:
            self._socket.sendall(data)
        except TimeoutError as error:
            raise _stuck(self._name) from error
        except OSError as error:
            raise _lost(self._name) from error

    def read(self, timeout_s: float) -> bytes:
        """See `Port.read`."""
        try:
            if not select.select([self._socket], [], [], timeout_s)[0]:
                return b""
            data = self._socket.recv(BULK_BYTES)
        except (OSError, ValueError) as error:
            raise _lost(self._name) from error
        if not data:
            raise _lost(self._name)
        return data

    def close(self) -> None:
        """See `Port.close`."""
        self._socket.close()


def _lost(name: str) -> PortTrouble:
    return PortTrouble(
        f"{name}: the connection is lost",
        ["check the cable; if the gun was restarted, run the command again"],
    )


def _stuck(name: str) -> PortTrouble:
    return PortTrouble(
        f"{name}: what is sent is not taken",
        ["check that this is the gun's port: mesogun devices", "restart the gun"],
    )
