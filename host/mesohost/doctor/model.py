"""A check, what it found, and the causes of what is not as it should be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from mesohost.doctor.case import Case

OK, FAILED, NOT_DONE = "ok", "failed", "not done"
# In this order; a check that fails may make later stages meaningless.
LINK, BOARD, HANDS, QUALITY, MOVES = "link", "board", "hands", "quality", "moves"
STAGES = (LINK, BOARD, HANDS, QUALITY, MOVES)
Figure = int | float | str


class Cause(msgspec.Struct, frozen=True):
    """Why a check may fail and what mends it. `on` are the signs that make it the likeliest."""

    what: str
    do: str
    on: tuple[str, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """What a probe saw. `sign` is what tells the check's causes apart;
    `causes` are in their place where the probe knows better, the likeliest first; `gone`: the link
    was lost."""

    verdict: str
    seen: str
    sign: str = ""
    figures: Mapping[str, Figure] = {}
    causes: tuple[Cause, ...] = ()
    gone: bool = False


@dataclass(frozen=True)
class Check:
    """One row of the doctor's table. `blocks` are the stages that say nothing where it fails, and
    `why` says why."""

    id: str
    stage: str
    title: str
    allowed: str
    probe: "Callable[[Case], Finding]"
    causes: tuple[Cause, ...]
    blocks: tuple[str, ...] = ()
    why: str = ""


class Line(msgspec.Struct, frozen=True):
    """A check as it went: one line of what the doctor says. `causes` are there where it failed,
    the likeliest first."""

    id: str
    stage: str
    title: str
    seen: str
    allowed: str
    verdict: str
    figures: Mapping[str, Figure] = {}
    causes: tuple[Cause, ...] = ()
    ends: str = ""


@dataclass
class Course:
    """The lines so far, and why some stages are left out."""

    lines: list[Line] = field(default_factory=list[Line])
    blocked: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def failed(self) -> list[Line]:
        """What is not as it should be."""
        return [line for line in self.lines if line.verdict == FAILED]

    @property
    def complete(self) -> bool:
        """Whether every check was done, and every one is fine."""
        return bool(self.lines) and all(line.verdict == OK for line in self.lines)


def ok(seen: str, **figures: Figure) -> Finding:
    """All is well."""
    return Finding(OK, seen, figures=figures)


def failed(seen: str, sign: str = "", **figures: Figure) -> Finding:
    """Something is not as it should be."""
    return Finding(FAILED, seen, sign, figures)


def because(seen: str, causes: tuple[Cause, ...], **figures: Figure) -> Finding:
    """Something is not as it should be, for causes of its own, the likeliest first."""
    return Finding(FAILED, seen, "", figures, causes)


def judged(fine: bool, seen: str, sign: str = "", **figures: Figure) -> Finding:
    """Either of them."""
    return Finding(OK if fine else FAILED, seen, "" if fine else sign, figures)


def not_done(why: str) -> Finding:
    """It was left out, and why."""
    return Finding(NOT_DONE, why)


def ranked(causes: tuple[Cause, ...], sign: str) -> tuple[Cause, ...]:
    """Causes with those first that a sign points to; the others stay in their order."""
    return tuple(sorted(causes, key=lambda cause: sign not in cause.on or not sign))
