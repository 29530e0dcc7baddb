"""What goes wrong: hazards that come and go, parts that fail for good, errors that are thrown.

A part fails only while it is in use: before that nothing tells it from a whole one, so a failure
that came earlier leads to the same.
"""

from collections.abc import Callable

from mesofw.core import states
from mesofw.core.door import (
    CARRIAGE,
    PART_DISPLAY,
    PART_DRIVER,
    PART_JOURNAL,
    PART_PULSES,
    PLUNGER,
)
from mesofw.core.fitting import CONFIRM, SEEK
from mesofw.core.shot import WITHDRAW
from tests.core.support.bench import HOME_STEPS
from tests.explore.key import hazard, key
from tests.explore.watched import Watched

Used = Callable[[Watched], bool]
Move = tuple[str, Used, Callable[[Watched], None]]

ERROR = "error"
MOVING_US = 30_000_000
# Longer than anything but the alarms waits for at rest.
RESTING_US = 4_000_000
NEXT_STEPS = 80
GOOD_MV, POOR_MV = 24_000, 15_000
COOL_DC, HOT_DC = 250, 900


def next_change(bench: Watched) -> None:
    """Until the situation changes by itself."""
    before = key(bench)
    moves = bench._running or bench.gun.drive.moving
    until_us = bench.now_us + (MOVING_US if moves else RESTING_US)
    for _ in range(NEXT_STEPS):
        if not bench.step(until_us) or key(bench) != before:
            return


def now(bench: Watched) -> None:
    """One step at this very moment."""
    bench._due_us = bench.now_us
    bench.step(bench.now_us)


def only(possible: Used, move: Move) -> Move:
    """The move, tried only where `possible` too."""
    name, may, act = move
    return name, lambda bench: possible(bench) and may(bench), act


def _room_for(bench: Watched) -> bool:
    return len(bench.failed) + (hazard(bench) > 0) < bench.most_faults


def _hazard(name: str, field: str, value: int, usual: int) -> list[Move]:
    """An input that shows a hazard, and its end."""

    def come(bench: Watched) -> None:
        bench.set(field, value)
        now(bench)

    def go(bench: Watched) -> None:
        bench.set(field, usual)
        now(bench)

    return [
        (name, lambda bench: _room_for(bench) and getattr(bench.now, field) == usual, come),
        ("no " + name, lambda bench: getattr(bench.now, field) == value, go),
    ]


def _part(
    name: str, used: Used, come: Callable[[Watched], None], go: Callable[[Watched], None]
) -> Move:
    """A part that fails for as long as it is in use."""

    def act(bench: Watched) -> None:
        bench.failed = sorted([*bench.failed, name])
        come(bench)
        now(bench)

    _MENDED[name] = (used, go)
    return (
        name,
        lambda bench: name not in bench.failed and _room_for(bench) and used(bench),
        act,
    )


def mend(bench: Watched) -> None:
    """What is out of use counts as whole: it may fail again as it is used again. A gun that has
    been commissioned is one that was; one whose axes an engineer moves is looked at as such."""
    if bench.label == "commissioning" and bench.gun.commissioning:
        bench.label = "keyed"
    if bench.label == "keyed" and bench.gun.state == states.CALIBRATING:
        bench.label = "calibrating"
    for name in bench.failed:
        used, go = _MENDED.get(name, (None, None))
        if used and go and not used(bench):
            bench.failed = [other for other in bench.failed if other != name]
            go(bench)


_MENDED: dict[str, tuple[Used, Callable[[Watched], None]]] = {}


# When parts are in use.


def _moves(axis: int, ways: tuple[int, ...] = (1, -1)) -> Callable[[Watched], bool]:
    def used(bench: Watched) -> bool:
        if not bench._running:
            return False
        on, way = bench._legs[bench._leg][:2]
        return on == axis and way in ways

    return used


def _by_spring(bench: Watched) -> bool:
    """Whether only the spring can bring the needle home."""
    return bench.at[CARRIAGE] > 0 and not bench._driven


def may_jam(bench: Watched) -> bool:
    """Whether the needle may jam as the power goes."""
    return _room_for(bench) and bench.at[CARRIAGE] > 0


def _presses(bench: Watched) -> bool:
    """Whether the force cell is asked."""
    gun = bench.gun
    if gun.state == states.LOADING:
        return gun.activity._task in (CONFIRM, SEEK)
    if gun.state == states.FAULT:
        return bool(gun.activity._strokes)
    return gun.state in (states.SELF_TEST, states.PRIMING, states.SHOOTING)


def _flows(bench: Watched) -> bool:
    return _moves(PLUNGER)(bench) or (bench.gun.state == states.FAULT and _presses(bench))


def _homes(bench: Watched) -> bool:
    return bench.gun.state in (states.SELF_TEST, states.HOMING, states.FAULT)


def _closed(axis: int) -> Callable[[Watched], bool]:
    """A home switch sticks closed where it was closed: at home, before it is asked."""

    def used(bench: Watched) -> bool:
        gun = bench.gun
        seeks = gun.state == states.LOADING and gun.activity._task == SEEK
        return (seeks or _homes(bench)) and bench.at[axis] <= HOME_STEPS[axis]

    return used


def _files(bench: Watched) -> bool:
    gun = bench.gun
    return bool(gun.journal.unmoved()) and gun.state not in (states.BOOT, states.SELF_TEST)


def _records(bench: Watched) -> bool:
    """Where the next record is due before the state ends, or is open."""
    gun = bench.gun
    if gun.state == states.LOADING:
        return gun.activity._task == SEEK
    if gun.state == states.PRIMING:
        return gun.activity._backing
    if gun.state == states.SHOOTING:
        return gun.activity._recovering or gun.drive.phase >= WITHDRAW
    return gun.state in (states.IDLE, states.READY)


# How they fail.


def _set(name: str, bad: object, good: object) -> tuple[Callable[[Watched], None], ...]:
    return (
        lambda bench: setattr(bench, name, bad),
        lambda bench: setattr(bench, name, good),
    )


def _slips(axis: int) -> tuple[Callable[[Watched], None], ...]:
    def slip(value: bool) -> Callable[[Watched], None]:
        return lambda bench: bench.slipping.__setitem__(axis, value)

    return slip(True), slip(False)


def _stuck(name: str, value: int | None = None) -> tuple[Callable[[Watched], None], ...]:
    """An input that stays at a value, or at the one that it has."""

    def come(bench: Watched) -> None:
        held = getattr(bench.gun.inputs, name) if value is None else value
        bench.eye.stuck[name] = held

    def go(bench: Watched) -> None:
        # Of two that stick the same input the first to be mended frees it.
        bench.eye.stuck.pop(name, None)

    return come, go


def _forgets(bench: Watched) -> None:
    bench.fram_dead = bench.eye.memory_fails = True


def _remembers(bench: Watched) -> None:
    """What was lost meanwhile is not asked for any more."""
    bench.fram_dead = bench.eye.memory_fails = False
    bench.eye.forget_records(bench.gun)


def _flash_fails(bench: Watched) -> None:
    """Until something has changed by itself: the records are to be moved meanwhile."""
    bench.flash_fails = True
    next_change(bench)
    bench.flash_fails = False


def _erred(bench: Watched) -> None:
    # Until the gun is switched off, this is its one failure.
    if not bench.eye.throws:
        bench.failed = sorted([*bench.failed, ERROR])
    bench.eye.throws = ""


def _throws(call: str) -> Move:
    """The next such call raises, once: an error of the firmware's own, as far as it can tell."""

    def act(bench: Watched) -> None:
        bench.eye.throws = call
        now(bench)
        _erred(bench)

    return "error in " + call, _room_for, act


def _throws_at(call: str) -> Move:
    """The same as what comes next by itself comes."""

    def act(bench: Watched) -> None:
        bench.eye.throws = call
        bench.step(bench.now_us + 1_000_000)
        _erred(bench)

    return "error in next " + call, _room_for, act


HAZARDS: tuple[Move, ...] = (
    *_hazard("stop", "stop", 1, 0),
    *_hazard("supply low", "supply_mv", POOR_MV, GOOD_MV),
    *_hazard("hot", "temperature_dc", HOT_DC, COOL_DC),
    *_hazard("driver silent", "faulty", PART_DRIVER, 0),
    *_hazard("journal silent", "faulty", PART_JOURNAL, 0),
    *_hazard("pulses damaged", "faulty", PART_PULSES, 0),
    *_hazard("display silent", "faulty", PART_DISPLAY, 0),
)
PARTS: tuple[Move, ...] = (
    _part("carriage slips", _moves(CARRIAGE), *_slips(CARRIAGE)),
    _part("plunger slips", _moves(PLUNGER), *_slips(PLUNGER)),
    _part("needle blocked", _flows, *_set("blocked", True, False)),
    _part("carriage jams", _by_spring, *_set("jammed", True, False)),
    _part("force cell off", _presses, *_set("force_offset_mn", 25_000, 0)),
    _part("carriage encoder dead", _moves(CARRIAGE), *_stuck("carriage_counts")),
    _part("plunger encoder dead", _moves(PLUNGER), *_stuck("plunger_counts")),
    _part("carriage home open", _homes, *_stuck("carriage_home", 0)),
    _part("carriage home closed", _closed(CARRIAGE), *_stuck("carriage_home", 1)),
    _part("plunger home open", _homes, *_stuck("plunger_home", 0)),
    _part("plunger home closed", _closed(PLUNGER), *_stuck("plunger_home", 1)),
    _part("journal memory dead", _records, _forgets, _remembers),
    ("flash fails", lambda bench: _room_for(bench) and _files(bench), _flash_fails),
)
ERRORS: tuple[Move, ...] = (
    _throws("link_read"),
    _throws_at("fram_write"),
    _throws_at("show"),
)
