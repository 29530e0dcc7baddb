"""A report in a few lines for a terminal."""

from mesohost import telling
from mesohost.program.faults import printable
from mesohost.report import units
from mesohost.report.model import ENDED, Figures, Report

HEADINGS = ("zone", "shots", "planned", "measured", "uncertain", "depth", "standing")
FIGURES = HEADINGS[1:-1]


def heading(report: Report) -> str:
    """What the report is of, in a line."""
    title = f"{report.program.title}, {report.program.patient}" if report.program else "no program"
    ended = "ended" if report.state == ENDED else "NOT ENDED"
    began = units.utc(report.began) or "clock not set"
    gun = printable(report.gun.board) or "unknown gun"
    kind = "TRAINING session" if report.training else "session"
    return f"{kind} {report.session} on {gun}: {title}; {began}; {ended}"


def rows(report: Report) -> list[tuple[str, ...]]:
    """The table's lines under `HEADINGS`: a zone each, then the session."""
    found = [
        _row(
            f"{zone.number} {zone.name}".rstrip(), zone.planned.shots, zone.planned.total_nl,
            zone.done, _mean_depth(zone.done), zone.standing,
        )
        for zone in report.zones
    ]  # fmt: skip
    total = report.total
    found.append(_row("session", report.planned_shots, report.planned_nl, total, "", ""))
    return found


def plain(table: list[tuple[str, ...]]) -> list[str]:
    """The table's lines below their headings, in columns of blanks."""
    lines = [HEADINGS, *table]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]


def remarks(report: Report) -> list[str]:
    """What a reader must not miss, gravest first."""
    said: list[str] = []
    if report.training:
        said.append("TRAINING: nothing moved and nothing was given; all volumes are 0.")
    if not report.gun.hardware_verified:
        said.append("HARDWARE NOT VERIFIED: these figures must not be relied on for treatment.")
    said += [f"LOG NOT WHOLE: {problem}" for problem in report.chain.problems]
    said += report.notes
    plans = [(zone.planned.volume_nl, zone.planned.pins) for zone in report.zones]
    shared = dict.fromkeys((volume, pins) for volume, pins in plans if volume and pins > 1)
    said += [f"a shot: {telling.per_pin(volume, pins)}" for volume, pins in shared]
    total = report.total
    delivered = units.estimate(total.measured_nl, total.delivered_most_nl)
    said.append(f"delivered {delivered}: an estimate, from what was measured at the plunger")
    counts = [(total.refused, "refusal"), (report.faults, "fault"), (report.pauses, "pause")]
    said.append(", ".join(units.counted(count, noun) for count, noun in counts))
    return said


def _row(
    name: str,
    shots: int | None,
    planned_nl: int | None,
    done: Figures,
    depth: str,
    standing: str,
) -> tuple[str, ...]:
    return (
        name,
        f"{done.shots}" if shots is None else f"{done.shots} of {shots}",
        units.volume(planned_nl),
        units.volume(done.measured_nl),
        f"≤ {units.volume(done.uncertain_nl)}" if done.uncertain_nl else "–",
        depth,
        standing,
    )


def _mean_depth(done: Figures) -> str:
    return "–" if done.measured_um is None else f"{done.measured_um.mean / 1000:.2f} mm"
