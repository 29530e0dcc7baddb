"""The command `mesogun`: what every command shares. Each command is a module beside this one.

A module of a command has `command`, a click command that returns an `Exit` (or None, for fine) and
raises `Trouble` for what can be expected to go wrong.
"""

import sys
from collections.abc import Sequence

import click

from mesofw import VERSION
from mesohost.cli import exits
from mesohost.cli.exits import Exit
from mesohost.cli.lazy import LazyGroup
from mesohost.troubles import Trouble

# name: (module, one line of help)
COMMANDS = {
    "check": ("mesohost.cli.check", "Check program files and list all their faults."),
    "rehearse": ("mesohost.cli.rehearse", "Run a program through the virtual gun and draw it."),
    "load": ("mesohost.cli.load", "Load a program into the gun."),
    "watch": ("mesohost.cli.watch", "Follow a session until it ends."),
    "trace": ("mesohost.cli.trace", "Draw variables of a gun as they run, or write them down."),
    "pull": ("mesohost.cli.pull", "Pull the gun's shot log into the archive."),
    "verify": ("mesohost.cli.verify", "Check that logs are whole."),
    "archive": ("mesohost.cli.archive", "Check, copy, restore the archive; logs in and out."),
    "user": ("mesohost.cli.user", "Keep the list of who works with the archive."),
    "protocol": ("mesohost.cli.protocol", "Keep the library of protocols; approve them."),
    "report": ("mesohost.cli.report", "Report what was planned and what was done."),
    "calibration": ("mesohost.cli.calibration", "Calibrate a gun; show, compare, store."),
    "doctor": ("mesohost.cli.doctor", "Look at everything of a gun; commission it."),
    "selftest": ("mesohost.cli.selftest", "Show what a gun's self-test found, and why."),
    "jog": ("mesohost.cli.jog", "Move a gun's axes by hand."),
    "shell": ("mesohost.cli.shell", "Send typed requests to a gun."),
    "settings": ("mesohost.cli.settings", "Show or change the gun's own settings."),
    "flash": ("mesohost.cli.flash", "Put the firmware onto a gun or a new board."),
    "firmware": ("mesohost.cli.firmware", "Show, verify or take back a board's firmware."),
    "key": ("mesohost.cli.key", "Make an engineer's key."),
    "devices": ("mesohost.cli.devices", "List the ports that look like a gun."),
    "console": ("mesohost.cli.console", "Serve the clinician's page in the browser."),
    "sim": ("mesohost.cli.sim", "Serve a virtual gun on a port."),
    "scenario": ("mesohost.cli.scenario", "Run scenario files, for CI."),
    "schema": ("mesohost.cli.schema", "Write the JSON Schema of program files, for editors."),
}


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(VERSION, prog_name="mesogun", message="%(prog)s %(version)s")
def group() -> None:
    """Programs, link, shot log and reports of a programmable mesotherapy gun."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line; its exit code. What can be expected to go wrong is told on stderr."""
    try:
        result: object = group.main(list(arguments), prog_name="mesogun", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return Exit.USAGE if isinstance(error, click.UsageError) else Exit.UNUSABLE
    except (click.Abort, KeyboardInterrupt):
        click.echo("mesogun: broken off", err=True)
        return Exit.BROKEN_OFF
    except Trouble as trouble:
        click.echo(f"mesogun: {trouble}", err=True)
        return exits.of(trouble)
    return result if isinstance(result, int) else Exit.FINE


def main() -> None:
    """Entry of the command `mesogun`."""
    for stream in (sys.stdout, sys.stderr):
        # A console without µ is no reason to end with an error.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
    sys.exit(int(run(sys.argv[1:])))
