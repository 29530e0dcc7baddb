"""From where the plunger met an empty syringe's stopper to the travel at which a syringe is empty.

The gun counts what is left in a syringe from where it met the stopper to there. Both are found the
same way, by the same force, so that what the drive gives way by is in neither.
"""

import math
from collections.abc import Sequence
from statistics import fmean, stdev

import msgspec

from mesohost.calibration import goals
from mesohost.calibration.model import Verdict
from mesohost.calibration.quantiles import t_quantile, tolerance_factor
from mesohost.calibration.verdicts import bounded

CONTENT = 0.975
CONFIDENCE = 0.95
# 0.1 mm is 16 µL of the widest syringe: how well it is known what is left; no dose depends on it
# (estimate).
SEATING_UM = 100.0
EMPTY_HALF_UM = 50.0


class EmptyResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the seatings say; `_95` is the 95 % interval, `seating_um` half the tolerance interval
    of one seating."""

    empty_um: int
    empty_um_95: tuple[float, float]
    seating_um: float
    verdicts: tuple[Verdict, ...]

    @property
    def accepted(self) -> bool:
        """Whether every limit is kept."""
        return all(verdict.kept for verdict in self.verdicts)


def analyse(met_um: Sequence[float], block_um: float) -> EmptyResult:
    """The travel to an empty syringe from where the plunger met a block of `block_um` on its
    stopper, one for each seating. Raises ValueError for fewer than two."""
    if len(met_um) < 2:
        raise ValueError("seat the syringe twice at least")
    empty_um = fmean(met_um) + block_um
    spread_um = stdev(met_um)
    half_um = t_quantile(0.95, len(met_um) - 1) * spread_um / math.sqrt(len(met_um))
    seating_um = tolerance_factor(len(met_um), CONTENT, CONFIDENCE) * spread_um
    low, high = goals.BOUNDS["empty_um"]
    return EmptyResult(
        empty_um=round(empty_um),
        empty_um_95=(empty_um - half_um, empty_um + half_um),
        seating_um=seating_um,
        verdicts=(
            bounded("empty", empty_um, "µm", low, high),
            bounded("95 % interval of it, ±", half_um, "µm", 0.0, EMPTY_HALF_UM),
            bounded("seating, ±", seating_um, "µm", 0.0, SEATING_UM),
        ),
    )


def told(found: EmptyResult) -> Sequence[str]:
    """What was found, in lines."""
    low, high = found.empty_um_95
    return (
        f"empty            {found.empty_um} µm from home; 95 % between {low:.0f} and {high:.0f} µm",
        f"seating          ± {found.seating_um:.1f} µm for {CONTENT:.1%} of all seatings",
    )
