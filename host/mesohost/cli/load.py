"""`mesogun load`: a checked program into an idle gun; the operator then confirms it there."""

import datetime
from typing import TYPE_CHECKING

import click

from mesofw.core import errors
from mesofw.core.fields import show
from mesofw.core.waiting import needle_text
from mesohost.answers import Hello, Status
from mesohost.cli.check import summary, tell
from mesohost.cli.exits import Exit
from mesohost.cli.options import day, json_option, open_gun, port_option, print_json, today_option
from mesohost.cli.progress import progress
from mesohost.program import Program, load_program
from mesohost.telling import details
from mesohost.troubles import GunRefused

if TYPE_CHECKING:
    from mesohost.gun import Gun

# A gun that was just switched on gets this long to home.
START_S = 30.0
_LOOK_S = 0.2
_STARTING = ("boot", "self_test", "homing")


@click.command
@click.argument("file")
@port_option
@today_option
@json_option
def command(
    file: str, port: str | None, today: datetime.datetime | None, as_json: bool
) -> Exit | None:
    """Load a program into the gun.

    The file is checked first; where it has a fault, nothing is sent. The gun must be idle. Nothing
    moves before the operator has confirmed the program on the gun.
    """
    loaded = load_program(file, day(today))
    tell(loaded)
    program = loaded.program
    if program is None:
        return Exit.FAULTS
    if not as_json:
        click.echo(summary(program))
        for line in details(program):
            click.echo(line)
        click.echo(
            f"patient {program.patient}, {program.syringe} syringe, {_needle(program)} needle"
        )
    with open_gun(port) as gun:
        hello = gun.hello()
        _must_be_idle(started(gun))
        gun.clock()
        with progress("loading", "bytes") as shown:
            info = gun.load(program.text, shown)
    if as_json:
        print_json({"board": hello.board, "program": info})
        return None
    click.echo(f"loaded into gun {hello.board} (firmware {hello.firmware})")
    for line in [*_doubts(hello), "", *_to_do(program, info.warnings)]:
        click.echo(line)
    return None


def started(gun: "Gun") -> Status:
    """The gun's status once it has homed, or after START_S."""
    status = gun.status()
    for _ in range(round(START_S / _LOOK_S)):
        if status.state not in _STARTING:
            break
        gun.wait(_LOOK_S)
        status = gun.status()
    return status


def _must_be_idle(status: Status) -> None:
    if status.state == "idle":
        return
    found = status.state
    if status.trouble:
        found += f": {errors.cause(status.trouble)}; {errors.remedy(status.trouble)}"
    raise GunRefused("load", errors.Fault("", errors.NOT_NOW, found, "idle"))


def _doubts(hello: Hello) -> list[str]:
    """What keeps this gun from shooting, or from being trusted."""
    doubts: list[str] = []
    if not hello.hardware_verified:
        doubts.append("note: this gun's hardware is not verified")
    if not hello.calibration:
        doubts.append(f"warning: {errors.cause(errors.NOT_CALIBRATED)}: it will not shoot")
    if not hello.commissioned:
        doubts.append(f"warning: {errors.cause(errors.NOT_COMMISSIONED)}: it will not shoot")
    return doubts


def _to_do(program: Program, warnings: int) -> list[str]:
    total = show("total_nl", program.total_nl)
    lines = [
        "On the gun, compare and press the knob at each page (turn it to go back):",
        f"  1. {program.title}, patient {program.patient}",
        f"  2. {len(program.zones)} zones, {program.shots} shots, {total}, "
        f"syringe {program.syringe}, needle {_needle(program)}",
    ]
    if warnings:
        pages = f"{warnings} page{'s' if warnings > 1 else ''}"
        lines.append(f"  3. {pages} on what is above the soft limits, listed above")
    return [*lines, "Then seat the syringe as the gun says. Follow the session: mesogun watch"]


def _needle(program: Program) -> str:
    return needle_text(program.needle, program.length_um, program.pins)
