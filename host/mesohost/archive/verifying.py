"""Whether a log is whole: its records, how they follow on, and the heads that its gun told."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mesohost import heads
from mesohost.archive import jsonl
from mesohost.archive.held import Held
from mesohost.heads import Head
from mesohost.report.chain import check_chain
from mesohost.troubles import ArchiveTrouble

if TYPE_CHECKING:
    from mesohost.archive.log import GunLog

# The gun goes on recording while it is pulled from: its newest record may be so much further.
_NOT_PULLED = 64


class Verified(msgspec.Struct, frozen=True):
    """What was found in one log, of a file or of the archive: `problems` in words, none where it is
    whole."""

    file: str
    board: str
    records: int
    first: int
    last: int
    heads: int
    whole: bool
    problems: tuple[str, ...]


def verify_file(path: Path) -> Verified:
    """Check an exported log. Raises ArchiveTrouble where it cannot be read at all."""
    if not path.is_file():
        raise ArchiveTrouble(
            f"{path}: there is no such file",
            ["name an exported log, BOARD.jsonl", "write one: mesogun archive export"],
        )
    file = jsonl.opened(path)
    return _verified(str(path), file.header.board, file.records(), file.heads())


def verify_log(log: "GunLog") -> Verified:
    """Check a log of the archive. Raises ArchiveTrouble where it cannot be read at all."""
    part = "" if log.part == 1 else f", log {log.part}"
    name = f"{log.path}: gun {log.board}{part}"
    return _verified(name, log.board, log.records(), log.heads())


def _verified(name: str, board: str, records: Iterable[Held], told: Sequence[Head]) -> Verified:
    held = list(records)
    marked = [f"record {one.number} was kept as {one.trouble}" for one in held if one.trouble]
    chain = check_chain(held, marked)
    rewritten = [
        f"record {head.number} is not the one that the gun told of when it was pulled: "
        "the log was written anew"
        for head in heads.contradicted(told, held)
    ]
    problems = (*chain.problems, *rewritten)
    furthest = max((head.number for head in told), default=0)
    if furthest > (held[-1].number if held else 0) + _NOT_PULLED:
        problems += (f"records up to {furthest} were pulled, and are not all here",)
    elif told and not held:
        problems += ("records were pulled, and none is here",)
    return Verified(
        file=name,
        board=board,
        records=chain.records,
        first=chain.first,
        last=chain.last,
        heads=len(told),
        whole=not problems,
        problems=problems,
    )
