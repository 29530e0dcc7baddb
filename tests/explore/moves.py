"""What may happen to the gun next: hands, time, power, and all that goes wrong (`troubles`), with a
host's requests (`hosts`) and an engineer's (`engineer`). Tables of (name, whether it can happen
now, what it does)."""

from collections.abc import Callable

from mesofw.core import dose, states
from mesofw.core.door import PLUNGER
from mesofw.core.switches import Switch
from tests.core.support.bench import EMPTY_STEPS, FILL_NL
from tests.core.support.program import step_fl
from tests.explore import engineer, hosts, troubles
from tests.explore.troubles import Move, next_change, now, only
from tests.explore.watched import Watched

# One or two shots, what priming takes, and no third one.
LITTLE_NL = 160_000
IDLE_US = 65_000_000
CALM_US = 45_000
_STARTING = (states.BOOT, states.SELF_TEST)


def _switch(name: str, value: int) -> Move:
    def act(bench: Watched) -> None:
        bench.set(name, value)
        now(bench)

    word = "on" if value else "off"
    return "%s %s" % (name, word), lambda bench: getattr(bench.now, name) != value, act


def _pull(name: str) -> Move:
    """Trigger or pedal closes; where the other one is closed already the gun sees no change."""
    told, _, act = _switch(name, 1)
    return told, lambda bench: not (bench.now.trigger or bench.now.pedal), act


def _press(bench: Watched) -> None:
    """A press of the knob, whose contacts settle at once: a held knob does nothing more, and what
    may happen before it is let go may happen after."""
    _let_go(bench)
    bench.set("press", 1)
    now(bench)
    _let_go(bench)
    now(bench)


def _press_held(bench: Watched) -> None:
    """A press in fault with the trigger held, which is then let go."""
    bench.set("trigger", 1)
    now(bench)
    _press(bench)
    bench.set("trigger", 0)
    bench.run(CALM_US)


def _let_go(bench: Watched) -> None:
    bench.set("press", 0)
    bench.gun.press = Switch()
    bench.gun._levels = -1


def _turn(bench: Watched) -> None:
    bench.set("turns", bench.now.turns + 1)
    now(bench)


def _put_in(fill_nl: int) -> Callable[[Watched], None]:
    def act(bench: Watched) -> None:
        bench.empty_steps = EMPTY_STEPS
        bench.put_in(bench.asked()["syringe"], fill_nl)
        bench.set("seated", 1)
        now(bench)

    return act


def _can_put_in(bench: Watched) -> bool:
    room = EMPTY_STEPS - dose.steps_for(FILL_NL, step_fl(bench.asked()["syringe"]))
    return bench.stopper is None and bench.at[PLUNGER] <= room


def _take_out(bench: Watched) -> None:
    bench.take_out()
    bench.set("seated", 0)
    now(bench)


def _pass(duration_us: int) -> Callable[[Watched], None]:
    return lambda bench: bench.run(duration_us)


def _power(bench: Watched) -> None:
    bench.failed = [name for name in bench.failed if name != troubles.ERROR]
    bench.off()
    bench.on()


def _power_jams(bench: Watched) -> None:
    bench.failed = [*bench.failed, "carriage jams"]
    bench.jammed = True
    _power(bench)


def _hang(bench: Watched) -> None:
    bench.hang()


def _always(_: Watched) -> bool:
    return True


def _calm_fault(bench: Watched) -> bool:
    return bench.gun.state == states.FAULT and not (bench.now.trigger or bench._running)


def _starting(bench: Watched) -> bool:
    return bench.gun.state in _STARTING


def _waits_long(bench: Watched) -> bool:
    """Whether something is due after a minute, at rest: an alert, a switch held for long, the end
    of what a key or a silenced alarm is good for."""
    if bench._running or bench.gun.drive.moving:
        return False
    told = (states.READY, states.SHOOTING, states.FAULT)
    return bench.gun.state in told or (bench.engineer and bench.gun.state == states.IDLE)


HANDS: tuple[Move, ...] = (
    _pull("trigger"),
    _switch("trigger", 0),
    ("press", lambda bench: not _starting(bench), _press),
    ("press, trigger held", _calm_fault, _press_held),
    only(_starting, _switch("press", 1)),
    only(_starting, _switch("press", 0)),
    _switch("contact", 1),
    _switch("contact", 0),
    ("turn", _always, _turn),
    ("syringe in", _can_put_in, _put_in(FILL_NL)),
    ("syringe out", lambda bench: bench.stopper is not None, _take_out),
    ("next", _always, next_change),
)
WORLD: tuple[Move, ...] = (
    *troubles.HAZARDS,
    *troubles.PARTS,
    *troubles.ERRORS,
    ("syringe nearly empty in", _can_put_in, _put_in(LITTLE_NL)),
    _pull("pedal"),
    _switch("pedal", 0),
    *hosts.MOVES,
    ("power off and on", _always, _power),
    ("power off and on, needle jams", troubles.may_jam, _power_jams),
    ("hangs", lambda bench: bench.gun.state in (states.READY, states.SHOOTING), _hang),
    ("65 s", _waits_long, _pass(IDLE_US)),
    *engineer.MOVES,
)
MOVES = HANDS + WORLD
# Ways that leave something out, for a search that is to come somewhere.
TIMES: tuple[Move, ...] = (
    ("3 ms", _always, _pass(3_000)),
    ("30 ms", _always, _pass(30_000)),
    ("0.4 s", _always, _pass(400_000)),
    ("3.5 s", _always, _pass(3_500_000)),
)
