"""`mesogun verify`: whether logs are whole, and where they break."""

from pathlib import Path

import click

from mesohost.archive.verifying import Verified, verify_file, verify_log
from mesohost.cli.exits import Exit
from mesohost.cli.options import archive, archive_option, json_option, print_json


@click.command
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@archive_option
@json_option
def command(files: tuple[Path, ...], folder: Path | None, as_json: bool) -> Exit:
    """Check exported logs (BOARD.jsonl), or without a FILE those in the archive.

    Each record against its checksums, each against the one before, all against the heads that the
    gun told when they were pulled. No gun is needed, and nothing is changed.
    """
    found = [verify_file(file) for file in files]
    if not files:
        held = archive(folder)
        found = [verify_log(held.log(board, part)) for board, part in held.logs()]
        if not found and not as_json:
            click.echo(f"{held.path}: no logs yet")
    if as_json:
        print_json(found)
    else:
        tell(found)
    return Exit.FINE if all(one.whole for one in found) else Exit.DAMAGED


def tell(found: list[Verified]) -> None:
    """What was found, a line each; problems on stderr."""
    for one in found:
        held = f"{one.records} records, {one.first} to {one.last}" if one.records else "no records"
        if one.whole:
            click.echo(f"{one.file}: whole: {held}; {one.heads} heads fit")
            continue
        click.echo(f"{one.file}: not whole: {held}", err=True)
        for problem in one.problems:
            click.echo(f"    {problem}", err=True)
