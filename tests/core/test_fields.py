"""Tables of fields: bounds, kinds, defaults, and all faults of a record at once."""

from mesofw.core import errors, fields
from mesofw.core.fields import CHOICE, DATE, INT, TEXT, allowed, check, field, show, unit_suffix

VERIFIES = {
    "test_bounds_belong_to_the_range": ("SR-080",),
    "test_a_number_is_an_integer_and_nothing_else": ("SR-081",),
    "test_a_missing_field_and_an_unknown_one_are_told": ("SR-080",),
    "test_all_faults_are_told_at_once": ("SR-080",),
    "test_numbers_are_shown_with_their_unit": ("SR-194",),
    "test_every_unit_shows_each_of_its_numbers_differently": ("SR-194",),
}

TABLE = (
    field("depth_um", INT, 100, 13_000),
    field("title", TEXT, 1, 8),
    field("mode", CHOICE, choices=("single", "burst")),
    field("expiry", DATE),
    field("dwell_ms", INT, 0, 10_000, default=20),
)


def good():
    return {"depth_um": 4000, "title": "Thigh", "mode": "burst", "expiry": 20280229}


def faults_of(**changes):
    """(place, code) of what is wrong with a good record after changes; None removes a field."""
    record = good()
    for name in changes:
        if changes[name] is None:
            del record[name]
        else:
            record[name] = changes[name]
    faults = []
    check(TABLE, record, "zone[3].", faults)
    return [(fault.at, fault.code) for fault in faults]


def test_a_good_record_has_no_faults_and_gets_its_defaults():
    record = good()
    faults = []
    check(TABLE, record, "", faults)
    assert faults == []
    assert record["dwell_ms"] == 20


def test_bounds_belong_to_the_range():
    assert faults_of(depth_um=100) == []
    assert faults_of(depth_um=13_000) == []
    assert faults_of(depth_um=99) == [("zone[3].depth_um", errors.OUT_OF_RANGE)]
    assert faults_of(depth_um=13_001) == [("zone[3].depth_um", errors.OUT_OF_RANGE)]
    assert faults_of(depth_um=-4000) == [("zone[3].depth_um", errors.OUT_OF_RANGE)]


def test_a_number_is_an_integer_and_nothing_else():
    for value in (4000.0, "4000", True, [], {}, float("inf"), float("nan")):
        assert faults_of(depth_um=value) == [("zone[3].depth_um", errors.WRONG_TYPE)], value
    assert faults_of(depth_um=10**30) == [("zone[3].depth_um", errors.OUT_OF_RANGE)]


def test_a_text_has_a_length_and_no_control_characters():
    assert faults_of(title="12345678") == []
    assert faults_of(title="é€éé") == []
    for value in ("", "123456789", "a\nb", "a\x00", "\x7f", "\x1b[2J"):
        assert faults_of(title=value) == [("zone[3].title", errors.NOT_TEXT)], value
    assert faults_of(title=5) == [("zone[3].title", errors.WRONG_TYPE)]


def test_a_choice_is_one_of_its_choices():
    assert faults_of(mode="single") == []
    assert faults_of(mode="Single") == [("zone[3].mode", errors.NOT_A_CHOICE)]
    assert faults_of(mode="") == [("zone[3].mode", errors.NOT_A_CHOICE)]
    assert faults_of(mode=["single"]) == [("zone[3].mode", errors.WRONG_TYPE)]


def test_a_date_exists():
    for value in (19700101, 20000229, 20280229, 21991231, 20261231):
        assert faults_of(expiry=value) == [], value
    for value in (20270229, 21000229, 20261301, 20260001, 20260100, 20260132, 20260431, 19691231):
        assert faults_of(expiry=value) == [("zone[3].expiry", errors.NOT_A_DATE)], value
    for value in ("20260101", 20260101.0, True, 0, -20260101, 2026010):
        assert faults_of(expiry=value) == [("zone[3].expiry", errors.NOT_A_DATE)], value


def test_a_missing_field_and_an_unknown_one_are_told():
    assert faults_of(title=None) == [("zone[3].title", errors.MISSING)]
    assert faults_of(depht_um=1) == [("zone[3].depht_um", errors.UNKNOWN_KEY)]


def test_all_faults_are_told_at_once():
    found = faults_of(depth_um=0, title="", mode="x", expiry=1, dwell_ms=-1, more=1)
    assert len(found) == 6
    assert len(set(at for at, _ in found)) == 6


def test_a_fault_says_what_was_found_and_what_is_allowed():
    faults = []
    record = good()
    record["depth_um"] = 20_000
    check(TABLE, record, "", faults)
    assert faults[0].found == "20 mm"
    assert faults[0].allowed == "0.1 mm to 13 mm"
    faults = []
    record["depth_um"] = "x" * 5000
    check(TABLE, record, "", faults)
    assert len(faults[0].found) <= 60


def test_what_is_allowed_in_words():
    assert allowed(TABLE[1]) == "text of 1 to 8 characters"
    assert allowed(TABLE[2]) == "single, burst"
    assert allowed(TABLE[3]) == "a date, YYYY-MM-DD"
    assert allowed(TABLE[4]) == "0 s to 10 s"


def test_the_unit_is_the_names_suffix():
    assert unit_suffix("volume_nl") == "_nl"
    assert unit_suffix("flow_nl_s") == "_nl_s"
    assert unit_suffix("rate_per_min") == "_per_min"
    assert unit_suffix("strength_ug_ml") == "_ug_ml"
    assert unit_suffix("limit_ug") == "_ug"
    assert unit_suffix("shots") == ""
    assert unit_suffix("needle_shots") == ""


def test_numbers_are_shown_with_their_unit():
    assert show("volume_nl", 1500) == "1.5 µL"
    assert show("volume_nl", 20_000) == "20 µL"
    assert show("volume_nl", 1) == "0.001 µL"
    assert show("depth_um", 4000) == "4 mm"
    assert show("depth_um", 4050) == "4.05 mm"
    assert show("flow_nl_s", 100_000) == "100 µL/s"
    assert show("rate_per_min", 120) == "120 /min"
    assert show("share_ppm", 333_333) == "33.3333 %"
    assert show("limit_ug", -250) == "-0.25 mg"
    assert show("temperature_dc", 705) == "70.5 °C"
    assert show("shots", 12) == "12"
    assert show("volume_nl", 0) == "0 µL"


def test_every_unit_shows_each_of_its_numbers_differently():
    for suffix in fields.UNITS:
        shown = [show("x" + suffix, value) for value in range(0, 1200, 7)]
        assert len(set(shown)) == len(shown), suffix
