"""MT-SICS, the balance's language: a line that it sent as what it means.

Source: METTLER TOLEDO, MT-SICS reference manual, levels 0 and 1. An answer is the command's name, a
status, and for weights a number and a unit; ES, ET and EL stand alone.
"""

import re
from dataclasses import dataclass

# What the letter or sign behind the command's name says.
STABLE = "S"
MOVING = "D"
NOT_NOW = "I"
OVER = "+"
UNDER = "-"
DONE = "A"
MORE = "B"
WRONG = "L"
_STATUSES = (STABLE, MOVING, NOT_NOW, OVER, UNDER, DONE, MORE, WRONG)
ERRORS = {
    "ES": "it does not know the command",
    "ET": "the line was damaged on its way",
    "EL": "it cannot carry out the command as it was given",
}
# mg in one of it; the balance shows whatever its menu is set to.
UNITS_MG = {
    "g": 1e3,
    "kg": 1e6,
    "mg": 1.0,
    "ug": 1e-3,
    "µg": 1e-3,
    "t": 1e9,
    "ct": 200.0,
    "GN": 64.79891,
    "dwt": 1555.17384,
    "oz": 28_349.523125,
    "ozt": 31_103.4768,
    "lb": 453_592.37,
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+")
_TEXTS = re.compile(r'"([^"]*)"')
# Of a weight: STABLE and MOVING are followed by one.
_WEIGHING = ("S", "SI", "SIR", "T", "TI", "TA")


class NotAnAnswer(ValueError):
    """A line that is no answer of MT-SICS."""


@dataclass(frozen=True)
class Answer:
    """`command` is the one answered, or empty where `status` is of ERRORS; `mass_mg` is there where
    a weight is; `texts` are those in quotes."""

    command: str
    status: str
    mass_mg: float | None = None
    texts: tuple[str, ...] = ()


def parse(line: str) -> Answer:
    """What a line means. Raises NotAnAnswer for anything else, also for a unit that is no mass."""
    words = line.split()
    if len(words) == 1 and words[0] in ERRORS:
        return Answer("", words[0])
    if len(words) < 2 or words[1] not in _STATUSES:
        raise NotAnAnswer(line)
    command, status, *rest = words
    texts = tuple(_TEXTS.findall(line))
    weight = (DONE,) if command == "TA" else (STABLE, MOVING)
    weighs = command in _WEIGHING and status in weight
    if not weighs:
        return Answer(command, status, None, texts)
    if len(rest) != 2 or not _NUMBER.fullmatch(rest[0]) or rest[1] not in UNITS_MG:
        raise NotAnAnswer(line)
    return Answer(command, status, float(rest[0]) * UNITS_MG[rest[1]])
