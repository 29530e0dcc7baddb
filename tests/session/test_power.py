"""Power lost and processes killed in mid-session: no shot lost, none invented, none resumed."""

import pytest

from mesofw.core import records as core_records
from mesohost.records import decode, verify
from mesosim.process import FirmwareDied
from mesosim.storage import PowerLost
from tests.session.layers import LAYERS, example, gun_of, idle, operator_of, world_on


def shooting(world):
    """Bring a gun to where it shoots, the trigger held."""
    program = example("face-nappage")
    idle(world)
    gun_of(world).load(program.text)
    hands = operator_of(world, program).hands
    hands.confirm()
    hands.fit(program.syringe, program.needle, program.length_um)
    hands.place()
    hands.set("trigger", 1)
    return hands


def let_go(hands):
    hands.set("trigger", 0)
    hands.set("contact", 0)


def after_restart(world):
    """Start again, wait half a minute, and read the log."""
    world.switch_on()
    idle(world)
    world.run_for(30_000_000)
    assert world.view.state == 3, "nothing resumes by itself"
    return list(gun_of(world).pull(1))


def judge(raw, shots_before):
    """The log after a cut: whole, chained, at most one shot more than was seen complete."""
    assert verify(raw) is None
    shots = [record for record in map(decode, raw) if record.is_shot]
    complete = [shot for shot in shots if shot.flags & core_records.COMPLETE]
    uncertain = [shot for shot in shots if shot.flags & core_records.INTERRUPTED]
    assert len(complete) + len(uncertain) == len(shots)
    assert len(uncertain) <= 1
    assert shots_before <= len(shots) <= shots_before + 1
    assert [shot.shot for shot in shots] == list(range(1, len(shots) + 1))


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("moment_us", [0, 20_000, 61_000, 130_000, 180_000])
def test_power_cut_in_mid_shot(layer, moment_us, tmp_path):
    with world_on(layer, tmp_path) as world:
        hands = shooting(world)
        world.run_while(lambda: world.view.shots < 5, 60_000_000)
        world.run_for(moment_us)
        shots = world.view.shots
        world.switch_off()
        let_go(hands)
        judge(after_restart(world), shots)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("budget", [0, 1, 40, 47, 48, 95, 96, 97, 139, 140, 200, 500])
def test_power_cut_at_a_byte_of_a_write(layer, budget, tmp_path):
    with world_on(layer, tmp_path) as world:
        hands = shooting(world)
        world.run_while(lambda: world.view.shots < 3, 60_000_000)
        world.power.budget = budget
        with pytest.raises((PowerLost, FirmwareDied)):
            world.run_for(60_000_000)
        shots = world.view.shots
        world.switch_off()
        world.power.budget = None
        let_go(hands)
        judge(after_restart(world), shots)


def test_a_killed_process_keeps_every_shot(tmp_path):
    with world_on("micropython", tmp_path) as world:
        hands = shooting(world)
        world.run_while(lambda: world.view.shots < 20, 60_000_000)
        shots = world.view.shots
        world.firmware.kill()
        with pytest.raises((FirmwareDied, ValueError)):
            world.run_for(1_000_000)
        world.lose_firmware()
        let_go(hands)
        judge(after_restart(world), shots)


@pytest.mark.parametrize("layer", LAYERS)
def test_an_open_session_goes_on_only_when_confirmed_and_ends_exact(layer, tmp_path):
    program = example("face-nappage")
    with world_on(layer, tmp_path) as world:
        hands = shooting(world)
        world.run_while(lambda: world.view.shots < 70, 60_000_000)
        world.switch_off()
        let_go(hands)
        raw = after_restart(world)
        before = [record for record in map(decode, raw) if record.is_shot]
        assert "Resume?" in world.plant.screen
        operator_of(world, program).session()
        raw = list(gun_of(world).pull(1))
        assert verify(raw) is None
        shots = [record for record in map(decode, raw) if record.is_shot]
        assert len(before) < len(shots) == program.shots
