"""What flows in the 24 V side: the figures that the fuses are chosen by.

estimate: the worst case of both motors at their rated current with the carriage at top speed, and
of the logic as remembered of its parts' data sheets.
"""

from typing import Any

# At 5 V: Pico 100 mA, light 40, lamps 35, encoders 25, display 25, sounder 15, force cell 5.
_LOGIC_A = 0.245
_BUCK_SHARE = 0.85
# Force on the carriage at top speed: spring, puncture, friction, acceleration.
_CARRIAGE_N = 15.0


def motors_w(gun: dict[str, Any]) -> float:
    """Both motors and their drivers, in W: copper (rms current in both windings), bridges, and the
    carriage's mechanical power; the plunger's is below a watt."""
    bridge_ohm, idle_w = gun["driver"]["bridge_ohm"], gun["driver"]["idle_w"]
    lost = sum(
        2 * gun[axis]["motor"]["current_a"] ** 2
        * (gun[axis]["motor"]["resistance_ohm"] + bridge_ohm) + idle_w
        for axis in ("carriage", "plunger")
    )  # fmt: skip
    return lost + _CARRIAGE_N * gun["carriage"]["speed_mm_s"] / 1000 + 1.0


def logic_w() -> float:
    """What the logic takes from the 24 V side, in W."""
    return _LOGIC_A * 5 / _BUCK_SHARE


def loads_a(gun: dict[str, Any]) -> dict[str, float]:
    """The current through each fuse in A, by its key, at the lowest supply."""
    volts = gun["supply"]["lowest_volts"]
    motors_a = motors_w(gun) / volts
    return {"fuse_motor": motors_a, "fuse_main": motors_a + logic_w() / volts}
