"""The mechanics that core moves: the two axes, their scales and limits."""

from mesofw.core.motion import TICK_HZ, TICKS_PER_US

__all__ = ["CARRIAGE", "PLUNGER", "TICKS_PER_US", "TICK_HZ", "Axis"]


class Axis:
    """An axis: one step and one encoder count in nm, limits in steps/s, steps/s² and steps.

    `tolerance_nm` is how far steps and encoder may disagree before the axis counts as lost.
    """

    def __init__(
        self, name, step_nm, count_nm, speed_hz, accel_hz_s, travel_steps, home_hz, tolerance_nm
    ):
        self.name = name
        self.step_nm = step_nm
        self.count_nm = count_nm
        self.speed_hz = speed_hz
        self.accel_hz_s = accel_hz_s
        self.travel_steps = travel_steps
        self.home_hz = home_hz
        self.tolerance_nm = tolerance_nm

    def lost_nm(self, steps: int, counts: int) -> int:
        """How far the encoder is from the steps, in nm."""
        return abs(steps * self.step_nm - counts * self.count_nm)


# Back-drivable lead of 8 mm, 200 steps × 8; 150 mm/s, 10 m/s², 16 mm.
CARRIAGE = Axis("carriage", 5000, 4000, 30_000, 2_000_000, 3_200, 1_000, 60_000)
# Self-locking lead of 0.8 mm, 200 steps × 16; 10 mm/s, 0.5 m/s², 66 mm.
PLUNGER = Axis("plunger", 250, 400, 40_000, 2_000_000, 264_000, 20_000, 20_000)
AXES = (CARRIAGE, PLUNGER)
