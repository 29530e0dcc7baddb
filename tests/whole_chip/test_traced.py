"""A trace on the chip: fast enough, and no burden on a burst."""

import pytest

from mesofw.core import states
from tests.whole_chip import traced

pytestmark = pytest.mark.timeout(600)

# What the next change may not pass unnoticed; what is to be reached stands in `make bench`.
RATE_LEAST = 300
STEP_MOST_US = 11_000


def test_some_hundred_samples_a_second_arrive(possible: None) -> None:  # noqa: ARG001
    one = traced.rate(("plunger_steps", "force_mn"), 1_000, 1_500)
    assert one.rate >= RATE_LEAST, one


def test_a_burst_goes_on_under_a_trace(possible: None) -> None:  # noqa: ARG001
    shots = 10
    burst, samples = traced.burst(("carriage_steps", "shots", "state"), 10_000, shots)
    assert burst.step_us <= STEP_MOST_US, burst
    assert max(samples.column("shots")) >= shots
    assert states.SHOOTING in samples.column("state")
    # Each shot's way out and back is in it.
    ways = samples.column("carriage_steps")
    assert max(ways) > 500
    assert samples.lost < len(ways) // 2
