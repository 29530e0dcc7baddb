"""Every field says what it is, in a table that the gun does not hold."""

from mesofw.core import program, settings, trace
from mesofw.core.meanings import MEANINGS, REQUESTS

TABLES = {
    "program": program.PROGRAM,
    "product": program.PRODUCT,
    "ingredient": program.INGREDIENT,
    "limits": program.LIMITS,
    "zone": program.ZONE,
    "settings": settings.SETTINGS,
    "calibration": settings.CALIBRATION,
    "commissioning": settings.COMMISSIONING,
}


def test_every_field_has_its_meaning_and_no_other_has():
    for section, table in TABLES.items():
        assert sorted(MEANINGS[section]) == sorted(field.name for field in table), section
    arguments = set(field.name for table, _ in REQUESTS.values() for field in table)
    assert sorted(MEANINGS["request"]) == sorted(arguments)
    assert sorted(MEANINGS["trace"]) == sorted(trace.NAMES)
    assert sorted(MEANINGS) == sorted(list(TABLES) + ["request", "trace"])
