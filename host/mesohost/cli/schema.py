"""`mesogun schema`: the JSON Schema of program files, so that an editor can help to write them."""

from pathlib import Path

import click

from mesohost import files
from mesohost.cli.options import print_json
from mesohost.cli.outputs import writing
from mesohost.program.schema import schema


@click.command
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it to this file instead of stdout.",
)
def command(out: Path | None) -> None:
    """Write the JSON Schema of program files."""
    if out is None:
        print_json(schema())
        return
    import msgspec

    text = msgspec.json.format(msgspec.json.encode(schema()), indent=2) + b"\n"
    with writing(out):
        files.create(out, text)
    click.echo(f"written: {out}")
