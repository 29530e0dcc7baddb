"""A rehearsal: the whole session through the real core and a virtual gun, faster than real time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from mesofw.core import errors, settings
from mesohost.gun import Gun
from mesohost.nearness import Near, near_limits
from mesohost.program import Program
from mesohost.records import ShotRecord, decode
from mesosim.hands import HandsFailed
from mesosim.operator import Operator
from mesosim.port import WorldPort
from mesosim.world import Point, World

_settings: Any = settings


@dataclass(frozen=True)
class ZoneResult:
    """What a zone took: shots, volume, seconds from its first shot to its last one's end."""

    number: int
    name: str
    shots: int
    planned: int
    volume_nl: int
    start_s: float
    end_s: float


@dataclass
class Rehearsal:
    """The outcome. Times in s since the operator confirmed; `left_nl` is what the syringes kept,
    `changes` after how many shots each was changed for the next."""

    title: str
    zones: list[ZoneResult]
    shots: int
    volume_nl: int
    primed_nl: int
    left_nl: int
    syringes: int
    duration_s: float
    near: list[Near]
    stopped: str = ""
    points: list[Point] = field(default_factory=list[Point])
    loaded_s: list[float] = field(default_factory=list[float])
    changes: list[int] = field(default_factory=list[int])
    training: bool = False

    def as_json(self) -> dict[str, object]:
        """Everything but the points, for programs to read."""
        whole = msgspec.to_builtins(self)
        del whole["points"]
        return whole


def rehearse(
    program: Program,
    seed: int = 1,
    traced: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Rehearsal:
    """Run `program` on the virtual gun `seed` with a careful operator.

    Raises what a real gun would answer (`GunRefused`); a session that stops is in `stopped`.
    """
    world = World(seed)
    gun = Gun(WorldPort(world))
    sections = msgspec.to_builtins(program)
    operator = Operator(world, sections, sections["zones"], progress)
    operator.hands.until("idle")
    gun.hello()
    gun.load(program.text)
    first = gun.status().last + 1
    began_ms = gun.status().at_ms
    world.points = [] if traced else None
    stopped = ""
    try:
        operator.session()
    except HandsFailed as failed:
        stopped = str(failed)
    points, world.points = world.points or [], None
    records = [decode(raw) for raw in gun.pull(first)]
    result = _result(program, records, began_ms, _force_limit_mn(world))
    result.stopped = stopped
    result.points = points
    return result


def _result(
    program: Program, records: list[ShotRecord], began_ms: int, force_limit_mn: int
) -> Rehearsal:
    shots = [record for record in records if record.is_shot]
    events = [record for record in records if not record.is_shot]
    loaded = [record for record in events if record.code == errors.EVENT_LOADED]
    primed = [record for record in events if record.code == errors.EVENT_PRIMED]
    zones: list[ZoneResult] = []
    for number, zone in enumerate(program.zones, 1):
        own = [record for record in shots if record.zone == number]
        zones.append(
            ZoneResult(
                number,
                zone.name,
                len(own),
                zone.shots,
                sum(record.given_most_nl for record in own),
                (own[0].began_ms - began_ms) / 1000 if own else 0.0,
                (own[-1].end_ms - began_ms) / 1000 if own else 0.0,
            )
        )
    # What a syringe keeps is what the last record before the next one says.
    left_nl = 0
    for syringe in loaded[1:]:
        before = [record for record in records if record.number < syringe.number]
        left_nl += min(record.volume_left_nl for record in before[-40:] if record.volume_left_nl)
    left_nl += shots[-1].volume_left_nl if shots else 0
    force_mn = max((record.force_peak_mn for record in shots), default=0)
    ends_ms = records[-1].end_ms if records else began_ms
    return Rehearsal(
        program.title,
        zones,
        len(shots),
        sum(record.given_most_nl for record in shots),
        sum(record.a for record in primed if not record.training),
        left_nl,
        len(loaded),
        (ends_ms - began_ms) / 1000,
        near_limits(program, force_mn, force_limit_mn),
        loaded_s=[(record.at_ms - began_ms) / 1000 for record in loaded],
        changes=[sum(shot.number < record.number for shot in shots) for record in loaded[1:]],
        training=program.training,
    )


def _force_limit_mn(world: World) -> int:
    """The force that this virtual gun's settings call an occlusion, in mN."""
    record = _settings.decode(_settings.SETTINGS, world.records["settings"])
    return int(record["force_mn"])
