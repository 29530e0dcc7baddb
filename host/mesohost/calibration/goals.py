"""Which fields of the gun's calibration a result fills, and within which bounds."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from mesofw.core import settings
from mesohost.calibration.model import VolumeResult

# By name, as core's table has them.
BOUNDS: Mapping[str, tuple[int, int]] = {
    str(field.name): (int(field.low), int(field.high)) for field in cast(Any, settings.CALIBRATION)
}


def syringe_fields(syringe: str) -> tuple[str, str]:
    """The fields of a syringe's scale and compliance: `syringe_1_ppm`, `compliance_1_ppm`."""
    number = syringe.split(" ")[0]
    return f"syringe_{number}_ppm", f"compliance_{number}_ppm"


def volume_fields(found: Iterable[tuple[str, VolumeResult]]) -> dict[str, int]:
    """What volume calibrations, each of a syringe, say for the gun. The nut's play is one and the
    same behind all of them: their mean, each by how well it is known."""
    fields: dict[str, int] = {}
    weights: list[tuple[float, float]] = []
    for syringe, result in found:
        scale, compliance = syringe_fields(syringe)
        fields[scale] = result.syringe_ppm
        fields[compliance] = result.compliance_ppm
        low_nm, high_nm = result.play_nm_95
        weights.append(((high_nm - low_nm) ** -2, float(result.backlash_nm)))
    if weights:
        total = sum(weight for weight, _ in weights)
        fields["backlash_nm"] = round(sum(weight * nm for weight, nm in weights) / total)
    return fields
