"""`mesogun key`: a new engineer's key."""

from pathlib import Path

import click

from mesohost import keys


@click.command
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Make an engineer's key in a new FILE, which only you can read.

    Whoever has it can, with somebody at the gun who allows it, change the gun's limits and its
    calibration. Keep a copy where you keep other keys: it cannot be read out of a gun.
    """
    keys.create(file)
    click.echo(f"{file}: a new key")
