"""A report's pictures, drawn from its shots, as SVG to be put into its page."""

import io
import re
from collections.abc import Iterator

from mesofw.core import errors
from mesohost.drawing import (
    CourseZone,
    Dose,
    Mark,
    ZoneBar,
    draw_course,
    draw_doses,
    draw_zones,
)
from mesohost.report import units
from mesohost.report.figures import allowed_nl
from mesohost.report.model import COMPLETE, INTERRUPTED, Report, ShotRow, ZoneReport

_TAG = re.compile(r"<[^<>]+>")
_IDS = re.compile(r'(\bid="|href="#|url\(#)')


# What each picture shows, in words.
_LABELS = {
    "zones": "Shots and volumes planned and done, by zone",
    "course": "Needle depth and volume given over time",
    "doses": "Doses commanded and measured",
}


def pictures(report: Report) -> dict[str, str]:
    """The report's pictures by name, each an `<svg>` element; without those that would be empty."""
    return {name: _embedded(page, name, _LABELS[name]) for name, page in drawn(report, "svg")}


def drawn(report: Report, kind: str) -> Iterator[tuple[str, io.BytesIO]]:
    """(name, picture) of each picture that would not be empty; `kind` is "svg" or "png"."""
    if report.zones:
        page = io.BytesIO()
        draw_zones([_bar(report, zone) for zone in report.zones], page, kind=kind)
        yield "zones", page
    if report.shots and not report.training:
        page = io.BytesIO()
        _draw_course(report, page, kind)
        yield "course", page
    wet = [shot for shot in report.shots if shot.outcome == COMPLETE and not shot.dry]
    doses = [_dose(shot) for shot in wet]
    if doses:
        page = io.BytesIO()
        draw_doses(doses, page, kind=kind)
        yield "doses", page


def _dose(shot: ShotRow) -> Dose:
    commanded_nl = shot.volume_commanded_nl
    return Dose(commanded_nl, shot.volume_measured_nl or 0, allowed_nl(commanded_nl))


def _bar(report: Report, zone: ZoneReport) -> ZoneBar:
    done = zone.done
    partial_nl = sum(
        shot.volume_measured_nl or 0
        for shot in report.shots
        if shot.zone == zone.number and shot.outcome != COMPLETE
    )
    return ZoneBar(
        f"{zone.number} {zone.name}".rstrip(),
        zone.planned.shots,
        (done.complete, done.partial, done.interrupted),
        zone.planned.total_nl,
        (done.measured_nl - partial_nl, partial_nl, done.uncertain_nl),
    )


def _draw_course(report: Report, page: io.BytesIO, kind: str) -> None:
    points: list[tuple[float, float, float]] = []
    given_nl = 0
    for shot in report.shots:
        if shot.outcome == INTERRUPTED:
            continue
        start_s = shot.when.running_s
        end_s = start_s + (shot.duration_ms or 0) / 1000
        depth_um = shot.depth_measured_um or 0
        points += [(start_s, 0, given_nl), (start_s, depth_um, given_nl)]
        given_nl += shot.volume_measured_nl or 0
        points += [(end_s, depth_um, given_nl), (end_s, 0, given_nl)]
    spans = [
        CourseZone(zone.number, zone.name, start_s, end_s)
        for zone in report.zones
        for start_s, end_s in zone.spans_s
    ]
    total = report.total
    volume = units.estimate(total.measured_nl, total.delivered_most_nl)
    draw_course(
        points,
        sorted(spans, key=lambda span: span.start_s),
        page,
        marks=_marks(report),
        facts=f"{units.counted(total.shots, 'shot')}, {volume} (estimate)",
        shots=False,
        kind=kind,
    )


def _marks(report: Report) -> list[Mark]:
    marks = [
        Mark(syringe.when.running_s, f"syringe {number}")
        for number, syringe in enumerate(report.syringes[1:], 2)
    ]
    for happening in report.happenings:
        if happening.name == errors.name(errors.EVENT_FAULT):
            cause = errors.name(happening.code).replace("_", " ")
            marks.append(Mark(happening.when.running_s, cause, grave=True))
        elif happening.name == errors.name(errors.EVENT_BOOT):
            marks.append(Mark(happening.when.running_s, "power was off", grave=True))
    return marks + [_uncertain(shot) for shot in report.shots if shot.outcome == INTERRUPTED]


def _uncertain(shot: ShotRow) -> Mark:
    return Mark(shot.when.running_s, f"shot {shot.shot} uncertain", grave=True)


def _embedded(page: io.BytesIO, name: str, label: str) -> str:
    """The `<svg>` element of a drawn page: as wide as its place, its ids its own in the page."""
    text = page.getvalue().decode()
    text = text[text.index("<svg") :]
    text = _TAG.sub(lambda tag: _IDS.sub(rf"\1{name}-", tag[0]), text)
    head, rest = text.split(">", 1)
    head = re.sub(r'\s(?:width|height)="[^"]*"', "", head)
    return f'{head} role="img" aria-label="{label}">{rest}'
