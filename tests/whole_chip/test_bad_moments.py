"""What comes at a bad moment on the emulated chip: the loop is late, the stop is pressed for less
than a step. No fault that is not there; the true ones all the same."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest

from mesofw.core import errors, records, states
from mesofw.core.door import CARRIAGE
from mesohost.gun import Gun
from mesosim.port import WorldPort
from tests.whole_chip import figures
from tests.whole_chip.levels import STOP
from tests.whole_chip.test_faults import in_a_shot, stopped, true_record
from tests.whole_chip.worlds import OnChip, begin_all, on_chip

pytestmark = pytest.mark.timeout(1_200)

SHOTS = 12
# The watchdog bites at 800 ms.
LATE_US = 100_000
# The stop, and when all is still.
PRESSED_US, STILL_US = 1_500, 100


def _late_burst(made: OnChip, after: Callable[[], object] = bool) -> None:
    """Shots as fast as a late loop gives them, a host that asks all the time; half way `after`."""
    hands = figures.ready(made, figures._shots(SHOTS, rate_per_min=300)).hands
    hands.place()
    gun = Gun(WorldPort(made.world))
    gun.hello()
    figures._note(made, "late_us", LATE_US)
    hands.set("trigger", 1)
    hands.until("shooting")
    while made.world.state == states.SHOOTING and made.world.view.shots < SHOTS // 2:
        gun.status()
    after()
    while made.world.state == states.SHOOTING:
        gun.status()


def a_late_loop_sees_no_fault() -> None:
    with on_chip() as made:
        _late_burst(made)
        assert (made.world.view.trouble, made.world.view.shots) == (0, SHOTS)


def a_late_loop_sees_lost_steps() -> None:
    with on_chip() as made:

        def jam() -> None:
            made.world.plant.slipping[CARRIAGE] = True
            made.world.touch()

        _late_burst(made, jam)
        stopped(made, errors.CARRIAGE_LOST)


def a_stop_shorter_than_a_step_stops() -> None:
    with on_chip() as made:
        in_a_shot(made)
        made.gun.edges = []
        pressed_ns = made.gun.now_ns
        made.emulator.ask("set", pins={STOP: 1})
        made.world.run_for(PRESSED_US)
        made.emulator.ask("set", pins={STOP: 0})
        assert PRESSED_US < (made.gun.now_ns - pressed_ns) / 1_000 < 2 * PRESSED_US
        made.world.run_for(50_000)
        assert all(ns - pressed_ns < STILL_US * 1_000 for ns, _, _ in made.gun.edges)
        stopped(made, errors.ESTOP)
        shot = true_record(made)
        assert (shot.stopped, shot.flags & records.PARTIAL) == (errors.ESTOP, records.PARTIAL)


MOMENTS = (
    a_late_loop_sees_no_fault,
    a_late_loop_sees_lost_steps,
    a_stop_shorter_than_a_step_stops,
)


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest,
    possible: None,  # noqa: ARG001
) -> Iterator[dict[Callable[[], None], "Future[None]"]]:
    """All that were chosen, as they come."""
    yield from begin_all(request, "moment", lambda moment: moment())


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.__name__)
def test_moment(
    moment: Callable[[], None], outcomes: dict[Callable[[], None], "Future[None]"]
) -> None:
    outcomes[moment].result()
