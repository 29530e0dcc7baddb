"""What must hold of a stop: how the needle comes back, how pressure goes, what clears a fault."""

import pytest

from mesofw.core import errors, states
from mesofw.core.door import CARRIAGE, PLUNGER
from mesofw.core.switches import HOLD_US
from tests.core.support.bench import FOOT_STEPS, Bench
from tests.core.support.check import numbers
from tests.core.support.log import events_of
from tests.core.support.program import program_text, provision, zone

LONG = {"mode": "single", "volume_nl": 200_000, "shots": 3}


def in_the_skin() -> Bench:
    """A gun in the middle of a long shot."""
    bench = Bench()
    provision(bench, program_text(zone(**LONG)))
    bench.ready()
    bench.set("trigger", 1)
    bench.run(400_000)
    assert bench.gun.state == states.SHOOTING
    assert bench.at[CARRIAGE] > FOOT_STEPS
    return bench


@pytest.mark.requirement("SR-091")
@pytest.mark.parametrize(("name", "value"), [("temperature_dc", 800), ("seated", 0)])
def test_where_its_place_is_known_the_needle_comes_back_without_the_spring(
    name: str, value: int
) -> None:
    bench = in_the_skin()
    bench.jammed = True  # the spring does nothing
    bench.set(name, value)
    bench.run(HOLD_US + 1_000)
    assert bench.gun.state == states.FAULT
    bench.run(500_000)
    assert bench.at[CARRIAGE] <= 4


@pytest.mark.requirement("SR-092")
@pytest.mark.parametrize("fault", ["stop", "supply", "lost"])
def test_where_its_place_is_in_doubt_no_motor_moves_the_needle(fault: str) -> None:
    bench = in_the_skin()
    starts: list[None] = []
    start = bench.motion_start
    bench.motion_start = lambda: (starts.append(None), start())
    if fault == "lost":
        bench.slipping[CARRIAGE] = True
        while bench.gun.state == states.SHOOTING:
            bench.step(bench.now_us + 1_000_000)
        bench.slipping[CARRIAGE] = False
    else:
        bench.set(*{"stop": ("stop", 1), "supply": ("supply_mv", 9_000)}[fault])
        bench.run(1_000)
    assert bench.gun.state == states.FAULT
    assert not bench.gun.drive.carriage_on
    bench.run(500_000)
    assert starts == []
    assert bench.at[CARRIAGE] <= 4


@pytest.mark.requirement("SR-103")
def test_pressure_that_one_stroke_does_not_relieve_is_relieved_by_more_and_no_further() -> None:
    bench = in_the_skin()
    bench.blocked = True
    bench.until(states.FAULT)
    assert bench.gun.trouble == errors.OCCLUSION
    stroke = bench.gun.session.backoff_steps
    # What gave way in the syringe follows the plunger.
    bench.stopper -= 5 * stroke
    bench.run(2_000_000)
    assert bench.now.force_mn == 0
    assert bench.stopper - stroke <= bench.at[PLUNGER] <= bench.stopper
    assert bench.broken == []


@pytest.mark.requirement("SR-105")
@pytest.mark.parametrize(
    ("name", "bad", "good"),
    [("stop", 1, 0), ("supply_mv", 9_000, 24_000), ("temperature_dc", 800, 250)],
)
def test_a_press_clears_a_fault_only_once_its_cause_is_gone(name: str, bad: int, good: int) -> None:
    bench = in_the_skin()
    bench.set("trigger", 0)
    bench.set(name, bad)
    bench.set("contact", 0)
    bench.run(1_000_000)
    bench.click()
    assert errors.EVENT_CLEARED not in events_of(bench)
    assert bench.screen[0] == "Not possible:"
    bench.set(name, good)
    bench.run(100_000)
    assert bench.gun.state == states.FAULT
    bench.click()
    assert errors.EVENT_CLEARED in events_of(bench)
    bench.until(states.IDLE)


@pytest.mark.requirement("SR-182")
def test_a_stop_is_heard_in_the_step_after_the_line_was_flooded() -> None:
    bench = in_the_skin()
    bench.to_gun.extend(bytes(numbers(5, 4_096, 32, 126)))
    bench.step(bench.now_us)
    bench.receive(b"")
    bench.step(bench.now_us)
    assert bench.gun.link.busy
    bench.set("stop", 1)
    bench.step(bench.now_us)
    assert (bench.gun.state, bench.gun.trouble) == (states.FAULT, errors.ESTOP)


@pytest.mark.requirement("SR-238")
def test_no_file_is_written_while_a_needle_that_jams_is_in_the_skin() -> None:
    bench = in_the_skin()
    bench.jammed = True
    bench.set("stop", 1)
    bench.run(5_000_000)
    assert bench.gun.trouble == errors.NOT_RETRACTED
    assert bench.gun.journal.unmoved() > 0
    assert bench.broken == []
    bench.jammed = False
    bench.at[CARRIAGE] = 0
    bench.set("contact", 0)
    bench.run(2_000_000)
    assert bench.gun.journal.unmoved() == 0
    assert bench.broken == []
