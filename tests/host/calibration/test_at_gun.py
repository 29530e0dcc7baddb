"""Each guided session at a virtual gun of the whole firmware, against what is true of that gun."""

import pytest

from mesofw.core import errors
from mesofw.core.machine import CARRIAGE, PLUNGER
from mesohost.calibration.at_gun import CarriageAtGun, MotorAtGun
from mesohost.troubles import GunRefused, Trouble
from mesosim.process import in_folder
from tests import needs
from tests.host.calibration.at_bench import Bench, Worker

SYRINGES = ("1 mL", "3 mL", "5 mL", "10 mL")


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path, seed=3)


@pytest.mark.parametrize(("seed", "syringe"), list(enumerate(SYRINGES, 3)))
def test_volume_is_what_the_needle_truly_gave(tmp_path, seed, syringe):
    bench = Bench(tmp_path, seed)
    _, one = bench.run("volume", Worker(bench, syringe=syringe))
    assert one.accepted
    assert one.board == bench.board
    assert not one.mishaps
    low_fl, high_fl = one.result["step_fl_95"]
    assert low_fl < bench.true_step_fl < high_fl
    number = syringe.split()[0]
    true_share = bench.world.truth.compliance_scale[syringe]
    assert one.fields[f"compliance_{number}_ppm"] == pytest.approx(1e6 * true_share, rel=0.06)
    true_play_um = 2 * bench.world.plant.cartridge.stopper.rod.half_um
    assert one.result["play_nm"] / 1000 == pytest.approx(true_play_um, abs=5)
    assert bench.comes_to_idle()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_depth_is_where_the_tip_truly_stands(tmp_path, seed):
    bench = Bench(tmp_path, seed)
    _, one = bench.run("depth")
    truth = bench.world.truth
    assert one.accepted
    true_ppm = truth.carriage_step_um * 1e9 / CARRIAGE.step_nm
    assert one.fields["carriage_ppm"] == pytest.approx(true_ppm, rel=0.0005)
    assert one.fields["foot_um"] == pytest.approx(truth.foot_um - truth.switch_um, abs=15)
    assert one.result["slowest_ms"] < 200
    assert bench.comes_to_idle()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_syringe_is_empty_where_its_stopper_is_met(tmp_path, seed):
    bench = Bench(tmp_path, seed)
    _, one = bench.run("empty")
    truth = bench.world.truth
    assert one.accepted
    assert set(one.fields) == {"empty_um"}
    # In the gun's own steps, and with the drive's bend, which is in what loading finds too.
    steps = (truth.empty_um - truth.switch_um) / truth.plunger_step_um
    assert one.fields["empty_um"] == pytest.approx(steps * PLUNGER.step_nm / 1000, abs=40)


def test_motors_lose_no_steps_and_their_currents_are_read(bench):
    _, one = bench.run("motor")
    assert one.accepted
    assert one.fields == {}
    figures = {figure.name: figure.value for figure in one.figures}
    assert figures["carriage: fastest"] == figures["plunger: fastest"] == 1.3


@pytest.mark.parametrize("kind", ["volume", "depth", "empty", "motor"])
def test_on_micropython_it_is_the_same(tmp_path, kind):
    needs.micropython()
    bench = Bench(tmp_path, 3, in_folder(tmp_path / "gun"))
    try:
        _, one = bench.run(kind)
        assert one.accepted
        assert not one.mishaps
    finally:
        bench.world.switch_off()


def test_an_axis_that_loses_steps_is_homed_before_it_moves_again(bench):
    stand = bench.stand()
    stand.home()
    motor = MotorAtGun(stand)
    bench.world.plant.extra_load_n[0] = 40.0
    bench.world.touch()
    lost_nm, _ = motor.run(0, 1.0)
    assert lost_nm > CARRIAGE.tolerance_nm
    with pytest.raises(GunRefused) as told:
        motor.run(1, 0.5)
    assert told.value.code == errors.NOT_NOW
    bench.world.plant.extra_load_n[0] = 0.0
    stand.home()
    assert motor.run(0, 1.0)[0] <= CARRIAGE.tolerance_nm


def test_a_needle_that_is_held_is_told(bench):
    stand = bench.stand()
    stand.home()
    bench.world.plant.extra_load_n[0] = 40.0
    bench.world.touch()
    with pytest.raises(Trouble, match="encoder"):
        CarriageAtGun(stand).go(2_000)
