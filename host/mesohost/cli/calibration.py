"""`mesogun calibration`: guided sessions at a gun, or practised; their files shown, compared,
exported, stored on the gun."""

import datetime
from pathlib import Path

import click

from mesohost.calibration import drift, record
from mesohost.calibration.record import Calibration
from mesohost.cli.exits import Exit
from mesohost.cli.options import (
    day,
    json_option,
    key_option,
    open_gun,
    port_option,
    print_json,
    today_option,
)
from mesohost.cli.outputs import check_writable, writing
from mesohost.troubles import ArchiveTrouble, FileTrouble

# Named here too, so that only what runs a session reads in what it needs.
KINDS = ("volume", "depth", "empty", "motor")
_FILE = click.Path(path_type=Path, dir_okay=False)
files_argument = click.argument(
    "files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path)
)
folder_option = click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the calibrations, instead of your own.",
)
baud_option = click.option(
    "--baud", type=click.IntRange(600, 115_200), default=9_600, help="As the balance's menu says."
)


@click.group
def command() -> None:
    """Calibrate a gun; show, compare, export and store calibrations."""


@command.command()
@files_argument
@click.option("--port", metavar="PORT", help="Show what this gun holds, beside its files.")
@folder_option
@today_option
@json_option
def show(
    files: tuple[Path, ...],
    port: str | None,
    folder: Path | None,
    today: datetime.datetime | None,
    as_json: bool,
) -> Exit:
    """Show calibration files; left out, the newest of your own for each gun and kind.

    The exit code is 1 where one is overdue, or was not accepted; of a gun, where it holds none, or
    other figures than its files.
    """
    if port:
        if files or as_json:
            raise click.UsageError("--port takes no FILE and no --json")
        from mesohost.cli import at_bench

        with open_gun(port) as gun:
            fine = at_bench.shown(gun, folder or record.default_folder(), day(today))
        return Exit.FINE if fine else Exit.FAULTS
    found = _read(files, folder)
    shown = found if files else record.latest(found)
    on = day(today)
    if as_json:
        print_json(shown)
    else:
        for one in shown:
            _tell(one, on)
        for line in record.reminders(shown, on):
            click.echo(f"reminder: {line}", err=True)
    fine = all(one.accepted and one.standing(on) != record.OVERDUE for one in shown)
    return Exit.FINE if fine else Exit.FAULTS


@command.command()
@files_argument
@folder_option
@click.option("--figure", metavar="NAME", help="This figure only, such as 'volume per step'.")
@click.option("--picture", type=_FILE, metavar="FILE.svg", help="Draw the courses, as SVG or PNG.")
@json_option
def compare(
    files: tuple[Path, ...],
    folder: Path | None,
    figure: str | None,
    picture: Path | None,
    as_json: bool,
) -> None:
    """Compare calibrations over time: what has drifted, and whether that is more than doubt."""
    found = _read(files, folder)
    courses = [course for course in drift.courses(found) if figure in (None, course.name)]
    if not courses:
        named = ", ".join(dict.fromkeys(course.name for course in drift.courses(found)))
        raise ArchiveTrouble(f"there is no figure {figure!r}", [f"there are: {named}"])
    if picture:
        _draw(courses, picture)
    if as_json:
        print_json(courses)
        return
    for course in courses:
        click.echo("\n".join(drift.told(course)))
    if picture:
        click.echo(f"written: {picture}")


@command.command()
@files_argument
@folder_option
@click.option("--csv", "table", type=_FILE, metavar="FILE.csv", help="Write a row for each figure.")
@click.option(
    "--fields", type=_FILE, metavar="FILE.json", help="Write what goes to the gun, of one gun."
)
def export(
    files: tuple[Path, ...], folder: Path | None, table: Path | None, fields: Path | None
) -> None:
    """Export calibrations: a table of all figures, the fields that go to the gun.

    The fields are those of the newest accepted calibration of each kind and syringe.
    """
    if not table and not fields:
        raise click.UsageError("say what to write: --csv FILE.csv or --fields FILE.json")
    found = _read(files, folder)
    if table:
        _write(table, drift.to_csv(found))
    if fields:
        from mesohost.calibration import merging

        _write(fields, merging.text(merging.fields_of(found)))
    for path in filter(None, (table, fields)):
        click.echo(f"written: {path}")


@command.command()
@click.argument("port")
@baud_option
def balance(port: str, baud: int) -> None:
    """Ask the balance on PORT who it is and what it shows: MT-SICS, 8 bits, no parity."""
    from mesohost.calibration.balance import Balance
    from mesohost.calibration.serialport import BalanceSerialPort

    asked = Balance(BalanceSerialPort(port, baud))
    try:
        click.echo(f"balance {asked.identify()}: {asked.weigh().mass_mg / 1000:.4f} g")
    finally:
        asked.close()


@command.command()
@click.argument("kind", type=click.Choice(KINDS))
@port_option
@key_option
@click.option("--balance", "scale", metavar="PORT", help="Port of the balance; without, you type.")
@baud_option
@folder_option
def run(
    kind: str, port: str | None, key: Path, scale: str | None, baud: int, folder: Path | None
) -> Exit:
    """Calibrate the gun in a guided session.

    The gun has to be idle. It shows what is asked for; somebody there has to allow it with the
    knob. Broken off, the same command goes on where it was.
    """
    from mesohost.cli import at_bench
    from mesohost.keys import KeyFile

    if scale and kind != "volume":
        raise click.UsageError(f"a {kind} session weighs nothing: leave --balance away")
    balance = (scale, baud) if scale else None
    with open_gun(port) as gun:
        path, one = at_bench.ran(
            gun, kind, KeyFile(key), balance, folder or record.default_folder()
        )
    click.echo(f"written: {path}")
    if one.accepted and one.fields:
        click.echo("store what it says on the gun: mesogun calibration store --key FILE")
    return Exit.FINE if one.accepted else Exit.FAULTS


@command.command()
@files_argument
@port_option
@key_option
@folder_option
@today_option
def store(
    files: tuple[Path, ...],
    port: str | None,
    key: Path,
    folder: Path | None,
    today: datetime.datetime | None,
) -> None:
    """Store calibrations on the gun; without FILE, the newest accepted ones of this gun.

    The gun must be idle. It shows each new value; somebody there has to allow it with the knob.
    """
    from mesohost.cli import at_bench
    from mesohost.keys import KeyFile

    with open_gun(port) as gun:
        at_bench.stored(gun, KeyFile(key), files, folder or record.default_folder(), day(today))


@command.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--seed", type=click.IntRange(1), default=1, help="Which virtual gun.")
@folder_option
def practise(kind: str, seed: int, folder: Path | None) -> Exit:
    """Practise a guided session with a virtual gun at a virtual bench.

    Broken off, the same command goes on where it was.
    """
    from mesohost.cli.practice import practised

    path, accepted = practised(kind, seed, folder or record.default_folder() / "practice")
    click.echo(f"written: {path}")
    return Exit.FINE if accepted else Exit.FAULTS


def _read(files: tuple[Path, ...], folder: Path | None) -> list[Calibration]:
    """The named files, or those of the folder. Raises ArchiveTrouble where there are none."""
    where = folder or record.default_folder()
    paths = list(files) or list(record.held(where))
    if not paths:
        raise ArchiveTrouble(
            f"{where}: there are no calibrations", ["name their files, or another --folder DIR"]
        )
    return [record.read(path) for path in paths]


def _tell(one: Calibration, on: datetime.date) -> None:
    said = "accepted" if one.accepted else "NOT ACCEPTED"
    click.echo(
        f"{one.board} {one.kind} {one.of}, {one.ended[:10]}, by {one.operator}: {said}, "
        f"{record.how_long(one.until, on)}"
    )
    for line in one.lines:
        click.echo(f"    {line}")
    for name, value in one.fields.items():
        click.echo(f"    {name} = {value}")
    for mishap in one.mishaps:
        click.echo(f"    broken off at {mishap.step}: {mishap.why}")


def _draw(courses: list[drift.Course], picture: Path) -> None:
    from mesohost.drawing.drift import Drift, DriftPoint, draw_drift  # It takes its time to import.

    check_writable(picture)
    drawn = [
        Drift(
            f"{course.board} {course.kind} {course.of}: {course.name}",
            course.unit,
            tuple(
                DriftPoint(
                    when, one.value, one.value if one.low is None else one.low,
                    one.value if one.high is None else one.high,
                )
                for when, one in zip(course.days, course.figures, strict=True)
            ),
        )
        for course in courses
    ]  # fmt: skip
    try:
        with writing(picture):
            draw_drift(drawn, picture)
    except ValueError as error:
        raise FileTrouble(f"{picture}: {error}", ["name it .svg or .png"]) from error


def _write(path: Path, text: str) -> None:
    with writing(path):
        path.write_text(text, encoding="utf-8")
