"""Hunts the defects of the requirements named as arguments, or of all: prints a table.

After all of them three rows go into `build/bench.json`. The exit code is 0 where every defect was
found, 1 where one was not, 2 for a requirement that is not there.
"""

import signal
import sys
import time
from collections.abc import Sequence

from tests.bench.rows import HIGHER, LOWER, Row, merge, table
from tests.mutants.hunt import CAUGHT, UNTESTED, Verdict, hunt
from tests.safety import data
from tests.safety.data import ROOT

OUT = ROOT / "build" / "bench.json"
AT_LEAST = 80


def line(verdict: Verdict) -> str:
    """A verdict as a line of the table."""
    one = verdict.requirement
    file = one.mutant.file if one.mutant else ""
    return f"{one.id}  {verdict.outcome:<10}  {verdict.lasted_s:4.1f} s  {file:<14}  {verdict.by}"


def rows(verdicts: Sequence[Verdict]) -> list[Row]:
    """The figures of a hunt for all requirements' defects."""
    untested = [one.requirement.id for one in verdicts if one.outcome == UNTESTED]
    survived = [one.requirement.id for one in verdicts if one.outcome != CAUGHT]
    return [
        Row("requirements", len(verdicts), "", HIGHER, AT_LEAST),
        Row("requirements_untested", len(untested), "", LOWER, 0, note=" ".join(untested)),
        Row("mutants_survived", len(survived), "", LOWER, 0, note=" ".join(survived)),
    ]


def main(ids: Sequence[str]) -> int:
    """Hunt; the exit code."""
    unknown = [one for one in ids if one not in data.requirements()]
    if unknown:
        print(f"no such requirement: {', '.join(unknown)}", file=sys.stderr)
        return 2
    began_s = time.monotonic()
    wanted = [one for one in data.active() if not ids or one.id in ids]
    verdicts = hunt(wanted, tell=lambda verdict: print(line(verdict), flush=True))
    left = [verdict for verdict in verdicts if verdict.outcome != CAUGHT]
    lasted_s = time.monotonic() - began_s
    print(
        f"\n{len(verdicts)} defects planted, {len(verdicts) - len(left)} caught, {lasted_s:.0f} s"
    )
    for verdict in left:
        one = verdict.requirement
        print(f"\n{line(verdict)}\n    {one.rule}\n    {one.mutant.defect if one.mutant else ''}")
    if not ids:
        figures = rows(verdicts)
        merge(OUT, figures)
        print("\n" + table(figures))
    return 1 if left else 0


if __name__ == "__main__":
    # What a run has started ends with it, also when it is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
