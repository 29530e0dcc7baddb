"""The spring's way home, the motors' warmth, the supply."""

import pytest

from mesofw.core.door import CARRIAGE, Inputs
from tests.plant import bench


def released(extra_n=0.0, travel_um=5_000.0, **more):
    gun = bench.plant(**more)
    gun.carriage.pointing = "level"
    bench.run(gun, bench.out(travel_um))
    gun.extra_load_n[CARRIAGE] = extra_n
    gun.changed()
    gun.motors(False)
    return gun


def home_ms(gun):
    """Until the needle is home."""
    since_us = gun.now_us
    while gun.carriage_um() > 0.0 and gun.now_us < since_us + 1_000_000:
        gun.advance(gun.now_us + 100)
    return (gun.now_us - since_us) / 1000


def test_the_spring_takes_the_needle_home_in_time_and_later_from_further():
    times = [home_ms(released(travel_um=travel_um)) for travel_um in (2_000.0, 5_000.0, 14_000.0)]
    assert times == sorted(times)
    assert times[0] > 20.0
    assert times[-1] < 200.0


def test_the_home_switch_is_an_event():
    gun = released()
    inputs = Inputs()
    gun.advance(gun.next_us() - 2)
    gun.sample(inputs)
    assert inputs.carriage_home == 0
    gun.advance(gun.next_us())
    gun.sample(inputs)
    assert inputs.carriage_home == 1


def test_pointing_up_the_weight_helps():
    gun, other = released(), released()
    gun.carriage.pointing, other.carriage.pointing = "up", "down"
    for one in (gun, other):
        one.motors(True)
        one.motors(False)
    assert home_ms(gun) < home_ms(other)


def test_against_too_much_drag_the_needle_stays_where_they_balance():
    gun = released(extra_n=2.0, contact=0)
    bench.to(gun, gun.now_us + 2_000_000)
    stays_um = gun.carriage_um()
    assert 1_000.0 < stays_um < 4_900.0
    gun.extra_load_n[CARRIAGE] = 0.0
    gun.changed()
    bench.to(gun, gun.now_us + 500_000)
    assert gun.carriage_um() <= 0.0


def test_a_driver_that_holds_again_holds_where_the_spring_has_come():
    gun = released()
    gun.advance(gun.now_us + 20_000)
    place_um = gun.carriage_um()
    gun.motors(True)
    gun.advance(gun.now_us + 500_000)
    assert gun.carriage_um() == pytest.approx(place_um, abs=1e-3)


def test_what_is_stored_flows_on_while_the_spring_withdraws():
    gun = bench.plant(needle="34G")
    bench.touch(gun)
    bench.run(gun, bench.out(3_000.0), bench.press(600.0))
    tissue_nl = gun.given[-1].tissue_nl
    gun.motors(False)
    bench.to(gun, gun.now_us + 3_000_000)
    given = gun.given[-1]
    assert given.tissue_nl > tissue_nl
    assert given.drip_nl > 0.0
    assert not gun.skin.inside


def seen_dc(gun):
    inputs = Inputs()
    gun.sample(inputs)
    return inputs.temperature_dc


def test_held_motors_get_warm_moving_ones_warmer_and_idle_ones_cool():
    gun = bench.plant()
    assert seen_dc(gun) == gun.truth.temperature_dc
    gun.advance(3_000_000_000)
    held_dc = seen_dc(gun)
    assert 50 < held_dc - gun.truth.temperature_dc < 150
    for _ in range(3_000):
        bench.run(gun, bench.out(5_000.0), bench.out(-5_000.0))
    assert seen_dc(gun) > held_dc + 100
    gun.motors(False, False)
    bench.to(gun, gun.now_us + 6_000_000_000)
    assert seen_dc(gun) == gun.truth.temperature_dc


def test_the_surroundings_can_be_set():
    gun = bench.plant()
    gun.temperature_dc = 800
    assert seen_dc(gun) == 800
