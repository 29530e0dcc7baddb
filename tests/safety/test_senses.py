"""What must hold of the senses of motion: an encoder or a home switch that fails is found."""

import pytest

from mesofw.core import errors, states
from mesofw.core.door import Inputs
from tests.core.support.bench import FOOT_STEPS, HALF_S, Bench
from tests.core.support.program import program_text, provision


class Stuck(Bench):
    """A gun on which one input always reads the same."""

    stuck = ("", 0)

    def sample(self, inputs: Inputs) -> None:
        super().sample(inputs)
        setattr(inputs, *self.stuck)


def gun(name: str, value: int) -> Stuck:
    """A gun that was switched on, with the input stuck at a value."""
    bench = Stuck()
    bench.stuck = (name, value)
    provision(bench, program_text())
    bench.on()
    return bench


@pytest.mark.requirement("SR-239")
def test_a_dead_encoder_is_found_before_the_gun_is_homed() -> None:
    bench = gun("carriage_counts", 0)
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.CARRIAGE_LOST
    assert bench.deepest <= FOOT_STEPS


@pytest.mark.requirement("SR-240")
def test_a_plunger_that_never_leaves_its_home_switch_is_found_before_the_stopper() -> None:
    bench = gun("plunger_home", 1)
    bench.until(states.IDLE)
    bench.confirm()
    bench.run(HALF_S)
    bench.seat()
    bench.click()
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.HOME_STUCK
    assert bench.given_steps == 0
