"""What is measured on the chip, for the tests and for the table of figures. Times are the emulated
chip's."""

import base64
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from mesofw.core import states
from mesofw.core.door import PLUNGER
from mesohost.gun import Gun
from mesohost.program import Program
from mesosim.hands import Hands
from mesosim.operator import Operator
from mesosim.plant import Plant
from mesosim.port import WorldPort
from tests.bench import programs
from tests.whole_chip.chip import Chip
from tests.whole_chip.worlds import OnChip, on_chip

# Free memory is kept whole while modules are read in.
_SMALL = "import gc\ngc.collect()\ngc.threshold(8192)\n"
PRESSES, STOPS = 100, 20
_MEASURE_HEAP = 1
# More than 64 bytes each step, which is what the gun reads.
_FLOOD, _FLOOD_US = b"a line that is no message, over and over again, as fast as it is", 1_000


@dataclass(frozen=True)
class Plan:
    """One zone's plan: µs for the shot's figures, µs for its timetable, bytes allocated."""

    mode: str
    depth_um: int
    volume_nl: int
    take_us: int
    plan_us: int
    allocated_b: int

    @property
    def whole_us(self) -> int:
        """Both together."""
        return self.take_us + self.plan_us


def plans(chip: Chip) -> list[Plan]:
    """Plan some zones on the chip."""
    text = chip.run(_SMALL + "from tests.whole_chip.on_chip import plan\nplan.main()")
    found: list[Plan] = []
    for line in text.strip().split("\n"):
        mode, *words = line.split()
        found.append(Plan(mode, *(int(word) for word in words)))
    return found


def ready(made: OnChip, program: Program, fill_nl: int = 0) -> Operator:
    """From the start to armed with this program, the syringe full or with less in it. Raises
    HandsFailed."""
    sections: dict[str, Any] = msgspec.to_builtins(program)
    operator = Operator(made.world, sections, sections["zones"])
    hands = operator.hands
    hands.until("idle")
    Gun(WorldPort(made.world)).load(program.text)
    hands.confirm()
    hands.fit(program.syringe, program.needle, program.length_um, fill_nl)
    return operator


@dataclass(frozen=True)
class Reaction:
    """Worst times in µs: from the trigger to the first pulse, with the link flooded; from the stop
    to the last pulse, in a motion."""

    trigger_us: float
    presses: int
    stop_us: float
    stops: int


def reaction(seed: int = 7) -> Reaction:
    """Press the trigger, and then the stop, at any moment."""
    rng = random.Random(seed)
    with on_chip() as made:
        trigger_us = _presses(made, rng)
        stop_us = _stops(made, rng)
    return Reaction(trigger_us, PRESSES, stop_us, STOPS)


def _presses(made: OnChip, rng: random.Random) -> float:
    world = made.world
    # A half-full syringe: the plunger's way home is long enough for all stops.
    hands = ready(made, _shots(PRESSES + 1, rate_per_min=240), 1_500_000).hands
    hands.place()
    worst_us = 0.0
    for _ in range(PRESSES):
        _flooded(made, rng.randrange(60_000, 90_000))
        made.gun.edges = []
        pressed_ns = made.gun.now_ns
        hands.set("trigger", 1)
        _flooded(made, 40_000)
        if not made.gun.edges:
            _flooded(made, 1_000_000)
        hands.set("trigger", 0)
        if not made.gun.edges:
            raise RuntimeError("a press gave no shot; " + hands.what_it_shows())
        worst_us = max(worst_us, (made.gun.edges[0][0] - pressed_ns) / 1000)
        _flooded(made, 1_000, lambda: world.state == states.SHOOTING)
    made.gun.edges = None
    if world.view.shots != PRESSES:
        raise RuntimeError(f"{PRESSES} presses gave {world.view.shots} shots")
    return worst_us


def _shots(*shots: int, rate_per_min: int) -> Program:
    return programs.burst(*shots, depth_um=3_000, volume_nl=2_500, rate_per_min=rate_per_min,
                          syringe="3 mL")  # fmt: skip


def _flooded(made: OnChip, for_us: int, holds: Callable[[], bool] = bool) -> None:
    """Let time pass with a host that writes more than the gun reads, and on while it holds."""
    world = made.world
    until_us = world.now_us + for_us
    while world.now_us < until_us or holds():
        world.board.to_gun.append(_FLOOD)
        world.run_for(_FLOOD_US)


def _stops(made: OnChip, rng: random.Random) -> float:
    """The stop in homing, which has the longest motions; from wherever the gun is now."""
    world, plant = made.world, made.world.plant
    hands = Hands(world)
    hands.lift()
    worst_us = 0.0
    for trial in range(STOPS + 1):
        made.gun.edges = []
        pressed_ns = made.gun.now_ns
        plant.set_stop(1)
        world.touch()
        hands.until("fault", 100_000)
        if trial and made.gun.edges:
            worst_us = max(worst_us, (made.gun.edges[-1][0] - pressed_ns) / 1000)
        hands.wait(100_000)
        plant.set_stop(0)
        hands.wait(1_000_000)
        hands.click()
        hands.until("homing")
        # The plunger's way home is long; the carriage's comes before it.
        world.run_while(lambda: not _homes(plant), 2_000_000)
        world.run_for(rng.randrange(1_000, 60_000))
    made.gun.edges = None
    return worst_us


def _homes(plant: Plant) -> bool:
    return plant._run is not None and plant._run.legs[0].axis == PLUNGER


@dataclass(frozen=True)
class Burst:
    """The longest step of the gun in µs in a burst with a host that asks all the time, and in
    which state it was; how many steps there were, and answers."""

    step_us: int
    state: str
    steps: int
    answers: int


def burst(shots: int = 40) -> Burst:
    """Shots as fast as the zone has them, while a host asks how it goes; the zone has more."""
    with on_chip() as made:
        hands = ready(made, _shots(shots + 2, rate_per_min=300)).hands
        hands.place()
        gun = Gun(WorldPort(made.world))
        gun.hello()
        before = made.gun.watched.steps
        _note(made, "step_max_us", 0)
        hands.set("trigger", 1)
        answers = 0
        hands.until("shooting")
        while made.world.view.shots < shots:
            if made.world.state != states.SHOOTING:
                raise RuntimeError("the burst ended early; " + hands.what_it_shows())
            gun.status()
            answers += 1
        notes = made.gun.watched
    return Burst(
        notes.step_max_us, states.STATES[notes.step_max_state], notes.steps - before, answers
    )


@dataclass(frozen=True)
class Used:
    """A gun after its shots: heap in bytes that is free at rest, and beside it what the watched
    loop takes of the heap, which is no gun's; allocated by a shot on average and by the worst, of
    those that followed another of their zone."""

    shots: int
    free_b: int
    watching_b: int
    shot_b: float
    shot_max_b: int


def used(shots: int = 1_000) -> Used:
    """A gun that has shot a lot, one zone after the other."""
    with on_chip(main=None) as made:
        made.world.run_while(lambda: made.world.plant.screen[:1] != ["No program"], 8_000_000)
        production_b = _free(made)
    with on_chip() as made:
        Hands(made.world).until("idle")
        watching_b = production_b - _free(made)
        zones = [100] * (shots // 100)
        operator = ready(made, _shots(*zones, 1, rate_per_min=300))
        _note(made, "asks", _MEASURE_HEAP)
        while made.world.view.shots < shots:
            operator._acts()[states.STATES[made.world.state]]()
        operator.hands.wait(3_000_000)
        free_b = _free(made)
        notes = made.gun.watched
    each_b = notes.alloc_b / max(1, notes.alloc_shots)
    return Used(shots, free_b, watching_b, each_b, notes.alloc_max_b)


def _free(made: OnChip) -> int:
    """Heap in bytes that is free once all is tidied up."""
    made.world.run_for(2_500_000)
    gun = Gun(WorldPort(made.world))
    gun.hello()
    gun.health()
    return gun.health().heap_free


def _note(made: OnChip, name: str, value: int) -> None:
    """Set one of the loop's notes from outside."""
    data = base64.b64encode(struct.pack("<i", value)).decode()
    made.emulator.ask("poke", address=made.gun.note_address(name), data=data)


@dataclass(frozen=True)
class Started:
    """From reset to the end of the self-test, drivers set up and all, in µs."""

    tested_us: int


def started() -> Started:
    """The gun as it is switched on, once it has homed."""
    with on_chip() as made:
        Hands(made.world).until("idle")
        return Started(made.gun.watched.tested_us)
