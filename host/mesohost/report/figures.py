"""What shots add up to."""

from collections.abc import Iterable, Sequence

from mesofw.core import records as core
from mesohost.records import ShotRecord
from mesohost.report.model import COMPLETE, INTERRUPTED, PARTIAL, Figures, Spread

# A dose may be off by one increment or by 5 %, whichever is more.
INCREMENT_NL = 1_000
ALLOWED_SHARE = 20


def allowed_nl(volume_nl: int) -> int:
    """How far the measured volume of a dose may be from the commanded one."""
    return max(INCREMENT_NL, volume_nl // ALLOWED_SHARE)


def outcome(record: ShotRecord) -> str:
    """What became of a shot: complete, partial or interrupted."""
    if record.flags & core.INTERRUPTED:
        return INTERRUPTED
    return COMPLETE if record.flags & core.COMPLETE else PARTIAL


def is_dry(record: ShotRecord) -> bool:
    """Whether a shot was to give no fluid, as all in training. An interrupted shot's flags do not
    tell."""
    return bool(record.flags & core.DRY) or not record.given_most_nl


def counted_nl(record: ShotRecord) -> int:
    """What the gun counts for a shot against its limits: when in doubt, all of it."""
    return record.volume_stepped_nl if outcome(record) == PARTIAL else record.given_most_nl


def figures(shots: Sequence[ShotRecord], refused: int = 0) -> Figures:
    """The sums and spreads of `shots`, and how many more were `refused`."""
    outcomes = [outcome(shot) for shot in shots]
    complete = [shot for shot, came in zip(shots, outcomes, strict=True) if came == COMPLETE]
    wet = [shot for shot in complete if not is_dry(shot)]
    moved = [shot for shot in complete if not shot.training]
    uncertain = [shot for shot, came in zip(shots, outcomes, strict=True) if came == INTERRUPTED]
    return Figures(
        shots=len(shots),
        complete=len(complete),
        partial=outcomes.count(PARTIAL),
        interrupted=len(uncertain),
        dry=sum(is_dry(shot) for shot in shots),
        refused=refused,
        commanded_nl=sum(shot.given_most_nl for shot in shots),
        stepped_nl=sum(shot.volume_stepped_nl for shot in shots),
        measured_nl=sum(shot.volume_measured_nl for shot in shots),
        uncertain_nl=sum(shot.given_most_nl for shot in uncertain),
        commanded_um=spread(shot.depth_um for shot in complete),
        stepped_um=spread(shot.depth_stepped_um for shot in moved),
        measured_um=spread(shot.depth_measured_um for shot in moved),
        dose_commanded_nl=spread(shot.volume_nl for shot in wet),
        dose_measured_nl=spread(shot.volume_measured_nl for shot in wet),
        off_dose=sum(is_off(shot) for shot in wet),
        force_peak_mn=max((shot.force_peak_mn for shot in shots), default=0),
    )


def is_off(shot: ShotRecord) -> bool:
    """Whether a complete shot's measured volume is further off than is allowed."""
    return abs(shot.volume_measured_nl - shot.volume_nl) > allowed_nl(shot.volume_nl)


def spread(values: Iterable[int]) -> Spread | None:
    """Mean, least and most; None of nothing."""
    listed = list(values)
    if not listed:
        return None
    return Spread(sum(listed) / len(listed), min(listed), max(listed))
