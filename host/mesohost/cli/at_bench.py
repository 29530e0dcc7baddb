"""Guided sessions at a gun, what they find stored on it, and what it holds, in the terminal."""

import contextlib
import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from mesofw.core import fields, meanings
from mesohost.calibration import merging, record, running, storing
from mesohost.calibration.balance import Balance
from mesohost.calibration.journal import Journal
from mesohost.calibration.record import Calibration
from mesohost.calibration.serialport import BalanceSerialPort
from mesohost.calibration.stand import Stand
from mesohost.calibration.strokes import Scale
from mesohost.cli.asking import Terminal, TypedScale
from mesohost.cli.load import started
from mesohost.gun import Gun
from mesohost.keys import KeyFile
from mesohost.troubles import ArchiveTrouble, Trouble


def ran(
    gun: Gun, kind: str, key: KeyFile, balance: tuple[str, int] | None, folder: Path
) -> tuple[Path, Calibration]:
    """Go through a session in the terminal, from where it was broken off; what came of it and where
    that is kept. Raises Trouble."""
    board = running.identified(gun).board
    journal = running.journal_of(folder, kind, board)
    known = {"board": board}
    scale = TypedScale()
    with contextlib.ExitStack() as opened:
        if balance:
            scale = Balance(BalanceSerialPort(*balance))
            opened.callback(scale.close)
            known["balance"] = scale.identify()
        return _gone_through(kind, journal, Stand(gun, key, click.echo), scale, known)


def _gone_through(
    kind: str, journal: Journal, stand: Stand, scale: Scale, known: Mapping[str, str]
) -> tuple[Path, Calibration]:
    if journal.path.exists():
        click.echo(f"{journal.path}: goes on where it was; to begin anew, remove this file")
    try:
        return running.at_gun(kind, journal, stand, scale, Terminal(known=known))
    except (Trouble, click.Abort, KeyboardInterrupt):
        click.echo("the session was broken off; the same command goes on where it was", err=True)
        raise


def stored(
    gun: Gun, key: KeyFile, files: Sequence[Path], folder: Path, today: datetime.date
) -> None:
    """Store what calibrations say on the gun: the named files', or the newest accepted ones of this
    gun. Raises Trouble."""
    board = gun.hello().board
    started(gun)
    held = gun.record("calibration")
    found = [record.read(path) for path in files] or _own(folder, board)
    if not found:
        raise ArchiveTrouble(
            f"{folder}: there is no accepted calibration of gun {board}",
            storing.sessions(storing.missing({})),
        )
    storing.check(found, board, today)
    changed = storing.changes(found, held, today)
    if not changed:
        click.echo(f"nothing to change: calibration {held['id']} says the same")
        return
    for name, value in changed.items():
        before = fields.show(name, held[name]) if name in held else "nothing"
        click.echo(f"{name}: {before} -> {fields.show(name, value)}")
    click.echo("on the gun: read what is asked for, and press the knob to allow it")
    gun.keyed(key).store("calibration", changed, held)
    if gun.record("calibration") != {**held, **changed}:
        raise Trouble(
            "the gun does not give back what was stored",
            ["look at what it holds: mesogun calibration show --port PORT"],
        )
    click.echo(f"gun {board} shoots by calibration {changed['id']} from now on")


def shown(gun: Gun, folder: Path, today: datetime.date) -> bool:
    """Show the calibration in force on the gun beside what the files say; whether it is in date and
    they say the same."""
    board = gun.hello().board
    held = gun.record("calibration")
    found = _own(folder, board)
    told = merging.fields_of(found) if found else {}
    click.echo(_heading(board, held, today))
    same = _differing(held, told)
    for line in record.reminders(found, today):
        click.echo(f"reminder: {line}", err=True)
    if told and not same:
        click.echo("store what the files say: mesogun calibration store --key FILE", err=True)
    return same and bool(held) and record.standing(_until(held), today) != record.OVERDUE


def _until(held: Mapping[str, int]) -> datetime.date:
    return storing.day_of(held["date"]) + datetime.timedelta(days=record.VALID_DAYS)


def _own(folder: Path, board: str) -> list[Calibration]:
    return storing.of_board((record.read(path) for path in record.held(folder)), board)


def _heading(board: str, held: Mapping[str, int], today: datetime.date) -> str:
    if not held:
        return f"gun {board}: no calibration; it will not shoot"
    made = storing.day_of(held["date"])
    return f"gun {board}: calibration {held['id']} of {made}, " + record.how_long(
        _until(held), today
    )


def _differing(held: Mapping[str, int], told: Mapping[str, int]) -> bool:
    """Show each field; whether the files that there are say the same as the gun."""
    same = True
    for name in storing.missing({}):
        on_gun = fields.show(name, held[name]) if name in held else "-"
        in_files = fields.show(name, told[name]) if name in told else "-"
        differs = name in told and told[name] != held.get(name)
        same = same and not differs
        mark = "  differs" if differs else ""
        about = meanings.MEANINGS["calibration"][name]
        click.echo(f"    {name:18} {on_gun:>12} {in_files:>12}  {about}{mark}")
    return same
