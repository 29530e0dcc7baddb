"""What the commands with a virtual gun share: where its firmware runs, what its operator reads."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from mesohost.cli.check import tell
from mesohost.cli.options import day
from mesohost.program import load_program
from mesohost.troubles import Trouble
from mesosim.firmware import InProcess, Start
from mesosim.process import in_folder, interpreter
from mesosim.scenario import Scenario

MICROPYTHON, CPYTHON = "micropython", "cpython"
firmware_option = click.option(
    "--firmware",
    type=click.Choice([MICROPYTHON, CPYTHON]),
    help="Where the firmware runs; by default on MicroPython where that is installed.",
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0, 1_000_000),
    default=1,
    show_default=True,
    help="Which virtual gun: its true dimensions are drawn from this number.",
)


def firmware_start(where: str | None, folder: Path | None, stack: ExitStack) -> Start:
    """How a world starts its firmware: on MicroPython with its memory in `folder` (a temporary one
    that `stack` removes where it is None), or in this process. Raises Trouble."""
    if where != CPYTHON and interpreter():
        return in_folder(folder or Path(stack.enter_context(TemporaryDirectory())))
    if where == MICROPYTHON or folder:
        remedy = "install it: python -m pip install 'mesogun[micropython]'"
        raise Trouble("MicroPython is not installed", [remedy, "or run with --firmware cpython"])
    if where is None:
        click.echo("MicroPython is not installed: the firmware runs on CPython", err=True)
    return InProcess


def program_text(scenario: Scenario) -> bytes | None:
    """The canonical text of a scenario's program. Raises Trouble where that has faults."""
    if scenario.program is None:
        return None
    loaded = load_program(scenario.program, day(None))
    if loaded.program is None:
        tell(loaded)
        raise Trouble(f"{scenario.path}: program: {scenario.program} has faults")
    return loaded.program.text
