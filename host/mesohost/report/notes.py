"""What makes a report's figures doubtful, in words."""

from collections.abc import Iterator, Sequence

from mesohost.program.model import Program
from mesohost.records import ShotRecord
from mesohost.report import units
from mesohost.report.figures import counted_nl
from mesohost.report.model import OPEN, REPLACED, ChainResult, Figures, Moment

_ROUGH_CLOCK_MS = 60_000


def notes(
    own: Sequence[ShotRecord],
    total: Figures,
    chain: ChainResult,
    state: str,
    began: Moment,
    program: Program | None,
    *,
    torn: bool,
) -> list[str]:
    """The doubts about a session's records (`own`) that a reader of its report must know of."""
    shots = [record for record in own if record.is_shot]
    said = [*_of_log(own, shots, chain), *_of_shots(total)]
    if state == OPEN:
        said.append("The session was not ended when the log was pulled; more may have followed.")
    if state == REPLACED:
        said.append("The session was not ended on the gun: a new program took its place.")
    if len({shot.calibration for shot in shots}) > 1:
        said.append("The calibration changed within the session.")
    if program is None:
        said.append(
            "No program was given: what was planned is what the records tell. Zones that were not "
            "begun are missing, and zones have no names."
        )
    if torn:
        said.append("The log's last line is half-written and left out: pull the gun's log again.")
    if began.unix_s is None:
        said.append("No host had set the gun's clock: times count from the session's start.")
    elif began.quality_ms is None:
        said.append("The gun's clock was not set: times are by the computer that pulled the log.")
    elif began.quality_ms > _ROUGH_CLOCK_MS:
        off = units.duration(began.quality_ms / 1000)
        said.append(f"The gun's clock may have been off by {off}.")
    return said


def _of_log(
    own: Sequence[ShotRecord], shots: Sequence[ShotRecord], chain: ChainResult
) -> Iterator[str]:
    if not chain.whole:
        yield "The log is not whole: figures below may lack shots or hold changed ones."
    missing = set(range(1, max((shot.shot for shot in shots), default=0) + 1))
    missing -= {shot.shot for shot in shots}
    if missing:
        which = _numbers(sorted(missing))
        yield f"The log lacks {units.counted(len(missing), 'shot')} of this session: {which}."
    counted = own[-1].session_nl
    added = sum(counted_nl(shot) for shot in shots)
    if counted != added:
        yield (
            f"The gun counted {units.volume(counted)} for this session, but the records at hand "
            f"add up to {units.volume(added)}."
        )


def _of_shots(total: Figures) -> Iterator[str]:
    if total.interrupted:
        yield (
            f"Power went in {units.counted(total.interrupted, 'shot')}: what was given then is "
            f"uncertain, at most {units.volume(total.uncertain_nl)}."
        )
    if total.off_dose:
        yield (
            f"{units.counted(total.off_dose, 'dose')} measured further off than the larger of "
            "1 µL and 5 %."
        )


def _numbers(numbers: Sequence[int]) -> str:
    """`3, 5 to 8, 11`, cut after a few."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    texts = [str(low) if low == high else f"{low} to {high}" for low, high in spans]
    return ", ".join(texts[:6]) + (", …" if len(texts) > 6 else "")
