"""The gun on the bench, as the computer's side has it: motions that are told as they were."""

from pathlib import Path

import pytest
from test_keys import allow, file, gun_at, keyed_world, refuse

from mesofw.core import errors
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.machine import AXES
from mesohost.bench import Bench
from mesohost.gun import Gun
from mesohost.keys import KeyFile
from mesohost.troubles import GunRefused
from mesosim.hands import Hands
from mesosim.world import World

__all__ = ["file"]

RESTARTED_US = 10_000_000


def on_the_bench(file: Path) -> tuple[World, Gun, Bench]:
    """A virtual gun that has been allowed to take motions."""
    world = keyed_world(file)
    gun = gun_at(world, allow)
    gun.keyed(KeyFile(file)).calibrate()
    assert gun.status().state == "calibrating"
    return world, gun, gun.bench()


def test_it_is_refused_at_the_gun_as_what_else_comes_under_the_key(file: Path) -> None:
    gun = gun_at(keyed_world(file), refuse)
    with pytest.raises(GunRefused) as told:
        gun.keyed(KeyFile(file)).calibrate()
    assert told.value.code == errors.NOT_ALLOWED
    with pytest.raises(GunRefused) as told:
        gun.bench().read()
    assert told.value.code == errors.NOT_NOW


def test_a_motion_goes_as_far_as_its_steps(file: Path) -> None:
    world, _, bench = on_the_bench(file)
    bench.home()
    for axis, steps in ((CARRIAGE, 2_000), (PLUNGER, 40_000)):
        seen = bench.move(axis, steps)
        assert seen.steps[axis] == steps
        scale = AXES[axis]
        assert scale.lost_nm(seen.steps[axis], seen.counts[axis]) <= scale.tolerance_nm
        assert seen.stall[axis] > 0
        assert seen.stall[1 - axis] == -1
    assert 9_500 < world.plant.carriage_um() < 10_500
    seen = bench.move(CARRIAGE, -2_000, 500)
    assert 3_900 < seen.ms < 4_200


def test_the_spring_tells_how_long_it_took(file: Path) -> None:
    _, _, bench = on_the_bench(file)
    bench.move(CARRIAGE, 2_000)
    seen = bench.release()
    assert 10 < seen.ms <= 200
    assert seen.closed("carriage_home")
    bench.hold()
    assert bench.home().steps == (0, 0)


def test_a_load_leaves_less_for_stallguard_and_lost_steps_none(file: Path) -> None:
    world, _, bench = on_the_bench(file)
    bench.move(CARRIAGE, 3_000)
    free = bench.move(CARRIAGE, -3_000).stall[CARRIAGE]
    world.plant.extra_load_n[CARRIAGE] = 3.0
    world.touch()
    assert 0 < bench.move(CARRIAGE, 3_000).stall[CARRIAGE] < free
    world.plant.extra_load_n[CARRIAGE] = 60.0
    world.touch()
    seen = bench.move(CARRIAGE, -2_000)
    assert seen.stall[CARRIAGE] == 0
    assert AXES[CARRIAGE].lost_nm(seen.steps[0], seen.counts[0]) > AXES[CARRIAGE].tolerance_nm


def test_a_motion_that_a_fault_ends_is_refused_with_the_faults_code(file: Path) -> None:
    world, gun, bench = on_the_bench(file)
    Hands(world).seat("3 mL", 2_000_000, "30G", 4_000)
    assert bench.read().closed("seated")
    met = bench.seek()
    assert met.force_mn >= 2_000
    with pytest.raises(GunRefused) as told:
        bench.move(PLUNGER, 20_000)
    assert told.value.code == errors.OCCLUSION
    assert gun.status().trouble == errors.OCCLUSION


def test_the_longest_motion_is_waited_for(file: Path) -> None:
    _, _, bench = on_the_bench(file)
    seen = bench.move(PLUNGER, 29_900, 100)
    assert 299_000 <= seen.ms < 300_000
    assert seen.steps[PLUNGER] == 29_900


def test_left_the_gun_starts_anew_and_is_idle_again(file: Path) -> None:
    world, gun, bench = on_the_bench(file)
    boot = gun.hello().boot
    bench.move(CARRIAGE, 2_000)
    bench.leave()
    world.run_for(RESTARTED_US)
    assert gun.hello().boot == boot + 1
    assert gun.status().state == "idle"
    assert world.plant.depth_um() < 0


def test_inputs_show_each_switch_as_it_is(file: Path) -> None:
    world = keyed_world(file)
    gun = gun_at(world, allow)
    at_rest = gun.inputs()
    assert at_rest.closed("carriage_home")
    assert at_rest.closed("plunger_home")
    hands = Hands(world)
    for name in ("trigger", "pedal", "press", "contact"):
        assert not gun.inputs().closed(name)
        hands.set(name, 1)
        assert gun.inputs().closed(name)
        hands.set(name, 0)
        hands.wait(100_000)
    hands.turn(-2)
    assert gun.inputs().turns == at_rest.turns - 2
