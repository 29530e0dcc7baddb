"""`mesogun sim`: a virtual gun on a pseudo-terminal or a TCP port, for people and for programs."""

import queue
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import click

from mesohost.cli.exits import Exit
from mesohost.cli.virtual import firmware_option, firmware_start, program_text, seed_option
from mesohost.keys import KeyFile
from mesohost.troubles import Trouble
from mesosim.link import Clear, Faulty, LineFilter
from mesosim.process import FirmwareDied
from mesosim.scenario import Scenario, ScenarioError, read_scenario
from mesosim.serve import Body, Pty, Server, Tcp
from mesosim.stage import Stage, StepFailed
from mesosim.verbs import HELP, do
from mesosim.world import World

_SLICE_S = 0.05


@click.command
@click.option(
    "--socket",
    "port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Serve on this TCP port of the loopback (0: any free one) instead of a pseudo-terminal.",
)
@click.option(
    "--pace",
    type=click.FloatRange(0, 1000),
    default=1.0,
    show_default=True,
    help="Virtual seconds a second; 0: time passes only while a host asks.",
)
@seed_option
@firmware_option
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder that keeps the gun's memory and flash from one start to the next (MicroPython).",
)
@click.option(
    "--key",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The gun holds this engineer's key, where it has none yet.",
)
@click.option("--new", is_flag=True, help="A gun that was neither calibrated nor commissioned.")
@click.option(
    "--scenario",
    "scenario_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The operator's hands. The step `load` waits until a host has loaded the program.",
)
@click.option(
    "--faults",
    type=click.FloatRange(0, 100),
    default=0.0,
    metavar="PERCENT",
    help="Lines that are dropped, doubled, corrupted or delayed, each way.",
)
def command(
    port: int | None,
    pace: float,
    seed: int,
    firmware: str | None,
    state: Path | None,
    key: Path | None,
    new: bool,
    scenario_file: Path | None,
    faults: float,
) -> Exit:
    """Serve a virtual gun until broken off (Ctrl-C).

    The first line printed names the port. On a terminal, lines typed are the operator's hands, as
    in scenarios; `help` lists them.
    """
    scenario = None
    if scenario_file:
        try:
            scenario = read_scenario(scenario_file)
        except ScenarioError as error:
            raise Trouble(str(error)) from None
    text = program_text(scenario) if scenario else None
    held = KeyFile(key).text() if key else b""
    with ExitStack() as stack:
        world = World(seed, firmware_start(firmware, state, stack), not new, held)
        stack.callback(world.switch_off)
        server = Server(world, _body(port), pace, _filter(seed, faults), _filter(-seed, faults))
        stack.callback(server.close)
        click.echo(f"virtual gun at {server.body.name}")
        try:
            _serve(world, server, scenario, text)
        except StepFailed as error:
            for trace in world.board.errors:
                click.echo(trace, err=True)
            click.echo(f"mesogun: {error}", err=True)
            return Exit.FAILED
        except FirmwareDied as error:
            click.echo(f"mesogun: {error}", err=True)
            return Exit.STOPPED
    return Exit.FINE


def _body(port: int | None) -> Body:
    try:
        return Pty() if port is None and sys.platform != "win32" else Tcp(port or 0)
    except OSError as error:
        remedy = "choose another port, or --socket 0 for any free one"
        raise Trouble(f"the virtual gun cannot be served: {error}", [remedy]) from None


def _filter(seed: int, percent: float) -> LineFilter:
    share = percent / 400
    return Faulty(seed, share, share, share, share) if percent else Clear()


def _serve(world: World, server: Server, scenario: Scenario | None, text: bytes | None) -> None:
    typed: queue.SimpleQueue[str] = queue.SimpleQueue()
    if sys.stdin.isatty():
        threading.Thread(target=_read_lines, args=(typed,), daemon=True).start()
    stage = Stage(world, text, lambda: do(stage, "await program"))
    for step in scenario.steps if scenario else ():
        do(stage, step)
    shown: list[str] = []
    while True:
        server.serve(_SLICE_S)
        if world.plant.screen != shown and sys.stdout.isatty():
            shown = list(world.plant.screen)
            click.echo("screen: " + " | ".join(line for line in shown if line))
        while world.board.errors:
            click.echo(world.board.errors.pop(0), err=True)
        while not typed.empty():
            _carry_out(stage, typed.get())


def _read_lines(typed: "queue.SimpleQueue[str]") -> None:
    for line in sys.stdin:
        typed.put(line.strip())


def _carry_out(stage: Stage, line: str) -> None:
    if line in ("", "help"):
        click.echo(HELP)
        return
    try:
        do(stage, line)
    except StepFailed as error:
        click.echo(error, err=True)
