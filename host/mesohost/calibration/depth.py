"""From readings of a dial indicator, or gauge blocks, to the needle's zero and scale.

depth = scale · steps - foot: what is read where the tip stands beyond the foot's plane, against the
steps from home. The foot's offset is the travel at which the depth is nothing.
"""

import math
from collections.abc import Sequence
from statistics import stdev

import msgspec

from mesofw.core.fit import PPM
from mesofw.core.machine import CARRIAGE
from mesohost.calibration import goals, lines
from mesohost.calibration.model import Verdict
from mesohost.calibration.quantiles import t_quantile, tolerance_factor
from mesohost.calibration.verdicts import bounded

CONTENT = 0.975
CONFIDENCE = 0.95
# Half of what core lets steps and encoder be apart.
STRAIGHT_UM = 30.0
# Of the 0.1 mm in which depths are set on the market's guns, a quarter.
HOMING_UM = 25.0
# The needle is back within this without power: DESIGN's own figure.
RETURN_MS = 200.0
FOOT_HALF_UM = 25.0
SCALE_HALF_PCT = 0.5


class Touch(msgspec.Struct, frozen=True):
    """The depth beyond the foot's plane that was read after so many steps from home, in µm."""

    steps: int
    depth_um: float


class DepthPoints(msgspec.Struct, frozen=True):
    """Readings over the travel, readings at one place each after homing anew, and times from
    power off to the home switch, in ms."""

    touches: tuple[Touch, ...]
    homed_um: tuple[float, ...]
    returned_ms: tuple[float, ...]


class DepthResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the readings say; `_95` are 95 % intervals, `homing_um` half the tolerance interval."""

    carriage_ppm: int
    carriage_ppm_95: tuple[int, int]
    foot_um: int
    foot_um_95: tuple[float, float]
    straight_um: float
    outliers: tuple[int, ...]
    homing_um: float
    slowest_ms: float
    verdicts: tuple[Verdict, ...]

    @property
    def accepted(self) -> bool:
        """Whether every limit is kept."""
        return all(verdict.kept for verdict in self.verdicts)


def analyse(points: DepthPoints) -> DepthResult:
    """The calibration that the readings give. Raises ValueError for too few of them."""
    rows = [(float(one.steps), -1.0) for one in points.touches]
    read_um = [one.depth_um for one in points.touches]
    named = lines.outliers(rows, read_um)
    kept = [place for place in range(len(rows)) if place not in named]
    line = lines.solve([rows[place] for place in kept], [read_um[place] for place in kept])
    step_um, foot_um = (float(found) for found in line.found)
    t = t_quantile(0.95, line.freedom)
    step_half = t * math.sqrt(float(line.covariance[0, 0]))
    foot_half = t * math.sqrt(float(line.covariance[1, 1]))
    straight_um = max(
        abs(read_um[place] - step_um * points.touches[place].steps + foot_um) for place in kept
    )
    if len(points.homed_um) < 2 or not points.returned_ms:
        raise ValueError("home it twice at least, and let it go once")
    factor = tolerance_factor(len(points.homed_um), CONTENT, CONFIDENCE)
    homing_um = factor * stdev(points.homed_um)
    scale_ppm, half_ppm = _ppm(step_um), _ppm(step_half)
    slowest_ms = max(points.returned_ms)
    low, high = goals.BOUNDS["carriage_ppm"]
    foot_low, foot_high = goals.BOUNDS["foot_um"]
    return DepthResult(
        carriage_ppm=scale_ppm,
        carriage_ppm_95=(scale_ppm - half_ppm, scale_ppm + half_ppm),
        foot_um=round(foot_um),
        foot_um_95=(foot_um - foot_half, foot_um + foot_half),
        straight_um=straight_um,
        outliers=named,
        homing_um=homing_um,
        slowest_ms=slowest_ms,
        verdicts=(
            bounded("scale", scale_ppm / 1e4, "% of nominal", low / 1e4, high / 1e4),
            bounded("95 % interval of it, ±", half_ppm / 1e4, "%", 0.0, SCALE_HALF_PCT),
            bounded("foot", foot_um, "µm", foot_low, foot_high),
            bounded("95 % interval of it, ±", foot_half, "µm", 0.0, FOOT_HALF_UM),
            bounded("off a straight line", straight_um, "µm", 0.0, STRAIGHT_UM),
            bounded("homing, ±", homing_um, "µm", 0.0, HOMING_UM),
            bounded("slowest return", slowest_ms, "ms", 0.0, RETURN_MS),
            bounded("outliers", len(named), "", 0.0, 1.0),
        ),
    )


def _ppm(step_um: float) -> int:
    return round(step_um * 1000 / CARRIAGE.step_nm * PPM)


def told(found: DepthResult) -> Sequence[str]:
    """A depth calibration in lines."""
    low, high = found.carriage_ppm_95
    near, far = found.foot_um_95
    return (
        f"scale            {found.carriage_ppm / 1e4:.5g} % of nominal; 95 % between "
        f"{low / 1e4:.5g} and {high / 1e4:.5g} %",
        f"foot             {found.foot_um} µm from home; 95 % between {near:.0f} and {far:.0f} µm",
        f"straightness     {found.straight_um:.1f} µm at the most",
        f"homing           ± {found.homing_um:.1f} µm for {CONTENT:.1%} of all homings",
        f"return           {found.slowest_ms:.0f} ms at the most",
    )
