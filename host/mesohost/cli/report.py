"""`mesogun report`: what was planned and what was done, from the archive."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mesohost.cli.check import tell
from mesohost.cli.exits import Exit
from mesohost.cli.options import archive, archive_option, json_option, print_json
from mesohost.cli.outputs import writing
from mesohost.program import Loaded
from mesohost.report import Log, Report, build_report, export, log_of, read_log, summary
from mesohost.report.byhand import ByHand
from mesohost.report.programs import read_program
from mesohost.report.whole import report_of_entry, whole_report
from mesohost.troubles import ArchiveTrouble

if TYPE_CHECKING:
    from mesohost.archive import Archive

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command
@click.argument("log", required=False, metavar="[LOG]")
@click.option(
    "--program",
    "program_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The program that the session was run with, for what was planned.",
)
@click.option(
    "--session", type=click.IntRange(1), help="The session's number; left out, the log's last one."
)
@click.option(
    "--entry",
    type=click.IntRange(1),
    metavar="N",
    help="The session of the clinic's journal that is entry N, with the gun or without.",
)
@click.option("--out", type=_FILE, metavar="FILE.html", help="Write a page to read or to print.")
@click.option("--pdf", type=_FILE, metavar="FILE.pdf", help="Write the same page as a PDF.")
@click.option("--csv", "table", type=_FILE, metavar="FILE.csv", help="Write a row for each shot.")
@archive_option
@json_option
def command(
    log: str | None,
    program_file: Path | None,
    session: int | None,
    entry: int | None,
    out: Path | None,
    pdf: Path | None,
    table: Path | None,
    folder: Path | None,
    as_json: bool,
) -> Exit:
    """Report one session: planned against done, per zone.

    LOG is a gun's board id, or an exported log (BOARD.jsonl); left out, it is the log of the
    archive's only gun. What the archive knows of the session is in the report too, and its program,
    where that was kept. Where records are damaged or do not follow on from each other, the report
    is made all the same, says so, and the exit code is 6.
    """
    if entry is not None:
        if log or program_file or session:
            raise click.UsageError("--entry names the session: leave LOG, --program, --session out")
        found = report_of_entry(archive(folder), entry)
        if isinstance(found, ByHand):
            return _by_hand(found, out, pdf, table, as_json)
        return _written(found, out, pdf, table, as_json)
    log_file, held = _log(log, folder)
    program = read_program(program_file) if program_file else None
    if isinstance(program, Loaded):
        tell(program)
        return Exit.FAULTS
    report = (
        whole_report(held, log_file, session, program)
        if held
        else build_report(
            log_file.held,
            program,
            log_file.header,
            session=session,
            damage=log_file.damage,
            torn=log_file.torn,
        )
    )
    return _written(report, out, pdf, table, as_json)


def _written(
    report: Report, out: Path | None, pdf: Path | None, table: Path | None, as_json: bool
) -> Exit:
    """A report told, and written to the files that were asked for."""
    if out:
        from mesohost.report.page import to_html  # What draws takes its time to import.

        _write(out, to_html(report).encode())
    if pdf:
        from mesohost.report.pdf import to_pdf

        _write(pdf, to_pdf(report))
    if table:
        _write(table, export.to_csv(report).encode())
    if as_json:
        click.echo(export.to_json(report), nl=False)
    else:
        _tell(report)
        for path in filter(None, (out, pdf, table)):
            click.echo(f"written: {path}")
    return Exit.FINE if report.chain.whole else Exit.DAMAGED


def _by_hand(
    session: ByHand, out: Path | None, pdf: Path | None, table: Path | None, as_json: bool
) -> Exit:
    """The same of a session that no gun recorded; it has no shots for a table."""
    if table:
        raise click.UsageError("no gun recorded this session: it has no table of shots")
    if out:
        from mesohost.report.page import by_hand_to_html

        _write(out, by_hand_to_html(session).encode())
    if pdf:
        from mesohost.report.pdf import by_hand_to_pdf

        _write(pdf, by_hand_to_pdf(session))
    if as_json:
        print_json(session)
        return Exit.FINE
    click.echo(f"{session.title}; {session.day}; {session.clinic.how}, {session.clinic.ended}")
    for cells in session.rows():
        click.echo("  ".join(cells))
    for path in filter(None, (out, pdf)):
        click.echo(f"written: {path}")
    return Exit.FINE


def _log(named: str | None, folder: Path | None) -> tuple[Log, "Archive | None"]:
    """The log that was named by its file or its gun's board id, or not at all; and the archive that
    it is of, None for a file."""
    if named and (Path(named).suffix or Path(named).exists()):
        return read_log(Path(named)), None
    held = archive(folder)
    boards = held.boards()
    if named:
        if named not in boards:
            raise ArchiveTrouble(
                f"{named}: neither a file nor a gun in {held.folder}", [_listed(boards)]
            )
        return log_of(held.log(named)), held
    if len(boards) != 1:
        count = f"{len(boards)} guns" if boards else "no gun"
        raise ArchiveTrouble(f"{held.folder} holds the logs of {count}", [_listed(boards)])
    return log_of(held.log(boards[0])), held


def _listed(boards: list[str]) -> str:
    if not boards:
        return "pull the gun's log first: mesogun pull"
    return f"name one: mesogun report {' or '.join(boards)}"


def _write(path: Path, data: bytes) -> None:
    with writing(path):
        path.write_bytes(data)


def _tell(report: Report) -> None:
    """The summary on stdout: a table on a terminal, else plain lines."""
    click.echo(summary.heading(report))
    rows = summary.rows(report)
    if sys.stdout.isatty():
        _draw_table(rows)
    else:
        for line in summary.plain(rows):
            click.echo(line)
    for remark in summary.remarks(report):
        click.echo(remark)


def _draw_table(rows: list[tuple[str, ...]]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, pad_edge=False)
    for heading in summary.HEADINGS:
        table.add_column(heading, no_wrap=heading in summary.FIGURES)
    for row in rows[:-1]:
        table.add_row(*map(Text, row))
    table.add_section()
    table.add_row(*map(Text, rows[-1]), style="bold")
    Console().print(table)
