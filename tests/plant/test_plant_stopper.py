"""The stopper: a gap, then play and friction; what is backed off is made up exactly."""

import random

import pytest

from mesosim.stopper import SETTLE_S, Rod, Stopper
from tests.plant import bench

ROD = Rod(2.0, 4.0, 0.13, 5.0, 0.0, 8.0)
HALF_UM = 2.0 / 0.13 + 2.5


def stopper(rod=ROD):
    made = Stopper(rod, 100.0, 0.0, random.Random(1))
    made.move(0.0, 1_000.0, 300.0)
    return made


def test_before_the_first_touch_nothing_presses_and_nothing_moves():
    made = Stopper(ROD, 100.0, 0.0, random.Random(1))
    assert made.move(0.0, 1_000.0, 90.0) == [(1_000.0, 0.0)]
    assert made.friction_n() == 0.0
    assert made.stands_um == 100.0


def test_it_follows_the_plunger_at_half_the_play():
    made = stopper()
    assert made.gliding == 1
    assert made.at_um - made.stands_um == pytest.approx(HALF_UM)
    assert made.friction_n() == pytest.approx(2.0)


def test_after_a_reversal_the_plunger_travels_the_play_before_the_stopper_follows():
    made = stopper()
    before_um = made.stands_um
    # Hardly any rest, so that no friction has grown.
    play_um = 2 * 2.0 / 0.13 + 5.0
    made.move(1_000.0, 1.0, -0.999 * play_um)
    assert made.stands_um == before_um
    assert made.friction_n() == pytest.approx(-2.0, rel=0.01)
    made.move(1_001.0, 1.0, -0.1 * play_um)
    assert made.stands_um < before_um
    assert made.gliding == -1


def test_within_the_play_the_force_is_linear():
    made = stopper()
    forces = []
    for part in range(5):
        made.move(1_000.0 + part, 1.0, -HALF_UM / 4)
        forces.append(made.friction_n())
    assert forces[:4] == pytest.approx([1.5, 1.0, 0.5, 0.0], abs=1e-6)


def test_rest_lets_the_friction_grow_and_the_stopper_jump_when_it_lets_go():
    made = stopper()
    made.rest(1_000.0)
    made.move(1_000.0 + SETTLE_S * 1e6 * 50, 1.0, 100.0)
    assert made.break_n == pytest.approx(4.0)
    made = stopper()
    made.rest(1_000.0)
    moves = made.move(1_000.0 + SETTLE_S * 1e6 * 50, 100.0, 50.0)
    jump_um = (4.0 - 2.0) / 0.13
    assert [stroke_um for _, stroke_um in moves] == pytest.approx([0.0, jump_um, 50.0 - jump_um])


@pytest.mark.parametrize("syringe", ["1 mL", "3 mL", "5 mL", "10 mL"])
def test_a_back_off_is_made_up_exactly(syringe):
    gun = bench.plant(3, syringe=syringe)
    bench.touch(gun)
    back_um = 2.4 * gun.cartridge.stopper.rod.half_um
    bench.run(gun, bench.press(-back_um), rest_us=30_000_000)
    doses = []
    for _ in range(4):
        before_nl = gun.fluid_nl()
        bench.run(gun, bench.press(back_um + 400.0, speed_um_s=400.0), rest_us=40_000_000)
        bench.run(gun, bench.press(-back_um), rest_us=40_000_000)
        doses.append(gun.fluid_nl() - before_nl)
    seated, rod = gun.cartridge.seated, gun.cartridge.stopper.rod
    dose_nl = 400.0 * seated.area_mm2 * gun.truth.plunger_step_um / 0.25
    # Only the spread of the play and the motor's step error are between them.
    error_um = 2 * rod.spread_um + 2 * gun.truth.step_error_um[1]
    assert gun.lost_steps() == (0.0, 0.0)
    assert doses[1:] == pytest.approx([dose_nl] * 3, abs=error_um * seated.area_mm2)
    assert len({round(dose, 3) for dose in doses}) == 4


def test_the_peak_holds_the_force_at_which_a_rested_stopper_lets_go():
    gun = bench.plant()
    gap_um = gun.cartridge.stopper.stands_um - gun.plunger_um()
    bench.run(gun, bench.press(gap_um + 60.0, speed_um_s=200.0))
    assert gun.cartridge.peak_mn >= gun.cartridge.stopper.rod.break_n * 1000
    assert gun.cartridge.force_mn() < gun.cartridge.stopper.rod.break_n * 1000


def test_a_watched_force_is_an_event_at_which_it_is_reached():
    gun = bench.plant()
    gap_um = gun.cartridge.stopper.stands_um - gun.plunger_um()
    gun.motion_load([bench.press(gap_um + 400.0, speed_um_s=8_000.0)])
    gun.force_watch(1_500)
    gun.motion_start()
    forces = []
    while gun.moving:
        gun.advance(gun.next_us())
        forces.append(gun.cartridge.force_mn())
    first = next(force for force in forces if force > 0)
    assert 1_500 <= first <= 1_600


def test_far_home_with_a_syringe_seated_the_clip_lets_go():
    gun = bench.plant(syringe="10 mL", needle="34G")
    bench.touch(gun)
    bench.run(gun, bench.press(-2_000.0, speed_um_s=20_000.0), rest_us=1_000_000)
    assert not gun.cartridge.stopper.touched
    assert gun.cartridge.force_mn() == 0
    assert gun.lost_steps() == (0.0, 0.0)
    assert gun.cartridge.fluid.bar() > -0.6


def test_each_seated_syringe_has_its_own_friction_and_bore():
    gun = bench.plant()
    found = set()
    for _ in range(20):
        gun.seat("3 mL", 2_000_000, "30G", 4_000)
        found.add((gun.cartridge.stopper.rod.glide_n, gun.cartridge.seated.area_mm2))
    assert len({friction for friction, _ in found}) == 20
    assert len({area for _, area in found}) == 20
    assert all(2.4 <= friction <= 3.6 for friction, _ in found)
