"""`mesogun flash`: the firmware of this release onto a board."""

import time
from pathlib import Path

import click

from mesohost import devices, keys
from mesohost.cli.options import port_option
from mesohost.cli.progress import progress
from mesohost.flashing import attach, uf2
from mesohost.flashing.board import Board
from mesohost.flashing.install import install, store_key
from mesohost.flashing.looks import Looks, check, look
from mesohost.flashing.plan import Plan, main_is_ours, plan
from mesohost.flashing.release import Release, release
from mesohost.keys import KeyFile
from mesohost.troubles import BoardTrouble, PortTrouble

# From the image's last byte to MicroPython's serial port.
_APPEARS_S = 15.0

key_option = click.option(
    "--key",
    envvar="MESOGUN_KEY",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the engineer's key. A new gun is given it, and where there is no such file "
    "one is made. Also from MESOGUN_KEY.",
)


at_start_option = click.option(
    "--at-start",
    is_flag=True,
    help="Get hold of a gun that does not come to idle: you are asked to switch it off and on.",
)


@click.command
@port_option
@click.option(
    "--uf2",
    "image",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="First copy this MicroPython image onto a Pico in its boot loader.",
)
@key_option
@at_start_option
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
def command(
    port: str | None, image: Path | None, key: Path | None, at_start: bool, dry_run: bool
) -> None:
    """Put this release's firmware onto the gun or the Pico on the port.

    Only what differs is sent. What runs stays in force until the new firmware is there to the last
    byte; after a break, run the command again. What the gun has stored stays.
    """
    wanted = release()
    click.echo(f"firmware {wanted.version}, build {wanted.build}")
    if image:
        port = _micropython(image, port, dry_run)
        if dry_run:
            return
    name = _port(port)
    gun = None if at_start else attach.running(name)
    if gun and gun.hello.build == wanted.build and not gun.damaged:
        click.echo(f"gun {gun.hello.board} runs it already")
        return
    if gun and dry_run:
        click.echo(str(gun))
        click.echo("it would be asked into service, and what differs would be sent")
        return
    with attach.at_repl(name, key, click.echo, at_start) as board:
        looks, todo = _judged(board, wanted)
        if dry_run:
            return
        if not looks.has_key:
            _give_key(board, key)
        with progress("sending", "bytes") as show:
            install(board, wanted, todo, show)
        board.reset()
    gun = attach.started(name, wanted.build)
    click.echo(f"gun {gun.hello.board} runs it")


def _judged(board: Board, wanted: Release) -> tuple[Looks, Plan]:
    looks = look(board)
    check(looks, main_is_ours(looks, wanted))
    todo = plan(board, looks, wanted)
    runs = looks.runs.head if looks.runs else None
    click.echo(f"board {looks.board_id}: " + (f"build {runs.build}" if runs else "no firmware"))
    if todo.parts:
        click.echo(f"to be sent: {todo.sent_b} of {len(wanted.bundle)} bytes")
    elif todo.nothing:
        click.echo("all is there")
    return looks, todo


def _give_key(board: Board, key: Path | None) -> None:
    if key is None:
        raise BoardTrouble(
            "the board has no engineer's key, and a gun without one could not be flashed again",
            ["name its key, which is made where there is no such file: --key FILE"],
        )
    if not key.exists():
        keys.create(key)
        click.echo(f"{key}: a new key")
    store_key(board, KeyFile(key).text())
    click.echo("the gun has this engineer's key from now on")


def _port(port: str | None) -> str:
    try:
        return devices.find(port)
    except PortTrouble as trouble:
        raise PortTrouble(trouble.what, [*trouble.remedies, uf2.HOW]) from trouble


def _micropython(image: Path, port: str | None, dry_run: bool) -> str:
    """Start MicroPython on the Pico in its boot loader; its port."""
    uf2.check(image)
    drive = uf2.the_drive()
    if dry_run:
        click.echo(f"{image.name} would be copied onto {drive}")
        return ""
    before = {device.port for device in devices.devices()}
    uf2.copy(image, drive)
    click.echo(f"{image.name} is on {drive}; waiting for the board")
    end_s = time.monotonic() + _APPEARS_S
    while time.monotonic() < end_s:
        time.sleep(0.5)
        for device in devices.devices():
            if device.port == port or (not port and device.gun and device.port not in before):
                return device.port
    raise PortTrouble(
        "MicroPython does not come up on the board",
        ["unplug the board, plug it in without BOOTSEL, and run the command without --uf2"],
    )
