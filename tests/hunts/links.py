"""The hunt for what a bad link can do: whole sessions, and each line of each dialogue lost.

Whatever the link did, the host's archive, the gun's own records and what reached the tissue agree.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from mesofw.core import errors, states, waiting
from mesofw.core.records import Record
from mesohost.archive import Archive
from mesohost.gun import Gun
from mesohost.keeping import keep
from mesohost.program import Program
from mesohost.program.model import Zone
from mesohost.records import verify
from mesohost.troubles import NoAnswer
from mesosim.operator import Operator
from mesosim.world import World
from tests.bench import programs
from tests.hunts.truth import core_of, held, unpacked
from tests.hunts.wires import FAULTS, Direction, Wire, at, clear, shares

_IDLE_US = 30_000_000
_LATE_US = 20_000_000
_TRIES = 30
_NOW_S = 1_800_000_000.0


class Session:
    """One gun with its operator and its host, whose link may be changed at any time."""

    def __init__(self, seed: int, folder: Path):
        self._rng = random.Random(seed)
        self.world = World(1 + seed % 50)
        self.archive = Archive(folder)
        self.shots = 0
        self.wanted_nl = 0
        self._asked = {errors.EVENT_CLOCK: 0, errors.EVENT_PAUSED: 0}
        self._early = ""
        self.link(clear(), clear())
        self.world.run_for(_IDLE_US)

    def link(self, to_gun: Direction, to_host: Direction) -> Gun:
        """The host at a new link."""
        self.gun = Gun(Wire(self.world, to_gun, to_host), "%08x" % self._rng.getrandbits(32))
        return self.gun

    def tried(self, act: Callable[[], object]) -> object:
        """Do it as a person would: where no answer comes, again."""
        for _ in range(_TRIES):
            try:
                return act()
            except NoAnswer:
                self.world.run_for(1_000_000)
        raise RuntimeError("no answer, however often it was asked")

    def load(self, program: Program) -> None:
        """Send a program."""
        told: Any = self.tried(lambda: self.gun.load(program.text))
        if told.sha256 != program.sha256:
            raise RuntimeError("the gun holds another program than was sent")

    def treat(self, program: Program) -> None:
        """The operator carries the program out, the host asks this and that between the shots."""
        sections: Any = msgspec.to_builtins(program)
        Operator(self.world, sections, sections["zones"], self._between).session()
        self.shots += program.shots
        self.wanted_nl += program.total_nl

    def _between(self, _shots: int) -> None:
        acts: tuple[Callable[[], object], ...] = (
            self.gun.status, self.pause, self.gun.program, lambda: list(self.gun.pull(1)),
            self.keep, self.clock, lambda: None,
        )  # fmt: skip
        try:
            self._rng.choice(acts)()
        except NoAnswer:
            pass  # the next one may be heard again

    def pause(self) -> None:
        """Ask for a pause, once."""
        self._asked[errors.EVENT_PAUSED] += 1
        self.gun.pause()

    def clock(self) -> None:
        """Set the clock, once: by a clock that stands meanwhile, so that no second try is called
        for."""
        self._asked[errors.EVENT_CLOCK] += 1
        now_s = _NOW_S + self.world.now_us // 1_000_000
        self.gun.clock(lambda: now_s)

    def keep(self) -> None:
        """Pull into the archive and acknowledge."""
        try:
            keep(self.gun, self.archive, now_s=lambda: _NOW_S)
        finally:
            core = core_of(self.world)
            if core.memory.acknowledged > self.archive.log(core.board.board_id).last_number:
                self._early = "something is acknowledged that is not kept"

    def wrong(self, program: Program) -> str:
        """What host, gun and tissue do not agree on, over a clear link; empty where they do."""
        self.world.run_for(_LATE_US)  # late lines too
        self.link(clear(), clear())
        self.keep()
        log = self.archive.log(self.gun.hello().board)
        kept = {one.number: one.raw for one in log.records()}
        own = dict(held(core_of(self.world).journal))
        shots = [one.record for one in log.records() if one.record.is_shot]
        given = sum(entry.depth_um > 0 for entry in self.world.plant.given)
        info = self.gun.program()
        facts = (
            ("a record is missing or doubled", sorted(kept) == list(range(1, max(own) + 1))),
            ("the archive's chain breaks", verify(list(kept.values())) is None),
            ("archive and gun differ", all(kept.get(n) == raw for n, raw in own.items())),
            ("records and tissue differ", len(shots) == given == self.shots),
            ("volumes differ", sum(shot.given_most_nl for shot in shots) == self.wanted_nl),
            ("another program", info is not None and info.sha256 == program.sha256),
            ("an error of the firmware's own", not self.world.board.errors),
            ("the gun is not idle", self.world.state == states.IDLE),
            ("the gun may not forget what is kept",
             core_of(self.world).memory.acknowledged == max(kept)),
            ("something was done twice", self._once(map(unpacked, own.values()))),
            (self._early, not self._early),
        )  # fmt: skip
        return "; ".join(what for what, holds in facts if not holds)

    def _once(self, log: Iterable[Record]) -> bool:
        """Whether nothing that was asked for once was done twice."""
        done = Counter(
            record.code for record in log
            if record.code == errors.EVENT_CLOCK
            or (record.code == errors.EVENT_PAUSED and record.b == waiting.HOST)
        )  # fmt: skip
        return all(done[code] <= count for code, count in self._asked.items())


def _program(rng: random.Random) -> Program:
    """A few shots, point by point and in bursts."""
    zones = [
        Zone(
            name=f"Zone {number}", mode=rng.choice(("single", "burst")), layer="intradermal",
            depth_um=2_000, angle_deg=90, volume_nl=1_000 * rng.randrange(3, 9),
            shots=rng.randrange(1, 5), rate_per_min=120, per_pull=0, flow_nl_s=100_000, dwell_ms=20,
        )
        for number in range(1, rng.randrange(2, 5))
    ]  # fmt: skip
    base = programs.burst(1, depth_um=1_000, volume_nl=1_000, rate_per_min=60)
    return msgspec.structs.replace(base, title=f"Link {rng.getrandbits(16)}", zones=tuple(zones))


def sessions(count: int, first: int = 0) -> Iterator[tuple[int, str, int]]:
    """(seed, what is wrong, faults of the link) of so many sessions, each with its own faults."""
    for seed in range(first, first + count):
        rng = random.Random(seed)
        share = rng.choice((0.01, 0.03, 0.06))
        with TemporaryDirectory() as folder:
            session = Session(seed, Path(folder))
            ways = shares(seed, share, 0.005), shares(seed + 1_000_003, share, 0.005)
            session.link(*ways)
            wrong = _guarded(lambda: _whole(session, rng))  # noqa: B023
            yield seed, wrong, sum(way.faults for way in ways)


def _whole(session: Session, rng: random.Random) -> str:
    program = _program(rng)
    session.load(program)
    session.treat(program)
    session.tried(session.keep)
    return session.wrong(program)


def _guarded(act: Callable[[], str]) -> str:
    try:
        return act()
    except Exception as error:  # a session that ends otherwise is one that went wrong
        return f"{type(error).__name__}: {error}"


_FIRST = programs.burst(3, depth_um=2_000, volume_nl=5_000, rate_per_min=120)
_SECOND = programs.burst(2, 1, depth_um=1_500, volume_nl=4_000, rate_per_min=120)
# Each dialogue of a host with a gun that has done a session.
DIALOGUES: dict[str, Callable[[Session], object]] = {
    "hello": lambda session: session.gun.hello(),
    "status": lambda session: session.gun.status(),
    "health": lambda session: session.gun.health(),
    "clock": lambda session: session.clock(),
    "load": lambda session: session.load(_SECOND),
    "program": lambda session: session.gun.program(),
    "pull": lambda session: list(session.gun.pull(1)),
    "keep": lambda session: session.keep(),
    "pause": lambda session: session.pause(),
}


def dialogues(share: float = 1.0, seed: int = 1) -> Iterator[tuple[str, str]]:
    """(which, what is wrong) of each fault at each line of each dialogue, or of a share of them.

    After a cut for good the host comes back over another link and asks again.
    """
    rng = random.Random(seed)
    for name, talk in DIALOGUES.items():
        for way in ("to gun", "to host"):
            count = _lines(talk, way)
            for line in range(count):
                for fault in FAULTS:
                    if rng.random() < share:
                        which = f"{name}: {fault} line {line} of {count} {way}"
                        yield which, _guarded(lambda: _disturbed(talk, way, at(line, fault)))  # noqa: B023


def _prepared(folder: str) -> Session:
    session = Session(1, Path(folder))
    session.load(_FIRST)
    sections: Any = msgspec.to_builtins(_FIRST)
    Operator(session.world, sections, sections["zones"]).session()
    session.shots, session.wanted_nl = _FIRST.shots, _FIRST.total_nl
    return session


def _lines(talk: Callable[[Session], object], way: str) -> int:
    with TemporaryDirectory() as folder:
        session = _prepared(folder)
        counted = clear()
        session.link(*((counted, clear()) if way == "to gun" else (clear(), counted)))
        talk(session)
        return counted.lines


def _disturbed(talk: Callable[[Session], object], way: str, faulty: Direction) -> str:
    with TemporaryDirectory() as folder:
        session = _prepared(folder)
        session.link(*((faulty, clear()) if way == "to gun" else (clear(), faulty)))
        try:
            talk(session)
        except (NoAnswer, RuntimeError):
            session.link(clear(), clear())
            talk(session)
        session.link(clear(), clear())
        session.load(_SECOND)
        session.treat(_SECOND)
        return session.wrong(_SECOND)
