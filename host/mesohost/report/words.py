"""What happened in a session, in plain words: one row of a table for each kind of event."""

from collections.abc import Callable, Sequence

from mesofw.core import errors, states, waiting
from mesohost.records import ShotRecord
from mesohost.report import units
from mesohost.report.figures import is_dry, outcome
from mesohost.report.kinds import in_session, is_pause
from mesohost.report.model import COMPLETE, INTERRUPTED, Happening, Moment

SHOT = "shot"
_LEAST_CODE = 100

ZoneNames = Callable[[int], str]


def happenings(
    records: Sequence[ShotRecord], moment: Callable[[ShotRecord], Moment], zone_name: ZoneNames
) -> list[Happening]:
    """Every event, and every shot that was not completed, in their order."""
    found: list[Happening] = []
    for record in records:
        if record.is_shot:
            if outcome(record) != COMPLETE or record.stopped:
                found.append(_shot(record, moment(record), zone_name))
        else:
            found.append(_event(record, moment(record), zone_name))
    return found


def _shot(record: ShotRecord, when: Moment, zone_name: ZoneNames) -> Happening:
    place = f"shot {record.shot} ({zone_name(record.zone)})"
    volume = units.volume(record.volume_nl)
    if outcome(record) == INTERRUPTED:
        most = (
            "it gives no fluid"
            if is_dry(record)
            else f"what was given is uncertain, at most {volume}"
        )
        words = f"power went in {place}: {most}"
        remedy = "the rest is not given later"
        return Happening(record.number, when, SHOT, words, 0, remedy, grave=True)
    why = errors.cause(record.stopped) if record.stopped else "paused by the operator"
    if outcome(record) == COMPLETE:
        words = f"{place} was completed, but {why}"
    else:
        words = f"{place} was cut short: {why}"
        if not is_dry(record):
            words += f"; {units.volume(record.volume_measured_nl)} of {volume} measured"
    remedy = errors.remedy(record.stopped) if record.stopped else ""
    return Happening(record.number, when, SHOT, words, record.stopped, remedy, grave=True)


def _event(record: ShotRecord, when: Moment, zone_name: ZoneNames) -> Happening:
    name = errors.name(record.code)
    if record.interrupted:
        words = f"{errors.cause(record.code)}; power went while this was written"
        return Happening(record.number, when, name, words, grave=True)
    write = _WORDS.get(record.code)
    words = write(record, zone_name) if write else errors.cause(record.code)
    code = record.a if record.code in _ABOUT_A_CODE and record.a >= _LEAST_CODE else 0
    remedy = errors.remedy(code) if code and record.code in _TO_BE_MENDED else ""
    return Happening(record.number, when, name, words, code, remedy, record.code in _GRAVE)


def _clock(record: ShotRecord, _: ZoneNames) -> str:
    when = Moment(record.boot, record.at_ms, 0.0, record.a + record.at_ms / 1000, record.b)
    return f"the clock was set to {units.utc(when)}, right to {record.b} ms"


def _refused(record: ShotRecord, _: ZoneNames) -> str:
    what = "a shot" if in_session(record) else "the start"
    return f"{what} was refused: {errors.cause(record.a)}"


def _paused(record: ShotRecord, zone_name: ZoneNames) -> str:
    if record.b == waiting.LEFT_IDLE:
        return "the gun disarmed itself: it was left armed and idle"
    if not is_pause(record):
        return f"waiting before {zone_name(record.zone)}"
    why = f": {errors.cause(record.a)}" if record.a else _PAUSED_BY.get(record.b, "")
    return f"paused in {zone_name(record.zone)}{why}"


def _resumed(record: ShotRecord, _: ZoneNames) -> str:
    if record.a != states.CHANGE:
        return "the session was resumed"
    primed = f" after priming with {units.volume(record.b)}" if record.b else ""
    return f"a syringe change was begun{primed}"


_PAUSED_BY = {
    waiting.OPERATOR: " by the operator",
    waiting.HOST: " by the computer",
    waiting.CONTACT: ": the foot left the skin",
}


def _zone(record: ShotRecord, zone_name: ZoneNames) -> str:
    return f"{zone_name(record.a)} was armed, {units.counted(record.b, 'shot')} to go"


_WORDS: dict[int, Callable[[ShotRecord, ZoneNames], str]] = {
    errors.EVENT_BOOT: lambda record, _: f"the gun started (start {record.a})",
    errors.EVENT_CLOCK: _clock,
    errors.EVENT_PROGRAM: lambda record, _: f"the program {record.a:08x} was stored",
    errors.EVENT_CONFIRMED: lambda record, _: f"the operator confirmed the program {record.a:08x}",
    errors.EVENT_OVERRIDE: lambda record, _: (
        f"the operator accepted a soft limit: {errors.cause(record.a)}"
    ),
    errors.EVENT_LOADED: lambda record, _: (
        f"syringe and needle were fitted, {units.volume(record.a)} in the syringe"
    ),
    errors.EVENT_PRIMED: lambda record, _: (
        f"the fluid path was primed with {units.volume(record.a)}, {units.volume(record.b)} left"
    ),
    errors.EVENT_ZONE: _zone,
    errors.EVENT_REFUSED: _refused,
    errors.EVENT_PAUSED: _paused,
    errors.EVENT_RESUMED: _resumed,
    errors.EVENT_FAULT: lambda record, _: f"the gun stopped: {errors.cause(record.a)}",
    errors.EVENT_CLEARED: lambda record, _: (
        f"the operator cleared the fault: {errors.cause(record.a)}"
    ),
    errors.EVENT_ENDED: lambda record, _: (
        f"the session ended after {units.counted(record.a, 'shot')}"
    ),
}
_GRAVE = (errors.EVENT_FAULT, errors.EVENT_ALERT)
_TO_BE_MENDED = (errors.EVENT_FAULT, errors.EVENT_REFUSED, errors.EVENT_PAUSED)
_ABOUT_A_CODE = (*_TO_BE_MENDED, errors.EVENT_OVERRIDE, errors.EVENT_CLEARED)
