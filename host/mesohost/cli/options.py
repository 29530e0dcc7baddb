"""Options that several commands share, and how their values are used."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

if TYPE_CHECKING:
    # At run time only the commands that use an archive or a gun import them.
    from mesohost.archive import Archive
    from mesohost.gun import Gun

port_option = click.option(
    "--port",
    envvar="MESOGUN_PORT",
    metavar="PORT",
    help="Port, URL or serial number of the gun; left out, the only one plugged in. "
    "Also from MESOGUN_PORT.",
)
key_option = click.option(
    "--key",
    envvar="MESOGUN_KEY",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the engineer's key. Also from MESOGUN_KEY.",
)
optional_key_option = click.option(
    "--key",
    envvar="MESOGUN_KEY",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the engineer's key, for what takes one. Also from MESOGUN_KEY.",
)
archive_option = click.option(
    "--archive",
    "folder",
    envvar="MESOGUN_ARCHIVE",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the archive, instead of your own. Also from MESOGUN_ARCHIVE.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
today_option = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Judge expiry on this day (YYYY-MM-DD) instead of today.",
)


def day(today: datetime.datetime | None) -> datetime.date:
    """The day on which expiry is judged."""
    return today.date() if today else datetime.date.today()


def archive(folder: Path | None) -> "Archive":
    """The archive of `--archive`, or the user's own; what opening it did is told on stderr."""
    from mesohost.archive import Archive, default_folder

    opened = Archive(folder or default_folder())
    opened.open()
    for line in opened.said:
        click.echo(line, err=True)
    return opened


def open_gun(port: str | None) -> "Gun":
    """The gun of `--port`, or the only one there is. Raises PortTrouble."""
    from mesohost.devices import find
    from mesohost.gun import Gun

    return Gun.open(find(port))


def print_json(value: object) -> None:
    """A value on stdout, as indented JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
