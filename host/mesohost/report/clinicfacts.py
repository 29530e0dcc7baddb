"""What the archive knows of a session beyond the gun's records, for a report: plain data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was entered about a session: `what` in a word or two, `words` in full, by
    whom and when (UTC). `corrected` is whether the entry was corrected since."""

    entry: int
    what: str
    words: str
    by: str
    at: str
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class ProductTaken:
    """A product as taken from the shelf; `gtin` and `serial` are empty where it was typed."""

    name: str
    lot: str
    expiry: str
    gtin: str
    serial: str


@dataclass(frozen=True, slots=True)
class PlaceTaken:
    """Where on the body pictures a zone of this name is: the id of an area."""

    zone: str
    area: str


@dataclass(frozen=True, slots=True)
class CalibrationFile:
    """A calibration that was in force: what was calibrated, when, until when it counts."""

    kind: str
    of: str
    ended: str
    valid_until: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class ClinicFacts:
    """A session's place in its course, and all that was entered about it. `journal_whole` says
    whether the clinic's journal is unbroken, `journal_head` is its newest entry's hash."""

    session_entry: int
    how: str
    patient: str
    course: str
    protocol: str
    overrides: tuple[Remark, ...]
    effects: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    aftercare: tuple[Remark, ...]
    products: tuple[ProductTaken, ...]
    places: tuple[PlaceTaken, ...]
    ended: str
    journal_entries: int
    journal_head: str
    journal_whole: bool
