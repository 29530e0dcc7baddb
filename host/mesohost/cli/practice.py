"""Guided sessions with a virtual gun: what the terminal asks is real, what the bench does not."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mesohost.calibration import (
    depth_session,
    empty_session,
    guide,
    kinds,
    motor_session,
    running,
    volume_session,
)
from mesohost.calibration.balance import Balance, Reading
from mesohost.calibration.guide import Front
from mesohost.calibration.journal import Journal
from mesohost.calibration.session import Form
from mesohost.cli.asking import Hints, Terminal
from mesosim.measuring import BLOCK_UM, MeasuringBench
from mesosim.weighing import VESSEL_MM, BalancePort, WeighingBench

Actions = dict[str, Callable[[Mapping[str, Any]], object]]


class _Weighing:
    """Gun and balance; made once the session's journal says which syringe it is."""

    def __init__(self, seed: int, journal: Journal):
        self._seed = seed
        self._journal = journal
        self._bench: WeighingBench | None = None
        self._balance: Balance | None = None

    @property
    def bench(self) -> WeighingBench:
        """The bench with the session's syringe. Raises Trouble before that is known."""
        if self._bench is None:
            self._bench = WeighingBench(self._seed, running.seated(self._journal))
        return self._bench

    def home(self) -> None:
        """See `strokes.Bench`."""
        self.bench.home()

    def prepare(self, steps: int) -> None:
        """See `strokes.Bench`."""
        self.bench.prepare(steps)

    def stroke(self, steps: int) -> int:
        """See `strokes.Bench`."""
        return self.bench.stroke(steps)

    def wait(self, seconds: float) -> None:
        """See `strokes.Bench`."""
        self.bench.wait(seconds)

    def force_mn(self) -> int:
        """See `strokes.Bench`."""
        return self.bench.force_mn()

    def left_um(self) -> int:
        """See `strokes.Bench`."""
        return self.bench.left_um()

    def weigh(self) -> Reading:
        """See `strokes.Scale`."""
        bench = self.bench
        if self._balance is None:
            self._balance = Balance(BalancePort(bench), lambda: bench.now_s)
        return self._balance.weigh()

    def hints(self, form: Form) -> Mapping[str, object]:
        """What the instruments show."""
        if form.id == "who":
            return {"board": f"virtual-{self._seed}", "balance": "virtual", "vessel_mm": VESSEL_MM}
        room = dataclasses.asdict(self.bench.read_room())
        return {name: round(value, 1) for name, value in room.items()}

    def confirmed(self, step: str) -> None:
        """What was done by hand."""
        last = step.rpartition("-")[2]
        if last in ("cap", "uncap", "seated"):
            self.bench.cap(last == "cap")


class _Measuring:
    """Hints of the instruments at the measuring bench."""

    def __init__(self, seed: int):
        self._seed = seed
        self.bench = MeasuringBench(seed)

    def hints(self, form: Form) -> Mapping[str, object]:
        """What the instruments show."""
        if form.id == "who":
            offered = {"board": f"virtual-{self._seed}", "instrument": "virtual"}
            return {**offered, "block_um": BLOCK_UM}
        if form.id.startswith("clamp-"):
            return {"ma": round(self.bench.current_ma(int(form.id == "clamp-plunger")))}
        return {"um": self.bench.dial_um()}


# Makes a front of what the bench's instruments show, and of who is told what was done by hand.
Fronted = Callable[[Hints, Callable[[str], None] | None], Front]


def practised(kind: str, seed: int, folder: Path, fronted: Fronted = Terminal) -> tuple[Path, bool]:
    """Go through a session, from where it was broken off; the file that came of it and whether it
    was accepted."""
    journal = Journal(folder / f"{kind}-{seed}.session")
    definition = kinds.KINDS[kind].definition
    if kind == "volume":
        weighing = _Weighing(seed, journal)
        actions = volume_session.actions(weighing, weighing)
        front = fronted(weighing.hints, weighing.confirmed)
    else:
        measuring = _Measuring(seed)
        front = fronted(measuring.hints, None)
        actions = _ACTIONS[kind](measuring.bench)
    state = guide.run(definition, journal, front, actions)
    path, one = running.kept(kind, state, journal)
    return path, one.accepted


_ACTIONS: dict[str, Callable[[MeasuringBench], Actions]] = {
    "depth": depth_session.actions,
    "empty": empty_session.actions,
    "motor": motor_session.actions,
}
