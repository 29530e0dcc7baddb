"""Lost steps: none on a healthy gun, and where load, supply or a fault asks for too much."""

import pytest

from mesofw.core.door import CARRIAGE, PLUNGER
from mesosim.plant import Plant
from mesosim.torque import Motor
from mesosim.truth import POINTINGS, Truth
from tests.plant import bench


@pytest.mark.parametrize("syringe", ["1 mL", "3 mL", "5 mL", "10 mL"])
def test_a_healthy_gun_loses_no_step(syringe):
    for seed in range(12):
        gun = bench.plant(seed, syringe=syringe, needle="27G")
        gun.carriage.pointing = POINTINGS[seed % 3]
        bench.touch(gun)
        bench.run(gun, *bench.shot(depth_um=4_000.0), rest_us=100_000)
        assert gun.lost_steps() == (0.0, 0.0)
        assert gun.given[-1].tissue_nl > 0.0


def test_a_motor_is_asked_for_more_the_faster_it_speeds_up():
    motor = Motor(CARRIAGE, Truth.draw(1))
    most = [motor.range_n(150.0, accel, 110.0, 24_000)[1] for accel in (0.0, 5.0, 10.0, 40.0)]
    assert most == sorted(most, reverse=True)
    assert most[0] - most[1] == pytest.approx(most[1] - most[2])


def test_less_supply_leaves_less_torque_at_speed_and_none_of_it_at_rest():
    motor = Motor(CARRIAGE, Truth.draw(1))
    assert motor.pull_out_mnm(250.0, 12_000) < 0.8 * motor.pull_out_mnm(250.0, 24_000)
    assert motor.pull_out_mnm(0.0, 12_000) == motor.pull_out_mnm(0.0, 24_000)


def test_a_jammed_carriage_stalls_at_once_and_only_in_that_leg():
    gun = bench.plant()
    gun.extra_load_n[CARRIAGE] = 60.0
    gun.changed()
    bench.run(gun, bench.out(3_000.0))
    assert gun.carriage_um() == pytest.approx(0.0, abs=5.0)
    assert gun.lost_steps()[CARRIAGE] == 600
    gun.extra_load_n[CARRIAGE] = 0.0
    gun.changed()
    bench.run(gun, bench.out(1_000.0))
    assert gun.carriage_um() == pytest.approx(1_000.0, abs=10.0)


def test_a_jam_in_mid_leg_loses_the_rest_of_it():
    gun = bench.plant()
    gun.motion_load([bench.out(3_000.0)])
    gun.motion_start()
    bench.to(gun, gun.now_us + 20_000)
    reached_um = gun.carriage_um()
    gun.extra_load_n[CARRIAGE] = 60.0
    gun.changed()
    bench.to(gun, gun.now_us + 100_000)
    assert gun.carriage_um() == pytest.approx(reached_um, abs=10.0)
    assert gun.step_counts()[CARRIAGE] == 600


def test_a_bone_stops_the_needle_at_its_depth():
    gun = bench.plant()
    gun.skin.bone_um = 1_500.0
    gun.changed()
    bench.run(gun, bench.out(4_000.0))
    assert gun.depth_um() == pytest.approx(1_500.0, abs=10.0)
    assert gun.lost_steps()[CARRIAGE] == pytest.approx((4_000 - 1_500 - 1_000) / 5, abs=10)


def test_too_steep_a_start_stalls_where_it_speeds_up():
    gun = bench.plant()
    bench.run(gun, bench.out(3_000.0, accel_m_s2=60.0))
    assert gun.lost_steps()[CARRIAGE] == 600


def test_nine_thick_pins_are_too_much_at_the_puncture():
    gun = bench.plant(needle="27G", pins=9)
    bench.run(gun, bench.out(4_000.0, accel_m_s2=12.0))
    assert 0.0 < gun.depth_um() < gun.skin.dent_um + 10.0
    assert not gun.skin.inside


def test_a_blocked_needle_stalls_the_plunger_as_the_force_passes_its_motor():
    gun = bench.plant()
    bench.touch(gun)
    gun.cartridge.block(True)
    bench.run(gun, bench.press(6_000.0))
    lost = gun.lost_steps()[PLUNGER]
    assert lost > 1_000
    spare_n = gun.truth.torque_scale[PLUNGER] * 31.0
    assert gun.cartridge.force_mn() / 1000 == pytest.approx(spare_n, rel=0.1)
    assert gun.cartridge.force_mn() == pytest.approx(gun.cartridge.peak_mn, rel=0.01)


def test_a_jammed_plunger_pushes_nothing():
    gun = bench.plant()
    bench.touch(gun)
    before_nl = gun.fluid_nl()
    gun.extra_load_n[PLUNGER] = 60.0
    gun.changed()
    bench.run(gun, bench.press(500.0), rest_us=1_000_000)
    assert gun.fluid_nl() == before_nl
    assert gun.lost_steps()[PLUNGER] == 2_000


@pytest.mark.parametrize("cut", ["stop", "supply"])
def test_without_a_supply_every_pulse_is_lost(cut):
    gun = bench.plant()
    gun.set_stop(1) if cut == "stop" else gun.set_supply(5_000)
    bench.run(gun, bench.out(2_000.0), bench.press(500.0))
    assert gun.lost_steps() == (400, 2_000)
    assert gun.carriage_um() <= 0.0


def test_steps_stand_off_by_the_motors_error_and_the_encoder_sees_it():
    gun = Plant(Truth.draw(2))
    gun.motors(True)
    off = []
    for _ in range(32):
        bench.run(gun, bench.out(5.0))
        ideal_um = gun.step_counts()[CARRIAGE] * gun.truth.carriage_step_um
        off.append(gun.carriage_um() - ideal_um)
    amplitude_um = gun.truth.step_error_um[CARRIAGE]
    assert max(off) == pytest.approx(amplitude_um, rel=0.02)
    assert min(off) == pytest.approx(-amplitude_um, rel=0.02)
