"""`mesogun selftest`: what a gun found when it tested itself."""

import contextlib
from pathlib import Path

import click

from mesohost.cli.doctor import Terminal
from mesohost.cli.exits import Exit
from mesohost.cli.options import json_option, optional_key_option, port_option, print_json
from mesohost.devices import find
from mesohost.doctor import selftest, telling
from mesohost.doctor.case import Case
from mesohost.doctor.selftest import Found
from mesohost.keys import KeyFile
from mesohost.port import open_port
from mesohost.troubles import Trouble

_ALLOW = "read what is asked for, and press the knob: it restarts, and homes"
_BY_HAND = "switch it off and on"
# Somebody has to get to the switch: tries of 0.2 s.
_BY_HAND_TRIES = 600


@click.command
@port_option
@click.option("--again", is_flag=True, help="Restart the gun first, and wait for the result.")
@optional_key_option
@json_option
def command(port: str | None, again: bool, key: Path | None, as_json: bool) -> Exit:
    """Show what the gun found at its last self-test, and since, with the likeliest causes.

    With --again and the key an idle gun restarts once that is allowed at it; without the key, or
    where it is not idle, you are asked to switch it off and on. Exit code 0: all is well; 5: it
    stopped on a fault; 8: a part fails.
    """
    file = KeyFile(key) if key else None
    case = Case(lambda: open_port(find(port)), Terminal(False, as_json), file)
    try:
        return look(case, again, as_json)
    finally:
        case.close()


def look(case: Case, again: bool, as_json: bool) -> Exit:
    """Restart the gun where that is wanted, and tell what it found."""
    if again:
        _restart(case)
    found = selftest.found(case)
    if as_json:
        print_json(found)
    else:
        _tell(found)
    return Exit.STOPPED if found.trouble else Exit.FAILED if found.parts else Exit.FINE


def _restart(case: Case) -> None:
    boot = case.known.boot
    if case.at_rest().state == "idle" and case.key:
        case.front.ask(_ALLOW)
        try:
            case.enter()
        finally:
            with contextlib.suppress(Trouble):
                case.leave()
        return
    case.front.ask(_BY_HAND)
    case.restarted(boot, _BY_HAND_TRIES)


def _tell(found: Found) -> None:
    click.echo(f"gun {found.board}, start {found.boot}: {found.state}")
    if found.trouble:
        click.echo(f"it stopped: {found.said}")
        for text in telling.causes(found.causes, "    "):
            click.echo(text)
    for part in found.parts:
        click.echo(f"fails: {part.name}")
        for text in telling.causes(part.causes, "    "):
            click.echo(text)
    for at_ms, what in found.since:
        click.echo(f"{at_ms / 1000:9.1f} s  {what}")
    if found.fine:
        click.echo("nothing fails")
