"""What of a gun counts as one situation: a finite key. Two benches with the same key may do the
same next; docs/safety/search.md says what is folded together and why nothing is lost by it."""

from typing import Any

from mesofw.core import errors, interlocks, states
from mesofw.core.door import CARRIAGE, PART_DISPLAY, PLUNGER
from mesofw.core.fitting import CONFIRM, SEEK
from mesofw.core.modes import MODE
from mesofw.core.waiting import STAYS
from tests.core.support.bench import EMPTY_STEPS, FOOT_STEPS, HOME_STEPS
from tests.explore import engineer

# Shots left in syringe and zone are told apart up to this many.
SHOTS = 2
# In fault it matters only what kind of fault it is.
_KINDS: tuple[tuple[int, ...], ...] = (
    (errors.OCCLUSION,),
    (errors.NOT_RETRACTED,),
    (errors.SYRINGE_OUT,),
    STAYS,
    errors.CUTS_DRIVERS,
)
# An activity's own numbers that are quantities, not situations.
_QUANTITIES = ("_us", "ms", "_nl", "_nl_s", "_mn", "_steps", "_empty", "_rest", "_hz", "_fired")
# Where the trigger, or the foot, is looked at: in the others what it does is refused, or nothing,
# and it can still be pulled, or touch, as the next of these begins.
_ARMED = (states.READY, states.SHOOTING)
_PULLS = (*_ARMED, states.PRIMING, states.SELF_TEST)
_TOUCHES = (states.HOMING, states.PRIMING, states.CALIBRATING)
_FITTED = (*_ARMED, states.PRIMING, states.PAUSED)
_SEATED = (*_FITTED, states.LOADING, states.CALIBRATING)


def key(bench: Any) -> tuple[Any, ...]:
    """The situation of a bench whose gun is on."""
    gun = bench.gun
    return (
        bench.label,
        gun.state,
        _kind(gun.trouble) if gun.state == states.FAULT else 0,
        hazard(bench),
        tuple(bench.failed),
        _activity(gun.activity),
        _switches(bench, gun),
        _drive(bench, gun),
        _session(bench, gun, gun.session),
        _bits((gun.journal.open, bool(gun._later), bool(bench.eye.armed), gun.homed)),
        gun.state == states.FAULT and gun.inputs.force_mn > 0,
        engineer.key(bench) if bench.engineer else (),
        bench.label == "expired" and gun.clock.epoch_s > 0,
        _on_the_bench(bench, gun.activity) if gun.state == states.CALIBRATING else (),
    )


def _on_the_bench(bench: Any, activity: Any) -> tuple[Any, ...]:
    """What is under way while calibrating, and whether the plunger presses."""
    homing = activity._task
    presses = bench.stopper is not None and bench.at[PLUNGER] >= bench.stopper
    return (activity.doing, homing._leg if homing else -1, presses)


def hazard(bench: Any) -> int:
    """0 where the inputs show none, 2 for one that cuts the drivers, 1 for any other."""
    gun, now = bench.gun, bench.now
    cuts = now.stop or now.supply_mv < gun.settings["supply_mv"]
    part = interlocks.part_fault(now.faulty & ~PART_DISPLAY)
    if cuts or part in errors.CUTS_DRIVERS:
        return 2
    return 1 if part or now.temperature_dc > gun.settings["temperature_dc"] else 0


def _kind(trouble: int) -> int:
    for index, codes in enumerate(_KINDS):
        if trouble in codes:
            return 2 + index
    return 1 if trouble else 0


def _bits(flags: Any) -> int:
    out = 1
    for flag in flags:
        out = out << 1 | bool(flag)
    return out


def _activity(activity: Any) -> tuple[Any, ...]:
    """Its flags and small choices, in the order in which they were made."""
    return tuple(
        min(value, 1) if name == "_strokes" else value
        for name, value in activity.__dict__.items()
        if isinstance(value, int) and not name.endswith(_QUANTITIES)
    )


def _switches(bench: Any, gun: Any) -> int:
    """What the state looks at of trigger, foot, syringe and knob."""
    now, state = bench.now, gun.state
    seeks = state == states.LOADING and gun.activity._task in (CONFIRM, SEEK)
    flags = [now.seated]
    pulled = now.trigger | now.pedal
    if state in _PULLS or (seeks and gun.activity._task == SEEK):
        flags.append(pulled)
    if state in _ARMED:
        flags += [gun.trigger.on, now.contact, gun.contact.on]
        session = gun.session
        if session.zone_record and MODE[session.zone_record["mode"]].stays:
            flags.append(gun.grip.on)
    elif state in _TOUCHES or seeks:
        flags.append(now.contact)
    if state == states.SELF_TEST:
        flags += [now.press, now.contact]
    if state in _SEATED:
        flags.append(gun.seat.on)
    return _bits(flags)


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
        pushed = min(1, max(-1, plunger - drive.start_steps[PLUNGER]))
    return (
        drive.phase if moving else -1,
        drive.playing,
        bench._driven,
        way,
        place,
        pushed,
        plunger <= HOME_STEPS[PLUNGER],
    )


def _session(bench: Any, gun: Any, session: Any) -> tuple[Any, ...]:
    has = session.program is not None
    # Only where a shot may follow do the needs say more than the rest of the key does.
    needs = gun.needs() if gun.state in _ARMED else _bits((gun.primed, gun.seated_ok))
    done = (session.zone, min(SHOTS, session.zone_left())) if session.open else ()
    return (has, session.planned, done, _holds(bench, gun), needs)


def _holds(bench: Any, gun: Any) -> int:
    """Whole shots that the syringe holds, as far as the zone wants them; in a syringe that is not
    fitted yet, whether there are so many."""
    if gun.state in _FITTED:
        return min(SHOTS, gun.shots_left())
    if gun.state == states.LOADING and bench.stopper is not None:
        return SHOTS if bench.empty_steps - bench.stopper > EMPTY_STEPS // 10 else 1
    return -1
