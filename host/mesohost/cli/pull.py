"""`mesogun pull`: what is new in the gun's log, into the archive."""

from pathlib import Path

import click

from mesohost.cli.exits import Exit
from mesohost.cli.options import (
    archive,
    archive_option,
    json_option,
    open_gun,
    port_option,
    print_json,
)
from mesohost.cli.progress import progress
from mesohost.keeping import Kept, keep


@click.command
@port_option
@archive_option
@json_option
@click.option(
    "--keep-broken",
    is_flag=True,
    help="Keep damaged records too, marked as such, and go on behind them.",
)
def command(port: str | None, folder: Path | None, as_json: bool, keep_broken: bool) -> Exit:
    """Pull the gun's shot log into the archive.

    Only what is new is pulled, checked and stored; then the gun may forget it. Broken off, it goes
    on where it ended.
    """
    with open_gun(port) as gun, progress("pulling", "records") as shown:
        kept = keep(gun, archive(folder), shown, keep_broken=keep_broken)
    if as_json:
        print_json(kept)
    else:
        _tell(kept)
    for first, last in kept.gaps:
        click.echo(f"missing: records {first} to {last}: the gun does not hold them", err=True)
    for broken in kept.marked:
        click.echo(f"kept and marked: {broken}", err=True)
    return Exit.DAMAGED if kept.gaps or kept.marked else Exit.FINE


def _tell(kept: Kept) -> None:
    if kept.new:
        click.echo(f"gun {kept.board}: {kept.new} new records, {kept.first} to {kept.last}")
    else:
        click.echo(f"gun {kept.board}: nothing new; {kept.last} is the last record")
    click.echo(f"archive: {kept.path}")
    if kept.postponed:
        click.echo(f"not yet acknowledged to the gun: {kept.postponed}")
