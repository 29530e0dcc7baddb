"""From weighed strokes to a volume calibration.

Each stroke's reading is a sum: mass = v · steps + g · turned + e · time. v is a step's mass, g the
play's, which a stroke back lacks (turned 1) and the stroke forth after it (turned -1) too, e what
evaporates and drifts. By all strokes together outliers are found; v and e are then fitted to doses
and blanks, the play to the turns, which start and stop the stopper more often and scatter more.
Compliance moves no mass once the pressure has gone: it is read from the force against a cap.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, stdev

from mesofw.core import dose
from mesofw.core.fit import PPM
from mesofw.core.machine import PLUNGER
from mesohost.calibration import design, lines, verdicts, water
from mesohost.calibration.lines import Line
from mesohost.calibration.model import (
    BACK,
    BLANK,
    DOSE,
    FORTH,
    Conditions,
    Level,
    Points,
    Setup,
    VolumeResult,
    Weighed,
)
from mesohost.calibration.quantiles import t_quantile, tolerance_factor
from mesosim import hardware

# ISO 11608-1 states tolerance intervals of this content and confidence (estimate: as remembered,
# the standard is not at hand).
CONTENT = 0.975
CONFIDENCE = 0.95
INTERVAL = 0.95
# DOMAIN's yardstick: the larger of one increment and 5 %.
INCREMENT_NL = 1_000.0
DOSE_SHARE = 0.05
# 1 bar on 1 mm² is 100 mN.
_MN_PER_BAR_MM2 = 100.0
_TURNED = {DOSE: 0.0, BLANK: 0.0, BACK: 1.0, FORTH: -1.0}


@dataclass(frozen=True)
class _Masses:
    """Masses of step and time, in mg, the places of the outliers, and how much more the balance
    shows than has left the needle."""

    line: Line
    outliers: tuple[int, ...]
    z_nl_mg: float
    shown: float

    @property
    def step_fl(self) -> float:
        return float(self.line.found[0]) * self.z_nl_mg / self.shown * dose.FL_PER_NL

    def mass_mg(self, one: Weighed) -> float:
        """What a stroke gave."""
        return _off_mg(one) - float(self.line.found[1]) * one.seconds


def analyse(setup: Setup, room: Conditions, points: Points) -> VolumeResult:
    """The calibration that the points give, with every limit judged.

    Raises ValueError where there are too few strokes of a kind to tell the unknowns apart,
    ArithmeticError where nothing was given.
    """
    weighed = points.weighed
    masses = _masses(setup, room, weighed)
    line = masses.line
    step_fl = masses.step_fl
    half_fl = step_fl * _half_share(line, setup, room)
    play_nm, play_half_nm = _play(weighed, masses)
    fitted = design.nominal_fit(setup.syringe)
    fitted.step_fl = round(step_fl)
    if points.friction_mn:
        fitted.rubs(round(fmean(points.friction_mn)))
    drive_nm = 2000 * fitted.friction_mn / fitted.syringe.stiffness_mn_um
    fitted.backlash_nm = max(0, round(play_nm - drive_nm))
    fitted.settle()
    compliance_ppm, compliance_u_ppm = _compliance(setup.syringe, points, step_fl)
    result = VolumeResult(
        step_fl=step_fl,
        step_fl_95=(step_fl - half_fl, step_fl + half_fl),
        syringe_ppm=round(step_fl / design.nominal_step_fl(setup.syringe) * PPM),
        play_nm=play_nm,
        play_nm_95=(play_nm - play_half_nm, play_nm + play_half_nm),
        backlash_nm=fitted.backlash_nm,
        friction_mn=float(fitted.friction_mn),
        compliance_ppm=compliance_ppm,
        compliance_u_ppm=compliance_u_ppm,
        backoff_steps=fitted.backoff_steps,
        evaporation_mg_h=-float(line.found[1]) * 3600,
        repeatability_mg=line.deviation,
        z_nl_mg=masses.z_nl_mg,
        outliers=masses.outliers,
        levels=_levels(setup.syringe, weighed, masses),
        verdicts=(),
    )
    return verdicts.judged(result, room)


def _masses(setup: Setup, room: Conditions, weighed: tuple[Weighed, ...]) -> _Masses:
    rows = [(float(one.steps), _TURNED[one.kind], one.seconds) for one in weighed]
    outliers = lines.outliers(rows, [_off_mg(one) for one in weighed])
    places = [place for place, one in enumerate(weighed)
              if one.kind in (DOSE, BLANK) and place not in outliers]  # fmt: skip
    doses = [weighed[place] for place in places]
    line = lines.solve(
        [(float(one.steps), one.seconds) for one in doses],
        [_off_mg(one) for one in doses],
        _followers(weighed, places),
    )
    return _Masses(line, outliers, water.z_nl_mg(room), _shown(setup))


def _followers(weighed: tuple[Weighed, ...], places: list[int]) -> list[tuple[int, int]]:
    """Pairs of doses, by their rows, of which the second starts where the first has left the
    stopper: what the first lacks, the second gives."""
    pairs: list[tuple[int, int]] = []
    before: int | None = None
    for place, one in enumerate(weighed):
        if one.kind == BLANK:
            continue
        here = places.index(place) if one.kind == DOSE and place in places else None
        if before is not None and here is not None:
            pairs.append((before, here))
        before = here
    return pairs


def _off_mg(one: Weighed) -> float:
    return one.after_mg - one.before_mg


def _shown(setup: Setup) -> float:
    """The level in the vessel rises around the needle, whose buoyancy the balance shows too."""
    if not setup.vessel_mm:
        return 1.0
    needle_mm2 = (hardware.gun().needle(setup.needle).outer_um / 1000) ** 2
    return 1 + needle_mm2 / (setup.vessel_mm**2 - needle_mm2)


def _half_share(line: Line, setup: Setup, room: Conditions) -> float:
    """Half the 95 % interval of a step's volume, as a share of it: the fit's uncertainty with that
    of balance and Z, with the freedom after Welch and Satterthwaite (JCGM 100, G.4)."""
    fitted = math.sqrt(float(line.covariance[0, 0])) / float(line.found[0])
    both = math.hypot(fitted, setup.balance_u_ppm / PPM, water.z_uncertainty(room))
    freedom = math.floor(line.freedom * (both / fitted) ** 4) if fitted else 1
    return t_quantile(INTERVAL, freedom) * both


def _play(weighed: tuple[Weighed, ...], masses: _Masses) -> tuple[float, float]:
    """Play in nm, and half its 95 % interval: the mean of the turns, each of which is one value,
    for its two strokes share the place at which the stopper stood. Raises ValueError for fewer than
    two turns."""
    step_mg = float(masses.line.found[0])
    plays: list[float] = []
    for place, (back, forth) in enumerate(pairwise(weighed)):
        turn = (back.kind, forth.kind) == (BACK, FORTH)
        if turn and not {place, place + 1} & set(masses.outliers):
            moved_mg = (masses.mass_mg(forth) - masses.mass_mg(back)) / 2
            plays.append((forth.steps - moved_mg / step_mg) * PLUNGER.step_nm)
    if len(plays) < 2:
        raise ValueError("there are too few turns to tell the play")
    half_nm = t_quantile(INTERVAL, len(plays) - 1) * stdev(plays) / math.sqrt(len(plays))
    return fmean(plays), half_nm


def _compliance(syringe: str, points: Points, step_fl: float) -> tuple[int, int]:
    """What gives way over nominal, and its standard uncertainty, in ppm; (0, 0) where nothing was
    pressed. From the force's rise by the step: C = volume / (force / area)."""
    if not points.pressed:
        return 0, 0
    rows = [(1.0, float(one.steps)) for one in points.pressed]
    line = lines.solve(rows, [one.force_mn for one in points.pressed])
    rise_mn = float(line.found[1])
    step_nl = step_fl / dose.FL_PER_NL
    area_mm2 = step_nl / (PLUNGER.step_nm / 1000)
    found_nl_bar = step_nl * _MN_PER_BAR_MM2 * area_mm2 / rise_mn
    fitted = design.nominal_fit(syringe)
    fitted.filled_nl = round(points.left_um * area_mm2)
    share = found_nl_bar / fitted.compliance_nl_bar()
    spread = math.sqrt(float(line.covariance[1, 1])) / abs(rise_mn)
    return round(share * PPM), round(abs(share) * spread * PPM)


def _levels(syringe: str, weighed: tuple[Weighed, ...], masses: _Masses) -> tuple[Level, ...]:
    """The doses by size."""
    sizes: dict[int, list[float]] = {}
    per_mg = masses.z_nl_mg / masses.shown
    for place, one in enumerate(weighed):
        if one.kind == DOSE and place not in masses.outliers:
            sizes.setdefault(one.steps, []).append(masses.mass_mg(one) * per_mg)
    step_nl = masses.step_fl / dose.FL_PER_NL
    nominal_nl = design.nominal_step_fl(syringe) / dose.FL_PER_NL
    return tuple(
        level(steps * nominal_nl, steps * step_nl, given)
        for steps, given in sorted(sizes.items())
        if len(given) > 1
    )


def level(nominal_nl: float, fitted_nl: float, given_nl: list[float]) -> Level:
    """Doses of one size, two at least: `fitted_nl` is what the fitted step makes of them."""
    mean_nl, spread_nl = fmean(given_nl), stdev(given_nl)
    wide_nl = tolerance_factor(len(given_nl), CONTENT, CONFIDENCE) * spread_nl
    # A gun so calibrated makes the nominal dose with as many steps as that takes.
    middle_nl = nominal_nl + (mean_nl - fitted_nl)
    allowed_nl = max(INCREMENT_NL, DOSE_SHARE * nominal_nl)
    low_nl, high_nl = middle_nl - wide_nl, middle_nl + wide_nl
    return Level(
        nominal_nl=nominal_nl,
        count=len(given_nl),
        found_pct=(mean_nl / nominal_nl - 1) * 100,
        bias_pct=(mean_nl / fitted_nl - 1) * 100,
        cv_pct=spread_nl / mean_nl * 100,
        low_nl=low_nl,
        high_nl=high_nl,
        allowed_nl=allowed_nl,
        kept=low_nl >= nominal_nl - allowed_nl and high_nl <= nominal_nl + allowed_nl,
    )
