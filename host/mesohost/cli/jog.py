"""`mesogun jog`: a gun's axes moved by an engineer, typed or by keys."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from mesofw.core.machine import AXES
from mesohost.cli.doctor import Terminal
from mesohost.cli.exits import Exit
from mesohost.cli.options import key_option, port_option
from mesohost.devices import find
from mesohost.doctor.case import Case
from mesohost.jogging import HELP, KEYS, Jog
from mesohost.keys import KeyFile
from mesohost.port import open_port
from mesohost.troubles import GunRefused, Trouble

_PROMPT = "jog> "
_ENDS = ("quit", "exit", "q")
_ALLOW = "read what is asked for, and press the knob to let the axes move; a press then stops them"
# Where no calibration says how far the plunger can go: the axis's own way.
_PLUNGER_UM = AXES[1].travel_steps * AXES[1].step_nm // 1000


@click.command
@port_option
@key_option
@click.option(
    "--speed",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    metavar="PERCENT",
    help="Of the axes' top speeds.",
)
def command(port: str | None, key: Path, speed: int) -> Exit:
    """Move the carriage and the plunger, by lengths that are typed or by the arrow keys.

    The gun must be idle, with no session open; somebody has to allow it there with the knob, and no
    one may be near the needle. At the end the gun restarts. Elsewhere than on a terminal, lines are
    read from standard input, and the exit code is 4 where one could not be carried out.
    """
    case = Case(lambda: open_port(find(port)), Terminal(False, False), KeyFile(key))
    lines = _typed() if sys.stdin.isatty() else iter(sys.stdin)
    try:
        return serve(case, lines, click.getchar if sys.stdin.isatty() else None, speed)
    finally:
        case.close()


def serve(
    case: Case, lines: Iterator[str], getchar: Callable[[], str] | None, percent: int = 10
) -> Exit:
    """Carry out line after line, and leave the gun restarted; REFUSED where one could not be.
    `getchar` gives keys, where there is a terminal."""
    case.front.ask(_ALLOW)
    try:
        if not case.enter():
            raise Trouble(
                f"the gun does not let its axes move: {case.at_rest().state}",
                ["see why: mesogun selftest"],
            )
        empty_um = case.gun.record("calibration").get("empty_um", _PLUNGER_UM)
        return _served(Jog(case.bench, empty_um, percent), lines, getchar)
    finally:
        with contextlib.suppress(Trouble):
            case.leave()


def _served(jog: Jog, lines: Iterator[str], getchar: Callable[[], str] | None) -> Exit:
    ended = Exit.FINE
    _tell(jog)
    for line in lines:
        word = line.strip()
        if word in _ENDS:
            break
        if not word or word.startswith("#"):
            continue
        try:
            if word == "help":
                click.echo("\n".join(HELP))
            elif word == "keys":
                _by_keys(jog, getchar)
            else:
                jog.line(word)
                _tell(jog)
        except (GunRefused, Trouble) as trouble:
            if type(trouble) not in (GunRefused, Trouble):
                raise  # the link's own: no further line would fare better
            click.echo(str(trouble), err=True)
            ended = Exit.REFUSED
    return ended


def _by_keys(jog: Jog, getchar: Callable[[], str] | None) -> None:
    if getchar is None:
        raise Trouble("there are no keys here: this is no terminal", ["type lengths: help"])
    click.echo(KEYS)
    while True:
        click.echo(f"\r{_short(jog)}", nl=False)
        key = getchar()
        if key in ("q", "\x1b", "\x03", "\x04", ""):
            click.echo()
            return
        try:
            jog.key(key)
        except (GunRefused, Trouble) as trouble:
            if type(trouble) not in (GunRefused, Trouble):
                raise
            click.echo(f"\n{trouble}", err=True)


def _short(jog: Jog) -> str:
    """All of it in one line, over the line before."""
    parts = [" ".join(line.split()) for line in jog.told()]
    return f"{'; '.join(parts)}; a key moves {jog.stride_um} µm   "


def _tell(jog: Jog) -> None:
    for line in jog.told():
        click.echo(line)


def _typed() -> Iterator[str]:
    click.echo("\n".join(HELP))
    while True:
        try:
            yield input(_PROMPT)
        except EOFError:
            click.echo()
            return
