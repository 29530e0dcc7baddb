"""The row of a shot's timetable: its bytes as the pulse engine reads them."""

from collections.abc import Iterator
from itertools import product

from mesofw.core import dose, parts, shot
from mesofw.core.aim import Aim
from mesofw.core.shot import SEGMENTS_MAX, Timetable
from tests.bench.place import Place
from tests.bench.rows import LOWER, Row
from tests.core.support.program import CALIBRATION, asked, fit_of

# Pulses and period, a word each; of a phase axis, direction, first segment and their number.
_SEGMENT_BYTES = 8
_PHASE_BYTES = 16
_LENGTHS_UM = (4_000, 8_000, 13_000)
_PINS = (1, 3, 9)
_DEPTHS_UM = (500, 1_500, 4_000, 8_000, 13_000)
_VOLUMES_NL = (0, 1_000, 10_000, 50_000, 200_000, 900_000, 2_900_000)
_FLOWS_NL_S = (10_000, 100_000, 2_000_000)
_STEP_PM = 5_000_000


def table_bytes(place: Place) -> list[Row]:
    """The largest timetable of all shots that the gun does with any parts."""
    del place
    table = Timetable()
    most = most_segments = shots = 0
    for aim in _aims():
        shot.plan(table, aim)
        shots += 1
        count = table.segments.count
        most_segments = max(most_segments, count)
        most = max(most, _SEGMENT_BYTES * count + _PHASE_BYTES * table.count)
    note = (
        f"worst of {shots:,} shots, {most_segments} segments of {SEGMENTS_MAX} allowed; "
        f"{_SEGMENT_BYTES} bytes a segment (pulses, period), {_PHASE_BYTES} a phase (axis, "
        "direction, first, number)"
    )
    return [Row("table_bytes", most, "B", LOWER, 2_048, note=note)]


def _aims() -> Iterator[Aim]:
    """Shots of all syringes and needles with lengths, pins, depths, volumes and flows; those that
    nothing forbids."""
    heads = product(parts.SYRINGE_NAMES, parts.NEEDLE_NAMES, _LENGTHS_UM, _PINS)
    for syringe, needle, length_um, pins in heads:
        fit = fit_of(syringe=syringe, needle=needle, length_um=length_um, pins=pins)
        for depth_um, volume_nl, flow_nl_s in product(_DEPTHS_UM, _VOLUMES_NL, _FLOWS_NL_S):
            if depth_um > length_um or volume_nl > fit.syringe.volume_nl:
                continue
            zone = asked(
                mode="single" if volume_nl else "dry",
                layer="deep",
                depth_um=depth_um,
                volume_nl=volume_nl,
                flow_nl_s=flow_nl_s,
                rate_per_min=1,
            )
            aim = Aim()
            dose_steps = volume_nl * dose.FL_PER_NL // fit.step_fl
            if aim.take(zone, fit, CALIBRATION["foot_um"], _STEP_PM, dose_steps) is None:
                yield aim
