"""`mesogun watch`: follow a session from the gun's own word, until it ends or stops."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

import click
import msgspec

from mesofw.core import errors, states
from mesofw.core.fields import show
from mesohost.answers import ProgramInfo, Shown
from mesohost.cli.exits import Exit
from mesohost.cli.options import json_option, open_gun, port_option
from mesohost.gun import Gun

ENDED = "ended"
_FAULT = "fault"
_SHOWN_NL = 1_000
Show = Callable[[Shown], None]


@click.command
@port_option
@click.option(
    "--until",
    type=click.Choice([ENDED, *states.STATES]),
    default=ENDED,
    show_default=True,
    help="End with 0 in this state of the gun, or when a session has ended.",
)
@click.option(
    "--interval",
    type=click.FloatRange(0.05, 60),
    default=0.5,
    show_default=True,
    metavar="SECONDS",
    help="Ask the gun this often.",
)
@json_option
def command(port: str | None, until: str, interval: float, as_json: bool) -> Exit:
    """Follow a session.

    Prints a line whenever something changes (on a terminal, a live one). Watching changes nothing
    on the gun. A fault of the gun ends it with its own exit code.
    """
    with open_gun(port) as gun:
        if as_json:
            return follow(gun, until, interval, _json_line)
        info = gun.program()
        if sys.stdout.isatty():
            with live(info) as show_it:
                return follow(gun, until, interval, show_it)
        return follow(gun, until, interval, lambda status: click.echo(told(status, info)))


def follow(gun: Gun, until: str, interval_s: float, show_it: Show) -> Exit:
    """Poll the gun until `until` (a state, or ENDED) or a fault; `show_it` is given each change."""
    shown: Shown | None = None
    began: Shown | None = None
    while True:
        status = gun.shown()
        # The time alone is no change.
        if shown is None or msgspec.structs.replace(shown, at_ms=status.at_ms) != status:
            show_it(status)
        shown = status
        began = began or status
        if status.state == until:
            return Exit.FINE
        if status.state == _FAULT:
            cause, remedy = errors.cause(status.trouble), errors.remedy(status.trouble)
            name = errors.name(status.trouble)
            click.echo(f"the gun stopped: {cause} ({name})\n    to do: {remedy}", err=True)
            return Exit.STOPPED
        if status.open:
            # A session that is open was seen: from now on it can end.
            began = msgspec.structs.replace(began, open=True)
        elif until == ENDED and (began.open or status.session != began.session):
            return Exit.FINE
        gun.wait(interval_s)


def told(status: Shown, info: ProgramInfo | None) -> str:
    """A status in one line; times in s since the gun's start."""
    parts = [f"{status.at_ms / 1000:9.1f} s  {status.state}"]
    if status.trouble:
        parts.append(errors.cause(status.trouble))
    if status.open:
        of = f" of {info.zones}" if info else ""
        parts.append(f"zone {status.zone}{of}: {status.zone_shots} done, {status.zone_left} left")
        total = f" of {info.shots}" if info else ""
        parts.append(f"session: {status.shots}{total} shots, {show('given_nl', status.given_nl)}")
        left_nl = status.left_nl // _SHOWN_NL * _SHOWN_NL
        parts.append(f"syringe: {show('left_nl', left_nl)} left")
    screen = " ".join(line.strip() for line in status.screen.split("|") if line.strip())
    if screen:
        parts.append(f"[{screen}]")
    return "; ".join(parts)


def _json_line(status: Shown) -> None:
    click.echo(msgspec.json.encode(status).decode())


@contextmanager
def live(info: ProgramInfo | None) -> Generator[Show]:
    """A line on the terminal that follows what it is called with."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    with Live(Text(""), console=Console(), auto_refresh=False) as line:

        def show_it(status: Shown) -> None:
            done = f" {_bar(status, info)}" if info and status.open else ""
            line.update(Text(told(status, info) + done), refresh=True)

        yield show_it


def _bar(status: Shown, info: ProgramInfo) -> str:
    width = 20
    filled = min(width, status.shots * width // max(1, info.shots))
    return "█" * filled + "░" * (width - filled)
