"""The exit codes of every command: one table, shown by `mesogun --help`."""

from enum import IntEnum

from mesohost.troubles import (
    ArchiveTrouble,
    BoardTrouble,
    ClinicTrouble,
    FileTrouble,
    GunRefused,
    NoAnswer,
    PortTrouble,
    ProtocolMismatch,
    RecordsBroken,
    Trouble,
)


class Exit(IntEnum):
    """How a command ended."""

    FINE = 0
    FAULTS = 1
    USAGE = 2
    NO_GUN = 3
    REFUSED = 4
    STOPPED = 5
    DAMAGED = 6
    UNUSABLE = 7
    FAILED = 8
    BROKEN_OFF = 130


MEANING = {
    Exit.FINE: "done, nothing wrong",
    Exit.FAULTS: "a file has faults",
    Exit.USAGE: "the command was called wrongly",
    Exit.NO_GUN: "no gun, no answer, or a gun of another release",
    Exit.REFUSED: "the gun, the board, or the clinic's rules refused",
    Exit.STOPPED: "the gun stopped on a fault",
    Exit.DAMAGED: "records are damaged or missing; the others are kept",
    Exit.UNUSABLE: "the archive or a file cannot be read or written",
    Exit.FAILED: "a rehearsal, scenario or check did not go as it should",
    Exit.BROKEN_OFF: "broken off from the keyboard",
}

_OF: dict[type, Exit] = {
    PortTrouble: Exit.NO_GUN,
    NoAnswer: Exit.NO_GUN,
    ProtocolMismatch: Exit.NO_GUN,
    GunRefused: Exit.REFUSED,
    BoardTrouble: Exit.REFUSED,
    ClinicTrouble: Exit.REFUSED,
    RecordsBroken: Exit.DAMAGED,
    ArchiveTrouble: Exit.UNUSABLE,
    FileTrouble: Exit.UNUSABLE,
}


def of(trouble: Trouble) -> Exit:
    """The exit code for a trouble; FAULTS for a kind that has none of its own."""
    return next((_OF[kind] for kind in type(trouble).__mro__ if kind in _OF), Exit.FAULTS)
