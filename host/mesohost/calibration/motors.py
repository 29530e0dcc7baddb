"""From runs of the motors to what they are good for: current, speed, StallGuard, force.

These are no settings of the gun; they are kept to be compared when something has changed.
"""

from collections.abc import Sequence
from statistics import fmean, pstdev

import msgspec

from mesofw.core.machine import AXES
from mesohost.calibration.model import Verdict
from mesohost.calibration.verdicts import bounded

# Of the rated current, which hardware/gun.toml names; a clamp meter is good to a few percent.
CURRENT_OFF_PCT = 10.0
# An axis that loses steps at a tenth more than its top speed has worn out its margin.
SPEED_SHARE = 1.1
# StallGuard falls towards 0 under load; below this it could not tell a stall from noise.
STALL_LEAST = 100.0
# A baseline's lower edge.
STALL_SIGMAS = 4.0
FORCE_ZERO_MN = 500.0
FORCE_NOISE_MN = 50.0


class Run(msgspec.Struct, frozen=True):
    """There and back at a share of the top speed: how far steps and encoder were apart after it,
    and what StallGuard said on the way."""

    share: float
    lost_nm: int
    stall: tuple[int, ...]


class AxisPoints(msgspec.Struct, frozen=True):
    """One axis: the rated and the measured current in mA, and its runs."""

    axis: int
    rated_ma: float
    measured_ma: float
    runs: tuple[Run, ...]


class AxisResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an axis is good for. `stall` is StallGuard's mean at top speed, `stall_edge` what a free
    axis does not fall below."""

    axis: str
    current_pct: float
    fastest_share: float
    stall: float
    stall_edge: float


class MotorResult(msgspec.Struct, frozen=True, kw_only=True):
    """Both axes, and the force cell with nothing on it."""

    axes: tuple[AxisResult, ...]
    force_zero_mn: float
    force_noise_mn: float
    verdicts: tuple[Verdict, ...]

    @property
    def accepted(self) -> bool:
        """Whether every limit is kept."""
        return all(verdict.kept for verdict in self.verdicts)


def analyse(points: Sequence[AxisPoints], forces_mn: Sequence[float]) -> MotorResult:
    """What the runs give. Raises ValueError for no reading at top speed, or no force."""
    if not forces_mn:
        raise ValueError("no force was read")
    axes = tuple(map(_axis, points))
    verdicts: list[Verdict] = []
    for one in axes:
        high = 100.0 + CURRENT_OFF_PCT
        verdicts += [
            bounded(f"{one.axis}: current", one.current_pct, "% of rated", 200.0 - high, high),
            bounded(f"{one.axis}: speed", one.fastest_share, "of top speed", SPEED_SHARE, 10.0),
            bounded(f"{one.axis}: StallGuard", one.stall_edge, "", STALL_LEAST, 1_023.0),
        ]
    zero_mn, noise_mn = fmean(forces_mn), pstdev(forces_mn)
    verdicts += [
        bounded("force: zero", zero_mn, "mN", -FORCE_ZERO_MN, FORCE_ZERO_MN),
        bounded("force: noise", noise_mn, "mN", 0.0, FORCE_NOISE_MN),
    ]
    return MotorResult(
        axes=axes, force_zero_mn=zero_mn, force_noise_mn=noise_mn, verdicts=tuple(verdicts)
    )


def _axis(points: AxisPoints) -> AxisResult:
    axis = AXES[points.axis]
    fastest = 0.0
    for run in sorted(points.runs, key=lambda run: run.share):
        if run.lost_nm > axis.tolerance_nm:
            break
        fastest = run.share
    at_top = [float(one) for run in points.runs if run.share == 1.0 for one in run.stall]
    if not at_top:
        raise ValueError(f"{axis.name}: nothing was read of StallGuard at top speed")
    mean = fmean(at_top)
    return AxisResult(
        axis=str(axis.name),
        current_pct=points.measured_ma / points.rated_ma * 100,
        fastest_share=fastest,
        stall=mean,
        stall_edge=mean - STALL_SIGMAS * pstdev(at_top),
    )


def told(found: MotorResult) -> Sequence[str]:
    """A motor calibration in lines."""
    lines = [
        f"{one.axis:<9} current {one.current_pct:.1f} % of rated; no steps lost up to "
        f"{one.fastest_share:.2f} of top speed; StallGuard {one.stall:.0f}, free above "
        f"{one.stall_edge:.0f}"
        for one in found.axes
    ]
    return (*lines, f"force     zero {found.force_zero_mn:.0f} mN, noise "
            f"{found.force_noise_mn:.1f} mN")  # fmt: skip
