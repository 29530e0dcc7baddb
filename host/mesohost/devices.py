"""Which serial ports look like a gun, by USB id and serial number; none is opened for that."""

import re
from collections.abc import Callable, Sequence

import msgspec

from mesohost.troubles import PortTrouble

RASPBERRY_PI = 0x2E8A
# (vendor, product): what reports itself by it. MicroPython's is the gun's own.
GUN_IDS = {
    (RASPBERRY_PI, 0x0005): "Pico with MicroPython",
}
# Boards that could become a gun, but do not run its firmware.
OTHER_IDS = {
    (RASPBERRY_PI, 0x0009): "Pico 2 with a program of its own",
    (RASPBERRY_PI, 0x000A): "Pico with a program of its own",
    (RASPBERRY_PI, 0x000B): "Pico with CircuitPython",
    (RASPBERRY_PI, 0x0004): "Pico as a debug probe",
    (RASPBERRY_PI, 0x000C): "debug probe",
}
# A name that can only be a port or a URL, never a serial number.
_PORT_NAME = re.compile(r"[/\\:.]|^COM\d+$", re.IGNORECASE)


class Device(msgspec.Struct, frozen=True):
    """One serial port: its name for `--port`, whether it looks like a gun, what it says it is."""

    port: str
    gun: bool
    what: str
    serial_number: str

    def __str__(self) -> str:
        number = f", serial number {self.serial_number}" if self.serial_number else ""
        return f"{self.port}: {self.what}{number}"


def devices() -> list[Device]:
    """All serial ports of this computer, those that look like a gun first."""
    from serial.tools.list_ports import comports  # Not every command needs it.

    found = [_device(port.device, port.vid, port.pid, port) for port in comports()]
    return sorted(found, key=lambda device: (not device.gun, device.port))


def _device(name: str, vendor: int | None, product: int | None, port: object) -> Device:
    usb = (vendor or 0, product or 0)
    told = [getattr(port, key, None) for key in ("product", "description")]
    said = [text for text in told if isinstance(text, str) and text not in ("", "n/a")]
    what = GUN_IDS.get(usb) or OTHER_IDS.get(usb) or (said[0] if said else "serial port")
    number = getattr(port, "serial_number", None)
    return Device(name, usb in GUN_IDS, what, number if isinstance(number, str) else "")


def find(wanted: str | None, listed: Callable[[], Sequence[Device]] = devices) -> str:
    """The port to open: `wanted` (its name, URL or serial number), or else the only gun's.

    Raises PortTrouble that lists what was seen. `listed` gives the ports to choose from.
    """
    if wanted and _PORT_NAME.search(wanted):
        return wanted
    seen = listed()
    if wanted:
        named = [device.port for device in seen if wanted in (device.serial_number, device.port)]
        return named[0] if named else wanted
    guns = [device for device in seen if device.gun]
    if len(guns) == 1:
        return guns[0].port
    lines = "".join(f"\n    {device}" for device in seen)
    if guns:
        raise PortTrouble(
            f"there is more than one gun:{lines}",
            [f"say which, by port or serial number: --port {guns[0].port}"],
        )
    raise PortTrouble(
        f"no gun is plugged in; serial ports seen:{lines or ' none'}",
        [
            "plug in the gun with a cable that carries data, and switch it on",
            "say which port it is: --port PORT",
            "or start a virtual gun: mesogun sim",
        ],
    )
