"""Ways to put a defect in place of what the gun does, and the defects themselves."""

# ruff: noqa: ARG001, ARG005 - what stands in for something takes what that takes.

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mesofw.core import account, calibrating, errors, interlocks, records, shot, states
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.machine import AXES

# (an object, its attribute, what makes the new value out of the old one)
Change = tuple[Any, str, Callable[[Any], Any]]


@contextmanager
def planted(changes: tuple[Change, ...]) -> Iterator[None]:
    """The defect is in place."""
    kept = [(where, name, getattr(where, name)) for where, name, _ in changes]
    try:
        for where, name, change in changes:
            setattr(where, name, change(getattr(where, name)))
        yield
    finally:
        for where, name, old in kept:
            setattr(where, name, old)


def instead(new: Any) -> Callable[[Any], Any]:
    return lambda old: new


def before(first: Callable[..., None]) -> Callable[[Any], Any]:
    """What is done first, before what is done as it should be."""

    def change(old: Any) -> Any:
        def method(*arguments: Any) -> Any:
            first(*arguments)
            return old(*arguments)

        return method

    return change


def after(then: Callable[..., None]) -> Callable[[Any], Any]:
    """What is done as it should be, and then more."""

    def change(old: Any) -> Any:
        def method(*arguments: Any) -> Any:
            out = old(*arguments)
            then(*arguments)
            return out

        return method

    return change


def held(name: str) -> Change:
    """An interlock that counts as held whatever is so."""
    bit = 1 << [need for need, _ in states.NEEDS].index(name)
    return interlocks, "held", lambda held: lambda gun: held(gun) | bit


def pushes(activity: Any, now_us: int) -> None:
    drive = activity.gun.drive
    if not drive.moving:
        drive.forward_allowed = True
        drive.move(PLUNGER, 50, 1_000, now_us)


def sends_needle(activity: Any, now_us: int) -> None:
    if not activity.gun.drive.moving:
        activity.gun.drive.move(CARRIAGE, 50, 1_000, now_us)


def draws_back(activity: Any, now_us: int) -> None:
    activity.gun.drive.move(PLUNGER, -50, 1_000, now_us)


def pushes_on_skin(activity: Any, now_us: int) -> None:
    if activity.gun.trigger.on:
        activity._push(now_us)


def fires_by_knob(activity: Any, now_us: int) -> None:
    if activity.gun.turned:
        activity.gun.happen(states.FIRED)


def is_primed(activity: Any, now_us: int) -> None:
    activity.gun.primed = True
    activity.gun.happen(states.PRIMED)


def no_intent(begin: Any) -> Any:
    def method(journal: Any, armed: bool = False) -> None:
        if journal.record.kind != records.SHOT:
            begin(journal)
            return
        journal.record.number = journal.last + 1
        journal.open = not armed

    return method


def doubles(table: Any, aim: Any) -> None:
    pulses = table.phases[table.dispense].pulses
    table.phases[table.dispense].pulses = 2 * pulses
    table.segments.data[2 * table.cruise] += pulses
    table.duration_us += 1_000_000


def lets_run(drive: Any) -> None:
    drive.carriage_on = drive.playing = False
    drive._running = None


def stays_homed(gun: Any, code: int) -> None:
    gun.homed = True


def stays_primed(gun: Any, code: int) -> None:
    gun.primed = True


def no_syringe(hazard: Any) -> Any:
    def method(gun: Any) -> int:
        code = hazard(gun)
        return 0 if code == errors.SYRINGE_OUT else code

    return method


def at_once(activity: Any, now_us: int) -> None:
    activity._reached(PLUNGER, 1)


def resumes(activity: Any, now_us: int) -> None:
    if activity.gun.session.open:
        activity.gun.happen(states.CONFIRMED)


def stays_on(activity: Any, now_us: int) -> None:
    activity.gun.board.motors(True, True)


def clears_itself(activity: Any, now_us: int) -> None:
    if activity.gun.state == states.FAULT and not activity.gun.hazard():
        activity.gun.happen(states.CLEARED)


def no_fault_logged(log: Any) -> Any:
    def method(gun: Any, code: int, a: int = 0, b: int = 0) -> None:
        if code != errors.EVENT_FAULT:
            log(gun, code, a, b)

    return method


def not_closed(gun: Any, flag: int, code: int) -> int:
    gun.journal.open = False
    return code


def breaks_chain(journal: Any) -> None:
    journal._link = journal._moved_link = bytes(range(records.CHAIN_BYTES))


def jumps(activity: Any, now_us: int) -> None:
    if activity.gun.turned:
        activity.gun.state = states.PAUSED


def leaves_needle(activity: Any, now_us: int) -> None:
    account.stopped(activity.gun)
    activity._close(records.PARTIAL)
    activity._next(now_us)


def far_back(table: Any, carriage_steps: int, back_steps: int) -> None:
    speed_hz = AXES[PLUNGER].speed_hz
    ramps = (12_000_000, 12_000_000)
    table.move(shot.BACKOFF, PLUNGER, -30_000, speed_hz, ramps)


def back_first(table: Any, carriage_steps: int, back_steps: int) -> None:
    table.clear()
    table.move(shot.BACKOFF, PLUNGER, -20, 1_000, (12_000_000, 12_000_000))


def unasked(asking: Any, link: Any) -> Any:
    return asking._change.carry_out()


def counts_much(session: Any, volume_nl: int) -> None:
    session.given_nl += 20_000_000


def goes_on(activity: Any) -> None:
    activity.gun.happen(states.RELEASED)


def feeds(one: Any, *_: Any) -> None:
    getattr(one, "_gun", one).board.feed()


def looks_ready(signs: Any) -> Any:
    return {**signs, states.PAUSED: signs[states.READY]}


def uncalibrated(activity: Any, now_us: int) -> None:
    activity.gun.calibration = None


def unhomed(activity: Any, now_us: int) -> None:
    activity.gun.homed = False


def acts_on_skin(activity: Any, arguments: dict[str, Any]) -> Any:
    activity._begin(arguments["do"], arguments)
    return calibrating.Act(activity)


def begins_anywhere(activity: Any, do: str, arguments: dict[str, Any]) -> None:
    calibrating._ACTS[do][0](activity, arguments)
    activity.doing = do


def leaves_running(activity: Any, why: int) -> None:
    activity.gun.board.restart()
