"""The layers that a session runs on, for tests: the firmware in process and on MicroPython."""

import datetime
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mesohost.gun import Gun
from mesohost.program import Program, load_program
from mesohost.program.model import records
from mesosim.firmware import InProcess
from mesosim.link import LineFilter
from mesosim.operator import Operator
from mesosim.port import WorldPort
from mesosim.process import in_folder
from mesosim.world import World
from tests import needs

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TODAY = datetime.date(2026, 1, 15)
LAYERS = ("cpython", "micropython")


def example(name: str) -> Program:
    """A program of `examples/`, checked."""
    loaded = load_program(EXAMPLES / f"{name}.toml", TODAY)
    assert loaded.program, loaded.faults
    return loaded.program


@contextmanager
def world_on(layer: str, folder: Path, seed: int = 1) -> Iterator[World]:
    """A world with its firmware on a layer; MicroPython's memory and flash are in `folder`."""
    if layer == "micropython":
        needs.micropython()
    world = World(seed, InProcess if layer == "cpython" else in_folder(folder))
    try:
        yield world
    finally:
        if world.on:
            world.switch_off()


def gun_of(
    world: World, to_gun: LineFilter | None = None, to_host: LineFilter | None = None
) -> Gun:
    """The host's end of a world, after hello."""
    gun = Gun(WorldPort(world, to_gun, to_host))
    gun.hello()
    return gun


def operator_of(world: World, program: Program) -> Operator:
    """The operator of a program."""
    sections = list(records(program))
    head = next(record for kind, record in sections if kind == "program")
    return Operator(world, head, [record for kind, record in sections if kind == "zone"])


def idle(world: World) -> None:
    """Let the gun start up."""
    operator_of(world, example("papules")).hands.until("idle")


def mesogun(*arguments: object, **more: object) -> "subprocess.CompletedProcess[str]":
    """Run the command as a user does."""
    command = [sys.executable, "-m", "mesohost", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, timeout=100, check=False, **more
    )  # type: ignore[call-overload]


@contextmanager
def served(*arguments: object) -> Iterator[str]:
    """`mesogun sim` in a process of its own; gives the port that it names."""
    command = [sys.executable, "-m", "mesohost", "sim", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout
            first = process.stdout.readline()
            assert first.startswith("virtual gun at "), first
            yield first.removeprefix("virtual gun at ").strip()
        finally:
            process.terminate()
