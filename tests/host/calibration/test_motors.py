"""What the motors are good for, at a virtual gun and by limits."""

import msgspec
import pytest

from mesohost.calibration import guide, kinds, motor_session, motors
from mesohost.calibration.journal import Journal
from mesohost.calibration.motors import AxisPoints, Run
from mesosim.measuring import MeasuringBench

FREE = (350, 360, 355)


class Reader:
    """Somebody with a clamp meter."""

    def __init__(self, bench):
        self.bench = bench

    def answer(self, step, done, known):  # noqa: ARG002
        if step.id == "who":
            return {"board": "b00c1", "instrument": "C3", "operator": "OP2"}
        if step.id.startswith("clamp-"):
            return {"ma": self.bench.current_ma(step.id == "clamp-plunger")}
        return step.acceptable if step.id == "result" else True

    def working(self, step, done, known):
        """An action."""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sound_gun_keeps_its_limits(tmp_path, seed):
    bench = MeasuringBench(seed)
    state = guide.run(
        motor_session.DEFINITION, Journal(tmp_path / "session.json"), Reader(bench),
        motor_session.actions(bench),
    )  # fmt: skip
    found = motor_session.result(state.answers)
    assert found.accepted
    assert [one.axis for one in found.axes] == ["carriage", "plunger"]
    assert all(one.stall_edge < one.stall for one in found.axes)
    # Nothing of it goes to the gun; it is kept to be compared.
    outcome = kinds.KINDS["motor"].outcome(state.answers)
    assert outcome.fields == {}
    assert "carriage: fastest" in {figure.name for figure in outcome.figures}


def test_a_virtual_motor_that_is_driven_far_too_fast_loses_steps():
    lost_nm, stall = MeasuringBench(1).run(0, 2.5)
    assert lost_nm > 60_000
    assert set(stall) == {0}


def axis(**changed):
    """The plunger, sound, with something changed."""
    runs = tuple(Run(share, 0, FREE) for share in motor_session.SHARES)
    sound = AxisPoints(1, 600.0, 610.0, runs)
    return msgspec.structs.replace(sound, **changed)


def kept(found):
    return {verdict.name: verdict.kept for verdict in found.verdicts}


def test_the_fastest_is_the_last_before_the_first_loss():
    runs = (Run(1.0, 0, FREE), Run(1.1, 400, FREE), Run(1.3, 0, FREE), Run(1.2, 90_000, FREE))
    found = motors.analyse([axis(runs=runs)], [0.0])
    assert found.axes[0].fastest_share == 1.1
    assert kept(found)["plunger: speed"]


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"measured_ma": 700.0}, "plunger: current"),
     ({"runs": (Run(1.0, 0, FREE), Run(1.1, 30_000, FREE))}, "plunger: speed"),
     ({"runs": (Run(1.0, 0, (90, 95)), Run(1.1, 0, FREE))}, "plunger: StallGuard")],
)  # fmt: skip
def test_limits_of_an_axis_are_held(changed, named):
    found = motors.analyse([axis(**changed)], [0.0])
    assert [name for name, good in kept(found).items() if not good] == [named]


@pytest.mark.parametrize(
    ("forces_mn", "named"), [([600.0, 601.0], "force: zero"), ([200.0, -200.0], "force: noise")]
)
def test_limits_of_the_force_cell_are_held(forces_mn, named):
    found = motors.analyse([axis()], forces_mn)
    assert [name for name, good in kept(found).items() if not good] == [named]


def test_what_was_never_run_is_not_judged():
    with pytest.raises(ValueError, match="top speed"):
        motors.analyse([axis(runs=(Run(0.5, 0, FREE),))], [0.0])
    with pytest.raises(ValueError, match="force"):
        motors.analyse([axis()], [])
