"""`mesogun doctor`: all that can be looked at on a gun, in order, with causes for what is wrong."""

import contextlib
import datetime
import getpass
import sys
from pathlib import Path

import click

from mesohost.cli.exits import Exit
from mesohost.cli.options import json_option, optional_key_option, port_option, print_json
from mesohost.cli.outputs import check_writable
from mesohost.devices import find
from mesohost.doctor import record, run, table, telling
from mesohost.doctor.case import Case
from mesohost.doctor.model import Course, Line
from mesohost.keys import KeyFile
from mesohost.port import Port, open_port
from mesohost.troubles import Trouble

_WORD = "move"


class Terminal:
    """The engineer at a terminal; see `case.Front`. With JSON all that is asked goes to stderr."""

    def __init__(self, hands: bool, quiet: bool):
        self._hands = hands
        self._quiet = quiet

    @property
    def hands(self) -> bool:
        """Whether somebody is at the gun."""
        return self._hands

    def ask(self, text: str) -> None:
        """Say what to do at the gun."""
        click.echo(f"at the gun: {text}", err=self._quiet)

    def agrees_to_move(self, text: str) -> bool:
        """Have the word typed that lets the axes move."""
        click.echo(text, err=self._quiet)
        try:
            typed = click.prompt(
                f"Type {_WORD} to let them", default="", show_default=False, err=self._quiet
            )
        except click.Abort:
            return False
        return str(typed).strip() == _WORD


@click.command
@port_option
@optional_key_option
@click.option("--moves", is_flag=True, help="Also what moves the axes; takes the key.")
@click.option(
    "--hands/--no-hands",
    default=None,
    help="Ask for each switch to be pressed; by default on a terminal.",
)
@click.option(
    "--record",
    "path",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all that was seen into this file. Where every check passed, one is always written.",
)
@click.option("--operator", metavar="NAME", help="Who looks; by default your name on the computer.")
@json_option
def command(
    port: str | None,
    key: Path | None,
    moves: bool,
    hands: bool | None,
    path: Path | None,
    operator: str | None,
    as_json: bool,
) -> Exit:
    """Look at everything of a gun, from its port to its spring, and say what is wrong and why.

    Where every check passed, with --moves too, the gun is commissioned: its record is written, and
    stored on the gun under the key and by a press there. Exit code 0: what was looked at is fine;
    8: something is not.
    """
    if path:
        check_writable(path)
    file = KeyFile(key) if key else None
    front = Terminal(sys.stdin.isatty() if hands is None else hands, as_json)

    def opened() -> Port:
        case.name = find(port)
        return open_port(case.name)

    case = Case(opened, front, file, moves)
    return look(case, path, operator or _login(), as_json)


def _login() -> str:
    try:
        return getpass.getuser()
    except (ImportError, OSError, KeyError):
        return ""  # a computer that does not say


def look(case: Case, path: Path | None, operator: str, as_json: bool) -> Exit:
    """Go through the checks, tell them, and keep the record."""

    def tell(line: Line) -> None:
        if not as_json:
            for text in telling.line(line):
                click.echo(text)

    refused: Trouble | None = None
    number = 0
    try:
        course = run.examine(case, table.CHECKS, tell)
        at = datetime.datetime.now(datetime.UTC)
        if course.complete and case.key:
            try:
                number = record.store(case, course, at.date())
            except Trouble as trouble:
                refused = trouble  # what was seen is kept all the same
        one = record.made(case, course, operator, at, number)
    finally:
        # However it ended: nothing is to be left that moves for a host.
        with contextlib.suppress(Trouble):
            case.leave()
        case.close()
    if path or course.complete:
        path = path or record.default_path(one)
        record.keep(path, one)
    if as_json:
        print_json(one)
    else:
        _tell_end(course, one, path)
    if refused:
        raise refused
    return Exit.FAILED if course.failed else Exit.FINE


def _tell_end(course: Course, one: record.Record, path: Path | None) -> None:
    for text in telling.end(course):
        click.echo(text)
    if one.id:
        click.echo(f"gun {one.board} is commissioned, number {one.id}, on {one.at[:10]}")
    elif not course.complete:
        click.echo("not commissioned: that takes every check, by hand and in motion too")
    if path:
        click.echo(f"{path}: the record")
