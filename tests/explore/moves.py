"""What may happen to the gun next: hands, hazards, failing parts, host, power, time. One table of
(name, whether it can happen now, what it does)."""

import hashlib
from collections.abc import Callable
from typing import Any

from mesofw.core import dose, states
from mesofw.core.door import (
    PART_DISPLAY,
    PART_DRIVER,
    PART_JOURNAL,
    PART_PULSES,
    PLUNGER,
)
from tests.core.support.bench import EMPTY_STEPS, FILL_NL
from tests.core.support.host import Host
from tests.core.support.program import step_fl
from tests.explore.key import key
from tests.explore.watched import Watched

Move = tuple[str, Callable[[Watched], bool], Callable[[Watched], None]]

GOOD_MV, POOR_MV = 24_000, 15_000
COOL_DC, HOT_DC = 250, 900
# One or two shots, what priming takes, and no third one.
LITTLE_NL = 160_000
NEXT_US = 30_000_000
NEXT_STEPS = 80
IDLE_US = 65_000_000


def now(bench: Watched) -> None:
    """One step at this very moment."""
    bench._due_us = bench.now_us
    bench.step(bench.now_us)


def _switch(name: str, value: int) -> Move:
    def act(bench: Watched) -> None:
        bench.set(name, value)
        now(bench)

    word = "on" if value else "off"
    return "%s %s" % (name, word), lambda bench: getattr(bench.now, name) != value, act


def _hazard(name: str, field: str, value: int, usual: int) -> list[Move]:
    """An input that shows a hazard, and its end."""

    def come(bench: Watched) -> None:
        bench.faults = sorted([*bench.faults, name])
        bench.set(field, value)
        now(bench)

    def go(bench: Watched) -> None:
        bench.faults = [held for held in bench.faults if held != name]
        bench.set(field, usual)
        now(bench)

    return [
        (name, lambda bench: _room_for(bench) and getattr(bench.now, field) == usual, come),
        ("no " + name, lambda bench: name in bench.faults, go),
    ]


def _room_for(bench: Watched) -> bool:
    return len(bench.faults) < bench.most_faults


def _part(name: str, come: Callable[[Watched], None]) -> Move:
    """A part that fails for good."""

    def act(bench: Watched) -> None:
        bench.faults = sorted([*bench.faults, name])
        come(bench)
        now(bench)

    return name, lambda bench: _room_for(bench) and name not in bench.faults, act


def _attribute(name: str, value: object) -> Callable[[Watched], None]:
    return lambda bench: setattr(bench, name, value)


def _slips(axis: int) -> Callable[[Watched], None]:
    def come(bench: Watched) -> None:
        bench.slipping[axis] = True

    return come


def _stuck(name: str, value: int) -> Callable[[Watched], None]:
    def come(bench: Watched) -> None:
        bench.eye.stuck[name] = value

    return come


def _frozen(name: str) -> Callable[[Watched], None]:
    def come(bench: Watched) -> None:
        bench.eye.stuck[name] = getattr(bench.gun.inputs, name)

    return come


def _memory(name: str) -> Callable[[Watched], None]:
    def come(bench: Watched) -> None:
        setattr(bench, name, True)
        bench.eye.memory_fails = True

    return come


def _throws(call: str) -> Move:
    """The next such call raises, once: an error of the firmware's own, as far as it can tell."""

    def act(bench: Watched) -> None:
        bench.eye.throws = call
        now(bench)
        bench.eye.throws = ""

    return "error in " + call, lambda bench: _room_for(bench), act


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


def _next(bench: Watched) -> None:
    """Until the situation changes by itself."""
    before = key(bench)
    until_us = bench.now_us + NEXT_US
    for _ in range(NEXT_STEPS):
        if not bench.step(until_us) or key(bench) != before:
            return


def _pause(bench: Watched) -> None:
    host = _host(bench)
    host.send("pause")
    host.answer()


def _load(bench: Watched) -> None:
    """A whole upload, each line whatever the gun answers to the one before."""
    host = _host(bench)
    host.sha256 = hashlib.sha256(bench.text).hexdigest()
    host.send("begin", sha256=host.sha256, length=len(bench.text))
    host.answer()
    host.chunks(bench.text)
    host.send("commit")
    host.answer()


def _host(bench: Watched) -> Any:
    bench.calls = bench.calls + 1
    host: Any = Host(bench, "e%d" % bench.calls)
    host.hello()
    return host


def _power(bench: Watched) -> None:
    bench.off()
    bench.on()


def _always(_: Watched) -> bool:
    return True


HANDS: tuple[Move, ...] = (
    _switch("trigger", 1),
    _switch("trigger", 0),
    _switch("press", 1),
    _switch("press", 0),
    _switch("contact", 1),
    _switch("contact", 0),
    ("turn", _always, _turn),
    ("syringe in", _can_put_in, _put_in(FILL_NL)),
    ("syringe out", lambda bench: bench.stopper is not None, _take_out),
    ("next", _always, _next),
    ("3 ms", _always, _pass(3_000)),
    ("30 ms", _always, _pass(30_000)),
    ("0.4 s", _always, _pass(400_000)),
    ("3.5 s", _always, _pass(3_500_000)),
)
WORLD: tuple[Move, ...] = (
    *_hazard("stop", "stop", 1, 0),
    *_hazard("supply low", "supply_mv", POOR_MV, GOOD_MV),
    *_hazard("hot", "temperature_dc", HOT_DC, COOL_DC),
    *_hazard("driver silent", "faulty", PART_DRIVER, 0),
    *_hazard("journal silent", "faulty", PART_JOURNAL, 0),
    *_hazard("pulses damaged", "faulty", PART_PULSES, 0),
    *_hazard("display silent", "faulty", PART_DISPLAY, 0),
    _part("carriage slips", _slips(0)),
    _part("plunger slips", _slips(1)),
    _part("needle blocked", _attribute("blocked", True)),
    _part("carriage jams", _attribute("jammed", True)),
    _part("force cell off", _attribute("force_offset_mn", 25_000)),
    _part("carriage encoder dead", _frozen("carriage_counts")),
    _part("plunger encoder dead", _frozen("plunger_counts")),
    _part("carriage home open", _stuck("carriage_home", 0)),
    _part("carriage home closed", _stuck("carriage_home", 1)),
    _part("plunger home open", _stuck("plunger_home", 0)),
    _part("flash fails", _memory("flash_fails")),
    _part("journal memory dead", _memory("fram_dead")),
    _throws("show"),
    _throws("fram_write"),
    _throws("link_read"),
    ("syringe nearly empty in", _can_put_in, _put_in(LITTLE_NL)),
    _switch("pedal", 1),
    _switch("pedal", 0),
    ("host pauses", _always, _pause),
    ("host loads", lambda bench: bench.gun.state == states.IDLE, _load),
    ("power off and on", _always, _power),
    ("65 s", lambda bench: not bench._running, _pass(IDLE_US)),
)
MOVES = HANDS + WORLD
