"""The tables as a SKiDL circuit: its electrical rule check, and a netlist that KiCad reads."""

import contextlib
import io
import logging
import re
from pathlib import Path

from hardware.electronics import footprints
from hardware.electronics.model import (
    BOTH,
    IN,
    NOT,
    OPEN,
    OUT,
    PASSIVE,
    POWER,
    SOURCE,
    THREE,
    Part,
)  # fmt: skip

# All parts are of our own: that KiCad's libraries are not there need not be said.
with contextlib.redirect_stderr(io.StringIO()):
    import skidl
    from skidl import logger

_DOES = {
    POWER: skidl.Pin.types.PWRIN,
    SOURCE: skidl.Pin.types.PWROUT,
    IN: skidl.Pin.types.INPUT,
    OUT: skidl.Pin.types.OUTPUT,
    BOTH: skidl.Pin.types.BIDIR,
    THREE: skidl.Pin.types.TRISTATE,
    OPEN: skidl.Pin.types.OPENCOLL,
    PASSIVE: skidl.Pin.types.PASSIVE,
    NOT: skidl.Pin.types.NOCONNECT,
}

# Nets that carry a supply without a supply's pin on them, and by what.
FED = {
    "GND": "the supply's minus",
    "V24": "the fuse and the diode",
    "V24_L": "the diode",
    "V5_H": "the self-resetting fuse",
    "VSYS": "the diode",
    "VMOT": "fuse, stop and diode",
    "FORCE_GND": "0 Ω to ground",
    "ISO_GND": "the host's cable",
}

# What the check may say, by what it says, and why that is well here.
ALLOWED: dict[str, str] = {}


logger.stop_log_file_output()


def circuit(parts: tuple[Part, ...]) -> skidl.Circuit:
    """The parts, joined. Nets of one name are one net: cables are taken as plugged in."""
    made = skidl.Circuit()
    names = sorted({name for part in parts for name in part.nets if name})
    nets = {name: skidl.Net(name, circuit=made) for name in names}
    for name in FED:
        nets[name].drive = skidl.POWER
    for part in parts:
        pins = [skidl.Pin(num=pin.number, name=pin.name, func=_DOES[pin.does]) for pin in part.pins]
        one = skidl.Part(
            tool=skidl.SKIDL,
            name=part.key,
            ref=part.ref,
            ref_prefix=re.match(r"[A-Z]+", part.ref)[0],
            value=part.value,
            footprint=footprints.of(part),
            tag=part.ref,
            pins=pins,
            circuit=made,
        )
        for pin in part.pins:
            if pin.net:
                nets[pin.net] += one.p[pin.number]
            else:
                made.NC += one.p[pin.number]
    return made


class _Heard(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def said(made: skidl.Circuit) -> list[str]:
    """Errors and warnings of the electrical rule check that are not ALLOWED."""
    heard = _Heard()
    logger.erc_logger.addHandler(heard)
    try:
        made.ERC()
    finally:
        logger.erc_logger.removeHandler(heard)
    return [line for line in heard.lines if not any(part in line for part in ALLOWED)]


def write(made: skidl.Circuit, path: Path) -> None:
    """Write KiCad's netlist."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made.generate_netlist(file_=str(path), tool=skidl.KICAD8, do_backup=False)
