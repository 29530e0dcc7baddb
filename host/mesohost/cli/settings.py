"""`mesogun settings`: what the gun holds to beside the program, shown and changed."""

import tomllib
from pathlib import Path

import click

from mesofw.core import fields
from mesohost import files
from mesohost.cli.exits import Exit
from mesohost.cli.options import json_option, key_option, open_gun, port_option, print_json
from mesohost.gun import Gun
from mesohost.keys import KeyFile
from mesohost.program import quantity
from mesohost.program.faults import Flaw, nearest
from mesohost.program.tables import RECORDS, Column
from mesohost.troubles import FileTrouble

_NAME = "settings"
_COLUMNS = RECORDS[_NAME]
_FILE = click.Path(dir_okay=False, path_type=Path)


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
    width = max(len(column.key) for column in _COLUMNS)
    for column in _COLUMNS:
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


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@port_option
def export(file: Path, port: str | None) -> None:
    """Write all settings into FILE (TOML), as `apply` reads them."""
    with open_gun(port) as gun:
        held = gun.record(_NAME)
    lines = [f"# {column.doc} ({column.allowed})\n{_line(column, held)}\n" for column in _COLUMNS]
    try:
        files.create(file, "\n".join(lines).encode())
    except OSError as error:
        raise FileTrouble(f"{file} cannot be written: {error.strerror}", []) from error
    click.echo(f"{file}: {len(lines)} settings")


@command.command()
@click.argument("file", type=_FILE)
@port_option
def diff(file: Path, port: str | None) -> Exit:
    """Tell what FILE would change: exit code 1 where it differs from the gun."""
    wanted = _read(file)
    with open_gun(port) as gun:
        held = gun.record(_NAME)
    changes = _changes(held, wanted)
    _tell(held, changes)
    return Exit.FAULTS if changes else Exit.FINE


@command.command()
@click.argument("file", type=_FILE)
@port_option
@key_option
def apply(file: Path, port: str | None, key: Path) -> None:
    """Change the gun's settings to those of FILE; what it does not name stays.

    The gun must be idle. It shows what is asked for; somebody there has to allow it with the knob.
    """
    wanted = _read(file)
    with open_gun(port) as gun:
        _change(gun, wanted, KeyFile(key))


def _read(file: Path) -> dict[str, int]:
    """The settings of a file. Raises FileTrouble where it cannot be read, click.BadParameter for
    all that it cannot be."""
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{file} is no TOML file: {error}") from error
    except OSError as error:
        raise FileTrouble(
            f"{file} cannot be read: {error.strerror}",
            ["write one from a gun: mesogun settings export FILE"],
        ) from error
    told = dict(_parsed(f"{name}={value}") for name, value in rows.items())
    if not told:
        raise click.BadParameter(f"{file} names no setting; `mesogun settings export` writes some")
    return told


def _line(column: Column, held: dict[str, int]) -> str:
    return f'{column.key} = "{fields.show(column.name, held[column.name])}"'


def _changes(held: dict[str, int], wanted: dict[str, int]) -> dict[str, int]:
    return {name: value for name, value in wanted.items() if held[name] != value}


def _tell(held: dict[str, int], changes: dict[str, int]) -> None:
    for name, value in changes.items():
        click.echo(f"{name}: {fields.show(name, held[name])} -> {fields.show(name, value)}")


def _change(gun: Gun, wanted: dict[str, int], key: KeyFile) -> None:
    held = gun.record(_NAME)
    changes = _changes(held, wanted)
    if not changes:
        click.echo("nothing to change: the gun has these settings already")
        return
    click.echo("on the gun: read what is asked for, and press the knob to allow it")
    gun.keyed(key).store(_NAME, changes, held)
    _tell(held, changes)


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
    for column in _COLUMNS:
        if name in (column.key, column.name):
            return column
    known = [column.key for column in _COLUMNS]
    near = nearest(name, known)
    hint = f"; did you mean {near}?" if near else ""
    raise click.BadParameter(f"there is no setting {name!r}{hint} (there are: {', '.join(known)})")
