"""A program file, checked: the program, or everything that is wrong with it at once."""

import datetime
import os
from collections.abc import Iterable, Sequence

import msgspec

from mesohost.program import reading
from mesohost.program.faults import FileFault, Flaw, placed
from mesohost.program.judge import judge
from mesohost.program.lines import Lines
from mesohost.program.model import Program, from_records
from mesohost.program.sections import read_sections


class Loaded(msgspec.Struct, frozen=True):
    """What became of a file: `program` is None where there are `faults`.

    Both lists are in the order of lines. `warnings` are soft limits that the program passes.
    """

    file: str
    program: Program | None
    faults: tuple[FileFault, ...]
    warnings: tuple[FileFault, ...]


def load_program(path: str | os.PathLike[str], today: datetime.date) -> Loaded:
    """Read and check a program file; products that expired before `today` are faults.

    Raises nothing for what a file may hold or where it is: all faults are in the result.
    """
    file = os.fspath(path)
    data = reading.read_bytes(path)
    if isinstance(data, FileFault):
        return Loaded(file, None, (data,), ())
    return check_program(data, file, today)


def check_program(
    data: bytes, file: str, today: datetime.date, beside: Sequence[str] = ()
) -> Loaded:
    """Like `load_program`, of a file's bytes; `file` is the name that messages show. Tables named
    in `beside` may stand in the file too, and are none of the program's."""
    document = reading.parse(data, file)
    if isinstance(document, FileFault):
        return Loaded(file, None, (document,), ())
    own = {key: value for key, value in document.tables.items() if key not in beside}
    draft = read_sections(own)
    verdict = judge(draft, today.year * 10000 + today.month * 100 + today.day)
    faults = _in_file([*draft.flaws, *verdict.flaws], file, document.lines)
    warnings = _in_file(verdict.warnings, file, document.lines, soft=True)
    if faults:
        return Loaded(file, None, faults, warnings)
    program = from_records((section.kind, section.record) for section in draft.sections)
    return Loaded(file, program, (), warnings)


def _in_file(
    flaws: Iterable[tuple[str, Flaw]], file: str, lines: Lines, *, soft: bool = False
) -> tuple[FileFault, ...]:
    """Flaws with file and line, in the order of lines."""
    faults = [placed(flaw, file, lines.of(at), at, soft=soft) for at, flaw in flaws]
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))
