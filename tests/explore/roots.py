"""Where an exploration begins: guns with different programs and records, brought by an operator's
hands into each of the states that take more than power to reach."""

from collections.abc import Callable
from typing import Any

from mesofw.core import settings, states
from mesofw.core.door import CARRIAGE
from mesofw.core.priming import END, RETRACT
from mesofw.core.slots import FileSlots
from tests.core.support.program import (
    CALIBRATION,
    COMMISSIONING,
    head,
    program_text,
    text_of,
    zone,
)
from tests.explore import engineer
from tests.explore.watched import Watched

IDLE_S = {"alert_s": 30, "disarm_s": 60}
DOSE_NL = 50_000
ONE = zone(mode="single", shots=1, volume_nl=DOSE_NL)
BURST = zone(mode="burst", shots=2, volume_nl=DOSE_NL, rate_per_min=60)
# Slow: its needle stays in for longer than a shot that a pause lets end.
PERFUSION = zone(mode="perfusion", shots=2, volume_nl=100_000, flow_nl_s=50_000, rate_per_min=10)
NAPPAGE = zone(
    mode="nappage", layer="superficial", depth_um=1_500, shots=2, volume_nl=5_000, rate_per_min=180
)
DRY = zone(mode="dry", shots=1, volume_nl=0)

_TREATED = {
    "plain": (ONE, BURST),
    "staying": (PERFUSION, ONE),
    "sliding": (NAPPAGE, DRY),
    "keyed": (ONE,),
    "commissioning": (ONE,),
}
# Records that are there; "full" has no room for another one in its log.
_RECORDS: dict[str, tuple[str, ...]] = {
    "uncalibrated": ("commissioning",),
    "commissioning": ("calibration",),
    "uncommissioned": ("calibration",),
}
# Guns that hold no program: no session hides what they are there for.
_WITHOUT = ("no program", "calibrating")
_KEYED = ("keyed", "commissioning", "calibrating")
LABELS = (
    *_TREATED, "training", "no program", "expired", "full", "uncalibrated", "uncommissioned",
    "calibrating",
)  # fmt: skip


Stage = Callable[[str], Any]


def fresh(label: str) -> Any:
    """A gun that is switched on for the first time."""
    bench: Any = Watched()
    bench.label = label
    bench.text = text_for(label)
    stored = {"calibration": CALIBRATION, "commissioning": COMMISSIONING}
    for name in _RECORDS.get(label, tuple(stored)):
        FileSlots(bench, name).store(settings.encode(stored[name]))
    FileSlots(bench, "settings").store(settings.encode(IDLE_S))
    if label not in _WITHOUT:
        FileSlots(bench, "program").store(bench.text)
    if label in _KEYED:
        engineer.hold_key(bench)
    if label == "full":
        bench.flash_bytes = sum(len(data) for data in bench.held.values())
    bench.on()
    return bench


def text_for(label: str) -> bytes:
    """The program of a label."""
    if label == "training":
        return program_text(BURST, ONE, purpose="training")
    if label == "expired":
        product = {"name": "A", "lot": "1", "expiry": 20260110, "share_ppm": 1_000_000}
        return text_of(("program", head()), ("product", product), ("zone", ONE))
    return program_text(*_TREATED.get(label, _TREATED["plain"]))


def testing(label: str) -> Any:
    """About to test itself."""
    bench = fresh(label)
    bench.until(states.SELF_TEST)
    return bench


def homing(label: str) -> Any:
    """On the way home."""
    bench = fresh(label)
    bench.until(states.HOMING)
    bench.run(20_000)
    return bench


def idle(label: str) -> Any:
    bench = fresh(label)
    bench.until(states.IDLE)
    return bench


def loading(label: str) -> Any:
    bench = idle(label)
    bench.confirm()
    return bench


def priming(label: str) -> Any:
    bench = loading(label)
    bench.fit()
    return bench


def ready(label: str) -> Any:
    bench = priming(label)
    bench.prime()
    bench.set("contact", 1)
    bench.run(100_000)
    return bench


def shooting(label: str) -> Any:
    bench = ready(label)
    bench.set("trigger", 1)
    bench.until(states.SHOOTING)
    return bench


def paused(label: str) -> Any:
    bench = ready(label)
    bench.click()
    return bench


def stopped(label: str) -> Any:
    bench = shooting(label)
    bench.run(30_000)
    bench.blocked = True
    bench.until(states.FAULT)
    bench.blocked = False
    bench.set("trigger", 0)
    return bench


def confirming(label: str) -> Any:
    """One press before a program is in force."""
    bench = idle(label)
    for _ in range(1 + len(bench.gun.session.program.warnings)):
        bench.click()
    return bench


def seating(label: str) -> Any:
    """A syringe is in, one press before the plunger seeks its stopper."""
    bench = loading(label)
    bench.run(1_000_000)
    bench.seat()
    return bench


def learned(label: str) -> Any:
    """One press before it is primed."""
    bench = priming(label)
    bench.stroke()
    return bench


def last(label: str, zone: int = 1) -> Any:
    """One pull before the session's end, or a zone's."""
    bench = ready(label)
    for _ in range(20):
        session = bench.gun.session
        if bench.gun.state == states.PAUSED:
            bench.click()
        if session.zone == zone and session.zone_left() == 1:
            break
        bench.pull(900_000 if bench.gun.session.zone_record["mode"] == "perfusion" else 60_000)
        bench.run(8_000_000)
    return bench


def closing(label: str) -> Any:
    """In the first zone's last shot."""
    bench = last(label, 0)
    bench.set("trigger", 1)
    bench.until(states.SHOOTING)
    return bench


def ending(label: str) -> Any:
    """In the session's last shot."""
    bench = last(label)
    bench.set("trigger", 1)
    bench.until(states.SHOOTING)
    return bench


def _chosen(label: str, turns: int) -> Any:
    bench = priming(label)
    bench.turn(turns)
    return bench


def quitting(label: str) -> Any:
    """Paused, one press before the session ends."""
    bench = paused(label)
    bench.turn(2)
    return bench


def retracting(label: str) -> Any:
    """Priming, one press before the plunger goes home."""
    return _chosen(label, RETRACT)


def leaving(label: str) -> Any:
    """Priming, one press before the session ends."""
    return _chosen(label, END)


def spent(label: str) -> Any:
    """Armed, and the syringe holds no whole shot."""
    return short(label, 1)


def short(label: str, halves: int = 3) -> Any:
    """Armed, and the syringe holds one and a half shots, or so many halves."""
    bench = priming(label)
    bench.prime()
    bench.set("contact", 1)
    gun = bench.gun
    spare = gun.session.doser.most_steps * halves // 2 + gun.session.backoff_steps
    gone = gun.empty_steps - gun.inputs.plunger_steps - spare
    # As if so much had been given: the syringe and what the gun knows of it agree.
    gun.empty_steps -= gone
    bench.empty_steps -= gone
    bench.run(100_000)
    return bench


def between(label: str) -> Any:
    """A run of shots is held, and the syringe holds one more shot only."""
    bench = short(label)
    while bench.gun.session.zone_record["mode"] != "burst":
        bench.gun.session.next_zone()
    bench.click()
    bench.click()
    bench.set("trigger", 1)
    bench.until(states.SHOOTING)
    return bench


def calibrating(label: str) -> Any:
    """A gun that takes motions from an engineer's host."""
    bench = idle(label)
    engineer.enter(bench)
    return bench


def reaching(label: str) -> Any:
    """The same with its needle on the way out."""
    bench = calibrating(label)
    engineer.act("move", CARRIAGE, engineer.NEEDLE_STEPS)(bench)
    return bench


def seeking(label: str) -> Any:
    """The same with its plunger on the way to a seated syringe's stopper."""
    bench = calibrating(label)
    bench.seat()
    engineer.act("seek")(bench)
    return bench


# On the bench: of a gun that holds a key.
BENCH: tuple[Stage, ...] = (calibrating, reaching, seeking)
# What nothing moves for: no force stops it, no syringe runs empty.
_NOT_PLAYED: tuple[Stage, ...] = (stopped, short, spent)
EARLY: tuple[Stage, ...] = (fresh, testing, homing, idle)
STAGES: tuple[Stage, ...] = (
    *EARLY,
    confirming,
    loading,
    seating,
    priming,
    learned,
    ready,
    shooting,
    paused,
    quitting,
    stopped,
    last,
    closing,
    ending,
    retracting,
    leaving,
    short,
    spent,
)


def roots(labels: tuple[str, ...], stages: tuple[Stage, ...] = STAGES) -> list[Any]:
    """A gun in each stage that its label lets it come to."""
    out: list[Any] = []
    for label in labels:
        goes_on = label in (*_TREATED, "training") and label not in _KEYED
        left_out = _NOT_PLAYED if label == "training" else ()
        reached = [stage for stage in stages if goes_on or stage in EARLY]
        out.extend(stage(label) for stage in reached if stage not in left_out)
        if goes_on and label == "plain":
            out.append(between(label))
        if label == "calibrating":
            out.extend(stage(label) for stage in BENCH)
    return out
