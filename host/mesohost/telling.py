"""Facts of a program in the words that `check`, `rehearse` and reports share."""

from collections.abc import Sequence

from mesofw.core.fields import show
from mesohost.program import Program

_CHANGES_MAX = 8
_ROUND_NL = 10


def per_pin(volume_nl: int, pins: int) -> str:
    """A dose that several pins share: `20 µL over 5 pins, 4 µL each`."""
    each = show("volume_nl", each_nl(volume_nl, pins))
    return f"{show('volume_nl', volume_nl)} over {pins} pins, {each} each"


def each_nl(volume_nl: int, pins: int) -> int:
    """What one of several pins gives, rounded for reading."""
    return (volume_nl + pins * _ROUND_NL // 2) // (pins * _ROUND_NL) * _ROUND_NL


def syringes(count: int, name: str, changes: Sequence[int]) -> str:
    """`syringes: 3 of 1 mL, changed after shots 96 and 192`; changes beyond a few are counted."""
    told = f"syringes: {count} of {name}"
    if not changes:
        return told
    shown = [str(shot) for shot in changes[:_CHANGES_MAX]]
    if len(changes) > _CHANGES_MAX:
        shown.append(f"{len(changes) - _CHANGES_MAX} times more")
    *first, last = shown
    after = f"{', '.join(first)} and {last}" if first else last
    return f"{told}, changed after shot{'s' if first else ''} {after}"


def details(program: Program) -> list[str]:
    """What a program's totals do not tell: training, syringes, doses that several pins share."""
    plan = program.fillings
    lines = ["training: nothing moves and nothing is given"] if program.training else []
    lines.append(syringes(plan.syringes, program.syringe, plan.changes))
    doses = dict.fromkeys(zone.volume_nl for zone in program.zones if zone.volume_nl)
    if program.pins > 1:
        lines += [f"a shot: {per_pin(volume_nl, program.pins)}" for volume_nl in doses]
    return lines
