"""Planned against done, zone by zone."""

from collections.abc import Callable, Sequence

from mesofw.core import errors
from mesofw.core.modes import MODES
from mesohost.program.model import Program
from mesohost.records import ShotRecord
from mesohost.report.figures import figures
from mesohost.report.kinds import is_event
from mesohost.report.model import Moment, Planned, ZoneReport
from mesohost.report.times import end_ms

At = Callable[[ShotRecord, int | None], Moment]


def zone_reports(
    records: Sequence[ShotRecord], program: Program | None, at: At
) -> tuple[ZoneReport, ...]:
    """One entry for each zone of the program; without one, for each that the records tell of."""
    shots = [record for record in records if record.is_shot]
    armed = _events(records, errors.EVENT_ZONE)
    refused = _events(records, errors.EVENT_REFUSED)
    numbers = {record.zone for record in shots} | {event.a for event in armed}
    if program:
        numbers |= set(range(1, len(program.zones) + 1))
    spans = _spans(shots, at)
    found: list[ZoneReport] = []
    for number in sorted(numbers):
        own = [shot for shot in shots if shot.zone == number]
        arms = [event for event in armed if event.a == number]
        refusals = sum(event.zone == number for event in refused)
        found.append(
            ZoneReport(
                number=number,
                name=zone_name(program, number),
                planned=_planned(program, number) or _told(own, arms),
                done=figures(own, refusals),
                spans_s=tuple((start, end) for zone, start, end in spans if zone == number),
            )
        )
    return tuple(found)


def zone_name(program: Program | None, number: int) -> str:
    """The zone's name in the program, or the empty text."""
    return program.zones[number - 1].name if program and 0 < number <= len(program.zones) else ""


def mode_name(code: int) -> str:
    """The mode that a shot's record carries as a number."""
    return MODES[code] if code < len(MODES) else str(code)


def _planned(program: Program | None, number: int) -> Planned | None:
    if not program or not 0 < number <= len(program.zones):
        return None
    zone = program.zones[number - 1]
    planned = (zone.shots, zone.volume_nl, zone.depth_um, zone.mode, zone.layer)
    return Planned(*planned, pins=program.pins)


def _told(shots: Sequence[ShotRecord], arms: Sequence[ShotRecord]) -> Planned:
    """What the records alone tell: the shots to go when the zone was armed, and what was fired."""
    count = max((event.b + event.zone_shots for event in arms), default=None)
    if not shots:
        return Planned(shots=count)
    first = shots[0]
    return Planned(count, first.volume_nl, first.depth_um, mode_name(first.code))


def _spans(shots: Sequence[ShotRecord], at: At) -> list[tuple[int, float, float]]:
    """(zone, start, end) of running time of shots that follow each other in a zone."""
    spans: list[tuple[int, float, float]] = []
    for shot in shots:
        start = at(shot, None).running_s
        if spans and spans[-1][0] == shot.zone:
            start = spans.pop()[1]
        spans.append((shot.zone, start, at(shot, end_ms(shot)).running_s))
    return spans


def _events(records: Sequence[ShotRecord], code: int) -> list[ShotRecord]:
    return [record for record in records if is_event(record, code)]
