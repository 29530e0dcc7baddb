"""What a volume calibration is made of: the room, what was weighed, what follows, what is allowed.

Masses in mg as the balance shows them, volumes in nL, a step's in fL, lengths in nm or µm, forces
in mN, times in s.
"""

import msgspec

DOSE = "dose"
BLANK = "blank"
BACK = "back"
FORTH = "forth"


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """The room: water's and air's temperature, pressure, humidity; `_u` is the standard
    uncertainty of what each is read with (its error limit over √3)."""

    water_c: float
    air_c: float
    hpa: float
    percent: float
    water_u_c: float = 0.12
    air_u_c: float = 0.3
    hpa_u: float = 3.0

    def moved(self, *, water_c: float = 0.0, air_c: float = 0.0, hpa: float = 0.0) -> "Conditions":
        """The same room, changed by so much."""
        return msgspec.structs.replace(
            self, water_c=self.water_c + water_c, air_c=self.air_c + air_c, hpa=self.hpa + hpa
        )


class Weighed(msgspec.Struct, frozen=True):
    """One stroke between two readings. `steps` are signed; BLANK has none; BACK follows a forward
    stroke, FORTH a backward one."""

    kind: str
    steps: int
    before_mg: float
    after_mg: float
    seconds: float


class Pressed(msgspec.Struct, frozen=True):
    """A push against a capped needle: steps since the first reading, and the force after it."""

    steps: int
    force_mn: float


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """Whose calibration it is. `balance_u_ppm` is the standard uncertainty of the balance's scale
    by its certificate; `vessel_mm` the vessel's bore, 0 where it is not known."""

    board: str
    syringe: str
    syringe_lot: str
    needle: str
    balance: str
    operator: str
    balance_u_ppm: float = 50.0
    vessel_mm: float = 0.0


class Points(msgspec.Struct, frozen=True):
    """All that was measured: strokes in their order, forces at rest after forward strokes, pushes
    against a cap and the travel that was then left to the empty syringe."""

    weighed: tuple[Weighed, ...]
    friction_mn: tuple[float, ...] = ()
    pressed: tuple[Pressed, ...] = ()
    left_um: float = 0.0


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """Strokes of one size. `found_pct` is how far the mean is off nominal, `bias_pct` what is left
    of that with the fitted step; the tolerance interval is of single doses so calibrated."""

    nominal_nl: float
    count: int
    found_pct: float
    bias_pct: float
    cv_pct: float
    low_nl: float
    high_nl: float
    allowed_nl: float
    kept: bool


class Verdict(msgspec.Struct, frozen=True):
    """One limit: what was found, in words what is allowed, and whether it is kept."""

    name: str
    found: str
    allowed: str
    kept: bool


class VolumeResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the points say. Pairs `_95` are a 95 % interval. `outliers` are places in the points."""

    step_fl: float
    step_fl_95: tuple[float, float]
    syringe_ppm: int
    play_nm: float
    play_nm_95: tuple[float, float]
    backlash_nm: int
    friction_mn: float
    compliance_ppm: int
    compliance_u_ppm: int
    backoff_steps: int
    evaporation_mg_h: float
    repeatability_mg: float
    z_nl_mg: float
    outliers: tuple[int, ...]
    levels: tuple[Level, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def accepted(self) -> bool:
        """Whether every limit is kept."""
        return all(verdict.kept for verdict in self.verdicts)
