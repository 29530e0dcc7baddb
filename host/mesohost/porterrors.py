"""Why a port did not open, and what to do about it."""

import errno
import os
import re
from pathlib import Path

from mesohost.troubles import PortTrouble
from mesohost.udev import RELOAD, RULE, RULE_FILE

# Windows denies access to a port that another program has open.
_BUSY = (errno.EBUSY, errno.EAGAIN, *((errno.EACCES,) if os.name == "nt" else ()))
_DENIED = (errno.EACCES, errno.EPERM)
_ABSENT = (errno.ENOENT, errno.ENXIO, errno.ENODEV)
_NUMBER = re.compile(r"\[Errno (\d+)\]|\w+Error\((\d+),")
_SEE = "see which ports there are: mesogun devices"


def not_opened(name: str, error: Exception) -> PortTrouble:
    """The trouble for a serial port that pyserial could not open."""
    number = _errno(error)
    if isinstance(error, ValueError) and "://" in name:
        return PortTrouble(
            f"{name}: no such kind of port",
            [
                "use COM3, /dev/ttyACM0, socket://HOST:PORT or rfc2217://HOST:PORT",
                _SEE,
            ],
        )
    if number in _BUSY:
        return PortTrouble(
            f"{name}: the port is in use by another program",
            ["close the other program (a terminal, mpremote, another mesogun)"],
        )
    if number in _DENIED:
        return PortTrouble(f"{name}: permission denied", permission_remedies(name))
    if number in _ABSENT:
        return PortTrouble(f"{name}: there is no such port", ["plug in the gun", _SEE])
    if number == errno.ENOTTY or "configure" in str(error):
        return PortTrouble(f"{name}: this is no serial port", [_SEE])
    return PortTrouble(f"{name}: the port cannot be opened: {error}", [_SEE])


def not_connected(name: str, error: Exception) -> PortTrouble:
    """The trouble for a `socket://` port that could not be connected."""
    if isinstance(error, ConnectionRefusedError):
        what, remedy = "nothing listens there", "start the virtual gun first: mesogun sim"
    elif isinstance(error, TimeoutError):
        what, remedy = "no answer from that host", "check the host's address and its firewall"
    elif isinstance(error, OSError):
        what, remedy = f"cannot connect: {error.strerror or error}", "check host and port number"
    else:
        what, remedy = "not HOST:PORT", "write it as socket://HOST:PORT, PORT from 1 to 65535"
    return PortTrouble(f"{name}: {what}", [remedy])


def permission_remedies(name: str) -> list[str]:
    """How to get at a port that belongs to somebody else: by its group, or by a udev rule."""
    if os.name == "nt":
        return ["close the other program that uses the port"]
    group = _group(name)
    if group and group not in ("root", "wheel"):
        return [f'sudo usermod -aG {group} "$USER", then log out and in again']
    return [
        "have the administrator add a udev rule that gives the port to you, and then " + RELOAD,
        f"in {RULE_FILE}: {RULE}",
    ]


def _group(name: str) -> str:
    try:
        return Path(name).group()
    except (OSError, KeyError, NotImplementedError):
        return ""


def _errno(error: Exception) -> int:
    number = getattr(error, "errno", None)
    if isinstance(number, int):
        return number
    # On Windows pyserial gives the system's error as text only.
    found = _NUMBER.search(str(error))
    if not found:
        return 0
    number = int(found[1] or found[2])
    return errno.ENOENT if "FileNotFoundError" in str(error) else number
