"""What is stored for the gun itself: settings, calibration, commissioning; each a table of fields.

A stored record is JSON of its fields in a two-slot store; a record that breaks its table counts as
corrupt.
"""

import json

from mesofw.core import errors, fields
from mesofw.core.fields import DATE, INT, Field, field
from mesofw.core.slots import FileSlots

SETTINGS = (
    field("shot_nl", INT, 1_000, 2_000_000, default=2_000_000),
    field("session_nl", INT, 1_000, 20_000_000, default=20_000_000),
    field("force_mn", INT, 1_000, 50_000, default=22_530),
    field("contact_mn", INT, 500, 20_000, default=2_000),
    field("prime_nl", INT, 1_000, 100_000, default=20_000),
    field("alert_s", INT, 30, 600, default=300),
    field("disarm_s", INT, 60, 1_200, default=600),
    field("supply_mv", INT, 5_000, 30_000, default=21_000),
    field("temperature_dc", INT, 400, 1_000, default=700),
)
CALIBRATION = (
    field("id", INT, 1, 65_535),
    field("date", DATE),
    # More than what homing drives the needle forward by, so that it stays inside.
    field("foot_um", INT, 600, 3_000),
    field("empty_um", INT, 50_000, 66_000),
    field("backlash_nm", INT, 0, 50_000),
    field("carriage_ppm", INT, 900_000, 1_100_000),
    field("syringe_1_ppm", INT, 900_000, 1_100_000),
    field("syringe_3_ppm", INT, 900_000, 1_100_000),
    field("syringe_5_ppm", INT, 900_000, 1_100_000),
    field("syringe_10_ppm", INT, 900_000, 1_100_000),
    field("compliance_1_ppm", INT, 500_000, 2_000_000),
    field("compliance_3_ppm", INT, 500_000, 2_000_000),
    field("compliance_5_ppm", INT, 500_000, 2_000_000),
    field("compliance_10_ppm", INT, 500_000, 2_000_000),
)
COMMISSIONING = (
    field("date", DATE),
    field("id", INT, 1, 65_535),
)

RECORDS = {"settings": SETTINGS, "calibration": CALIBRATION, "commissioning": COMMISSIONING}
# In the order by which the log numbers them.
NAMES = ("settings", "calibration", "commissioning")


def encode(record: "dict[str, int]") -> bytes:
    """A record as it is stored."""
    return json.dumps(record, separators=(",", ":")).encode()


def decode(table, payload):
    """The record in a stored payload with defaults filled in, or None where it breaks its table."""
    try:
        record = json.loads(bytes(payload))
    except (ValueError, UnicodeError):
        return None
    faults = []
    if isinstance(record, dict):
        fields.check(table, record, "", faults)
    return record if isinstance(record, dict) and not faults else None


def stored(board, name: str) -> tuple:
    """(record or None, 0 or why there is none) of a stored record."""
    slots = FileSlots(board, name)
    payload = slots.load()
    if payload is None:
        return None, slots.state
    record = decode(RECORDS[name], payload)
    return record, 0 if record else errors.SLOT_CORRUPT


def defaults(table: "tuple[Field, ...]") -> "dict[str, int]":
    """The table's defaults, for tables in which every field has one."""
    return {field.name: field.default or 0 for field in table}
