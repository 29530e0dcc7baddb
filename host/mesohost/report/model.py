"""What a report says, as plain data. Every number carries its unit in its name.

"Delivered" is never measured: what leaves the needle is estimated from what the plunger's encoder
saw, so the volumes here are called commanded, stepped and measured.
"""

from dataclasses import dataclass

from mesohost.report.clinicfacts import CalibrationFile, ClinicFacts, PlaceTaken

FORMAT = 1

COMPLETE, PARTIAL, INTERRUPTED = "complete", "partial", "interrupted"
OUTCOMES = (COMPLETE, PARTIAL, INTERRUPTED)

ENDED, OPEN, REPLACED = "ended", "open", "replaced"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was: ms since this boot, and s of running time since the session's first
    record, time without power left out. `unix_s` is None where no computer's clock is known;
    `quality_ms` is how far it may be off, None where nobody said."""

    boot: int
    at_ms: int
    running_s: float
    unix_s: float | None = None
    quality_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean, least and most of some shots' values, all in the unit of the name that holds it."""

    mean: float
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was done in a zone or session.

    `shots` are all shots begun: complete, partial and interrupted ones. Volumes are plain sums over
    them; the record of an interrupted one has nothing stepped or measured, so of it there is only
    `uncertain_nl`, the most it can have given. Depths and doses are of complete shots, doses of
    those that are not dry; None where there are none. `off_dose` counts doses beyond `allowed_nl`.
    """

    shots: int
    complete: int
    partial: int
    interrupted: int
    dry: int
    refused: int
    commanded_nl: int
    stepped_nl: int
    measured_nl: int
    uncertain_nl: int
    commanded_um: Spread | None
    stepped_um: Spread | None
    measured_um: Spread | None
    dose_commanded_nl: Spread | None
    dose_measured_nl: Spread | None
    off_dose: int
    force_peak_mn: int

    @property
    def delivered_most_nl(self) -> int:
        """The estimate's upper end: measured, and all of what is uncertain."""
        return self.measured_nl + self.uncertain_nl


@dataclass(frozen=True, slots=True)
class Planned:
    """What a zone was to get; what the records alone do not tell is None."""

    shots: int | None = None
    volume_nl: int | None = None
    depth_um: int | None = None
    mode: str | None = None
    layer: str | None = None
    pins: int = 1

    @property
    def total_nl(self) -> int | None:
        """Volume of the whole zone."""
        if self.shots is None or self.volume_nl is None:
            return None
        return self.shots * self.volume_nl


@dataclass(frozen=True, slots=True)
class ZoneReport:
    """One zone, planned and done. `number` counts from 1; `spans_s` is when it was worked on, as
    (start, end) of running time."""

    number: int
    name: str
    planned: Planned
    done: Figures
    spans_s: tuple[tuple[float, float], ...]

    @property
    def standing(self) -> str:
        """How far the zone got, in a word or two."""
        if not self.done.shots:
            return "not begun"
        if self.planned.shots is None:
            return "begun"
        missing = self.planned.shots - self.done.shots
        if missing > 0:
            return f"{missing} missing"
        rest = self.done.shots - self.done.complete
        return f"done, {rest} not complete" if rest else "done"


@dataclass(frozen=True, slots=True)
class ShotRow:
    """One shot. Stepped and measured are None where power went before they were written, and in
    training; a dry shot's volumes are 0."""

    record: int
    when: Moment
    duration_ms: int | None
    session: int
    shot: int
    zone: int
    zone_name: str
    zone_shot: int
    mode: str
    outcome: str
    dry: bool
    training: bool
    stopped: int
    depth_commanded_um: int
    depth_stepped_um: int | None
    depth_measured_um: int | None
    volume_commanded_nl: int
    volume_stepped_nl: int | None
    volume_measured_nl: int | None
    force_peak_mn: int | None
    volume_left_nl: int
    counted_nl: int
    program: int
    calibration: int

    @property
    def uncertain_nl(self) -> int:
        """The most that may have been given beyond what was measured."""
        uncertain = self.outcome == INTERRUPTED and not self.training
        return self.volume_commanded_nl if uncertain else 0


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, in plain words, with what is to be done about it.

    `name` is the event's short name, or `shot` for a shot that was not completed; `code` says why
    where there is a reason, else 0. `grave` is what stopped the gun or leaves a doubt.
    """

    record: int
    when: Moment
    name: str
    words: str
    code: int = 0
    remedy: str = ""
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Syringe:
    """One syringe: what was in it when it was fitted, what priming took, what was left last."""

    when: Moment
    found_nl: int
    primed_nl: int
    shots: int
    left_nl: int


@dataclass(frozen=True, slots=True)
class IngredientUse:
    """What the session gave of an ingredient, at most (estimate), and its limit."""

    name: str
    given_most_ug: int
    limit_ug: int


@dataclass(frozen=True, slots=True)
class ProductUse:
    """One product of the mixture; `expired` is None where the session's date is not known."""

    name: str
    lot: str
    expiry: str
    share_ppm: int
    expired: bool | None
    ingredients: tuple[IngredientUse, ...]


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """The program that was given to the report and belongs to the session."""

    sha256: str
    title: str
    patient: str
    syringe: str
    needle: str
    products: tuple[ProductUse, ...]


@dataclass(frozen=True, slots=True)
class GunFacts:
    """Which gun, as its archive's head says; empty where that does not."""

    board: str
    firmware: str
    build: str
    hardware_verified: bool


@dataclass(frozen=True, slots=True)
class ChainResult:
    """Whether the log's records follow each other unbroken. `problems` say where not, in words."""

    whole: bool
    records: int
    first: int
    last: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LimitUse:
    """A limit of the program, each with its unit: what the session `reached`, the `soft` limit that
    the operator confirms to pass, the `hard` one that nothing passes."""

    name: str
    reached: str
    soft: str
    hard: str
    passed_soft: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `training` is a session in which nothing moved and nothing was given: its
    totals are 0. `state` is ended, open at the log's end, or replaced: left open, and closed
    by a new program. `notes` are the doubts that its reader must know of; `pauses` are those in a
    zone, not the waits between zones. `places` are where zones are on the body pictures; `clinic`
    is None where the archive knows nothing of the session but its records."""

    format: int
    gun: GunFacts
    session: int
    training: bool
    state: str
    program_id: str
    program: ProgramFacts | None
    calibrations: tuple[int, ...]
    began: Moment
    ended: Moment
    planned_shots: int | None
    planned_nl: int | None
    total: Figures
    counted_nl: int
    primed_nl: int
    pauses: int
    faults: int
    overrides: int
    zones: tuple[ZoneReport, ...]
    syringes: tuple[Syringe, ...]
    happenings: tuple[Happening, ...]
    chain: ChainResult
    notes: tuple[str, ...]
    shots: tuple[ShotRow, ...]
    limits: tuple[LimitUse, ...] = ()
    places: tuple[PlaceTaken, ...] = ()
    calibration_files: tuple[CalibrationFile, ...] = ()
    clinic: ClinicFacts | None = None
