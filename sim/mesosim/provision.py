"""A virtual gun as it leaves the workshop: commissioned and calibrated.

The calibration holds what an engineer would have measured: the truth, with the error of measuring
it.
"""

import hashlib
import random
from pathlib import Path

import mesofw
from mesofw.core import errors, parts, settings
from mesofw.core.duties import Board
from mesofw.core.machine import CARRIAGE, PLUNGER
from mesofw.core.slots import FileSlots
from mesosim.truth import Truth

PPM = 1_000_000
CALIBRATED_YMD = 20260101


def workshop_records(truth: Truth, seed: int) -> dict[str, bytes]:
    """Settings, calibration and commissioning record by name, as they are stored."""
    rng = random.Random(seed + 1_000_003)
    calibration = {
        "id": 1 + seed % 60_000,
        "date": CALIBRATED_YMD,
        "foot_um": round(truth.foot_um - truth.switch_um + rng.uniform(-10, 10)),
        "empty_um": round(truth.empty_um - truth.switch_um + rng.uniform(-20, 20)),
        "backlash_nm": round(truth.plunger_backlash_um * 1000 * (1 + rng.uniform(-0.2, 0.2))),
        "carriage_ppm": round(truth.carriage_step_um * 1000 / CARRIAGE.step_nm * PPM),
    }
    step_ppm = truth.plunger_step_um * 1000 / PLUNGER.step_nm * PPM
    for name in parts.SYRINGE_NAMES:
        measured = step_ppm * truth.bore_scale[name] * (1 + rng.uniform(-0.002, 0.002))
        number = name.split(" ")[0]
        calibration["syringe_%s_ppm" % number] = round(measured)
        gives_way = truth.compliance_scale[name] * (1 + rng.uniform(-0.05, 0.05))
        calibration["compliance_%s_ppm" % number] = round(gives_way * PPM)
    stored: dict[str, dict[str, int]] = {
        "settings": settings.defaults(settings.SETTINGS),
        "calibration": calibration,
        "commissioning": {"date": CALIBRATED_YMD, "id": 1},
    }
    return {name: settings.encode(record) for name, record in stored.items()}


def provision(board: Board, records: dict[str, bytes]) -> None:
    """Store records on a board that has none yet."""
    for name, payload in records.items():
        slots = FileSlots(board, name)
        if slots.state == errors.SLOT_EMPTY:
            slots.store(payload)


def build_hash() -> str:
    """The hash of the firmware's sources that are run here, 16 hex digits."""
    digest = hashlib.sha256()
    root = Path(mesofw.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
