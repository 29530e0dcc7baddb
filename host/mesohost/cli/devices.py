"""`mesogun devices`: which ports look like a gun."""

import click

from mesohost import devices
from mesohost.cli.options import json_option, print_json


@click.command
@json_option
def command(as_json: bool) -> None:
    """List the serial ports, those that look like a gun first. None is opened."""
    found = devices.devices()
    if as_json:
        print_json(found)
        return
    for device in found:
        click.echo(f"{'gun   ' if device.gun else 'other '} {device}")
    if not any(device.gun for device in found):
        click.echo("no gun is plugged in; a virtual one starts with: mesogun sim", err=True)
