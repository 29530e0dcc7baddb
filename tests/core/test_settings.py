"""Settings, calibration, commissioning: tables of fields, stored as JSON."""

from mesofw.core import errors, settings
from mesofw.core.fields import DATE, INT
from mesofw.core.machine import AXES, CARRIAGE
from mesofw.core.slots import FileSlots
from mesofw.core.starting import OFF_HOME_STEPS
from tests.core.support.board import MemoryBoard
from tests.core.support.program import CALIBRATION, COMMISSIONING

VERIFIES = {
    "test_a_calibration_needs_every_field": ("SR-136",),
    "test_a_calibration_too_far_off_is_none": ("SR-136",),
    "test_homing_never_brings_the_tip_out_of_the_foot": ("SR-032", "SR-137"),
}


def test_every_setting_has_a_default_within_its_bounds():
    for field in settings.SETTINGS:
        assert field.kind == INT
        assert field.low <= field.default <= field.high, field.name


def test_calibration_and_commissioning_have_no_defaults():
    for field in settings.CALIBRATION + settings.COMMISSIONING:
        assert field.default is None, field.name
        assert field.kind in (INT, DATE)


def test_defaults_are_a_good_record():
    record = settings.defaults(settings.SETTINGS)
    assert settings.decode(settings.SETTINGS, settings.encode(record)) == record
    assert record["alert_s"] == 300
    assert record["disarm_s"] == 600


def test_a_record_comes_back_as_it_was_stored():
    for table, record in (
        (settings.CALIBRATION, CALIBRATION),
        (settings.COMMISSIONING, COMMISSIONING),
    ):
        assert settings.decode(table, settings.encode(record)) == record
        assert settings.decode(table, bytearray(settings.encode(record))) == record


def test_left_out_settings_are_filled_in():
    record = settings.decode(settings.SETTINGS, b'{"shot_nl":50000}')
    assert record["shot_nl"] == 50_000
    assert record["session_nl"] == 20_000_000


def test_a_record_that_breaks_its_table_is_none():
    for payload in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"shot_nl":0}',
        b'{"shot_nl":"50000"}',
        b'{"shot_nl":50000.0}',
        b'{"shot_nl":true}',
        b'{"shots_nl":50000}',
        b'{"shot_nl":2000001}',
        b'{"a":"\xff"}',
        b"\x00" * 40,
    ):
        assert settings.decode(settings.SETTINGS, payload) is None, payload


def test_a_calibration_needs_every_field():
    for name in CALIBRATION:
        part = dict(CALIBRATION)
        del part[name]
        assert settings.decode(settings.CALIBRATION, settings.encode(part)) is None, name


def test_a_calibration_too_far_off_is_none():
    for name in CALIBRATION:
        if name.endswith("_ppm"):
            # A tenth in length and volume; what gives way is known to a factor of two.
            stretch = name.startswith("compliance_")
            for value in (499_999, 2_000_001) if stretch else (899_999, 1_100_001):
                wrong = dict(CALIBRATION)
                wrong[name] = value
                assert settings.decode(settings.CALIBRATION, settings.encode(wrong)) is None


def test_homing_never_brings_the_tip_out_of_the_foot():
    foot = [field for field in settings.CALIBRATION if field.name == "foot_um"][0]
    assert foot.low > OFF_HOME_STEPS * AXES[0].step_nm // 1000
    assert AXES[0] is CARRIAGE


def test_records_live_in_slots():
    board = MemoryBoard()
    slots = FileSlots(board, "calibration")
    assert slots.state == errors.SLOT_EMPTY
    slots.store(settings.encode(CALIBRATION))
    stored = FileSlots(board, "calibration").load()
    assert settings.decode(settings.CALIBRATION, stored) == CALIBRATION
