"""Encoders and switches that break, on each layer: the same phase stops, with its cause, and the
record is true."""

from collections.abc import Callable

import pytest

from mesofw.core import errors, records
from mesofw.core.door import Inputs
from mesohost.records import decode, verify
from mesosim.world import World
from tests.session.layers import LAYERS, example, gun_of, idle, operator_of, world_on

COUNTS = ("carriage_counts", "plunger_counts")


def broken_counts(world: World, name: str, factor: int) -> None:
    """From now on an encoder counts `factor` times what it should."""
    sample = world.board.sample
    seen = Inputs()
    sample(seen)
    stood = getattr(seen, name)

    def broken(inputs: Inputs) -> None:
        sample(inputs)
        setattr(inputs, name, stood + factor * (getattr(inputs, name) - stood))

    world.board.sample = broken  # type: ignore[method-assign]


def ready(world: World) -> None:
    """Armed, the foot on the skin."""
    program = example("point-by-point")
    idle(world)
    gun_of(world).load(program.text)
    hands = operator_of(world, program).hands
    hands.confirm()
    hands.fit(program.syringe, program.needle, program.length_um)
    hands.place()


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("factor", [0, -1], ids=["dead", "reversed"])
@pytest.mark.parametrize("name", COUNTS)
def test_an_encoder_that_breaks_stops_its_axis_in_the_same_phase(layer, name, factor, tmp_path):
    with world_on(layer, tmp_path) as world:
        ready(world)
        broken_counts(world, name, factor)
        world.plant.trigger = 1
        world.touch()
        phases: list[int] = []
        world.run_while(lambda: note(world, phases), 2_000_000)
        lost = errors.CARRIAGE_LOST if name == COUNTS[0] else errors.PLUNGER_LOST
        assert world.view.trouble == lost
        # The first phase moves the carriage, the second one the plunger.
        assert max(phases) == COUNTS.index(name)
        given_nl = sum(given.tissue_nl for given in world.plant.given)
        world.plant.trigger = 0
        world.run_for(2_000_000)
        raw = list(gun_of(world).pull(1))
        assert verify(raw) is None
        shot = [record for record in map(decode, raw) if record.is_shot][-1]
        assert shot.flags & records.PARTIAL
        assert shot.stopped == lost
        assert abs(shot.volume_stepped_nl - given_nl) <= 5_000


def note(world: World, phases: list[int]) -> bool:
    """How many phases are over, while the gun shoots."""
    if world.plant.moving and world.view.trouble == 0:
        phases.append(world.plant.phases_done)
    return world.view.trouble == 0


START: dict[str, tuple[Callable[[World], None], int]] = {
    "the plunger's encoder is dead": (
        lambda world: broken_counts(world, COUNTS[1], 0), errors.PLUNGER_LOST),
    "the plunger's encoder is reversed": (
        lambda world: broken_counts(world, COUNTS[1], -1), errors.PLUNGER_LOST),
    "the carriage's switch never closes": (
        lambda world: world.plant.stuck.update(carriage_home=0), errors.HOME_NOT_FOUND),
    "the carriage's switch never opens": (
        lambda world: world.plant.stuck.update(carriage_home=1), errors.HOME_STUCK),
    "the plunger's switch never closes": (
        lambda world: world.plant.stuck.update(plunger_home=0), errors.HOME_NOT_FOUND),
}  # fmt: skip


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("name", START)
def test_what_was_broken_before_the_start_is_found_in_homing(layer, name, tmp_path):
    spoil, code = START[name]
    with world_on(layer, tmp_path) as world:
        spoil(world)
        world.run_while(lambda: world.view.trouble == 0, 30_000_000)
        assert errors.name(world.view.trouble) == errors.name(code)
        assert not world.plant.moving
        assert world.plant.drivers.on == [False, False]
        assert not world.plant.given
