"""`mesogun shell`: requests typed one by one, their replies as they are."""

import importlib
import sys
from collections.abc import Iterator
from typing import Any

import click

from mesohost import rawlines
from mesohost.cli.exits import Exit
from mesohost.cli.options import port_option
from mesohost.devices import find
from mesohost.exchange import WAITS_S, Exchange
from mesohost.port import open_port
from mesohost.troubles import GunRefused, Trouble

_PROMPT = "gun> "
_ENDS = ("quit", "exit")
# What takes long is waited for: a program's commit, a motion, somebody's press at the gun.
_LONG = ("commit", "bench", "trace")
_LONG_S = (*WAITS_S[:8], *(1.0,) * 65)
# What a pull of some hundred records sends.
_CREDIT = 65_536


@click.command
@port_option
def command(port: str | None) -> Exit:
    """Send requests as they are typed, and print what the gun answers.

    On a terminal with a history and the tab key's help; elsewhere line by line from standard input,
    and the exit code is 4 where the gun refused one. No request shoots or prepares a shot.
    """
    link = open_port(find(port))
    try:
        exchange = Exchange(link)
        if sys.stdin.isatty():
            _greet(exchange)
            lines = _typed()
        else:
            lines = (line.rstrip("\n") for line in sys.stdin)
        return serve(exchange, lines)
    finally:
        link.close()


def serve(exchange: Exchange, lines: Iterator[str]) -> Exit:
    """Carry out line after line; REFUSED where one was refused or could not be sent."""
    ended = Exit.FINE
    for line in lines:
        word = line.strip()
        if not word or word.startswith("#"):
            continue
        if word in _ENDS:
            break
        if word.split()[0] == "help":
            _tell(rawlines.help_of(word[len("help") :].strip()))
            continue
        try:
            name, arguments = rawlines.read(word)
            _tell(rawlines.told(_asked(exchange, name, arguments)))
        except GunRefused as refusal:
            _tell(rawlines.refused(refusal))
            ended = Exit.REFUSED
        except Trouble as trouble:
            if type(trouble) is not Trouble:
                raise  # the link's own: no further line would fare better
            click.echo(str(trouble), err=True)
            ended = Exit.REFUSED
    return ended


def _asked(exchange: Exchange, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    def take(number: int, raw: bytes) -> bool:
        click.echo(rawlines.data(number, raw))
        return False

    waits_s = _LONG_S if name in _LONG or "mac" in arguments else WAITS_S
    return exchange.ask(name, arguments, credit=_CREDIT, take=take, waits_s=waits_s)


def _tell(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)


def _greet(exchange: Exchange) -> None:
    told = exchange.open()
    click.echo(f"gun {told['board']}, {told['firmware']}, build {told['build']}")
    _tell(list(rawlines.HELP))


def _typed() -> Iterator[str]:
    """What is typed at the prompt, with a history where Python has readline."""
    try:
        readline: Any = importlib.import_module("readline")
    except ImportError:
        readline = None  # Windows' console has a history of its own
    if readline:
        readline.set_completer_delims(" ")
        readline.set_completer(_completer(readline))
        readline.parse_and_bind("tab: complete")
    while True:
        try:
            yield input(_PROMPT)
        except EOFError:
            click.echo()
            return


def _completer(readline: Any) -> Any:
    def complete(word: str, number: int) -> str | None:
        found = rawlines.completions(readline.get_line_buffer(), word)
        return found[number] if number < len(found) else None

    return complete
