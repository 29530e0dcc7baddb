"""Syringes, needles and skin layers."""

from mesofw.core import parts

VERIFIES = {
    "test_depth_classes_are_the_fields_own": ("SR-026",),
}


def test_syringes_are_named_from_small_to_large():
    assert parts.SYRINGE_NAMES == ("1 mL", "3 mL", "5 mL", "10 mL")
    for name in parts.SYRINGE_NAMES:
        assert int(name.split(" ")[0]) * 1_000_000 == parts.SYRINGES[name].volume_nl


def test_the_bores_area_is_pi_quarter_d_squared():
    for name in parts.SYRINGE_NAMES:
        diameter_um = parts.SYRINGES[name].bore_um
        area = 0.7853981633974483 * diameter_um * diameter_um
        assert abs(parts.bore_um2(name) - area) < area * 2e-7


def test_a_full_syringe_fits_the_plungers_travel():
    for name in parts.SYRINGE_NAMES:
        length_um = parts.SYRINGES[name].volume_nl * 1_000_000 // parts.bore_um2(name)
        assert 30_000 < length_um < 63_000, name


def test_a_larger_syringe_is_wider():
    areas = [parts.bore_um2(name) for name in parts.SYRINGE_NAMES]
    assert areas == sorted(areas)


def test_needles_are_27_to_34_gauge_and_thinner_with_the_number():
    assert parts.NEEDLE_NAMES[0] == "27G"
    assert parts.NEEDLE_NAMES[-1] == "34G"
    regular = [name for name in parts.NEEDLE_NAMES if "thin" not in name]
    for by in ("bore_um", "puncture_mn"):
        values = [getattr(parts.NEEDLES[name], by) for name in regular]
        assert values == sorted(values, reverse=True), by


def test_a_thin_wall_is_a_wider_bore_in_the_same_skin():
    thin, regular = parts.NEEDLES["30G thin"], parts.NEEDLES["30G"]
    assert thin.bore_um > regular.bore_um
    assert thin.puncture_mn == regular.puncture_mn


def test_what_a_syringe_stands_is_what_its_seal_or_the_motor_stands():
    for name in parts.SYRINGE_NAMES:
        syringe = parts.SYRINGES[name]
        assert syringe.empty_nl_bar < syringe.full_nl_bar
        assert syringe.pressure_mbar <= 3_000
        # 1 bar on 1 mm² is 0.1 N. Where the motor sets the limit the rest is friction and margin.
        pressed_mn = syringe.pressure_mbar * parts.bore_um2(name) // 10_000_000
        assert pressed_mn + syringe.glide_mn <= syringe.force_mn <= 22_530, name


def test_depth_classes_are_the_fields_own():
    assert [parts.LAYERS[name] for name in parts.LAYER_NAMES] == [500, 2000, 4000, 10_000, 13_000]
    assert parts.LAYER_NAMES == ("epidermic", "superficial", "intradermal", "hypodermic", "deep")
    assert parts.DEPTH_MAX_UM == 13_000


def test_needles_are_4_to_13_mm():
    assert (parts.NEEDLE_MIN_UM, parts.NEEDLE_MAX_UM) == (4000, 13_000)
