"""Fluid behind a needle: exact in time, conserved in volume, the same however time is cut."""

import pytest

from mesosim.fluid import Fluid
from mesosim.physics import needle, relax, syringe
from mesosim.physics.needle import Tube
from tests.plant import bench

WAY = Tube(160.0, 11_000.0)
LINEAR = needle.viscous_bar_s_nl(WAY, 1.0)
SQUARE = needle.kinetic_bar_s2_nl2(WAY)
COMPLIANCE = 700.0


def fluid(stored_nl=0.0):
    made = Fluid(LINEAR, SQUARE, COMPLIANCE)
    made.jump(stored_nl)
    return made


def integrated(stored_nl, sweep, duration_s, steps=20_000):
    """The same by Runge and Kutta's method, with both signs."""

    def change(stored):
        return sweep - relax.flow_at(LINEAR, SQUARE, stored / COMPLIANCE)

    step_s = duration_s / steps
    for _ in range(steps):
        first = change(stored_nl)
        second = change(stored_nl + first * step_s / 2)
        third = change(stored_nl + second * step_s / 2)
        fourth = change(stored_nl + third * step_s)
        stored_nl += step_s / 6 * (first + 2 * second + 2 * third + fourth)
    return stored_nl


@pytest.mark.parametrize("stored_nl", [0.0, 30.0, 1_500.0, -200.0])
@pytest.mark.parametrize("sweep", [0.0, 5_000.0, 250_000.0, -5_000.0, -250_000.0])
@pytest.mark.parametrize("duration_s", [0.0004, 0.011, 0.3])
def test_the_closed_form_is_the_integral(stored_nl, sweep, duration_s):
    made = fluid(stored_nl)
    made.pass_time(duration_s, sweep * duration_s)
    assert made.stored_nl == pytest.approx(integrated(stored_nl, sweep, duration_s), abs=0.02)


@pytest.mark.parametrize("sweep", [0.0, 80_000.0, -80_000.0])
def test_one_piece_of_time_is_as_good_as_a_thousand(sweep):
    whole, cut = fluid(900.0), fluid(900.0)
    whole.pass_time(0.05, sweep * 0.05)
    for _ in range(1_000):
        cut.pass_time(0.05 / 1_000, sweep * 0.05 / 1_000)
    assert cut.stored_nl == pytest.approx(whole.stored_nl, rel=1e-9)
    assert cut.out_nl == pytest.approx(whole.out_nl, rel=1e-9, abs=1e-9)
    assert cut.drawn_nl == pytest.approx(whole.drawn_nl, rel=1e-9, abs=1e-9)


def test_volume_is_conserved():
    made, swept_nl = fluid(), 0.0
    for part in range(200):
        stroke_nl = (37.0 * part) % 400.0 - 150.0
        made.pass_time(0.003, stroke_nl)
        swept_nl += stroke_nl
    assert made.drawn_nl > 0.0
    assert made.out_nl - made.drawn_nl == pytest.approx(swept_nl - made.stored_nl, rel=1e-9)


def test_the_decay_is_that_of_the_sizing():
    flow = 150_000.0
    made = fluid(COMPLIANCE * needle.pressure_bar(WAY, 1.0, flow))
    left_s = syringe.decay_s(WAY, 1.0, flow, COMPLIANCE, 5.0)
    made.pass_time(left_s, 0.0)
    assert made.stored_nl == pytest.approx(5.0, rel=1e-9)


def test_a_steady_sweep_comes_to_its_steady_pressure():
    made = fluid()
    made.pass_time(2.0, 100_000.0 * 2.0)
    assert made.bar() == pytest.approx(needle.pressure_bar(WAY, 1.0, 100_000.0))


def test_what_was_drawn_in_leaves_first():
    made = fluid()
    made.pass_time(0.01, -300.0)
    made.pass_time(2.0, 0.0)
    assert made.drawn_nl == pytest.approx(300.0)
    made.pass_time(0.01, 200.0)
    made.pass_time(2.0, 0.0)
    assert made.returned_nl == pytest.approx(200.0)
    made.pass_time(0.01, 300.0)
    made.pass_time(2.0, 0.0)
    assert made.returned_nl == pytest.approx(300.0)
    assert made.out_nl == pytest.approx(500.0)


def test_every_needle_is_a_little_different_and_pins_share_the_flow():
    gun = bench.plant()
    bores = []
    for _ in range(50):
        gun.seat("1 mL", 900_000, "30G thin", 4_000)
        bores.append(gun.cartridge.seated.tube.inner_um)
    assert len(set(bores)) == 50
    assert all(165.0 <= bore_um <= 203.0 for bore_um in bores)
    gun.seat("1 mL", 900_000, "30G", 4_000, pins=5, viscosity_mpa_s=5.0)
    tube = gun.cartridge.seated.tube
    assert (tube.pins, tube.length_um) == (5, 11_000.0)
    assert gun.cartridge.fluid.linear == needle.viscous_bar_s_nl(tube, 5.0)


def test_a_fuller_syringe_and_air_in_it_give_way_more():
    gun = bench.plant()
    gives = []
    for fill_nl, air_nl in ((100_000, 0.0), (900_000, 0.0), (900_000, 250.0)):
        gun.seat("1 mL", fill_nl, "30G", 4_000, air_nl=air_nl)
        gives.append(gun.cartridge.fluid.compliance)
    assert gives[0] < gives[1] < gives[2]
    assert gives[2] == pytest.approx(gives[1] + 250.0, abs=2.0)


def test_cutting_time_changes_nothing_of_a_shot():
    results = []
    for step_us in (0, 700):
        gun = bench.plant()
        bench.touch(gun)
        bench.run(gun, *bench.shot(), rest_us=500_000, step_us=step_us)
        results.append((gun.fluid_nl(), gun.given[-1].tissue_nl, gun.cartridge.force_mn()))
    assert results[0] == pytest.approx(results[1], rel=1e-9)


def test_what_is_given_is_what_is_swept_less_what_is_stored():
    gun = bench.plant()
    bench.touch(gun)
    start_um, before_nl = gun.cartridge.stopper.stands_um, gun.fluid_nl()
    stored_nl = gun.cartridge.fluid.stored_nl
    for _ in range(5):
        bench.run(gun, *bench.shot(dwell_us=5_000), rest_us=50_000)
    swept_nl = gun.cartridge.stopper.stands_um - start_um
    swept_nl *= gun.cartridge.seated.area_mm2
    gained_nl = gun.cartridge.fluid.stored_nl - stored_nl
    assert gun.fluid_nl() - before_nl == pytest.approx(swept_nl - gained_nl, rel=1e-9)
    accounted_nl = sum(given.tissue_nl + given.outside_nl for given in gun.given)
    held_nl = gun.cartridge.fluid.held_nl
    assert accounted_nl == pytest.approx(gun.fluid_nl() + held_nl, rel=1e-9)
