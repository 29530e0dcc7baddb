"""`mesogun firmware`: what is on a board, whether it is whole, and back to the one before."""

from pathlib import Path

import click

from mesohost import devices
from mesohost.cli.exits import Exit
from mesohost.cli.flash import at_start_option, key_option
from mesohost.cli.options import json_option, port_option, print_json
from mesohost.flashing import attach
from mesohost.flashing.board import Board
from mesohost.flashing.install import switch
from mesohost.flashing.looks import Looks, Slot, check, look
from mesohost.flashing.release import release
from mesohost.troubles import BoardTrouble


@click.group
def command() -> None:
    """Show, verify or take back the firmware on a board."""


@command.command()
@port_option
@json_option
def show(port: str | None, as_json: bool) -> None:
    """Show which firmware runs; of a board in service, both that it holds."""
    name = devices.find(port)
    gun = attach.running(name)
    if gun:
        told = gun.hello
        if as_json:
            print_json({"board": told.board, "version": told.firmware, "build": told.build,
                        "in_force": not gun.damaged})  # fmt: skip
        else:
            click.echo(str(gun))
        return
    with Board(name) as board:
        looks = look(board)
    if as_json:
        print_json(
            {"board": looks.board_id, "slots": [_told(looks, slot) for slot in _slots(looks)]}
        )
        return
    click.echo(f"board {looks.board_id}, MicroPython {'.'.join(map(str, looks.version))}")
    for slot in _slots(looks):
        click.echo(_line(looks, slot))


@command.command()
@port_option
@key_option
def verify(port: str | None, key: Path | None) -> Exit:
    """Read the firmware back and compare it with this release's, byte by byte by its hash."""
    wanted = release()
    with attach.at_repl(devices.find(port), key, click.echo) as board:
        looks = look(board)
        for slot in _slots(looks):
            click.echo(_line(looks, slot))
        board.reset()
    runs = looks.runs
    if runs is None or runs is not looks.first or runs.head is None:
        click.echo("the firmware in force is damaged or missing; mend it: mesogun flash")
        return Exit.DAMAGED
    if runs.head.build != wanted.build:
        click.echo(f"whole, but not this release's: {wanted.version}, build {wanted.build}")
        return Exit.FAULTS
    click.echo("whole, and this release's")
    return Exit.FINE


@command.command()
@port_option
@key_option
@at_start_option
def rollback(port: str | None, key: Path | None, at_start: bool) -> None:
    """Bring the firmware before this one in force again, in one step."""
    name = devices.find(port)
    with attach.at_repl(name, key, click.echo, at_start) as board:
        looks = look(board)
        check(looks, True)
        if looks.other.head is None or not looks.other.whole:
            raise BoardTrouble(
                "there is no whole firmware before this one on the board",
                ["flash the release that you want with its own tool: mesogun flash"],
            )
        switch(board, looks.other.letter)
        board.reset()
    click.echo(str(attach.started(name, looks.other.head.build)))


def _slots(looks: Looks) -> tuple[Slot, Slot]:
    return looks.first, looks.other


def _told(looks: Looks, slot: Slot) -> dict[str, object]:
    return {
        "slot": slot.letter,
        "version": slot.head.version if slot.head else "",
        "build": slot.head.build if slot.head else "",
        "whole": slot.whole,
        "in_force": slot is looks.first,
        "runs": slot is looks.runs,
    }


def _line(looks: Looks, slot: Slot) -> str:
    if slot.head is None:
        return f"{slot.letter}: " + ("nothing" if slot.size < 0 else "damaged")
    state = "whole" if slot.whole else "damaged"
    force = ", in force" if slot is looks.first else ""
    return f"{slot.letter}: {slot.head.version}, build {slot.head.build}, {state}{force}"
