"""Body regions and their zones as data; how many points an area takes."""

import pytest

from mesohost.clinic import areas
from mesohost.clinic.refusing import ClinicTrouble


def test_ten_by_ten_centimetres_at_one_take_a_hundred_points():
    grid = areas.grid(10_000, 10_000, 20_000)
    assert (grid.points, grid.with_edges) == (100, 121)
    assert grid.total_nl == 2_000_000


@pytest.mark.parametrize(
    ("area_mm2", "spacing_um", "points"),
    [(10_000, 20_000, 25), (900, 2_000, 225), (1, 30_000, 1), (2_500, 15_000, 11)],
)
def test_points_follow_from_area_and_spacing(area_mm2: int, spacing_um: int, points: int):
    grid = areas.grid(area_mm2, spacing_um)
    assert grid.points == points
    assert grid.with_edges >= points


@pytest.mark.parametrize(
    ("area_mm2", "spacing_um"), [(0, 10_000), (-5, 10_000), (200_001, 10_000), (100, 999),
                                 (100, 30_001)],
)  # fmt: skip
def test_figures_that_no_zone_has_are_refused(area_mm2: int, spacing_um: int):
    with pytest.raises(ClinicTrouble):
        areas.grid(area_mm2, spacing_um)


def test_zones_lie_within_their_pictures_and_have_both_languages():
    zones = areas.everywhere()
    assert {zone.region for zone in zones.values()} == set(areas.REGIONS)
    for zone in zones.values():
        picture = areas.picture(zone.region)
        assert len(zone.shape) >= 3
        assert all(0 < x < picture.width and 0 < y < picture.height for x, y in zone.shape)
        assert zone.en
        assert zone.fr
        assert zone.key == f"area.{zone.id}"
    assert len({zone.en for zone in zones.values()}) == len(zones)


@pytest.mark.parametrize("region", areas.REGIONS)
def test_no_two_zones_of_a_picture_have_the_same_middle(region: areas.Region):
    middles = [
        tuple(round(sum(at) / len(zone.shape)) for at in zip(*zone.shape, strict=True))
        for zone in areas.of_region(region)
    ]
    assert len(set(middles)) == len(middles)


def test_left_is_the_patients_left():
    assert _middle("cheek_left") > 100 > _middle("cheek_right")  # seen from the front
    assert _middle("calf_left") < 100 < _middle("calf_right")  # seen from behind
    assert _middle("scalp_side_left") < 100 < _middle("scalp_side_right")


def _middle(id: str) -> float:
    shape = areas.of_id(id).shape
    return sum(x for x, _ in shape) / len(shape)


def test_mouth_and_eyes_are_most_sensitive():
    most = {zone.id for zone in areas.everywhere().values() if zone.sensitivity == "most"}
    assert most == {"mouth", "eye_left", "eye_right"}


def test_a_place_that_is_none_is_refused():
    with pytest.raises(ClinicTrouble, match="there is no zone 'tail'"):
        areas.of_id("tail")
