"""The check of a program for who has no gun at hand: its shots are judged on a nominal one.

The gun never reads this in: it judges a zone's shots when it arms the zone, with what is fitted.
"""

from mesofw.core import refusals as refusals  # held, for whoever judges wants many of them
from mesofw.core import shot
from mesofw.core.aim import Aim
from mesofw.core.dose import FL_PER_NL
from mesofw.core.program import Checker

# What of a zone decides whether the gun can do it.
_FIGURES = (
    "mode", "depth_um", "angle_deg", "volume_nl", "rate_per_min", "flow_nl_s", "dwell_ms",
)  # fmt: skip
_HEADS = ("needle.pins", "viscosity")


class Judge(Checker):
    """A `Checker` that also says whether motors, syringe and needle can do each zone's shots."""

    def __init__(self, today: int = 0):
        super().__init__(today)
        self._aim = Aim()
        self._possible = None  # the figures of the last zone that the gun can do

    def _zone(self, zone: dict, path: str) -> None:
        before = len(self.faults)
        super()._zone(zone, path)
        if len(self.faults) == before:
            self._gun_can(zone, path)

    def _gun_can(self, zone: dict, path: str) -> None:
        fit = self._fit
        figures = [zone[name] for name in _FIGURES]
        if fit is None or figures == self._possible:
            return
        steps = zone["volume_nl"] * FL_PER_NL // fit.step_fl
        fault = self._aim.take(zone, fit, shot.NOMINAL_FOOT_UM, shot.NOMINAL_STEP_PM, steps)
        if fault:
            # What is fitted is the program's, all else the zone's.
            fault.at = fault.at if fault.at in _HEADS else path + fault.at
            self.faults.append(fault)
        else:
            self._possible = figures
