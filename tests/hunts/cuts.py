"""The hunt for what a power cut can do: cuts all through a session, each followed by a restart."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from mesofw.core import errors, states
from mesosim.world import World
from tests.hunts.flash import start
from tests.hunts.tape import FRAM, Images, Places, Tape, cuts
from tests.hunts.truth import Seen, Truth, complaints, core_of, held
from tests.hunts.written import Part

_STARTING = (states.BOOT, states.SELF_TEST)
_START_US = 10_000_000
_WATCHED_US = 20_000_000
# How often a restarted gun is watched for a while; the others are looked at as they begin to home.
WATCHED = 100


@dataclass
class Outcome:
    """What was tried and what was wrong."""

    tried: int = 0
    losses: list[str] = field(default_factory=list)
    by_part: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)


class Restarts:
    """Restarts guns from memories; one world serves them all."""

    def __init__(self, seed: int = 1):
        self._world = World(seed)
        self._count = 0

    def judge(self, images: Images, seen: Seen, rows: dict[int, bytes]) -> list[str]:
        """What is wrong after a restart from these memories, which are used up."""
        world = self._world
        try:
            start(world, images)
            self._boot()
            found = complaints(core_of(world), seen, rows)
            self._count += 1
            if not found and self._count % WATCHED == 0:
                found = self._watched()
            return found or self._goes_on(images)
        except Exception as error:  # whatever it is, a gun must start
            return [f"{type(error).__name__}: {error}"]

    def _boot(self) -> None:
        world = self._world
        world.board.errors.clear()
        world.run_while(lambda: world.state in _STARTING, _START_US)
        if world.state != states.HOMING or world.board.errors:
            trouble = errors.name(world.view.trouble) if world.view.trouble else ""
            raise RuntimeError(f"state {states.STATES[world.state]} {trouble} {world.board.errors}")

    def _watched(self) -> list[str]:
        """Nothing is resumed by itself."""
        world = self._world
        given = len(world.plant.given)
        world.run_for(_WATCHED_US)
        if world.state != states.IDLE or len(world.plant.given) != given:
            return ["it went on by itself: %s" % states.STATES[world.state]]
        asks = "Resume?" in world.plant.screen
        return [] if asks == core_of(world).session.open else ["it does not ask before it resumes"]

    def _goes_on(self, images: Images) -> list[str]:
        """The log takes more, moves it to the files, and holds it after one more restart."""
        world = self._world
        core = core_of(world)
        core.log(errors.EVENT_ALERT, 77)
        while core.journal.unmoved():
            core.journal.move()
        before = held(core.journal)
        world.switch_off()
        start(world, images)
        self._boot()
        after = held(core_of(world).journal)
        if after[: len(before)] != before or len(after) != len(before) + 1:
            return ["the log does not go on after it"]
        return []


def recovery(part: Part, index: int, count: int, rows: dict[int, bytes]) -> Part:
    """What a gun stores that starts after a cut at byte `count` of a write, until it is at rest;
    its records go into `rows`."""
    images = part.start.copy()
    for write in part.writes[:index]:
        images.take(write)
    write = part.writes[index]
    images.take_part(write, count, count)
    began = images.copy()
    world = World(1)
    seen: Seen = write.seen
    truth = Truth(
        world, seen.programs, seen.settings, seen.calibrations, seen.acknowledged, rows,
        seen.last, seen.open,
    )  # fmt: skip
    tape = Tape()
    tape.look, tape.on = truth.look, True
    start(world, images, tape)
    world.run_for(_WATCHED_US)
    truth.collect()
    return Part(f"recovery: {part.name}", began, tape.writes)


def recoveries(
    parts: list[Part], rows: dict[int, bytes], every: int
) -> Iterator[tuple[Part, dict[int, bytes]]]:
    """Each `every`th write of all parts is cut in its middle; what the start after that stores, and
    its records."""
    number = 0
    for part in parts:
        for index, write in enumerate(part.writes):
            number += 1
            if number % every == 0:
                # Later records never came to be.
                known = {key: row for key, row in rows.items() if key <= write.seen.last + 1}
                yield recovery(part, index, write.size // 2, known), known


def hunt(
    parts: list[Part],
    rows: dict[int, bytes],
    places: Places,
    seconds: float = 1e9,
    out: Outcome | None = None,
) -> Outcome:
    """Try the cuts that `places` gives for each write, for at most so long; each part has its share
    of the time."""
    restarts = Restarts()
    out = out or Outcome()
    until = time.monotonic() + seconds
    for number, part in enumerate(parts):
        now = time.monotonic()
        until_part = now + (until - now) / (len(parts) - number)
        for index, count, torn, images in cuts(part.writes, part.start, places):
            if time.monotonic() > until_part:
                break
            write = part.writes[index]
            found = restarts.judge(images, write.seen, rows)
            out.tried += 1
            out.by_part[part.name] += 1
            out.by_kind["journal" if write.kind == FRAM else "torn" if torn else "flash"] += 1
            if found:
                where = f"{part.name}, write {index}, {count} of {write.size} B, torn {torn}"
                out.losses.append(f"{where}: {found[0]}")
    return out
