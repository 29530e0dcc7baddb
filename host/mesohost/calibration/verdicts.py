"""The limits within which a volume calibration is accepted: a table, each row judged and told."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from mesohost.calibration import goals
from mesohost.calibration.model import Conditions, Verdict, VolumeResult

# Half the 95 % interval of a step's volume: a tenth of what a dose may be off.
STEP_HALF_PCT = 0.5
PLAY_HALF_NM = 10_000.0
COMPLIANCE_U_PCT = 5.0
# Of 0.1 mg and its repeatability, twice over a difference, with room for the gun's own spread.
REPEATABILITY_MG = 1.0
EVAPORATION_MG_H = 100.0
OUTLIERS_MOST = 2
# Where the formulas for water and air hold, and a bench is one.
WATER_C = (15.0, 30.0)
AIR_C = (10.0, 30.0)
AIR_HPA = (600.0, 1100.0)
AIR_PERCENT = (0.0, 80.0)
# Water that is warmer than the air still changes its temperature, and evaporates.
APART_C = 2.0


@dataclass(frozen=True)
class _Limit:
    """What is looked at, in which unit, and the bounds that it keeps."""

    name: str
    unit: str
    low: float
    high: float
    of: Callable[[VolumeResult, Conditions], float]


def _half_pct(result: VolumeResult) -> float:
    low, high = result.step_fl_95
    return (high - low) / 2 / result.step_fl * 100


def _play_half_nm(result: VolumeResult) -> float:
    low, high = result.play_nm_95
    return (high - low) / 2


def _share_pct(name: str) -> tuple[float, float]:
    low, high = goals.BOUNDS[name]
    return low / 1e4, high / 1e4


_LIMITS = (
    _Limit("water", "°C", *WATER_C, lambda _, room: room.water_c),
    _Limit("air", "°C", *AIR_C, lambda _, room: room.air_c),
    _Limit("water over air", "°C", -APART_C, APART_C, lambda _, room: room.water_c - room.air_c),
    _Limit("pressure", "hPa", *AIR_HPA, lambda _, room: room.hpa),
    _Limit("humidity", "%", *AIR_PERCENT, lambda _, room: room.percent),
    _Limit("volume per step", "% of nominal", *_share_pct("syringe_1_ppm"),
           lambda found, _: found.syringe_ppm / 1e4),
    _Limit("95 % interval of it, ±", "%", 0.0, STEP_HALF_PCT, lambda found, _: _half_pct(found)),
    _Limit("95 % interval of the play, ±", "µm", 0.0, PLAY_HALF_NM / 1000,
           lambda found, _: _play_half_nm(found) / 1000),
    _Limit("backlash", "µm", 0.0, goals.BOUNDS["backlash_nm"][1] / 1000,
           lambda found, _: found.backlash_nm / 1000),
    _Limit("compliance", "% of nominal", *_share_pct("compliance_1_ppm"),
           lambda found, _: found.compliance_ppm / 1e4),
    _Limit("its standard uncertainty", "%", 0.0, COMPLIANCE_U_PCT,
           lambda found, _: found.compliance_u_ppm / 1e4),
    _Limit("spread of a difference", "mg", 0.0, REPEATABILITY_MG,
           lambda found, _: found.repeatability_mg),
    _Limit("evaporation and drift", "mg/h", -EVAPORATION_MG_H, EVAPORATION_MG_H,
           lambda found, _: found.evaporation_mg_h),
    _Limit("outliers", "", 0.0, OUTLIERS_MOST, lambda found, _: len(found.outliers)),
)  # fmt: skip


def judged(result: VolumeResult, room: Conditions) -> VolumeResult:
    """The result with its verdicts: every limit, and every size of dose."""
    told = [
        bounded(limit.name, limit.of(result, room), limit.unit, limit.low, limit.high)
        for limit in _LIMITS
    ]
    for level in result.levels:
        told.append(
            Verdict(
                f"doses of {level.nominal_nl / 1000:.4g} µL",
                f"{level.low_nl / 1000:.2f} to {level.high_nl / 1000:.2f} µL",
                f"± {level.allowed_nl / 1000:.4g} µL",
                level.kept,
            )
        )
    return msgspec.structs.replace(result, verdicts=tuple(told))


def bounded(name: str, found: float, unit: str, low: float, high: float) -> Verdict:
    """A figure that has to lie within bounds."""
    allowed = f"{low:g} to {high:g} {unit}".strip()
    return Verdict(name, f"{found:.4g} {unit}".strip(), allowed, low <= found <= high)
