"""What is stored for the gun itself: settings, calibration, commissioning; each a table of fields.

A stored record is JSON of its fields in a two-slot store; a record that breaks its table counts as
corrupt.
"""

import json

from mesofw.core import fields
from mesofw.core.fields import DATE, INT, Field

SETTINGS = (
    Field("shot_nl", INT, "hard limit of one shot", 1_000, 2_000_000, default=2_000_000),
    Field("session_nl", INT, "hard limit of a session", 1_000, 20_000_000, default=20_000_000),
    Field(
        "force_mn", INT, "plunger force that counts as an occlusion", 1_000, 50_000, default=22_530
    ),
    Field("contact_mn", INT, "plunger force that finds the stopper", 500, 20_000, default=2_000),
    Field("prime_nl", INT, "volume of one priming stroke", 1_000, 100_000, default=20_000),
    Field("alert_s", INT, "armed and idle: alert after", 30, 600, default=300),
    Field("disarm_s", INT, "armed and idle: disarm after", 60, 1_200, default=600),
    Field("supply_mv", INT, "lowest supply", 5_000, 30_000, default=21_000),
    Field("temperature_dc", INT, "highest temperature of board or driver", 400, 1_000, default=700),
)
CALIBRATION = (
    Field("id", INT, "number of this calibration", 1, 65_535),
    Field("date", DATE, "the day on which it was made"),
    # More than what homing drives the needle forward by, so that it stays inside.
    Field("foot_um", INT, "carriage travel from home to the foot's plane", 600, 3_000),
    Field("empty_um", INT, "plunger travel from home to an empty syringe", 50_000, 66_000),
    Field("backlash_nm", INT, "the plunger nut's play", 0, 50_000),
    Field("carriage_ppm", INT, "true length of a carriage step", 900_000, 1_100_000),
    Field("syringe_1_ppm", INT, "true volume of a step, 1 mL syringe", 900_000, 1_100_000),
    Field("syringe_3_ppm", INT, "true volume of a step, 3 mL syringe", 900_000, 1_100_000),
    Field("syringe_5_ppm", INT, "true volume of a step, 5 mL syringe", 900_000, 1_100_000),
    Field("syringe_10_ppm", INT, "true volume of a step, 10 mL syringe", 900_000, 1_100_000),
    Field("compliance_1_ppm", INT, "what gives way with 1 mL, over nominal", 500_000, 2_000_000),
    Field("compliance_3_ppm", INT, "what gives way with 3 mL, over nominal", 500_000, 2_000_000),
    Field("compliance_5_ppm", INT, "what gives way with 5 mL, over nominal", 500_000, 2_000_000),
    Field("compliance_10_ppm", INT, "what gives way with 10 mL, over nominal", 500_000, 2_000_000),
)
COMMISSIONING = (
    Field("date", DATE, "the day on which the gun was commissioned"),
    Field("id", INT, "number of the commissioning record", 1, 65_535),
)


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


def defaults(table: "tuple[Field, ...]") -> "dict[str, int]":
    """The table's defaults, for tables in which every field has one."""
    return {field.name: field.default or 0 for field in table}
