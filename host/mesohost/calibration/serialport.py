"""A balance's serial port: slower than a gun's, and with no DTR to wait for."""

from typing import Any

from mesohost import porterrors
from mesohost.troubles import PortTrouble

# What MT-SICS balances are delivered with; some are set to another in their menu.
BAUD = 9_600
_WRITE_WAIT_S = 5.0


class BalanceSerialPort:
    """A `port.Port` over everything that pyserial knows: `COM3`, `/dev/ttyUSB0`, `socket://…`."""

    def __init__(self, name: str, baud: int = BAUD):
        """Open it for this program alone. Raises PortTrouble that says what to do."""
        import serial  # Only what talks to a balance pays for this import.

        self._name = name
        self._error = serial.SerialException
        try:
            self._serial: Any = serial.serial_for_url(name, do_not_open=True)
            self._serial.baudrate = baud
            self._serial.write_timeout = _WRITE_WAIT_S
            self._serial.open()
        except (serial.SerialException, ValueError, OSError) as error:
            raise porterrors.not_opened(name, error) from error

    def write(self, data: bytes) -> None:
        """See `port.Port.write`."""
        try:
            self._serial.write(data)
        except (self._error, OSError) as error:
            raise self._lost() from error

    def read(self, timeout_s: float) -> bytes:
        """See `port.Port.read`."""
        try:
            self._serial.timeout = timeout_s
            first: bytes = self._serial.read(1)
            return first + self._serial.read(self._serial.in_waiting) if first else b""
        except (self._error, OSError, TypeError) as error:
            # TypeError: pyserial's, where another thread has closed the port.
            raise self._lost() from error

    def close(self) -> None:
        """See `port.Port.close`."""
        self._serial.close()

    def _lost(self) -> PortTrouble:
        return PortTrouble(
            f"{self._name}: the connection to the balance is lost",
            ["check its cable, and weigh this stroke again"],
        )
