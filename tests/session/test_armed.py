"""A gun on skin is armed: the trigger itself starts the shot, on every layer alike."""

import pytest

from mesofw.core import errors, states
from mesofw.core import records as core_records
from mesofw.core.door import PART_DISPLAY, PART_DRIVER
from mesohost.records import decode
from tests.session.layers import LAYERS, example, gun_of, idle, operator_of, world_on


def armed(world):
    """Hands that hold an armed gun on skin."""
    program = example("face-nappage")
    idle(world)
    gun_of(world).load(program.text)
    hands = operator_of(world, program).hands
    hands.confirm()
    hands.fit(program.syringe, program.needle, program.length_um)
    hands.place()
    assert world.plant.arming.armed
    return hands


def shots_after_restart(world, hands):
    for switch in ("trigger", "contact"):
        hands.set(switch, 0)
    world.switch_on()
    idle(world)
    return [record for record in map(decode, gun_of(world).pull(1)) if record.is_shot]


@pytest.mark.parametrize("layer", LAYERS)
def test_the_first_pulse_waits_for_no_step_of_the_gun(layer, tmp_path):
    with world_on(layer, tmp_path) as world:
        hands = armed(world)
        hands.wait(1_234_567)
        pressed_ms = world.now_us // 1000
        hands.set("trigger", 1)
        assert world.plant.moving
        hands.wait(50_000)
        hands.set("trigger", 0)
        hands.until("ready")
        hands.wait(100_000)
        assert world.plant.arming.armed
        [shot] = [r for r in map(decode, gun_of(world).pull(1)) if r.is_shot]
        assert shot.complete
        assert shot.a > 1_234
        assert abs(shot.began_ms - pressed_ms) <= 2


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("first", ["trigger", "press"])
def test_a_press_in_the_same_moment_as_a_pause_is_one_shot_or_none(layer, first, tmp_path):
    with world_on(layer, tmp_path) as world:
        hands = armed(world)
        second = "press" if first == "trigger" else "trigger"
        hands.set(first, 1)
        hands.set(second, 1)
        hands.wait(20_000)
        hands.set("trigger", 0)
        hands.set("press", 0)
        hands.until("paused")
        hands.wait(3_000_000)
        shots = [r for r in map(decode, gun_of(world).pull(1)) if r.is_shot]
        assert [shot.complete for shot in shots] == [True]


@pytest.mark.parametrize("layer", LAYERS)
def test_power_lost_while_armed_leaves_no_shot(layer, tmp_path):
    with world_on(layer, tmp_path) as world:
        hands = armed(world)
        world.switch_off()
        assert shots_after_restart(world, hands) == []


@pytest.mark.parametrize("layer", LAYERS)
def test_power_lost_in_the_microsecond_of_the_start_leaves_no_shot(layer, tmp_path):
    with world_on(layer, tmp_path) as world:
        hands = armed(world)
        hands.set("trigger", 1)
        assert world.plant.moving
        world.switch_off()
        assert shots_after_restart(world, hands) == []
        assert world.plant.depth_um() < 0


@pytest.mark.parametrize("layer", LAYERS)
def test_firmware_that_hangs_in_the_microsecond_of_the_start_has_one_uncertain_shot(
    layer, tmp_path
):
    with world_on(layer, tmp_path) as world:
        hands = armed(world)
        hands.set("trigger", 1)
        world.firmware.close()
        world.lose_firmware()
        shots = shots_after_restart(world, hands)
        assert [shot.flags & core_records.INTERRUPTED for shot in shots] == [4]
        assert world.view.shots == 1


@pytest.mark.parametrize("layer", LAYERS)
def test_parts_that_fail_are_seen(layer, tmp_path):
    with world_on(layer, tmp_path) as world:
        armed(world)
        world.plant.faulty = PART_DISPLAY
        world.touch()
        world.run_for(100_000)
        assert world.state == states.READY
        world.plant.faulty |= PART_DRIVER
        world.touch()
        world.run_for(100_000)
        assert (world.state, world.view.trouble) == (states.FAULT, errors.DRIVER_SILENT)
        assert not world.plant.arming.armed
