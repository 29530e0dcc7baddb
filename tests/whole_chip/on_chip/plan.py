"""Runs on the chip: how long a zone's plan takes by the chip's own clock, and what it allocates.

One line a zone: what it is, µs for the shot's figures (`Aim.take`), µs for its timetable
(`shot.plan`), bytes allocated by both.
"""

import gc
import time

from mesofw.board.chip import quicken
from mesofw.core import shot
from mesofw.core.aim import Aim
from tests.core.support.program import CALIBRATION, asked, fit_of

# (head, zone): the usual shot, then short, deep, slow, slanted and dry ones.
ZONES = (
    ({}, {}),
    ({"syringe": "1 mL", "needle": "30G"}, {"depth_um": 2_000, "volume_nl": 10_000}),
    ({"syringe": "1 mL", "needle": "30G"}, {"volume_nl": 10_000, "flow_nl_s": 500_000}),
    ({"length_um": 13_000}, {"depth_um": 10_000, "volume_nl": 50_000}),
    ({"viscosity_upa_s": 20_000}, {"mode": "perfusion", "volume_nl": 200_000}),
    ({}, {"angle_deg": 45, "depth_um": 2_000}),
    ({}, {"mode": "dry", "volume_nl": 0}),
)
STEP_PM = 5_000_000


def main():
    """Measure; prints a line a zone, the collector at rest."""
    quicken()
    gc.threshold(-1)
    table = shot.Timetable()
    aim = Aim()
    for head, changes in ZONES:
        fit = fit_of(**head)
        zone = asked(rate_per_min=1, **changes)
        steps = zone["volume_nl"] * 1_000_000 // fit.step_fl
        gc.collect()
        before_b = gc.mem_alloc()
        began_us = time.ticks_us()
        fault = aim.take(zone, fit, CALIBRATION["foot_um"], STEP_PM, steps)
        taken_us = time.ticks_us()
        shot.plan(table, aim)
        done_us = time.ticks_us()
        allocated_b = gc.mem_alloc() - before_b
        assert fault is None, (head, changes, fault.at, fault.code)
        take_us = time.ticks_diff(taken_us, began_us)
        plan_us = time.ticks_diff(done_us, taken_us)
        print(zone["mode"], zone["depth_um"], zone["volume_nl"], take_us, plan_us, allocated_b)
