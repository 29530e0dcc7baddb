"""Each interlock taken away, alone and with others, from an armed gun or any other: then the
trigger is pulled."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from mesofw.core import states
from tests.explore.troubles import HOT_DC, POOR_MV, now


def _unprimed(bench: Any) -> None:
    bench.gun.primed = False


def _unhomed(bench: Any) -> None:
    bench.gun.homed = False


def _uncalibrated(bench: Any) -> None:
    bench.gun.calibration = None


def _uncommissioned(bench: Any) -> None:
    bench.gun.commissioning = None


def _syringe_out(bench: Any) -> None:
    bench.take_out()
    bench.set("seated", 0)


def _empty(bench: Any) -> None:
    bench.gun.empty_steps = bench.gun.inputs.plunger_steps + 10


def _zone_done(bench: Any) -> None:
    bench.gun.session.zone_shots = bench.gun.session.zone_record["shots"]


def _limit(bench: Any) -> None:
    bench.gun.session.given_nl = bench.gun.settings["session_nl"]


def _log_full(bench: Any) -> None:
    bench.flash_bytes = 0
    bench.gun.store.look()


def _input(name: str, value: int) -> Callable[[Any], None]:
    return lambda bench: bench.set(name, value)


# What a shot needs, and how it is taken away.
TAKEN: dict[str, Callable[[Any], None]] = {
    "stop_free": _input("stop", 1),
    "supply_good": _input("supply_mv", POOR_MV),
    "cool": _input("temperature_dc", HOT_DC),
    "homed": _unhomed,
    "calibrated": _uncalibrated,
    "commissioned": _uncommissioned,
    "seated": _syringe_out,
    "primed": _unprimed,
    "zone_left": _zone_done,
    "within_limits": _limit,
    "volume": _empty,
    "log_room": _log_full,
    "contact": _input("contact", 0),
}


def cases(most: int) -> Iterator[tuple[str, ...]]:
    """Nothing missing, and every choice of up to `most` of them."""
    for count in range(most + 1):
        yield from combinations(TAKEN, count)


def fires(stage: Callable[[str], Any], missing: tuple[str, ...]) -> bool:
    """Whether a pull fires with these missing."""
    bench = stage("plain")
    # The rules say the same of each step; here the gun alone is asked.
    bench.eye.judge = _unjudged
    for name in missing:
        TAKEN[name](bench)
    now(bench)
    bench.run(30_000)
    begun = bench.eye.ghost.started
    bench.set("trigger", 1)
    now(bench)
    return bench.eye.ghost.started > begun or bench.gun.state == states.SHOOTING


def _unjudged(seen: Any) -> None:
    del seen
