"""What of a gun counts as one situation: a finite key. Two benches with the same key are taken to
do the same; times, record numbers and volumes are left out as far as nothing depends on them."""

from typing import Any

from mesofw.core import errors, states
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.waiting import STAYS
from tests.core.support.bench import FOOT_STEPS, HOME_STEPS

_LEVELS = ("trigger", "pedal", "press", "contact", "seated", "stop")
_SWITCHES = ("trigger", "press", "contact", "seat")
# Where nothing depends on how far the session is.
_BETWEEN = (states.BOOT, states.SELF_TEST, states.HOMING, states.FAULT)
# In fault it matters only what kind of fault it is.
_KINDS: tuple[tuple[int, ...], ...] = (
    (errors.OCCLUSION,),
    (errors.NOT_RETRACTED,),
    STAYS,
    errors.CUTS_DRIVERS,
)
# An activity's own numbers that are quantities, not situations.
_QUANTITIES = ("_us", "_ms", "_nl", "_nl_s", "_mn", "_steps", "_empty", "_rest", "_hz", "_fired")


def key(bench: Any) -> tuple[Any, ...]:
    """The situation of a bench whose gun is on."""
    gun = bench.gun
    now = bench.now
    session = gun.session
    return (
        bench.label,
        gun.state,
        _kind(gun.trouble),
        _bits(getattr(now, name) for name in _LEVELS),
        _bits(getattr(gun, name).on for name in _SWITCHES),
        tuple(bench.faults),
        _activity(gun.activity),
        _drive(bench, gun),
        _session(gun, session),
        _needs(gun),
        _bits(
            (gun.journal.open, bool(gun._later), bench.eye.ghost.primed > 0, bool(bench.eye.armed))
        ),
        gun.state == states.FAULT and gun.inputs.force_mn > 0,
        min(bench.eye.ghost.presses, 2) if gun.state == states.IDLE else 0,
    )


def _kind(trouble: int) -> int:
    for index, codes in enumerate(_KINDS):
        if trouble in codes:
            return 2 + index
    return 1 if trouble else 0


def _bits(flags: Any) -> int:
    out = 0
    for flag in flags:
        out = out << 1 | bool(flag)
    return out


def _activity(activity: Any) -> tuple[Any, ...]:
    """Its flags and small choices, in the order in which they were made."""
    return tuple(
        value
        for name, value in activity.__dict__.items()
        if isinstance(value, int) and not name.endswith(_QUANTITIES)
    )


def _drive(bench: Any, gun: Any) -> tuple[Any, ...]:
    drive = gun.drive
    moving = drive.moving
    way = ()
    if bench._running:
        way = tuple(bench._legs[bench._leg][:2])
    carriage, plunger = bench.at[CARRIAGE], bench.at[PLUNGER]
    place = 0 if carriage <= HOME_STEPS[CARRIAGE] else 1 if carriage <= FOOT_STEPS else 2
    pushed = 0
    if moving:
        pushed = min(2, max(-1, plunger - drive.start_steps[PLUNGER]))
    return (
        moving,
        drive.phase if moving else -1,
        drive.playing,
        bench._driven,
        way,
        place,
        pushed,
        plunger <= HOME_STEPS[PLUNGER],
    )


def _session(gun: Any, session: Any) -> tuple[Any, ...]:
    if gun.state in _BETWEEN:
        return (session.open, session.program is not None)
    return (
        session.open,
        session.program is not None,
        session.planned,
        session.zone if session.open else -1,
        min(2, session.zone_left()) if session.open else -1,
    )


def _needs(gun: Any) -> int:
    # Only where a shot may follow do they say more than the rest of the key does.
    if gun.state in (states.READY, states.SHOOTING, states.PAUSED):
        return gun.needs()
    return _bits((gun.homed, gun.primed, gun.seated_ok))
