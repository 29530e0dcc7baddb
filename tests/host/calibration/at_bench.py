"""A virtual gun of the whole firmware at the bench, and somebody who does what a session asks."""

import dataclasses
from pathlib import Path

from mesohost import keys
from mesohost.calibration import running, session
from mesohost.calibration.balance import Balance
from mesohost.calibration.stand import Stand
from mesohost.gun import Gun
from mesohost.keys import KeyFile
from mesosim.firmware import InProcess
from mesosim.hands import Hands
from mesosim.instruments import Instruments, WorldBalance
from mesosim.link import Faulty
from mesosim.port import WorldPort
from mesosim.vessel import VESSEL_MM
from mesosim.world import World

BLOCK_UM = 5_000.0
IDLE_US = 30_000_000


def allow(hands):
    """Press at what the gun asks."""
    hands.click()


def refuse(hands):
    """Turn the knob at it."""
    hands.turn(1)


class Answered(WorldPort):
    """A port with somebody at the gun who answers what an engineer asks for."""

    def __init__(self, world, answer, spoils):
        filters = [Faulty(seed, 0.05, 0.05, 0.05, 0.05) for seed in (spoils, -spoils) if seed]
        super().__init__(world, *filters)
        self._answer = answer

    def read(self, timeout_s):
        if "Turn: refuse" in self.world.plant.screen:
            self._answer(Hands(self.world))
        return super().read(timeout_s)


class Bench:
    """A gun that is idle, its instruments, its key, and a port at which whoever asks is allowed;
    with `spoils` (a seed) a fifth of all lines is lost, repeated, damaged or late."""

    def __init__(
        self, folder: Path, seed=1, start=InProcess, commissioned=True, answer=allow, spoils=0
    ):
        self.folder = folder
        self.key = folder / "gun.key"
        keys.create(self.key)
        self.world = World(seed, start, commissioned)
        self.world.records["key"] = self.key.read_bytes().strip()
        self.world.switch_off()
        self.world.switch_on()
        self.settle()
        self.instruments = Instruments(self.world, seed)
        self.port = Answered(self.world, answer, spoils)
        self.gun = Gun(self.port)
        self.told: list[str] = []

    @property
    def board(self) -> str:
        return self.world.board.board_id

    @property
    def true_step_fl(self) -> float:
        """What a step of the plunger truly gives with the seated syringe."""
        seated = self.world.plant.cartridge.seated
        assert seated
        return self.world.truth.plunger_step_um * seated.area_mm2 * 1e6

    def stand(self) -> Stand:
        return Stand(self.gun, KeyFile(self.key), self.told.append)

    def scale(self) -> Balance:
        port = WorldBalance(self.world, self.instruments)
        return Balance(port, lambda: self.instruments.at_s)

    def run(self, kind, hands=None):
        """A session through, or from where it was broken off: path, calibration."""
        journal = running.journal_of(self.folder, kind, self.board)
        hands = hands or Worker(self)
        return running.at_gun(kind, journal, self.stand(), self.scale(), hands)

    def comes_to_idle(self) -> bool:
        """Whether the gun is out of calibrating, and well."""
        self.settle()
        return self.gun.status().state == "idle"

    def settle(self) -> None:
        """Let the gun come to idle."""
        self.world.run_for(IDLE_US)


class Worker:
    """The front of a session. `steps` are those that came, in order; `who` what is answered
    otherwise."""

    def __init__(self, bench: Bench, **who):
        self.bench = bench
        self.who = who
        self.steps: list[str] = []
        self.failures: list[tuple[str, str]] = []

    def answer(self, step, done, known):  # noqa: ARG002
        """Do what the step says."""
        self.steps.append(step.id)
        if isinstance(step, session.Form):
            return self._fill(step)
        if isinstance(step, session.Result):
            return step.acceptable
        if isinstance(step, session.Confirm):
            self._do(step.id)
        return True

    def _fill(self, form):
        instruments = self.bench.instruments
        if form.id == "who":
            self.who = {"board": self.bench.board, "operator": "OP2", **self.who}
            given = {entry.name: entry.default for entry in form.entries}
            offered = {
                "syringe": "1 mL", "syringe_lot": "L42", "balance": "B021002593",
                "vessel_mm": VESSEL_MM, "instrument": "D7", "block_um": BLOCK_UM,
            }  # fmt: skip
            who = {**given, **offered, **self.who}
            self.who = {name: value for name, value in who.items() if name in given}
            return self.who
        if form.id in ("before", "after"):
            return dataclasses.asdict(instruments.vessel.read_room())
        if form.id.startswith("clamp-"):
            return {"ma": instruments.current_ma(int(form.id == "clamp-plunger"))}
        return {"um": instruments.dial_um()}

    def _do(self, step):
        bench, instruments = self.bench, self.bench.instruments
        last = step.rpartition("-")[2] if step.startswith("again-") else step
        if last in ("cap", "uncap"):
            instruments.cap(last == "cap")
        elif last == "free":
            bench.world.plant.unseat()
        elif "block_um" in self._known():
            instruments.seat_empty(self._known()["syringe"], self._known()["block_um"])
        elif last in ("wet", "seated"):
            instruments.cap(False)
            instruments.seat_full(self._known()["syringe"])
        # A hand is no faster.
        bench.world.run_for(3_000_000)

    def _known(self):
        return self.who

    def working(self, step, done, known):  # noqa: ARG002
        """An action."""
        self.steps.append(step.id)

    def wrong(self, why):
        """Nothing here is answered wrongly."""
        raise AssertionError(why)

    def failed(self, step, why):
        """What went wrong."""
        self.failures.append((step.id, why))
