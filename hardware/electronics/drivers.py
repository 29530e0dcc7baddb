"""Drivers and motors.

While the Pico drives nothing, the carriage's driver is off, so that the spring withdraws the
needle, and the plunger's holds.
"""

from hardware.electronics.model import (
    HANDPIECE,
    Part,
    Sheet,
    box,
    capacitor,
    connector,
    resistor,
    two,
)  # fmt: skip

_COILS = ("A1", "A2", "B1", "B2")


def _driver(ref: str, axis: str, enable: str, address: str) -> Part:
    """A module for an axis; `address` is the net of its lower address pin."""
    return box(ref, "driver", "TMC2209 module", f"""
        1 EN in {enable}
        2 MS1 in {address}
        3 MS2 in GND
        4 PDN bi DRIVER_WIRE
        5 PDN bi DRIVER_WIRE
        6 CLK nc -
        7 STEP in {axis}_STEP
        8 DIR in {axis}_DIR
        |
        16 VM pwr VMOT
        15 GND pwr GND
        14 OA2 out {axis}_A2
        13 OA1 out {axis}_A1
        12 OB1 out {axis}_B1
        11 OB2 out {axis}_B2
        10 VIO pwr V3V3
        9 GND pwr GND
    """)  # fmt: skip


def _motor(ref: str, axis: str) -> Part:
    lines = "\n".join(f"{coil} {coil} pas {axis}_{coil}" for coil in _COILS)
    return box(ref, f"{axis.lower()}.motor", f"{axis.lower()} motor", lines + "\n|",
               place=HANDPIECE)  # fmt: skip


PARTS = (
    _driver("U30", "CARRIAGE", "CARRIAGE_ENABLE", "GND"),
    _driver("U31", "PLUNGER", "PLUNGER_OFF", "V3V3"),
    resistor("R30", "10k", "CARRIAGE_ENABLE", "V3V3"),
    resistor("R31", "10k", "PLUNGER_OFF", "GND"),
    resistor("R32", "1k", "DRIVER_UART", "DRIVER_WIRE"),
    resistor("R33", "10k", "DRIVER_WIRE", "V3V3"),
    two("C30", "c_100u_50v", "100µ 50V", "VMOT", "GND", "polar"),
    two("C31", "c_100u_50v", "100µ 50V", "VMOT", "GND", "polar"),
    capacitor("C32", "100n", "VMOT"),
    capacitor("C33", "100n", "VMOT"),
    capacitor("C34", "100n", "V3V3"),
    capacitor("C35", "100n", "V3V3"),
    *(
        capacitor(f"C{40 + place}", "470p", f"{axis}_{coil}", protects=True)
        for place, (axis, coil) in enumerate(
            (axis, coil) for axis in ("CARRIAGE", "PLUNGER") for coil in _COILS
        )
    ),
    connector("J2", "conn_motor", "GX16-8", " ".join(
        f"{axis}_{coil}" for axis in ("CARRIAGE", "PLUNGER") for coil in _COILS
    ), shell=True),
    # Shields end here, on the box's side alone.
    resistor("R34", "1M", "SHELL", "GND"),
    capacitor("C36", "10n", "SHELL"),
    _motor("M1", "CARRIAGE"),
    _motor("M2", "PLUNGER"),
)  # fmt: skip

SHEET = Sheet(
    "drivers",
    "Drivers and motors",
    PARTS,
    (
        ("VMOT",),
        ("V3V3",),
        ("DRIVER_UART", "R32"),
        ("CARRIAGE_ENABLE",),
        ("PLUNGER_OFF",),
        ("SHELL",),
        *((f"{axis}_{coil}",) for axis in ("CARRIAGE", "PLUNGER") for coil in _COILS),
    ),
)
