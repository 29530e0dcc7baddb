"""The computer's side of the link: is there a port, and may it be used."""

import sys

from mesohost import udev
from mesohost.doctor.case import Case
from mesohost.doctor.model import Cause, Finding, failed, ok
from mesohost.flashing import uf2
from mesohost.troubles import PortTrouble

# What a port's trouble says: the sign by which causes are told apart.
_SIGNS = (
    ("permission denied", "denied"),
    ("in use", "busy"),
    ("more than one gun", "several"),
    ("no gun is plugged in", "absent"),
    ("no such port", "absent"),
    ("nothing listens", "unserved"),
)
_ANY = (
    Cause(
        "the gun is off, or its cable carries power only",
        "switch it on, and take a cable that carries data",
        ("absent",),
    ),
    Cause(
        "another program has the port open",
        "close it: a terminal, mpremote, another mesogun",
        ("busy",),
    ),
    Cause("more than one gun is plugged in", "say which by --port: mesogun devices", ("several",)),
    Cause("no virtual gun is served there", "start one: mesogun sim", ("unserved",)),
    Cause(
        "the board is in its boot loader, its BOOTSEL button was held as it was plugged in",
        "put MicroPython and the firmware onto it: mesogun flash --uf2 FILE",
        ("boot loader",),
    ),
    Cause(
        "it is another port than you think",
        "see which ports there are: mesogun devices",
    ),
)
_OF_PLATFORM = {
    "linux": (
        Cause(
            f"{udev.MODEM_MANAGER} runs here and asks each new port whether it is a modem",
            f"wait half a minute; for good, {udev.HOW}",
            ("modem manager",),
        ),
        Cause(
            "you may not use serial ports on this computer",
            f'sudo usermod -aG {udev.GROUP} "$USER", log out and in again; or {udev.HOW}',
            ("denied",),
        ),
    ),
    "win32": (
        Cause(
            "Windows has given the gun no driver: before Windows 10 it has none of its own",
            "use Windows 10 or later, whose usbser.sys serves it; in the device manager it then "
            "stands under Ports as a USB serial device (COMn)",
            ("absent",),
        ),
    ),
    "darwin": (
        Cause(
            "the port's name is that of a dial-in line",
            "use the name that begins with /dev/cu.usbmodem; macOS needs no driver",
            ("busy",),
        ),
    ),
}


def causes(platform: str = sys.platform) -> tuple[Cause, ...]:
    """Why a port cannot be used, on a platform by Python's name of it."""
    return (*_OF_PLATFORM.get(platform, ()), *_ANY)


def port(case: Case) -> Finding:
    """Whether the port is there and opens."""
    try:
        case.port  # noqa: B018
    except PortTrouble as trouble:
        return failed(" ".join(trouble.what.split()), sign_of(trouble.what))
    return ok(f"{case.name} opens" if case.name else "the port opens")


def sign_of(what: str, boot_loader: bool | None = None, modem_manager: bool | None = None) -> str:
    """The sign of a port's trouble. What else tells is looked up on this computer where it is not
    given: a drive of the boot loader, ModemManager among the processes."""
    sign = next((sign for words, sign in _SIGNS if words in what), "")
    if sign == "absent" and (bool(uf2.drives()) if boot_loader is None else boot_loader):
        return "boot loader"
    runs = udev.modem_manager_runs() if modem_manager is None else modem_manager
    return "modem manager" if sign == "busy" and runs else sign
