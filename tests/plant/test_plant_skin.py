"""The skin: dented, punctured, sunk under the foot; and where the fluid goes."""

import pytest

from tests.plant import bench


def ready(**more):
    gun = bench.plant(**more)
    bench.touch(gun)
    # Nothing left of the priming.
    bench.run(gun, bench.press(-20.0), rest_us=5_000_000)
    return gun


def test_a_needle_dents_the_skin_before_it_punctures():
    gun = ready()
    assert 200.0 < gun.skin.dent_um < 600.0
    foot_um = gun.truth.foot_um
    bench.run(gun, bench.out(foot_um + gun.skin.dent_um - 20.0))
    assert gun.depth_um() > 0.0
    assert not gun.skin.inside
    bench.run(gun, bench.out(50.0))
    assert gun.skin.inside
    # Once punctured it stays so until the tip is back behind the foot's plane.
    bench.run(gun, bench.out(-gun.skin.dent_um))
    assert gun.skin.inside
    bench.run(gun, bench.out(-100.0))
    assert not gun.skin.inside


def test_without_skin_nothing_is_punctured():
    gun = ready(contact=0)
    bench.run(gun, bench.out(4_000.0))
    assert not gun.skin.inside


def test_a_shot_that_does_not_puncture_is_a_film_outside():
    gun = ready()
    bench.run(gun, *bench.shot(depth_um=gun.skin.dent_um / 2), rest_us=1_000_000)
    given = gun.given[-1]
    assert given.depth_um > 0.0
    assert given.tissue_nl == 0.0
    assert given.outside_nl > 9_000.0


def test_a_shot_with_a_long_dwell_is_all_in_tissue():
    gun = ready()
    bench.run(gun, *bench.shot(dwell_us=800_000), rest_us=1_000_000)
    given = gun.given[-1]
    assert given.tissue_nl > 9_000.0
    assert given.outside_nl == pytest.approx(0.0, abs=1e-3)


def test_without_a_dwell_the_rest_flows_out_behind_the_needle_and_drips():
    gun = ready(needle="34G")
    back_um = 0.0
    bench.run(gun, *bench.shot(dwell_us=0, back_um=back_um)[:4], rest_us=2_000_000)
    given = gun.given[-1]
    assert given.withdraw_nl > 0.0
    assert given.drip_nl > 0.0
    assert given.outside_nl == pytest.approx(given.withdraw_nl + given.drip_nl)
    swept_nl = 600.0 * gun.cartridge.seated.area_mm2
    assert given.tissue_nl + given.outside_nl == pytest.approx(swept_nl, rel=0.06)


def test_the_drip_belongs_to_the_run_before_until_the_next_one():
    gun = ready(needle="34G")
    bench.run(gun, *bench.shot(dwell_us=0, back_um=0.0)[:4])
    early_nl = gun.given[-1].drip_nl
    bench.to(gun, gun.now_us + 50_000)
    later_nl = gun.given[-1].drip_nl
    assert early_nl < later_nl
    bench.run(gun, *bench.shot(back_um=0.0)[:4])
    assert gun.given[-2].drip_nl == later_nl


def test_drawing_back_draws_air_and_with_the_tip_in_tissues_fluid():
    gun = ready(needle="27G")
    bench.run(gun, bench.press(-200.0), rest_us=1_000_000)
    air_nl, tissue_nl = gun.drawn_nl()
    assert air_nl > 1_000.0
    assert tissue_nl == 0.0
    bench.run(gun, bench.out(3_000.0), bench.press(-100.0), rest_us=1_000_000)
    drawn_nl, tissue_nl = gun.drawn_nl()
    assert tissue_nl == pytest.approx(drawn_nl - air_nl)
    assert tissue_nl > 1_000.0


def test_a_leak_at_the_hub_takes_its_share_outside():
    gun = ready()
    gun.set_leak(0.3)
    bench.run(gun, *bench.shot(dwell_us=800_000), rest_us=1_000_000)
    given = gun.given[-1]
    assert given.outside_nl == pytest.approx(0.3 * (given.tissue_nl + given.outside_nl), rel=1e-6)


def test_the_push_sinks_the_foot():
    gun = ready()
    depths = []
    for push_n in (1.0, 4.0):
        gun.skin.push_n = push_n
        bench.run(gun, *bench.shot(), rest_us=1_000_000)
        depths.append((gun.given[-1].depth_um, gun.given[-1].tissue_depth_um))
    (below_um, first_um), (again_um, second_um) = depths
    assert below_um == pytest.approx(again_um, abs=1.0)
    sunk_um = first_um - below_um
    assert sunk_um > 0.0
    assert second_um - again_um == pytest.approx(4 * sunk_um)


def test_contact_lost_with_the_needle_in_ends_the_tissue():
    gun = ready()
    gun.motion_load([bench.out(3_000.0), bench.press(620.0, speed_um_s=600.0)])
    gun.motion_start()
    bench.to(gun, gun.now_us + 500_000)
    assert gun.skin.inside
    gun.contact = 0
    gun.changed()
    bench.to(gun, gun.now_us + 2_000_000)
    given = gun.given[-1]
    assert given.tissue_nl > 1_000.0
    assert given.outside_nl > 1_000.0


def test_more_pins_dent_as_deep_and_ask_for_more_force():
    one = ready().skin
    three = ready(pins=3).skin
    assert three.dent_um == one.dent_um
    assert three.puncture_n == pytest.approx(3 * one.puncture_n)
