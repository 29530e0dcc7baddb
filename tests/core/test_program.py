"""The check of a program: every limit, every fault with its place, all at once."""

import json

from mesofw.core import errors, parts, program
from mesofw.core.modes import MODE, MODES
from mesofw.core.program import Checker, date_text, ingredient_ug, parse_line, section_line
from tests.core.cases.program import KINDS, check, checked, told
from tests.core.support.check import raises
from tests.core.support.program import head, zone

VERIFIES = {
    "test_a_depth_stays_in_its_layer": ("SR-025",),
    "test_nothing_is_deeper_than_13_mm": ("SR-026",),
    "test_a_depth_stays_within_the_needle": ("SR-027",),
    "test_a_shot_stays_within_the_syringe": ("SR-060",),
    "test_a_dry_zone_has_no_volume_and_all_others_have_one": ("SR-061",),
    "test_a_slanted_needle_stays_within_its_length": ("SR-027",),
    "test_a_mode_has_its_own_bounds": ("SR-029",),
    "test_hard_limits_refuse": ("SR-066",),
    "test_soft_limits_warn_and_let_pass": ("SR-067",),
    "test_what_is_beyond_the_hard_limit_is_a_fault_and_no_warning_too": ("SR-067",),
    "test_products_add_up_to_the_whole": ("SR-076",),
    "test_a_product_may_be_used_on_its_last_day_and_not_after": ("SR-077",),
    "test_an_ingredient_stays_within_its_limit": ("SR-074",),
    "test_an_ingredient_of_two_products_counts_together": ("SR-074",),
    "test_ingredients_are_rounded_up": ("SR-075",),
    "test_limits_and_products_come_before_the_zones": ("SR-079",),
}

WATER = {"name": "Water", "lot": "W-1", "expiry": 20300101, "share_ppm": 600_000}
ACID = {"name": "Acid", "lot": "A-1", "expiry": 20290228, "share_ppm": 400_000}
LIDOCAINE = {"name": "lidocaine", "strength_ug_ml": 10_000, "limit_ug": 50_000}


def of(*zones, **changes):
    """A program's sections: its head with changes, then the zones."""
    sections = [("program", head(**changes))]
    sections += [("zone", record) for record in zones or (zone(),)]
    return sections


def with_limits(kind, limits, *zones):
    sections = of(*zones)
    return sections[:1] + [(kind, limits)] + sections[1:]


def with_products(products, *zones):
    sections = of(*zones)
    return sections[:1] + products + sections[1:]


def test_a_good_program_has_no_faults():
    checker = checked(of(zone(shots=10), zone(mode="single", volume_nl=50_000, shots=4)))
    assert told(checker) == []
    assert (checker.zones, checker.shots, checker.total_nl) == (2, 14, 400_000)
    assert checker.warnings == []


def test_defaults_are_filled_in_where_the_program_leaves_them_out():
    checker = Checker()
    record = {"name": "Arm", "mode": "single", "layer": "superficial", "depth_um": 1000}
    record.update({"volume_nl": 10_000, "shots": 3})
    checker.add("program", head())
    assert checker.add("zone", record)
    assert record["rate_per_min"] == 60
    # By themselves flow and wait are what the gun works out: these bound them no further.
    assert (record["flow_nl_s"], record["dwell_ms"]) == (program.FLOW_MAX_NL_S, 0)
    assert (record["angle_deg"], record["per_pull"]) == (90, 0)
    assert (checker.head["viscosity_upa_s"], checker.head["purpose"]) == (1_000, "treatment")


def test_a_program_needs_a_head_and_a_zone():
    assert told(checked([])) == [("program", errors.MISSING), ("zones", errors.NO_ZONES)]
    assert told(checked([("program", head())])) == [("zones", errors.NO_ZONES)]
    assert told(checked([("zone", zone())])) == [("program", errors.MISSING)]


def test_a_depth_stays_in_its_layer():
    for layer in parts.LAYER_NAMES:
        deepest = parts.LAYERS[layer]
        good = zone(layer=layer, depth_um=deepest, mode="single")
        assert told(checked(of(good, length_um=13_000))) == []
        deeper = zone(layer=layer, depth_um=min(deepest + 1, 13_000), mode="single")
        expected = [("zones[1].depth", errors.BEYOND_LAYER)] if deepest < 13_000 else []
        assert told(checked(of(deeper, length_um=13_000))) == expected


def test_nothing_is_deeper_than_13_mm():
    faults = told(checked(of(zone(layer="deep", depth_um=13_001), length_um=13_000)))
    assert faults == [("zones[1].depth_um", errors.OUT_OF_RANGE)]


def test_a_depth_stays_within_the_needle():
    deep = zone(layer="hypodermic", depth_um=6001)
    assert told(checked(of(deep, length_um=6000))) == [("zones[1].depth", errors.BEYOND_NEEDLE)]
    assert told(checked(of(deep, length_um=6001))) == []


def test_a_shot_stays_within_the_syringe():
    large = zone(mode="single", volume_nl=1_000_001, shots=1, flow_nl_s=20_000)
    assert told(checked(of(large, syringe="1 mL"))) == [("zones[1].volume", errors.BEYOND_SYRINGE)]
    assert told(checked(of(large, syringe="3 mL"))) == []


def test_a_dry_zone_has_no_volume_and_all_others_have_one():
    assert told(checked(of(zone(mode="dry", volume_nl=0)))) == []
    assert told(checked(of(zone(mode="dry")))) == [("zones[1].volume", errors.DRY_WITH_VOLUME)]
    for volume in (0, 999):
        faults = told(checked(of(zone(volume_nl=volume))))
        assert faults == [("zones[1].volume", errors.WET_WITHOUT_VOLUME)], volume
    assert told(checked(of(zone(volume_nl=1000), syringe="1 mL"))) == []


def test_a_slanted_needle_stays_within_its_length():
    # 3 mm deep at 30 degrees are 6 mm of needle, 1 µm more is too long.
    slanted = zone(depth_um=3_000, angle_deg=30)
    assert told(checked(of(slanted, length_um=6_000))) == []
    checker = checked(of(zone(depth_um=3_001, angle_deg=30), length_um=6_000))
    assert told(checker) == [("zones[1].depth", errors.BEYOND_NEEDLE)]
    fault = checker.faults[0]
    assert fault.found.startswith("3.001 mm at 30 °")
    assert fault.allowed.startswith("up to 3 mm at 30 °")
    assert fault.allowed.endswith("or an angle of 31 °")


def test_a_mode_has_its_own_bounds():
    for name in MODES:
        mode = MODE[name]
        if not mode.most_nl:
            continue
        slow = {"mode": name, "layer": "deep", "shots": 1, "rate_per_min": 1}
        most = zone(depth_um=mode.deepest_um, volume_nl=mode.most_nl, **slow)
        assert told(checked(of(most, length_um=13_000))) == [], name
        if mode.deepest_um < parts.DEPTH_MAX_UM:
            deeper = zone(depth_um=mode.deepest_um + 1, volume_nl=mode.most_nl, **slow)
            expected = [("zones[1].depth", errors.BEYOND_MODE)]
            assert told(checked(of(deeper, length_um=13_000))) == expected, name
        if mode.most_nl < program.SHOT_MAX_NL:
            larger = zone(depth_um=mode.deepest_um, volume_nl=mode.most_nl + 1, **slow)
            expected = [("zones[1].volume", errors.BEYOND_MODE)]
            assert told(checked(of(larger, length_um=13_000))) == expected, name


def test_hard_limits_refuse():
    limits = {"shot_nl": 20_000, "zone_nl": 60_000, "session_nl": 100_000, "needle_shots": 5}
    assert told(checked(with_limits("hard", limits, zone(shots=3)))) == []
    assert told(checked(with_limits("hard", limits, zone(volume_nl=20_001, shots=1)))) == [
        ("zones[1].volume", errors.BEYOND_SHOT_LIMIT)
    ]
    assert told(checked(with_limits("hard", limits, zone(shots=4)))) == [
        ("zones[1].shots", errors.BEYOND_ZONE_LIMIT)
    ]
    assert told(checked(with_limits("hard", limits, zone(shots=3), zone(shots=3)))) == [
        ("zones", errors.BEYOND_SESSION_LIMIT),
        ("zones", errors.BEYOND_NEEDLE_LIFE),
    ]


def test_soft_limits_warn_and_let_pass():
    limits = {"shot_nl": 10_000, "zone_nl": 50_000, "session_nl": 90_000}
    checker = checked(with_limits("soft", limits, zone(shots=3), zone(shots=3)))
    assert told(checker) == []
    assert [(warning.at, warning.code) for warning in checker.warnings] == [
        ("zones[1].volume", errors.BEYOND_SHOT_LIMIT),
        ("zones[1].shots", errors.BEYOND_ZONE_LIMIT),
        ("zones[2].volume", errors.BEYOND_SHOT_LIMIT),
        ("zones[2].shots", errors.BEYOND_ZONE_LIMIT),
        ("zones", errors.BEYOND_SESSION_LIMIT),
    ]


def test_what_is_beyond_the_hard_limit_is_a_fault_and_no_warning_too():
    sections = with_limits("soft", {"shot_nl": 5_000}, zone(shots=1))
    sections.insert(1, ("hard", {"shot_nl": 10_000}))
    checker = checked(sections)
    assert told(checker) == [("zones[1].volume", errors.BEYOND_SHOT_LIMIT)]
    assert checker.warnings == []


def test_totals_may_not_pass_the_device():
    many = [zone(mode="single", volume_nl=1_000_000, shots=11, flow_nl_s=500_000)] * 2
    assert told(checked(of(*many))) == [("zones", errors.BEYOND_SESSION_LIMIT)]


def test_products_add_up_to_the_whole():
    both = [("product", WATER), ("product", ACID)]
    assert told(checked(with_products(both))) == []
    assert told(checked(with_products(both[:1]))) == [("products", errors.SHARES)]
    assert told(checked(with_products(both + both[:1]))) == [("products", errors.SHARES)]


def test_a_product_may_be_used_on_its_last_day_and_not_after():
    both = with_products([("product", WATER), ("product", ACID)])
    assert told(checked(both, 20290228)) == []
    assert told(checked(both, 20290301)) == [("products[2].expiry", errors.EXPIRED)]
    # Where the date is not known, it cannot be judged.
    assert told(checked(both, 0)) == []


def test_an_ingredient_stays_within_its_limit():
    # 600 µL, 60 % of it the product, 10 mg/mL in it: 3.6 mg.
    def given(limit_ug):
        lidocaine = dict(LIDOCAINE, limit_ug=limit_ug)
        rows = [("product", WATER), ("ingredient", lidocaine), ("product", ACID)]
        return told(checked(with_products(rows, zone(shots=30))))

    assert given(3_600) == []
    assert given(3_599) == [("ingredients[1].limit", errors.BEYOND_INGREDIENT_LIMIT)]


def test_an_ingredient_of_two_products_counts_together():
    # 600 µL: 3.6 mg of one product and 2.4 mg of the other.
    def given(limit_ug):
        lidocaine = dict(LIDOCAINE, limit_ug=limit_ug)
        rows = [("product", WATER), ("ingredient", lidocaine)]
        rows += [("product", ACID), ("ingredient", lidocaine)]
        return [code for _, code in told(checked(with_products(rows, zone(shots=30))))]

    assert given(6_000) == []
    assert set(given(5_999)) == {errors.BEYOND_INGREDIENT_LIMIT}
    assert set(given(4_000)) == {errors.BEYOND_INGREDIENT_LIMIT}


def test_an_ingredient_belongs_to_a_product():
    faults = told(checked(with_products([("ingredient", LIDOCAINE)])))
    assert faults == [("ingredients[1]", errors.BROKEN_PROGRAM)]


def test_ingredients_are_rounded_up():
    assert ingredient_ug(1_000_000, 1_000_000, 10) == 10
    assert ingredient_ug(1_000_001, 1_000_000, 10) == 11
    assert ingredient_ug(1, 1, 1) == 1
    assert ingredient_ug(0, 1_000_000, 1_000_000) == 0
    assert ingredient_ug(20_000_000, 1_000_000, 1_000_000) == 20_000_000


def test_limits_and_products_come_before_the_zones():
    for kind, record in (("hard", {}), ("soft", {}), ("product", dict(WATER, share_ppm=1_000_000))):
        sections = of() + [(kind, record)]
        codes = [code for _, code in told(checked(sections))]
        assert codes == [errors.BROKEN_PROGRAM], kind


def test_there_may_be_so_many_of_each_and_no_more():
    for kind, record, most in (
        ("program", head(), 1),
        ("hard", {}, 1),
        ("soft", {}, 1),
        ("product", dict(WATER, share_ppm=125_000), 8),
        ("zone", zone(shots=1), 200),
    ):
        rows = {"program": [("program", head())], kind: [(kind, record)] * most}
        if kind != "zone":
            rows["zone"] = [("zone", zone())]
        good = [row for name in KINDS for row in rows.get(name, [])]
        assert told(checked(good)) == [], kind
        rows[kind] = rows[kind] + [(kind, record)] * 3
        more = [row for name in KINDS for row in rows.get(name, [])]
        assert told(checked(more)) == [(told(checked(more))[0][0], errors.TOO_MANY)], kind


def test_a_rate_that_the_gun_cannot_reach_is_refused():
    # 20 µL at 100 µL/s take 0.2 s and more.
    assert told(checked(of(zone(rate_per_min=150)))) == []
    assert told(checked(of(zone(rate_per_min=300)))) == [("zones[1].rate", errors.RATE_UNREACHABLE)]


def test_a_flow_that_the_needle_does_not_pass_only_bounds_it():
    fast = zone(mode="single", flow_nl_s=program.FLOW_MAX_NL_S)
    for name in parts.SYRINGE_NAMES:
        assert told(checked(of(fast, syringe=name))) == []


def test_what_the_gun_was_not_sized_for_is_told_once_and_at_its_place():
    checker = checked(of(zone(), zone(mode="single"), needle="34G", viscosity_upa_s=100_000))
    assert told(checker) == [("viscosity", errors.NOT_SIZED)]
    # What is wrong with the needle's head is the head's, not a zone's.
    checker = checked(of(zone(mode="single"), pins=9, length_um=4_000))
    assert told(checker) == [("needle.pins", errors.PUNCTURE_TOO_HARD)]


def test_a_shot_that_lasts_for_minutes_is_refused():
    # 2 mL at 1 µL/s would keep the needle in for more than half an hour.
    slow = zone(mode="single", volume_nl=2_000_000, shots=1, flow_nl_s=1_000)
    codes = [code for _, code in told(checked(of(slow)))]
    assert codes == [errors.SHOT_TOO_LONG]
    good = zone(mode="single", volume_nl=200_000, shots=1, flow_nl_s=1_000)
    assert told(checked(of(good))) == []


def test_all_faults_are_told_at_once_each_at_its_place():
    checker = checked(of(zone(depth_um=5000), zone(mode="dry"), zone(volume_nl=0), length_um=4500))
    assert told(checker) == [
        ("zones[1].depth", errors.BEYOND_LAYER),
        ("zones[1].depth", errors.BEYOND_NEEDLE),
        ("zones[2].volume", errors.DRY_WITH_VOLUME),
        ("zones[3].volume", errors.WET_WITHOUT_VOLUME),
    ]
    fault = checker.faults[0]
    assert (fault.found, fault.allowed) == ("5 mm", "up to 4 mm")


def test_a_places_name_may_be_given():
    checker = Checker()
    checker.add("program", head())
    checker.add("zone", zone(depth_um=5000), "line 12: ")
    assert told(checker) == [("line 12: depth", errors.BEYOND_LAYER)]


def test_a_section_is_a_line_of_json():
    line = section_line("zone", {"name": "Thigh", "depth_um": 4000})
    assert line.endswith(b"}\n")
    assert json.loads(line) == {"kind": "zone", "name": "Thigh", "depth_um": 4000}
    assert parse_line(line[:-1]) == ("zone", {"name": "Thigh", "depth_um": 4000})


def test_every_section_at_its_longest_fits_a_line():
    record = zone(name="中" * 24, layer="epidermic", mode="nappage")
    assert len(section_line("zone", record)) <= program.SECTION_MAX_BYTES
    long_head = head(title="中" * 40, patient="中" * 24)
    assert len(section_line("program", long_head)) <= program.SECTION_MAX_BYTES


def test_what_is_no_section_is_told():
    for line in (
        b"",
        b"text",
        b"[]",
        b"{}",
        b"null",
        b"12",
        b'{"kind":"shot"}',
        b'{"kind":null}',
        b'{"kind":[]}',
        b'{"kind":{}}',
        b'{"kind":3}',
        b'{"kind":"zone"',
    ):
        raises(ValueError, parse_line, line)


def test_dates_read_as_people_write_them():
    assert date_text(20260704) == "2026-07-04"


def test_the_check_of_a_whole_program_gives_faults_and_totals():
    assert check(of(zone(shots=10)), 0) == [[], 10, 200_000, 0]
    assert check(of(zone(shots=10, depth_um=4001)), 0)[0] == [
        ["zones[1].depth", errors.BEYOND_LAYER]
    ]
