"""What can be expected to go wrong between host and gun: what it is, and what to do about it.

Each kind is a class, so that a caller can tell them apart and the command line can give each its
exit code. `str()` of one is text for people: what happened, then what to do, likeliest first.
"""

from collections.abc import Sequence

from mesofw.core import errors


class Trouble(Exception):
    """Something expected that went wrong: `what`, and `remedies`, likeliest first."""

    def __init__(self, what: str, remedies: Sequence[str] = ()):
        self.what = what
        self.remedies = tuple(remedies)
        super().__init__(what)

    def __str__(self) -> str:
        if not self.remedies:
            return self.what
        first, *others = self.remedies
        lines = [f"    to do: {first}", *(f"           {other}" for other in others)]
        return "\n".join([self.what, *lines])


class PortTrouble(Trouble):
    """A port cannot be found, opened, read or written."""


class NoAnswer(Trouble):
    """Nothing that is a gun answers on the port."""


class ProtocolMismatch(Trouble):
    """Tool and gun speak different versions of the protocol."""


class ArchiveTrouble(Trouble):
    """The archive cannot be used as it is; nothing in it was changed."""


class FileTrouble(Trouble):
    """A file cannot be written."""


class RecordsBroken(Trouble):
    """Records are damaged, or do not follow on from those before."""


class GunRefused(Trouble):
    """The gun refuses what was asked of it. `code` is one of core's, the rest as core words it."""

    def __init__(self, request: str, fault: errors.Fault):
        self.request = request
        self.code = fault.code
        self.name = errors.name(fault.code)
        self.cause = errors.cause(fault.code)
        self.remedy = errors.remedy(fault.code)
        self.at = fault.at
        self.found = fault.found
        self.allowed = fault.allowed
        parts = [f"the gun refuses {request}: {self.cause} ({self.name})"]
        told = (("at", self.at), ("found", self.found), ("allowed", self.allowed))
        parts += [f"    {label}: {text}" for label, text in told if text]
        super().__init__("\n".join(parts), [self.remedy] if self.remedy else [])


class BoardTrouble(Trouble):
    """A board cannot be flashed as it is; what ran on it before still does."""


class ClinicTrouble(Trouble):
    """Something that the clinic's data or rules do not allow, or do not hold; nothing was
    stored."""
