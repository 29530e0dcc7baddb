"""Programs and stored records for tests, as a host and a workshop would make them."""

import hashlib

from mesofw.core import dose, parts, settings
from mesofw.core.door import PLUNGER
from mesofw.core.machine import AXES
from mesofw.core.program import section_line
from mesofw.core.slots import FileSlots

CALIBRATION = {
    "id": 7,
    "date": 20260101,
    "foot_um": 1000,
    "empty_um": 63_000,
    "backoff_nl": 2_000,
    "carriage_ppm": 1_000_000,
    "syringe_1_ppm": 1_000_000,
    "syringe_3_ppm": 1_000_000,
    "syringe_5_ppm": 1_000_000,
    "syringe_10_ppm": 1_000_000,
}
COMMISSIONING = {"date": 20260102, "id": 3}


def head(**changes):
    """The program's head; every field may be changed."""
    record = {
        "format": 1,
        "title": "Thigh",
        "patient": "P-0042",
        "syringe": "10 mL",
        "needle": "30G",
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


def step_fl(syringe="10 mL"):
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
