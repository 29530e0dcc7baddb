"""Every printed part is one closed solid whose mesh is watertight, whose walls hold and which fits
the bed; parts that are not are found. Run by `make hardware`."""

from dataclasses import replace

import pytest

from hardware.mechanics import checks, layout, printed

LAYOUT = layout.nominal()
PARTS = printed.printed(LAYOUT)


def part(key: str) -> printed.Printed:
    return next(item for item in PARTS if item.key == key)


@pytest.mark.parametrize("item", PARTS, ids=lambda item: item.key)
def test_a_part_can_be_printed(item, tmp_path):
    found = checks.part(LAYOUT, item, tmp_path / "part.stl")
    assert found.faults == ()
    assert found.mass_g > 0


def test_a_set_for_every_syringe_and_a_tip_for_every_needle():
    keys = {item.key for item in PARTS}
    for syringe in LAYOUT.bodies:
        for kind in ("cradle", "seat-shuttle", "rod-cap"):
            assert f"{kind}-{printed.slug(syringe)}" in keys
    assert {f"foot-tip-{long:g}mm" for long in LAYOUT.needles_mm} <= keys


def test_a_wall_of_0_4_mm_is_found(tmp_path):
    thin = replace(LAYOUT, thin_mm=0.4)
    found = checks.part(thin, part("guard"), tmp_path / "part.stl")
    assert any("wall of 0.40 mm" in fault and "0.7 mm" in fault for fault in found.faults)


def test_a_part_beyond_the_bed_is_found(tmp_path):
    long = replace(LAYOUT, body_back_mm=240.0)
    found = checks.part(long, part("body"), tmp_path / "part.stl")
    assert any("allowed are 220 mm" in fault for fault in found.faults)


def test_a_part_in_two_pieces_is_found():
    from build123d import Box, Pos

    apart = Box(5, 5, 5) + Pos(20, 0, 0) * Box(5, 5, 5)
    assert checks.closed(apart) == ["falls into 2 solids, allowed is 1; join what hangs loose"]


def test_an_open_mesh_is_found(tmp_path):
    path = tmp_path / "open.stl"
    path.write_text(
        "solid open\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\n"
        "endloop\nendfacet\nendsolid open\n"
    )
    assert checks.watertight(path)
