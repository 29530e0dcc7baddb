"""An engineer at the host of a gun that holds a key: challenge, new values, records and a clock
under the key, service, calibrating; by the right key and a wrong one, once and again."""

import binascii
from collections.abc import Callable
from typing import Any

from mesofw.core import keyed, states
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.slots import FileSlots
from mesofw.core.wire import PROTOCOL
from tests.core.support.host import Host

# A line is read in pieces, a step each.
LINE_US = 2_000
KEY = bytes(range(32))
WRONG = bytes(32)
# A limit of one shot below every dose of a program, and the usual one.
TIGHT_NL, WIDE_NL = 1_000, 2_000_000
COMMISSIONED = {"date": 20260102, "id": 3}
NOW_S, BEFORE_S = 1_800_000_000, 1_700_000_000

# From home out of the foot; more than homing or a back-off takes.
NEEDLE_STEPS, PLUNGER_STEPS = 1_500, 4_000
SILENT_US = 660_000_000

Move = tuple[str, Callable[[Any], bool], Callable[[Any], None]]


class Engineer:
    """What an engineer knows: the challenge in hand, what was noted, the line under the key."""

    def __init__(self) -> None:
        self.host: Any = None
        self.challenge = ""
        self.noted: dict[str, dict[str, int]] = {}
        self.line: Any = None


def hold_key(bench: Any) -> None:
    """The gun that is switched on next holds the key."""
    FileSlots(bench, "key").store(binascii.hexlify(KEY))
    bench.engineer = Engineer()


def key(bench: Any) -> tuple[Any, ...]:
    """What of it decides what may happen: elsewhere than in idle only what has been changed, for
    whatever else is there then can be had in idle too."""
    gun = bench.gun
    changed = (
        gun.settings["shot_nl"] == TIGHT_NL,
        gun.commissioning is not None,
        bool(gun.clock.epoch_s),
        gun.memory.latest_s == NOW_S,
    )
    if gun.state != states.IDLE:
        return changed
    dealings, asking, one = gun._requests._keyed, gun.link.asking, bench.engineer
    asked: tuple[Any, ...] = ()
    if asking:
        asked = (type(asking._change).__name__, asking._page, asking._refused)
    if dealings is None:
        return (*changed, asked, one.line is not None)
    fresh = gun.clock.at_ms - dealings._given_ms <= keyed.CHALLENGE_MS
    return (
        *changed,
        asked,
        one.line is not None,
        fresh and dealings._challenge != "" and dealings._challenge == one.challenge,
        tuple((name, *values.items()) for name, values in sorted(dealings._staged.items())),
        gun.clock.at_ms < dealings._not_before_ms,
        dealings.over(),
    )


def _host(bench: Any) -> Any:
    """The engineer's session, opened anew where the gun has left it."""
    one = bench.engineer
    link = bench.gun.link
    if one.host is None or link._session != one.host.session:
        bench.calls = bench.calls + 1
        one.host = Host(bench, "k%d" % bench.calls)
        one.host.send("hello", protocol=PROTOCOL)
        one.host.answer(LINE_US)
    return one.host


def _send(bench: Any, name: str, **arguments: Any) -> Any:
    host = _host(bench)
    host.send(name, **arguments)
    return host.answer(LINE_US)


def _challenge(bench: Any) -> None:
    reply = _send(bench, "challenge") or {}
    bench.engineer.challenge = reply.get("ok", {}).get("challenge", "")


def _note(name: str, values: Callable[[Any], dict[str, int]]) -> Callable[[Any], None]:
    def act(bench: Any) -> None:
        for field, value in values(bench).items():
            if "ok" in (_send(bench, "stage", record=name, field=field, value=value) or {}):
                bench.engineer.noted.setdefault(name, {})[field] = value

    return act


def _commissioned(_: Any) -> dict[str, int]:
    return COMMISSIONED


def _other_limit(bench: Any) -> dict[str, int]:
    tight = bench.gun.settings["shot_nl"] == TIGHT_NL
    return {"shot_nl": WIDE_NL if tight else TIGHT_NL}


def _mac(bench: Any, request: str, change: str, by: bytes) -> str:
    signed = keyed.signed(bench.engineer.challenge, request, change)
    return binascii.hexlify(keyed.hmac(by, signed)).decode()


def _under_key(bench: Any, by: bytes, request: str, change: str, **arguments: Any) -> None:
    """Send a line with the answer to the challenge in hand."""
    one = bench.engineer
    _host(bench)
    arguments["mac"] = _mac(bench, request, change, by)
    dealings = bench.gun._requests._keyed
    held = dealings._challenge if dealings else ""
    age_ms = bench.gun.clock.at_ms - dealings._given_ms if dealings else 0
    in_time = age_ms <= keyed.CHALLENGE_MS
    bench.eye.ghost.genuine = by == KEY and one.challenge == held != "" and in_time
    if bench.eye.ghost.genuine:
        one.line = (request, arguments)
    _send(bench, request, **arguments)
    dealings = bench.gun._requests._keyed
    if dealings is None or dealings._challenge != one.challenge:
        one.challenge = ""


def _store(name: str, by: bytes = KEY) -> Callable[[Any], None]:
    def act(bench: Any) -> None:
        gun = bench.gun
        record = dict((gun.settings if name == "settings" else gun.commissioning) or {})
        dealings = gun._requests._keyed
        record.update(dealings._staged.get(name, {}) if dealings else {})
        change = keyed.described(name, record) if record else name
        _under_key(bench, by, "store", change, record=name)

    return act


def _clock_back(bench: Any) -> None:
    change = "%d %d" % (BEFORE_S, 10)
    _under_key(bench, KEY, "clock", change, unix_s=BEFORE_S, quality_ms=10)


def _service(by: bytes) -> Callable[[Any], None]:
    return lambda bench: _under_key(bench, by, "service", "")


def _calibrate(by: bytes) -> Callable[[Any], None]:
    return lambda bench: _under_key(bench, by, "calibrate", "")


def enter(bench: Any) -> None:
    """Have an idle gun take motions."""
    _challenge(bench)
    _calibrate(KEY)(bench)
    bench.click()
    assert bench.gun.state == states.CALIBRATING, bench.screen


def act(do: str, axis: int = 0, steps: int = 0) -> Callable[[Any], None]:
    """Something is asked for on the bench."""
    return lambda bench: _send(bench, "bench", do=do, axis=axis, steps=steps) and None


def _needle_back(bench: Any) -> None:
    act("move", CARRIAGE, -bench.gun.inputs.carriage_steps)(bench)


def _calibrates(bench: Any) -> bool:
    return bool(bench.engineer) and bench.gun.state == states.CALIBRATING


def _rests(bench: Any) -> bool:
    return _calibrates(bench) and not bench._running


def _store_wrong(bench: Any) -> None:
    name = "commissioning" if _commissions(bench) else "settings"
    _store(name, WRONG)(bench)


def _again(bench: Any) -> None:
    """The last line under the key in a new request: its challenge has served."""
    name, arguments = bench.engineer.line
    bench.eye.ghost.genuine = False
    _send(bench, name, **arguments)


def _repeated(bench: Any) -> None:
    """The very same line once more, as a host does whose reply was lost."""
    name, arguments = bench.engineer.line
    _host(bench).repeat(name, **arguments)
    bench.engineer.host.answer(LINE_US)


def _clock(bench: Any) -> None:
    _send(bench, "clock", unix_s=NOW_S, quality_ms=10)


def _idle(bench: Any) -> bool:
    return bool(bench.engineer) and bench.gun.state == states.IDLE


def _commissions(bench: Any) -> bool:
    """Where commissioning is what the engineer is there for."""
    return _idle(bench) and bench.label == "commissioning"


def _enters(bench: Any) -> bool:
    return _idle(bench) and not _commissions(bench)


def _limits(bench: Any) -> bool:
    """Where motions are not what the engineer is there for."""
    return _enters(bench) and bench.label != "calibrating"


def _has_line(bench: Any) -> bool:
    return _idle(bench) and bench.engineer.line is not None


MOVES: tuple[Move, ...] = (
    ("challenge", _idle, _challenge),
    ("notes a limit", _limits, _note("settings", _other_limit)),
    ("notes a commissioning", _commissions, _note("commissioning", _commissioned)),
    ("stores limits", _limits, _store("settings")),
    ("stores commissioning", _commissions, _store("commissioning")),
    ("stores by a wrong key", _idle, _store_wrong),
    ("asks for service", _limits, _service(KEY)),
    ("asks for service by a wrong key", _limits, _service(WRONG)),
    ("asks for calibrating", _enters, _calibrate(KEY)),
    ("asks for calibrating by a wrong key", _enters, _calibrate(WRONG)),
    ("bench homes", _calibrates, act("home")),
    ("bench seeks", _calibrates, act("seek")),
    ("bench needle out", _calibrates, act("move", CARRIAGE, NEEDLE_STEPS)),
    ("bench needle back", _calibrates, _needle_back),
    ("bench plunger on", _calibrates, act("move", PLUNGER, PLUNGER_STEPS)),
    ("bench plunger back", _calibrates, act("move", PLUNGER, -PLUNGER_STEPS)),
    ("bench holds", _calibrates, act("hold")),
    ("bench releases", _calibrates, act("release")),
    ("bench leaves", _calibrates, act("leave")),
    ("11 min", _rests, lambda bench: bench.run(SILENT_US)),
    ("line under the key again", _has_line, _again),
    ("same line repeated", _has_line, _repeated),
    ("clock back", _limits, _clock_back),
    ("clock", _limits, _clock),
)
