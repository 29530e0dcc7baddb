"""The program that a report is given: its file, or the canonical text that was loaded."""

import datetime
from pathlib import Path

from mesofw.core import errors
from mesohost.program import Loaded, Program, check_program, from_text, load_program
from mesohost.troubles import Trouble


class BrokenText(Trouble):
    """A program's canonical text is damaged."""


def read_program(path: Path) -> Loaded | Program:
    """The program of a file; where a program file has faults, what became of it.

    Expiry is not judged: a report may be made long after the session. Raises BrokenText.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return load_program(path, datetime.date.min)  # it words what is wrong
    if data.startswith(b"{"):
        try:
            return from_text(data)
        except errors.Refused as refused:
            what = f"{path}: {refused.fault.at}: {errors.cause(refused.fault.code)}"
            raise BrokenText(what, [errors.remedy(refused.fault.code)]) from refused
    loaded = check_program(data, str(path), datetime.date.min)
    return loaded.program or loaded
