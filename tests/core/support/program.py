"""Programs and stored records for tests, as a host and a workshop would make them."""

import hashlib

from mesofw.core import dose, parts, settings, shot
from mesofw.core.aim import Aim
from mesofw.core.door import PLUNGER
from mesofw.core.machine import AXES
from mesofw.core.program import PROGRAM, ZONE, section_line
from mesofw.core.slots import FileSlots

CALIBRATION = {
    "id": 7,
    "date": 20260101,
    "foot_um": 1000,
    "empty_um": 63_000,
    "backlash_nm": 5_000,
    "carriage_ppm": 1_000_000,
    "syringe_1_ppm": 1_000_000,
    "syringe_3_ppm": 1_000_000,
    "syringe_5_ppm": 1_000_000,
    "syringe_10_ppm": 1_000_000,
    "compliance_1_ppm": 1_000_000,
    "compliance_3_ppm": 1_000_000,
    "compliance_5_ppm": 1_000_000,
    "compliance_10_ppm": 1_000_000,
}
COMMISSIONING = {"date": 20260102, "id": 3}


def head(**changes):
    """The program's head; every field may be changed."""
    record = {
        "format": 1,
        "title": "Thigh",
        "patient": "P-0042",
        "syringe": "3 mL",
        "needle": "27G",
        "length_um": 6000,
        "pins": 1,
    }
    record.update(changes)
    return record


def zone(**changes):
    """One zone: a burst of 4 mm and 20 µL; every field may be changed."""
    record = {
        "name": "Thigh left",
        "mode": "burst",
        "layer": "intradermal",
        "depth_um": 4000,
        "volume_nl": 20_000,
        "shots": 3,
        "rate_per_min": 120,
        "flow_nl_s": 100_000,
        "dwell_ms": 20,
    }
    record.update(changes)
    return record


def fit_of(**changes):
    """What is fitted by such a head, nominal and settled, on a gun with nominal scales."""
    return shot.nominal(_whole(PROGRAM, head(**changes)))


def asked(**changes):
    """A zone whose defaults are filled in, as the check of a program does."""
    return _whole(ZONE, zone(**changes))


def aimed(fit, back_steps=-1, **changes):
    """The aim at such a zone of a gun with nominal scales; `back_steps` in place of the fit's own
    back-off. None may forbid it."""
    if back_steps >= 0:
        fit.backoff_steps = back_steps
    record = asked(**changes)
    aim = Aim()
    steps = record["volume_nl"] * dose.FL_PER_NL // fit.step_fl
    fault = aim.take(record, fit, CALIBRATION["foot_um"], 5_000_000, steps)
    assert fault is None, (fault.at, fault.code, fault.allowed)
    return aim


def _whole(table, record):
    whole = {field.name: field.default for field in table}
    whole.update(record)
    return whole


def text_of(*sections):
    """Program text of (kind, record) sections."""
    return b"".join(section_line(kind, record) for kind, record in sections)


def program_text(*zones, **changes):
    """The text of a program of these zones; `changes` are of the head."""
    sections = [("program", head(**changes))]
    sections.extend(("zone", record) for record in zones or (zone(),))
    return text_of(*sections)


def sha256(data):
    return hashlib.sha256(data).digest()


def step_fl(syringe="3 mL"):
    """The volume of one plunger step in this syringe, in femtolitre."""
    return dose.step_volume_fl(parts.bore_um2(syringe), AXES[PLUNGER].step_nm)


def provision(board, text=b"", **changes):
    """Store calibration and commissioning, and a program's text where one is given; `changes` are
    of the calibration."""
    calibration = dict(CALIBRATION)
    calibration.update(changes)
    FileSlots(board, "calibration").store(settings.encode(calibration))
    FileSlots(board, "commissioning").store(settings.encode(COMMISSIONING))
    if text:
        FileSlots(board, "program").store(text)
