"""`mesogun scenario run`: scenario files on the virtual gun, with exit codes and JUnit for CI."""

import binascii
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import click

from mesohost.cli.engineering import KEY, Engineer
from mesohost.cli.exits import Exit
from mesohost.cli.outputs import check_writable, writing
from mesohost.cli.virtual import CPYTHON, MICROPYTHON, firmware_option, firmware_start, program_text
from mesohost.gun import Gun
from mesohost.troubles import NoAnswer, Trouble
from mesosim.link import Ending
from mesosim.port import WorldPort
from mesosim.process import FirmwareDied
from mesosim.scenario import Scenario, ScenarioError, read_scenario
from mesosim.stage import Stage, StepFailed
from mesosim.verbs import do
from mesosim.world import World

# About what a line of an upload carries.
_CHUNK_BYTES = 320


@dataclass(frozen=True)
class Outcome:
    """How one scenario went: `failure` is empty where it went as it says; `still_us` tells of each
    stop whether it was the emergency stop's, and after how long the pulses ended."""

    scenario: Scenario
    failure: str
    wall_s: float
    virtual_s: float
    still_us: tuple[tuple[bool, int], ...] = ()


@click.group
def command() -> None:
    """What an operator does and what must then be seen, as files."""


@command.command("run")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@firmware_option
@click.option(
    "--junit",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the outcomes as JUnit XML.",
)
def run(files: tuple[Path, ...], firmware: str | None, junit: Path | None) -> Exit:
    """Run scenario FILES one after the other on the virtual gun.

    All files are read and checked before the first is run. Exit code 0: all went as they say.
    """
    if junit:
        check_writable(junit)
    scenarios: list[Scenario] = []
    faults: list[str] = []
    for file in files:
        try:
            scenarios.append(read_scenario(file))
        except ScenarioError as error:
            faults.append(str(error))
    if faults:
        raise Trouble("\n".join(faults))
    texts = [program_text(one) for one in scenarios]
    outcomes: list[Outcome] = []
    for one, text in zip(scenarios, texts, strict=True):
        outcome = play(one, text, firmware)
        outcomes.append(outcome)
        went = "ok    " if not outcome.failure else "FAILED"
        click.echo(f"{went} {one.path}: {one.title} ({outcome.virtual_s:.1f} s virtual)")
        if outcome.failure:
            click.echo("       " + outcome.failure)
    if junit:
        with writing(junit):
            junit.write_bytes(as_junit(outcomes))
    failed = sum(1 for outcome in outcomes if outcome.failure)
    click.echo(f"{len(outcomes) - failed} passed, {failed} failed")
    return Exit.FAILED if failed else Exit.FINE


def play(one: Scenario, text: bytes | None, firmware: str | None = CPYTHON) -> Outcome:
    """Run one scenario with its program's text; the firmware in this process or on MicroPython.

    Where its steps reach into the firmware's memory it runs in this process, unless told otherwise.
    """
    began_s = time.monotonic()
    if one.in_process:
        if firmware == MICROPYTHON:
            steps = ", ".join(dict.fromkeys(one.in_process))
            return Outcome(one, f"only with --firmware cpython: {steps}", 0.0, 0.0)
        firmware = CPYTHON
    with ExitStack() as stack:
        start = firmware_start(firmware, None, stack)
        world = World(one.seed, start, key=binascii.hexlify(KEY))
        try:
            failure, still_us = _play(one, text, world)
        finally:
            world.switch_off()
    wall_s = time.monotonic() - began_s
    return Outcome(one, failure, wall_s, world.now_us / 1e6, tuple(still_us))


class Host:
    """The host of a scenario, which holds the program's text."""

    def __init__(self, world: World, text: bytes | None):
        self._world = world
        self._text = text
        engineer = Engineer(world)
        self.ask_to_calibrate = engineer.ask_to_calibrate
        self.bench = engineer.bench
        self.refused = engineer.refused

    def _gun(self) -> Gun:
        gun = Gun(WorldPort(self._world))
        gun.hello()
        return gun

    def _program(self) -> bytes:
        if self._text is None:
            raise StepFailed("the scenario names no program; add: program = FILE")
        return self._text

    def load(self) -> None:
        """Send the program."""
        self._gun().load(self._program())

    def load_half(self) -> None:
        """Send half of the program, then nothing more."""
        text = self._program()
        # hello, begin and half of the chunks
        half = Ending(2 + len(text) // _CHUNK_BYTES // 2)
        gun = Gun(WorldPort(self._world, half))
        gun.hello()
        with suppress(NoAnswer):
            gun.load(text)

    def set_clock(self, unix_s: int) -> None:
        """Set the gun's clock."""
        self._gun().clock(lambda: unix_s)

    def pull(self, first: int) -> list[bytes]:
        """The log's records from number `first` on."""
        return list(self._gun().pull(first))


def _play(one: Scenario, text: bytes | None, world: World) -> tuple[str, list[tuple[bool, int]]]:
    host = Host(world, text)
    stage = Stage(world, text, host.load, host)
    for number, step in enumerate(one.steps, 1):
        at = f"steps[{number}] {step!r}: "
        try:
            do(stage, step)
        except (StepFailed, FirmwareDied, Trouble) as failed:
            return at + str(failed), stage.still_us
        if world.board.errors and not stage.reports_meant:
            return f"{at}the firmware met an error:\n{world.board.errors[0]}", stage.still_us
    return "", stage.still_us


def as_junit(outcomes: list[Outcome]) -> bytes:
    """The outcomes as a JUnit XML document."""
    failed = sum(1 for outcome in outcomes if outcome.failure)
    suite = ElementTree.Element(
        "testsuite", name="mesogun scenarios", tests=str(len(outcomes)), failures=str(failed)
    )
    for outcome in outcomes:
        case = ElementTree.SubElement(
            suite, "testcase", classname="scenario", name=outcome.scenario.path.stem,
            time=f"{outcome.wall_s:.3f}",
        )  # fmt: skip
        if outcome.failure:
            ElementTree.SubElement(case, "failure", message=outcome.failure)
    return ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
