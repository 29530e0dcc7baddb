"""An assembler for the lines beside the words in `mesofw/board/pio_programs.py`.

It knows what they use of the PIO's language (RP2040 data sheet, 3.3 and 3.4); fields are put
together by the emulator's own encoders.
"""

import re
from dataclasses import dataclass

from rp2040py.utils import pio_assembler as fields

_LINE = re.compile(
    r"(?:(?P<label>\w+): )?(?P<words>.+?)(?: side (?P<side>\d))?(?: \[(?P<delay>\d+)\])?"
)
_PROGRAM = re.compile(r"^(?P<name>[A-Z]+) = \(\n(?P<body>.*?)^\)$", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"^    0x[0-9A-F]{4},  # (?P<line>.+)$")
_CONDITIONS = {"!x": 1, "x--": 2, "!y": 3, "y--": 4, "x!=y": 5, "pin": 6, "!osre": 7}
_PLACES = {"pins": 0, "x": 1, "y": 2, "null": 3, "pindirs": 4, "pc": 5, "isr": 6, "osr": 7}
_OUT = _PLACES | {"exec": 7}
_WAIT = {"gpio": 0, "pin": 1, "irq": 2}


def sources(text: str) -> dict[str, list[str]]:
    """The lines of each program in the module's text."""
    found: dict[str, list[str]] = {}
    for program in _PROGRAM.finditer(text):
        lines = [_WORD.match(line) for line in program["body"].splitlines()]
        found[program["name"]] = [line["line"] if line else "" for line in lines]
    return found


@dataclass(frozen=True)
class _Line:
    label: str | None
    words: list[str]
    side: int | None
    delay: int


def assemble(lines: list[str], origin: int = 0) -> list[int]:
    """The words of a program that begins at `origin`. All lines or none have a side-set of one
    bit. Raises ValueError or KeyError for what it does not know."""
    read = [_read(line) for line in lines]
    sided = {line.side is not None for line in read}
    if len(sided) != 1:
        raise ValueError("a side-set on some lines only")
    labels = {line.label: origin + place for place, line in enumerate(read) if line.label}
    return [_word(line, labels) | _delay(line) << 8 for line in read]


def _read(line: str) -> _Line:
    match = _LINE.fullmatch(line)
    if not match:
        raise ValueError(line)
    side = None if match["side"] is None else int(match["side"])
    return _Line(match["label"], re.split(r",? ", match["words"]), side, int(match["delay"] or 0))


def _delay(line: _Line) -> int:
    if line.side is None:
        bits, delay = 5, line.delay
    else:
        bits, delay = 4, line.side << 4 | line.delay
    if line.delay >= 1 << bits:
        raise ValueError(f"a delay of {line.delay}")
    return delay


def _word(line: _Line, labels: dict[str, int]) -> int:
    match line.words:
        case ["jmp", label]:
            return fields.pio_jmp(labels[label])
        case ["jmp", condition, label]:
            return fields.pio_jmp(labels[label], _CONDITIONS[condition])
        case ["wait", level, source, index]:
            return fields.pio_wait(level == "1", _WAIT[source], int(index))
        case ["in", source, bits]:
            return fields.pio_in(_PLACES[source], int(bits) & 31)
        case ["out", place, bits]:
            return fields.pio_out(_OUT[place], int(bits) & 31)
        case ["mov", place, source]:
            inverted = source.startswith("~")
            return fields.pio_mov(_PLACES[place], _PLACES[source.lstrip("~")], int(inverted))
        case ["irq", index]:
            return fields.pio_irq(False, False, int(index))
        case ["set", place, value]:
            return fields.pio_set(_PLACES[place], int(value))
        case _:
            raise ValueError(" ".join(line.words))
