"""`mesogun verify`: whether a pulled log is whole, and where it breaks."""

from pathlib import Path

import click
import msgspec

from mesohost import heads
from mesohost.archive import Archive
from mesohost.cli.exits import Exit
from mesohost.cli.options import json_option, print_json
from mesohost.report.chain import check_chain
from mesohost.troubles import ArchiveTrouble


class Verified(msgspec.Struct, frozen=True):
    """What was found in one file: `problems` in words, none where it is whole."""

    file: str
    board: str
    records: int
    first: int
    last: int
    heads: int
    whole: bool
    problems: tuple[str, ...]


@click.command
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@json_option
def command(files: tuple[Path, ...], as_json: bool) -> Exit:
    """Check pulled logs (BOARD.jsonl of an archive).

    Each record against its checksums, each against the one before, all against the heads that the
    gun told when they were pulled. No gun is needed, and nothing is changed.
    """
    found = [verify(file) for file in files]
    if as_json:
        print_json(found)
    else:
        for one in found:
            _tell(one)
    return Exit.FINE if all(one.whole for one in found) else Exit.DAMAGED


def verify(file: Path) -> Verified:
    """Check one log. Raises ArchiveTrouble where it cannot be read at all."""
    if not file.is_file():
        raise ArchiveTrouble(
            f"{file}: there is no such file", ["name a log of an archive: its BOARD.jsonl"]
        )
    log = Archive(file.parent).log(file.stem)
    held = list(log.records())
    marked = [f"record {one.number} was kept as {one.trouble}" for one in held if one.trouble]
    chain = check_chain(held, marked)
    told = heads.read(file)
    rewritten = [
        f"record {head.number} is not the one that the gun told of when it was pulled: "
        "the log was written anew"
        for head in heads.contradicted(told, held)
    ]
    problems = (*chain.problems, *rewritten)
    if told and (not held or told[-1].number > held[-1].number + _NOT_PULLED):
        problems += (f"records up to {told[-1].number} were pulled, and are not all here",)
    return Verified(
        file=str(file),
        board=log.board,
        records=chain.records,
        first=chain.first,
        last=chain.last,
        heads=len(told),
        whole=not problems,
        problems=problems,
    )


# The gun goes on recording while it is pulled from: its newest record may be so much further.
_NOT_PULLED = 64


def _tell(one: Verified) -> None:
    held = f"{one.records} records, {one.first} to {one.last}" if one.records else "no records"
    if one.whole:
        click.echo(f"{one.file}: whole: {held}; {one.heads} heads fit")
        return
    click.echo(f"{one.file}: not whole: {held}", err=True)
    for problem in one.problems:
        click.echo(f"    {problem}", err=True)
