"""The mechanics that core moves: the two axes, their scales and limits."""

from mesofw.core.motion import TICK_HZ, TICKS_PER_US

__all__ = ["CARRIAGE", "OUT", "PLUNGER", "PRESS", "TICKS_PER_US", "TICK_HZ", "WITHDRAW", "Axis"]


class Axis:
    """An axis: one step and one encoder count in nm, top speed in steps/s, travel in steps.

    `tolerance_nm` is how far steps and encoder may disagree before the axis counts as lost.
    """

    def __init__(self, name, step_nm, count_nm, speed_hz, travel_steps, home_hz, tolerance_nm):
        self.name = name
        self.step_nm = step_nm
        self.count_nm = count_nm
        self.speed_hz = speed_hz
        self.travel_steps = travel_steps
        self.home_hz = home_hz
        self.tolerance_nm = tolerance_nm

    def lost_nm(self, steps: int, counts: int) -> int:
        """How far the encoder is from the steps, in nm."""
        off_nm = steps * self.step_nm - counts * self.count_nm
        return off_nm if off_nm >= 0 else -off_nm

    def hz_s(self, accel_mm_s2: int) -> int:
        """An acceleration in mm/s² as steps/s²."""
        return accel_mm_s2 * 1_000_000 // self.step_nm


# Back-drivable lead of 8 mm, 200 steps × 8; 250 mm/s, 16 mm.
CARRIAGE = Axis("carriage", 5000, 4000, 50_000, 3_200, 1_000, 60_000)
# Self-locking lead of 0.8 mm, 200 steps × 16; 24 mm/s, 66 mm.
PLUNGER = Axis("plunger", 250, 400, 96_000, 264_000, 20_000, 20_000)
AXES = (CARRIAGE, PLUNGER)

# Speeding up and slowing down in mm/s², inside the motors' torque with its margin. Towards the skin
# (OUT) and in the syringe what is fitted may allow more: `fit.Fit`.
OUT = (5_500, 45_000)
WITHDRAW = (40_000, 20_000)
PRESS = (3_000, 3_000)


def ramps(axis: int, forward: bool) -> tuple:
    """Speeding up and slowing down in steps/s² that an axis can do whatever is fitted."""
    up, down = PRESS if axis == 1 else OUT if forward else WITHDRAW
    return AXES[axis].hz_s(up), AXES[axis].hz_s(down)
