"""`mesogun settings`: what the gun holds to beside the program, shown and changed."""

from pathlib import Path

import click

from mesofw.core import fields
from mesohost.cli.options import json_option, open_gun, port_option, print_json
from mesohost.gun import Gun
from mesohost.keys import KeyFile
from mesohost.program import quantity
from mesohost.program.faults import Flaw, nearest
from mesohost.program.tables import RECORDS, Column

_NAME = "settings"
key_option = click.option(
    "--key",
    envvar="MESOGUN_KEY",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the engineer's key. Also from MESOGUN_KEY.",
)


@click.group
def command() -> None:
    """Show or change the gun's own settings."""


@command.command()
@port_option
@json_option
def show(port: str | None, as_json: bool) -> None:
    """Show all settings, with what each may be."""
    with open_gun(port) as gun:
        held = gun.record(_NAME)
    if as_json:
        print_json(held)
        return
    width = max(len(column.key) for column in RECORDS[_NAME])
    for column in RECORDS[_NAME]:
        value = fields.show(column.name, held[column.name])
        click.echo(f"{column.key:{width}}  {value:10}  {column.doc} ({column.allowed})")


@command.command(name="set")
@click.argument("changes", nargs=-1, required=True, metavar="NAME=VALUE...")
@port_option
@key_option
def change(changes: tuple[str, ...], port: str | None, key: Path) -> None:
    """Change settings: shot="1 mL" temperature="65 °C".

    The gun must be idle. It shows what is asked for; somebody there has to allow it with the knob.
    """
    wanted = dict(_parsed(text) for text in changes)
    file = KeyFile(key)
    with open_gun(port) as gun:
        _change(gun, wanted, file)


def _change(gun: Gun, wanted: dict[str, int], key: KeyFile) -> None:
    held = gun.record(_NAME)
    changes = {name: value for name, value in wanted.items() if held[name] != value}
    if not changes:
        click.echo("nothing to change: the gun has these settings already")
        return
    click.echo("on the gun: read what is asked for, and press the knob to allow it")
    gun.keyed(key).store(_NAME, changes, held)
    for name, value in changes.items():
        click.echo(f"{name}: {fields.show(name, held[name])} -> {fields.show(name, value)}")


def _parsed(text: str) -> tuple[str, int]:
    """(core's name, value in its unit) of NAME=VALUE. Raises click.BadParameter."""
    name, _, value = text.partition("=")
    column = _column(name.strip())
    read = quantity.read(column, value)
    if isinstance(read, Flaw):
        to_do = f"; {read.remedy}" if read.remedy else ""
        raise click.BadParameter(f"{text}: allowed: {read.allowed}{to_do}")
    return column.name, read


def _column(name: str) -> Column:
    for column in RECORDS[_NAME]:
        if name in (column.key, column.name):
            return column
    known = [column.key for column in RECORDS[_NAME]]
    near = nearest(name, known)
    hint = f"; did you mean {near}?" if near else ""
    raise click.BadParameter(f"there is no setting {name!r}{hint} (there are: {', '.join(known)})")
