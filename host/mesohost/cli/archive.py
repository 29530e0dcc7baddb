"""`mesogun archive`: the archive checked, copied and restored; logs out of it and into it."""

from pathlib import Path

import click

from mesohost.archive.verifying import verify_log
from mesohost.cli.exits import Exit
from mesohost.cli.options import archive, archive_option, json_option, print_json
from mesohost.cli.person import by_option, logged_in
from mesohost.cli.verify import tell
from mesohost.troubles import ArchiveTrouble, ClinicTrouble, FileTrouble

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group
def command() -> None:
    """Look after the archive: all records of all guns, in one file."""


@command.command()
@archive_option
@json_option
def verify(folder: Path | None, as_json: bool) -> Exit:
    """Check the whole archive: its file, each gun's log, the clinic's journal. Nothing is changed.

    The journal's head is told: noted elsewhere, it shows a journal that was written anew.
    """
    from mesohost.archive.backup import examine
    from mesohost.clinic import entries

    held = archive(folder)
    if not held.open():
        raise ArchiveTrouble(
            f"{held.path}: there is no archive", ["pull a gun's log into it: mesogun pull"]
        )
    file = examine(held.path)
    found = [verify_log(held.log(board, part)) for board, part in held.logs()]
    problems = entries.verify(held)
    number, head = entries.head(held)
    if as_json:
        journal = {"entries": number, "head": head, "problems": problems}
        print_json({"file": file, "logs": found, "journal": journal})
    else:
        click.echo(f"{file.file}: whole: schema {file.schema}, archive {file.archive}")
        tell(found)
        if not problems:
            click.echo(f"the clinic's journal: whole: {number} entries, head {head}")
        for problem in problems:
            click.echo(f"the clinic's journal: {problem}", err=True)
    whole = not problems and all(one.whole for one in found)
    return Exit.FINE if whole else Exit.DAMAGED


@command.command()
@click.argument("file", type=_FILE)
@archive_option
@json_option
def backup(file: Path, folder: Path | None, as_json: bool) -> None:
    """Write a copy to FILE, also while the archive is in use, and check the copy."""
    from mesohost.archive.backup import back_up

    done = back_up(archive(folder), file)
    if as_json:
        print_json(done)
    else:
        click.echo(f"{done.file}: written and checked: {_counted(done.rows)}")


@command.command()
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Take the place of an archive that is there.")
@archive_option
@json_option
def restore(file: Path, replace: bool, folder: Path | None, as_json: bool) -> None:
    """Put the copy FILE in the archive's place, after checking it; an older one is kept."""
    from mesohost.archive import Archive, default_folder
    from mesohost.archive.backup import restore

    # Not opened: what is there may be damaged.
    done, kept = restore(Archive(folder or default_folder()), file, replace=replace)
    if as_json:
        print_json({"restored": done, "kept": None if kept is None else str(kept)})
        return
    click.echo(f"{done.file}: checked and restored: {_counted(done.rows)}")
    if kept:
        click.echo(f"the archive that was there is kept: {kept}")


@command.command()
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    metavar="DIR",
    help="Folder for the files; left out, the one you are in.",
)
@click.argument("boards", nargs=-1, metavar="[BOARD]...")
@archive_option
@json_option
def export(target: Path, boards: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """Write each gun's log, or those of BOARD, to files: BOARD.jsonl and BOARD.heads."""
    from mesohost.archive import jsonl

    held = archive(folder)
    logs = held.logs()
    unknown = set(boards) - {board for board, _ in logs}
    if unknown or not logs:
        known = ", ".join(sorted({board for board, _ in logs})) or "none"
        raise ArchiveTrouble(
            f"{held.path} holds no log of {' or '.join(sorted(unknown)) or 'any gun'}",
            [f"name one that it holds: {known}", "pull a gun's log: mesogun pull"],
        )
    written: list[str] = []
    for board, part in logs:
        log = held.log(board, part)
        if (boards and board not in boards) or log.header is None:
            continue
        try:
            path = jsonl.write(target, log.header, log.records(), log.heads())
        except OSError as error:
            raise FileTrouble(
                f"{target}: cannot be written: {error.strerror or error}",
                ["check the folder, its permissions and the free space"],
            ) from error
        written.append(str(path))
        if not as_json:
            click.echo(f"written: {path}")
    if as_json:
        print_json(written)


@command.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=_FILE)
@click.option(
    "--keep-broken",
    is_flag=True,
    help="Keep damaged records too, and those that do not follow on, marked as such.",
)
@archive_option
@json_option
def import_(files: tuple[Path, ...], keep_broken: bool, folder: Path | None, as_json: bool) -> Exit:
    """Read logs that were exported (BOARD.jsonl) into the archive.

    Each file is checked against itself, its heads and what is held; then it is stored whole, or not
    at all. What is held already is not stored twice.
    """
    from mesohost.archive.importing import import_log

    held = archive(folder)
    done = [import_log(held, file, keep_broken=keep_broken) for file in files]
    if as_json:
        print_json(done)
    for one in done:
        if not as_json:
            click.echo(f"{one.file}: gun {one.board}: {one.new} new of {one.found} records")
        if one.torn_bytes:
            click.echo(f"{one.file}: its half-written last line was left out", err=True)
        for first, last in one.gaps:
            click.echo(f"{one.file}: missing: records {first} to {last}", err=True)
        for broken in one.marked:
            click.echo(f"{one.file}: kept and marked: {broken}", err=True)
    fine = not any(one.gaps or one.marked for one in done)
    return Exit.FINE if fine else Exit.DAMAGED


@command.command()
@click.argument("board")
@archive_option
def renew(board: str, folder: Path | None) -> None:
    """Begin a new log of gun BOARD, whose journal was exchanged or erased; the old one stays."""
    held = archive(folder)
    part = held.renew(board)
    click.echo(f"{held.path}: log {part} of {board} begins with the next pull")


@command.command()
@click.argument("reference")
@click.option("--reason", required=True, help="Why.")
@by_option
@archive_option
def erase(reference: str, reason: str, by: str, folder: Path | None) -> None:
    """Erase the patient REFERENCE for good; what was done stays, under a number. Earlier backups
    still hold it."""
    from mesohost.clinic import patients

    held = archive(folder)
    patient = patients.find(held, reference)
    if patient is None:
        raise ClinicTrouble(f"{held.path}: there is no patient {reference!r}")
    patients.erase(held, patient.id, reason, by=logged_in(held, by).id)
    click.echo(f"{held.path}: the reference is erased; the patient's number is {patient.id}")


def _counted(rows: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in rows.items())
