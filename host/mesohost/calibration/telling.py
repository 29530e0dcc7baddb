"""Results in lines of text, as a terminal and the page of a report show them."""

from collections.abc import Sequence

from mesofw.core.dose import FL_PER_NL
from mesohost.calibration.model import Verdict, VolumeResult


def volume(found: VolumeResult) -> tuple[str, ...]:
    """A volume calibration in lines."""
    low, high = found.step_fl_95
    low_nm, high_nm = found.play_nm_95
    named = ", ".join(str(place + 1) for place in found.outliers) or "none"
    lines = [
        f"volume per step  {found.step_fl / FL_PER_NL:.5g} nL, {found.syringe_ppm / 1e4:.4g} % of "
        f"nominal; 95 % between {low / FL_PER_NL:.5g} and {high / FL_PER_NL:.5g} nL",
        f"play             {found.play_nm / 1000:.1f} µm; 95 % between {low_nm / 1000:.1f} and "
        f"{high_nm / 1000:.1f} µm; of it the nut {found.backlash_nm / 1000:.1f} µm",
        f"back-off         {found.backoff_steps} steps",
        f"friction         {found.friction_mn / 1000:.2f} N",
        f"compliance       {found.compliance_ppm / 1e4:.4g} % of nominal "
        f"± {found.compliance_u_ppm / 1e4:.2g} %",
        f"evaporation      {found.evaporation_mg_h:.3g} mg/h with the balance's drift",
        f"outliers         {named}",
    ]
    for level in found.levels:
        lines.append(
            f"{level.nominal_nl / 1000:>6.4g} µL × {level.count}: found {level.found_pct:+.2f} %, "
            f"left {level.bias_pct:+.2f} %, CV {level.cv_pct:.2f} %, tolerance interval "
            f"{level.low_nl / 1000:.2f} to {level.high_nl / 1000:.2f} µL "
            f"(± {level.allowed_nl / 1000:.4g} allowed)"
        )
    return (*lines, *refused(found.verdicts))


def refused(verdicts: Sequence[Verdict]) -> list[str]:
    """The limits that are not kept, or that all are."""
    lines = [f"NOT KEPT         {verdict.name}: {verdict.found}; allowed {verdict.allowed}"
             for verdict in verdicts if not verdict.kept]  # fmt: skip
    return lines or [f"limits           all {len(verdicts)} are kept"]
