"""The hunt for lines that do harm: batches of bad lines, good requests after each.

After every batch the gun must answer, be in the state it was in, have moved nothing, and hold the
program, records and settings that it held, but for what the batch rightly asked for.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from mesofw.core import states
from mesofw.core.slots import FileSlots
from mesohost.gun import Gun
from mesosim.firmware import InProcess, Start
from mesosim.operator import Operator
from mesosim.port import WorldPort
from mesosim.world import World
from tests.bench import programs
from tests.hunts.lines import RECORDED, Lines, asked, read

BATCH = 64
# `armed` is ready with the foot on the skin: the trigger alone starts a shot.
STATES = ("idle", "loading", "ready", "armed", "paused", "fault")
_IDLE_US = 30_000_000
_ANSWER_US = 200_000
_SLICE_US = 5_000
_TRIES = 4
_SETTLE_US = 50_000
# Turned now and then, so that a gun that is armed is not left idle.
_TURN_EVERY = 100
_KNOWN = programs.burst(40, depth_um=1_000, volume_nl=2_000, rate_per_min=240, syringe="1 mL")


@dataclass
class Outcome:
    """How many lines were sent, and what was wrong: each with the lines that bring it about."""

    lines: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Held:
    """What lines must leave alone; `steps` of both axes since the gun was made."""

    state: int
    trouble: int
    steps: tuple[int, int]
    program: str
    shots: int
    zone_left: int
    given_nl: int
    last: int


class Bench:
    """One gun brought to a state, and bad lines for it. Raises what bringing it there raises."""

    def __init__(self, state: str, seed: int, start: Start = InProcess):
        self.world = World(1, start)
        self.lines = Lines(seed)
        self._batches = 0
        self.world.run_for(_IDLE_US)
        self._operator = loaded(self.world)
        if start is InProcess:
            FileSlots(self.world.board, "key").store(b"5c" * 32)
        _bring(self._operator, state)
        self._stored = self._files()
        self._before = self._look()

    def close(self) -> None:
        """The gun is switched off."""
        self.world.switch_off()

    def judge(self, batch: list[bytes]) -> str:
        """Send a batch; what is wrong after it, empty where nothing is."""
        wanted = [name for line in batch for name in asked(line)]
        before = self._before
        self._send(batch)
        try:
            after = self._before = self._look()
        except ValueError as error:
            return str(error)
        if self.world.board.errors:
            return self.world.board.errors.pop()
        paused = before.state == states.READY and after.state == states.PAUSED
        if paused and "pause" in wanted:
            before = replace(before, state=states.PAUSED)
        events = sum(name in RECORDED for name in wanted)
        if before.last <= after.last <= before.last + events:
            before = replace(before, last=after.last)
        if before != after:
            return f"{before} became {after}"
        if self._files() != self._stored:
            return "what only an engineer changes was changed"
        if paused:
            self._operator.hands.click()
            self._before = self._look()
        return ""

    def run(self, count: int) -> tuple[int, str, list[bytes]]:
        """About `count` lines in batches; how many were sent, what was wrong with the last batch,
        and that batch."""
        sent = 0
        while sent < count:
            self._batches += 1
            if self._batches % _TURN_EVERY == 0:
                self.world.plant.turns += 1
                self.world.touch()
                self.world.run_for(_SETTLE_US)
            batch = [self.lines.open(), *self.lines.batch(BATCH)]
            sent += BATCH
            wrong = self.judge(batch)
            if wrong:
                return sent, wrong, batch
        return sent, "", []

    def _files(self) -> dict[str, bytes]:
        """What only an engineer changes, where the firmware runs in this process."""
        kept = self.world.board.flash.held
        return {name: data for name, data in kept.items() if name[:3] not in ("log", "pro")}

    def _look(self) -> Held:
        """What good requests tell, and the plant. Raises ValueError where one is not answered."""
        self._ask("hello", self.lines.open())
        status = self._ask("status", self.lines.good("status", {}))
        program = self._ask("program", self.lines.good("program", {}))
        view = self.world.view
        return Held(
            view.state, status["trouble"], self.world.plant.step_counts(), program["sha256"],
            status["shots"], status["zone_left"], status["given_nl"], status["last"],
        )  # fmt: skip

    def _ask(self, name: str, line: bytes) -> dict[str, Any]:
        """The answer to a good request. While old replies wait it is passed over: then again."""
        for _ in range(_TRIES):
            reply = self._send([line]).get((self.lines.nonce, self.lines.seq))
            if reply and "ok" in reply:
                return reply["ok"]
            if reply:
                raise ValueError(f"{name} is refused: {reply.get('no')}")
        raise ValueError(f"{name} is not answered")

    def _send(self, lines: list[bytes]) -> dict[tuple[object, object], dict[str, Any]]:
        """Send lines; what the gun answers until it is silent, by session and number."""
        world = self.world
        world.board.to_gun.append(b"\n" + b"\n".join(lines) + b"\n")
        world.touch()
        out = bytearray()
        until_us = world.now_us + _ANSWER_US
        while world.now_us < until_us:
            world.run_for(_SLICE_US)
            out += world.board.to_host
            idle = not world.board.to_host and not world.board.to_gun
            world.board.to_host.clear()
            if idle:
                break
        replies = [read(line) for line in bytes(out).split(b"\n") if line]
        return {(reply.get("s"), reply.get("i")): reply for reply in replies}


def rounds(seed: int, lines: int, shoots: bool, start: Start = InProcess) -> Outcome:
    """About so many lines in each state, and, where `shoots`, all through a zone of shots."""
    out = Outcome()
    for state in STATES:
        bench = Bench(state, seed, start)
        sent, wrong, batch = bench.run(lines)
        bench.close()
        out.lines += sent
        if wrong:
            fewest = smallest(state, seed, batch, start)
            out.faults.append(f"{state}, seed {seed}: {wrong}; {len(fewest)} lines: {fewest!r}")
    if shoots:
        sent, wrong = under_fire(seed, start)
        out.lines += sent
        if wrong:
            out.faults.append(f"shooting, seed {seed}: {wrong}")
    return out


def loaded(world: World) -> Operator:
    """The operator of a gun that has been given the known program."""
    sections: Any = msgspec.to_builtins(_KNOWN)
    gun = Gun(WorldPort(world))
    gun.load(_KNOWN.text)
    return Operator(world, sections, sections["zones"])


def _bring(operator: Operator, state: str) -> None:
    """Bring a gun with a program to a state of STATES."""
    hands, world = operator.hands, operator.world
    if state == "fault":
        world.plant.set_stop(1)
        world.touch()
    elif state != "idle":
        hands.confirm()
        if state != "loading":
            hands.fit(_KNOWN.syringe, _KNOWN.needle, _KNOWN.length_um)
        if state == "paused":
            hands.click()
        if state == "armed":
            hands.place()
            state = "ready"
    hands.until(state)
    hands.wait(_IDLE_US // 10)


def under_fire(seed: int, start: Start = InProcess) -> tuple[int, str]:
    """Bad lines all through a zone of shots, but for those that rightly ask for a pause; how many,
    and what is other than on a gun that was left alone."""
    quiet, _ = _zone(None, start)
    lines = Lines(seed)
    loud, sent = _zone(lines, start)
    return sent, "" if loud == quiet else f"{quiet} became {loud}"


def _zone(lines: Lines | None, start: Start) -> tuple[tuple[object, ...], int]:
    """Carry out the known program's zone: what was done, and how many lines were sent."""
    world = World(1, start)
    world.run_for(_IDLE_US)
    operator = loaded(world)
    _bring(operator, "ready")
    sent = 0
    operator.hands.place()
    operator.hands.set("trigger", 1)
    for moment in range(2_000):
        if lines and moment % 5 == 0:
            batch = [lines.open(), *lines.batch(BATCH)]
            batch = [line for line in batch if "pause" not in asked(line)]
            sent += len(batch)
            world.board.to_gun.append(b"\n" + b"\n".join(batch) + b"\n")
            world.touch()
        world.run_for(5_000)
        world.board.to_host.clear()
    operator.hands.set("trigger", 0)
    given = [entry.at_us for entry in world.plant.given if entry.depth_um > 0]
    view = world.view
    done = (
        view.state, view.trouble, view.shots, view.given_nl, len(given), world.plant.step_counts(),
        *world.board.errors,
    )  # fmt: skip
    world.switch_off()
    return done, sent


def smallest(state: str, seed: int, batch: list[bytes], start: Start = InProcess) -> list[bytes]:
    """The fewest lines of a batch that still do harm to a new gun; all of them where it takes more
    than this batch."""

    def harms(lines: list[bytes]) -> bool:
        bench = Bench(state, seed, start)
        try:
            return bool(bench.judge(lines))
        finally:
            bench.close()

    if not harms(batch):
        return batch
    size = len(batch) // 2
    while size:
        kept = list(batch)
        for at in range(len(batch) - size, -1, -size):
            fewer = kept[:at] + kept[at + size :]
            if fewer and harms(fewer):
                kept = fewer
        batch = kept
        size //= 2
    return batch
